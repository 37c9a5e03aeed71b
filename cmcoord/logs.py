"""What does a line of the log not hold? The secrets that stand in an address: who reads the log must not use them."""

import logging
import re

SECRET_PLACES = re.compile(r"(/(?:confirm|invitation|reset/key)/)[^/\s?]+")


class WithoutSecrets(logging.Filter):
    """Django logs the address of every refused page, and a form that was filled in wrongly leaves its link valid."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        record.msg, record.args = SECRET_PLACES.sub(r"\1…", line), ()
        return True
