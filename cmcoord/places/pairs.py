"""Which two columns of a row are filled together? As a condition that the database keeps."""

from django.db.models import Q


def both_or_neither(one: str, other: str) -> Q:
    """Both columns are filled, or both are empty: who did it and when, latitude and longitude."""
    return Q(**{one: None, other: None}) | Q(**{f"{one}__isnull": False, f"{other}__isnull": False})
