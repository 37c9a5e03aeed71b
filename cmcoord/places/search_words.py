"""Which words does somebody look for? Folded, so that case and accents do not matter."""

import re

from cmcoord.places.models import folded

LONGEST_QUERY = 100
MOST_WORDS = 8
PIECE = re.compile(r"[^\s]+")
LETTERS = re.compile(r"[^\W_]+")


def words_of(query: str) -> list[str]:
    """The words that are looked for, folded; signs that no text holds are left out."""
    text = folded("".join(sign if sign.isprintable() else " " for sign in query[:LONGEST_QUERY]))
    return [piece for piece in PIECE.findall(text) if LETTERS.search(piece)][:MOST_WORDS]
