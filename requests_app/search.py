"""Which requests hold these words? Full text and references on PostgreSQL, the folded text on SQLite.

A word is found by its beginning, whatever its case and accents. A piece of a reference is found anywhere in it.
What is strictly confidential is not searched: its text is empty, and its reference is not looked at.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from cmcoord.places.search_words import LETTERS, words_of

# Made by the migration 0002 on PostgreSQL only; the model does not know it. No index of text is ever read with a NUL.
VECTOR = '"requests_app_case"."search_vector" @@ to_tsquery(\'simple\', %s)'


def matching(query: str) -> list:
    """Conditions on Case, to be passed to filter(); all must hold. Empty when there is nothing to look for."""
    if connection.vendor == "postgresql":
        return [_indexed(word) for word in words_of(query)]
    return [Q(search_text__contains=word) for word in words_of(query)]


def _indexed(word: str):
    """A word with a digit is a piece of a reference or a number in the text; others are looked up as text."""
    terms = " & ".join(f"{term}:*" for term in LETTERS.findall(word))
    found = RawSQL(VECTOR, [terms], output_field=BooleanField())  # noqa: S611  a constant; the words are a parameter
    if any(sign.isdigit() for sign in word):
        return Q(reference__contains=word.upper()) & ~Q(sensitivity="S") | Q(found)
    return Q(found)
