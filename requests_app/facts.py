"""What do the rules read beside the answers of a request? Read once, so that rules stay pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from requests_app.models import Alternative, Case


@dataclass(frozen=True)
class Facts:
    """Rows beside a request, as the rules read them: what was tried instead."""

    alternatives: tuple[Alternative, ...] = ()


def facts_of(case: Case) -> Facts:
    """What stands in the database beside this request now."""
    return Facts(alternatives=tuple(alternatives_of(case)))


def alternatives_of(case: Case) -> list[Alternative]:
    """Read once for each reading of the case."""
    if case.pk is None:
        return []
    prefetch_related_objects([case], "alternatives")
    return list(case.alternatives.all())
