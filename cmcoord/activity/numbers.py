"""How does the number of a row leave the portal without telling how many rows there are? (domain.md §4.3)

A running number in an address, a cursor or a Message-ID tells its reader how much happened that was not for them.
Outside, a number is therefore written as twelve signs that only this installation can turn back.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.crypto import salted_hmac

HALF = 24  # bits: a number of two halves, up to 2^48
SIGNS = 12
ROUNDS = range(6)
SALT = "cmcoord.activity.numbers"


def hidden(number: int) -> str:
    """The number as it stands in an address."""
    if not 0 <= number < 1 << 2 * HALF:
        raise ValueError(f"no row number: {number}")
    return f"{_turned(number, ROUNDS):0{SIGNS}x}"


def shown(text: str) -> int | None:
    """The number behind these signs, or None when they are none of ours."""
    if len(text) != SIGNS or not all(sign in "0123456789abcdef" for sign in text):
        return None
    return _turned(int(text, 16), reversed(ROUNDS))


def _turned(number: int, rounds: Iterable[int]) -> int:
    """A keyed exchange of numbers below 2^48 (a Feistel network); with the rounds reversed it undoes itself."""
    left, right = number >> HALF, number & (1 << HALF) - 1
    for each in rounds:
        mixed = salted_hmac(SALT, f"{each}.{right}", algorithm="sha256").digest()
        left, right = right, left ^ int.from_bytes(mixed[: HALF // 8], "big")
    return right << HALF | left


class HiddenNumber:
    """`<hidden:pk>` in an address."""

    regex = f"[0-9a-f]{{{SIGNS}}}"

    def to_python(self, value: str) -> int:
        number = shown(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return hidden(value)
