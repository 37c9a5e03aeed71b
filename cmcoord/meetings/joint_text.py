"""What exactly do both chairs sign? The joint text of a meeting as plain values, and the digest of it.

Header, attendance by organisation, points with their summaries, decisions and action points as they were raised. Page,
paper and digest are made of the same values; what is not in here is on no paper. Names of persons are not in here, nor
anything of the humanitarian side. The number of the version is: no edit and its reversal bring an old signature back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.crypto import salted_hmac

from cmcoord.activity.seals import hash_of
from cmcoord.meetings.models import ActionPoint, Addendum, Attendance, Meeting, Minutes, MinutesDecision, MinutesItem
from contacts.models import Body, Category, Seat, Sitting

FORM = 1  # of these values; another form would be another number
ORDER = {category: place for place, category in enumerate(Category.values)}


def content_of(minutes: Minutes, *, sat: Sat | None = None, items: list[MinutesItem] | None = None) -> dict[str, Any]:
    """The joint text as it stands now. A fixed number of queries; a page hands over chairs and points that it read."""
    meeting = minutes.meeting
    return {
        "form": FORM,
        "version": minutes.version,
        "language": minutes.language,
        "meeting": _header(meeting),
        "chairs": _chairs(meeting, sat or Sat.of(meeting.body)),
        "attendance": _attendance(meeting),
        "items": [
            _item(number, item) for number, item in enumerate(items_of(minutes) if items is None else items, start=1)
        ],
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the values in their one written form (activity.seals.canonical)."""
    return hash_of(content)


def mark_of(digest: str) -> str:
    """A digest as forms carry it: keyed, so that who does not read the whole text cannot try out what it hides."""
    return salted_hmac("meetings.joint_text", digest, algorithm="sha256").hexdigest()


def content_of_addendum(addendum: Addendum) -> dict[str, Any]:
    """What the chairs sign of a correction: of which minutes, as which one, and its words."""
    return {
        "form": FORM,
        "meeting": str(addendum.minutes.meeting.uid),
        "of": addendum.minutes.digest,
        "number": addendum.number,
        "text": addendum.text,
    }


def items_of(minutes: Minutes) -> list[MinutesItem]:
    """The points with their decisions, in their order."""
    decisions = MinutesDecision.objects.select_related("case").order_by("id")
    points = ActionPoint.objects.select_related("owner_organisation", "owner_post")
    found = minutes.items.order_by("order")
    return list(found.prefetch_related(Prefetch("decisions", decisions), Prefetch("points", points)))


def _header(meeting: Meeting) -> dict[str, Any]:
    body = meeting.body
    return {
        "uid": str(meeting.uid),
        "body": {"kind": body.kind, "name_en": body.name_en, "name_fr": body.name_fr},
        "kind": meeting.kind,
        "modality": meeting.modality,
        "starts": meeting.starts.isoformat(),
        "ends": meeting.ends.isoformat(),
        "zone": meeting.zone,
        "place": meeting.place,
    }


def chair_seats(body: Body) -> list[Seat]:
    """The chairs that stand in a body: the chair before the co-chair."""
    return sorted(body.seats.open().filter(kind__in=Seat.CHAIRS), key=lambda seat: Seat.CHAIRS.index(seat.kind))


@dataclass(frozen=True)
class Sat:
    """The chairs that stand in a body, and everybody who sits or sat in them."""

    seats: list[Seat]
    sittings: list[Sitting]

    @classmethod
    def of(cls, body: Body) -> Sat:
        seats = chair_seats(body)
        rows = Sitting.objects.filter(seat__in=seats).select_related("seat", "organisation", "post", "designate")
        return cls(seats, list(rows))


def _chairs(meeting: Meeting, sat: Sat) -> list[dict[str, Any]]:
    """Who had the chairs on the day of the meeting, or has them now where nobody was written down for that day: the
    organisation and the function, never a name."""
    day = meeting.local_start.date()
    return [
        {
            "kind": seat.kind,
            "organisation": _short(row.organisation) if row else "",
            "function": row.who.function if row and row.who else "",
        }
        for seat in sat.seats
        for row in [_sitting_on(seat, sat.sittings, day)]
    ]


def _sitting_on(seat: Seat, sat, day) -> Sitting | None:
    rows = [row for row in sat if row.seat_id == seat.pk]
    found = [row for row in rows if row.covers(day)] or [row for row in rows if row.ends is None]
    return max(found, key=lambda row: (row.starts, row.pk), default=None)


def _attendance(meeting: Meeting) -> list[dict[str, Any]]:
    rows = [
        {
            "organisation": _short(row.organisation) if row.organisation else row.organisation_text,
            "category": row.category,
            "presence": row.presence,
            "mode": row.mode,
            "observer": row.as_observer,
        }
        for row in Attendance.objects.filter(meeting=meeting)
        .exclude(presence=Attendance.Presence.EXPECTED)
        .select_related("organisation")
    ]
    return sorted(rows, key=lambda row: (ORDER.get(row["category"], len(ORDER)), *map(str, row.values())))


def _item(number: int, item: MinutesItem) -> dict[str, Any]:
    return {
        "number": number,
        "title": item.title,
        "summary": item.summary,
        "decisions": [
            {"text": decision.text, "request": decision.case.force_reference if decision.case else ""}
            for decision in item.decisions.all()
        ],
        "points": [_point(row) for row in points_of(item)],
    }


def points_of(item: MinutesItem) -> list[ActionPoint]:
    """The joint action points that came of a point, in their order."""
    return sorted(item.points.all(), key=lambda row: row.number)


def _point(row: ActionPoint) -> dict[str, Any]:
    """An action point as it was agreed; what becomes of it later is not part of the text."""
    return {
        "reference": row.reference,
        "words": row.words,
        "owner": _short(row.owner_organisation) + (f" · {row.owner_post.function}" if row.owner_post else ""),
        "due": row.due_raised.isoformat(),
    }


def _short(organisation) -> str:
    return organisation.acronym or organisation.name
