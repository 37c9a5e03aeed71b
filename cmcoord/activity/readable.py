"""May somebody who was told of an event still read what it is about? Asked when it is sent and when it is shown."""

from collections.abc import Iterable

from cmcoord.activity import barrier, kinds
from cmcoord.activity.models import Event


def readable(user, events: Iterable[Event]) -> set[int]:
    """The keys of those events of which this person may be told now: one query for each kind of subject.

    What tells that something was taken away is told to those who have lost it.
    """
    rows = list(events)
    subjects: dict[str, set[int]] = {}
    for event in rows:
        subjects.setdefault(event.subject_kind, set()).add(event.subject_id)
    theirs = {kind: barrier.subjects_of(user, kind, keys) for kind, keys in subjects.items()}
    return {event.pk for event in rows if event.kind in kinds.RECALLS or event.subject_id in theirs[event.subject_kind]}


def is_readable(user, event: Event) -> bool:
    """One event. Who has no account yet (an invitation) is told at an address."""
    return user is None or event.pk in readable(user, [event])
