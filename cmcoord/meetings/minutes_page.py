"""What does the page of the minutes show, and what may its reader do there?

Everything of the text comes from the values that are signed: of final minutes from those that were, whatever changed
since. Each side sees the same, but for the reference of a request of which a reader may not know.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from cmcoord.activity import sentences
from cmcoord.activity.barrier import Side
from cmcoord.meetings import chairs, joint_text, known_cases, minutes_paper, releasing, signing, visibility
from cmcoord.meetings.minutes_forms import PointTitleForm
from cmcoord.meetings.models import Addendum, Adoption, Meeting, Minutes, Objection, Signature, Translation
from cmcoord.meetings.models.minutes import LANGUAGES
from contacts import keepers
from contacts.models import Seat

COLOURS = {Minutes.Stage.DRAFT: "amber", Minutes.Stage.SIGNING: "blue", Minutes.Stage.FINAL: "green"}


def content_of(minutes: Minutes) -> dict[str, Any]:
    """The joint text: as it was signed or adopted once it is final, else as it stands."""
    return signing.final_text(minutes) if minutes.is_final else joint_text.content_of(minutes)


def whole_of(
    minutes: Minutes, user=None, language: str = "", released: dt.datetime | None = None
) -> minutes_paper.Whole:
    """As this person reads it; without one, as it goes to a mailbox, which names no request."""
    content = known_cases.as_read_by(user, minutes, content_of(minutes))
    return minutes_paper.whole_of(minutes, content, language=language, released=released)


UNDER: dict[str, Any] = {
    "signatures": Signature,
    "objections": Objection,
    "adoptions": Adoption,
    "translations": Translation,
    "addenda": Addendum,
}
WITH = {"adoptions": "adoptions__by_meeting", "addenda": "addenda__signatures"}


def find(meeting: Meeting, user) -> Minutes | None:
    """The minutes of a meeting, what stands under them and one's own chair; what there is none of is not asked."""
    there = {f"any_{name}": Exists(model.objects.filter(minutes=OuterRef("pk"))) for name, model in UNDER.items()}
    later = Exists(signing.later_held(meeting.body_id, meeting.starts))
    own = Subquery(chairs.seats_of(user, meeting.body).values("seat")[:1])
    row = Minutes.objects.filter(meeting=meeting).annotate(**there, any_later=later, own_seat=own).first()
    if row is None:
        return None
    names = [name for name in UNDER if getattr(row, f"any_{name}")]
    absent = [Prefetch(name, model.objects.none()) for name, model in UNDER.items() if name not in names]
    prefetch_related_objects([row], *[WITH.get(name, name) for name in names], *absent)
    row.meeting = meeting
    return row


def page(minutes: Any, user, language: str) -> dict[str, Any]:
    """The context of the page of minutes that find() found, in one of the languages of the text."""
    body = minutes.meeting.body
    sat = joint_text.Sat.of(body)
    items = [] if minutes.is_final else joint_text.items_of(minutes)
    content = content_of(minutes) if minutes.is_final else joint_text.content_of(minutes, sat=sat, items=items)
    content = known_cases.as_read_by(user, minutes, content)
    whole = minutes_paper.whole_of(minutes, content, language=language)
    seat = next((seat for seat in sat.seats if seat.pk == minutes.own_seat), None)
    prepares = seat is not None or keepers.keeps_body(user, body)
    writes = prepares and not minutes.is_final
    orders = [item.order for item in items] if writes else [0] * len(whole.items)
    kept = {row.language for row in minutes.translations.all()} | {minutes.language}
    return {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "whole": whole,
        "colour": COLOURS[Minutes.Stage(minutes.stage)],
        "header": minutes_paper.header_rows(whole),
        "items": [_shown(item, order) for item, order in zip(whole.items, orders, strict=True)],
        "left_out": minutes_paper.left_out() if known_cases.hides_any(content) else "",
        "attendance": [minutes_paper.attendance_line(row) for row in whole.content["attendance"]],
        "chairs": signing.chairs_of(minutes, sat.seats),
        "voided": any(row.digest != minutes.digest for row in minutes.signatures.all() if row.addendum_id is None),
        "adopting": [] if minutes.is_final else signing.adoptions_of(minutes),
        "objections": minutes.objections.all(),
        "addenda": [(row, signing.is_whole(row, content)) for row in whole.addenda],
        "writes": writes,
        "add_form": PointTitleForm() if writes else None,
        "acts": acts(minutes, content, user, seat, prepares, minutes.any_later),
        "languages": [(code, label, code == whole.language) for code, label in LANGUAGES if code in kept],
        "notes_url": reverse("meetings:notes", args=[minutes.meeting.uid])
        if visibility.reads_notes(user, minutes.meeting.body)
        else "",
    }


def _shown(item: dict[str, Any], order: int) -> dict[str, Any]:
    """A point with its address, the days of its action points as days, and requests as the reader knows them."""
    points = [row | {"due_day": dt.date.fromisoformat(row["due"])} for row in item["points"]]
    decisions = [row | {"about": minutes_paper.request_of(row)} for row in item["decisions"]]
    return item | {"order": order, "points": points, "decisions": decisions}


def acts(
    minutes: Minutes, content: dict[str, Any], user, seat: Seat | None, prepares: bool, later: bool
) -> list[dict[str, Any]]:
    """What this person may do with the minutes now; what is refused only for now, with the reason."""
    uid, found = minutes.meeting.uid, []
    if minutes.is_final:
        if prepares:
            found.append(_act(_("Correct the minutes"), "meetings:minutes_amend", uid, kind="line"))
        if releasing.may(user, minutes):
            found.append(_act(_("Release the minutes"), "meetings:minutes_release", uid, kind="line"))
    elif seat is not None:
        why = signing.why_not_from(seat, user, minutes, content)
        found.append(_act(_("Read and sign"), "meetings:minutes_sign", uid, why=why))
        found.append(_act(_("Record an objection"), "meetings:minutes_object", uid, kind="line"))
        if later:
            by_other = any(row.kind != seat.kind for row in signing.adoptions_of(minutes))
            label = _("Confirm the adoption") if by_other else _("Record the adoption")
            found.append(_act(label, "meetings:minutes_adopt", uid, kind="line"))
    if prepares:
        found.append(_act(_("Translate"), "meetings:minutes_translation", uid, kind="line"))
    return found


def _act(label: str, name: str, uid, *, why: str = "", kind: str = "main") -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=[uid]), "why": why, "kind": kind}


def who(writer, reader) -> str:
    """Who saved meanwhile, as the reader's side knows them: by function, and of the other side by its name alone."""
    if writer == reader:
        return _("You, in another window,")
    if reader.side == writer.side or reader.side == Side.HUMANITARIAN:
        return sentences.function_of(writer)
    return _("OCHA")
