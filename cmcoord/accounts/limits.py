"""How often may somebody try? Counters in the cache, which is a table: they hold while the broker is down.

A counter begins anew with each window of its length; whom it counts is kept as a digest only.
"""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    most: int
    seconds: int


LIMITS = {
    "sign_in": Limit(50, 3600),  # wrong passwords for one account, from anywhere
    "invitation": Limit(60, 600),  # links of no invitation, from one address
    "confirmation": Limit(60, 600),  # codes that open nothing, from one address
    "every_confirmation": Limit(600, 600),  # the same, from everywhere
    "ask_confirmation": Limit(30, 3600),  # links and codes that one person hands out
    "export": Limit(30, 3600),  # files of the register that one person takes
    "file": Limit(40, 3600),  # files that one person begins to send
    "ask_to_join": Limit(30, 3600),  # organisations that one person asks into convoys
    "ask_again_to_join": Limit(3, 86400),  # how often one organisation is asked into the same convoy
    "ask_reverse": Limit(20, 3600),  # reverse requests that one person of a force files
    "call": Limit(60, 3600),  # telephone calls that one person writes down
    "verify": Limit(60, 3600),  # codes of papers that one person checks
    "refused": Limit(20, 3600),  # refusals of one person that are written down
    "console": Limit(5, 600),  # wrong passwords and codes of one person at the console
    "feed": Limit(60, 600),  # addresses of no calendar, from one address
    "open_secret": Limit(60, 3600),  # what one person opens of what is strictly confidential
}


def count(what: str, whose: str) -> int:
    """One more; how many there are in this window."""
    key = _key(what, whose)
    cache.add(key, 0, LIMITS[what].seconds)
    try:
        return cache.incr(key)
    except ValueError:  # the row went between the two
        cache.set(key, 1, LIMITS[what].seconds)
        return 1


def is_used_up(what: str, whose: str) -> bool:
    return cache.get(_key(what, whose), 0) >= LIMITS[what].most


def _key(what: str, whose: str) -> str:
    window = int(time.time() // LIMITS[what].seconds)
    return f"limit.{what}.{window}.{hashlib.sha256(whose.encode()).hexdigest()}"
