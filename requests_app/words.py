"""What is a text once the signs are gone that nobody sees, or that make a text read differently from what it says?"""

from __future__ import annotations

import re
import unicodedata

# Control signs (but tab and line break), direction overrides and isolates, invisible marks, halves of signs.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def cleaned(text: str) -> str:
    """The text in composed form, without unseen signs, with plain line breaks and no space at its ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNSEEN.sub("", plain)).strip()
