"""How does a paper carry its code? Twelve digits: eleven drawn, the last one tells a digit that was misheard.

Digits alone, because they are read over the telephone in two languages. The check digit is Damm's: it finds every
wrong digit and every two neighbours that changed places.
"""

from __future__ import annotations

import secrets

LENGTH = 12
SEPARATORS = " -.\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def new_code() -> str:
    """A code that nobody can guess."""
    drawn = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return drawn + str(_rest(drawn))


def read(text: str) -> str:
    """The code that was typed or spoken, "" when it cannot be one: a digit is missing or wrong."""
    digits = "".join(sign for sign in text if sign not in SEPARATORS)
    whole = len(digits) == LENGTH and digits.isascii() and digits.isdigit()
    return digits if whole and _rest(digits) == 0 else ""


def shown(code: str) -> str:
    """In groups of four, as it is printed and read aloud."""
    return " ".join(code[place : place + 4] for place in range(0, LENGTH, 4))


def _rest(digits: str) -> int:
    rest = 0
    for digit in digits:
        rest = int(DAMM[rest][int(digit)])
    return rest
