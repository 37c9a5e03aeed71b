"""What is a text once the signs are gone that nobody sees, or that make a text read differently from what it says?"""

from __future__ import annotations

import re
import unicodedata

# Control signs (but tab and line break), direction marks, overrides and isolates, invisible marks, fillers and tags,
# halves of signs. Joiners stay: some scripts are spelt with them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def in_one_line(text: str) -> str:
    """A name: cleaned, with single spaces between its words."""
    return " ".join(cleaned(text).split())


def cleaned(text: str) -> str:
    """The text in composed form, without unseen signs, with plain line breaks and no space at its ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNSEEN.sub("", plain)).strip()
