"""How do the minutes of a meeting come to be written, by two people at once on a bad line?

Each point has a version: who saves with an older one is refused with what stands there now, and loses nothing. Every
change gives the text another digest, so that what was signed before is signed no more.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import chairs, joint_text, known_cases
from cmcoord.meetings.models import Meeting, Minutes, MinutesDecision, MinutesItem
from cmcoord.meetings.models.minutes import LANGUAGES, LONGEST, LONGEST_DECISION
from cmcoord.meetings.pasting import pasted
from cmcoord.ui.words import in_one_line
from requests_app.models import Case

MOST_ITEMS = 60
LONGEST_TITLE = 200
WRITE = "minutes.write"


class Stale(Exception):
    """Somebody else saved this point meanwhile; `item` is how it stands now."""

    def __init__(self, item: MinutesItem):
        super().__init__(_("Somebody else saved this point meanwhile."))
        self.item = item


@transaction.atomic
def start_minutes(meeting: Meeting, *, by: User, language: str) -> Minutes:
    """Open the minutes with a point for each point of the agenda. Raises PermissionDenied and ValidationError."""
    Meeting.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=meeting.pk)
    meeting = Meeting.objects.select_related("body__country", "body__station").get(pk=meeting.pk)
    if not chairs.prepares(by, meeting.body):
        raise PermissionDenied(not_yours())
    if meeting.stage not in (Meeting.Stage.PLANNED, Meeting.Stage.HELD):
        raise ValidationError(_("This meeting was not held: there is nothing to write down."))
    if language not in dict(LANGUAGES):
        raise ValidationError({"language": _("Choose one of the languages of the portal.")})
    if Minutes.objects.filter(meeting=meeting).exists():
        raise ValidationError(_("The minutes of this meeting were begun already."))
    minutes = Minutes.objects.create(meeting=meeting, language=language, created_by=by)
    MinutesItem.objects.bulk_create(
        MinutesItem(minutes=minutes, order=number, agenda_item=row, title=row.title, changed_by=by)
        for number, row in enumerate(meeting.agenda.all(), start=1)
    )
    _renew(minutes)
    record_of(minutes, "minutes.start", by=by)
    return minutes


@transaction.atomic
def write_item(
    item: MinutesItem, *, by: User, version: int, title: str, summary: str, page: str = "", over: bool = False
) -> MinutesItem:
    """Save one point; `version` is the one that the writer had before them, `page` names their opened page.

    Raises Stale where somebody else saved meanwhile (unless it is the writer's own autosave), PermissionDenied, and
    ValidationError by field: nothing is cut off, a text that is too long is refused whole.
    """
    minutes = locked(item.minutes, by=by)
    item = _standing(minutes, item)
    title, summary = in_one_line(pasted(title)), pasted(summary)
    if (item.title, item.summary) == (title, summary):
        return item
    if version != item.version and not over and not _own_page(item, page, count=item.version - version, by=by):
        raise Stale(item)
    _check(title, summary)
    item.title, item.summary, item.changed_by, item.changed_at = title, summary, by, timezone.now()
    item.version += 1
    item.save(update_fields=["title", "summary", "version", "changed_by", "changed_at"])
    changed(minutes, by=by, data={"item": item.order, "page": page})
    return item


@transaction.atomic
def add_minutes_item(minutes: Minutes, *, by: User, title: str) -> MinutesItem:
    """One more point, at the end."""
    minutes = locked(minutes, by=by)
    title = in_one_line(pasted(title))
    _check(title, "")
    if minutes.items.count() >= MOST_ITEMS:
        raise ValidationError({"title": _("Minutes have at most %(count)d points.") % {"count": MOST_ITEMS}})
    last = minutes.items.aggregate(last=Max("order"))["last"] or 0
    item = MinutesItem.objects.create(minutes=minutes, order=last + 1, title=title, changed_by=by)
    changed(minutes, by=by, data={"item": item.order, "what": "added"})
    return item


@transaction.atomic
def remove_minutes_item(item: MinutesItem, *, by: User) -> None:
    """Take a point out that holds nothing: no summary, no decision, no action point."""
    minutes = locked(item.minutes, by=by)
    item = _standing(minutes, item)
    if item.summary or item.decisions.exists() or joint_text.points_of(item):
        raise ValidationError(_("This point holds something: empty it first."))
    order = item.order
    item.delete()
    changed(minutes, by=by, data={"item": order, "what": "removed"})


@transaction.atomic
def add_decision(item: MinutesItem, *, by: User, text: str, case: Case | None = None) -> MinutesDecision:
    """What was decided on a point; about a request only where the whole table may know of it (known_cases)."""
    minutes = locked(item.minutes, by=by)
    text = in_one_line(pasted(text))
    if not text:
        raise ValidationError({"text": _("Write what was decided.")})
    if len(text) > LONGEST_DECISION:
        raise ValidationError({"text": too_long(len(text), LONGEST_DECISION)})
    if case is not None and not known_cases.of(by, minutes.meeting.body).filter(pk=case.pk).exists():
        sees = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        why = known_cases.why_not_named(minutes.meeting.body, case) if sees else ""
        raise ValidationError({"case": why or _("This request is not known to everybody who sits here.")})
    decision = MinutesDecision.objects.create(item=_standing(minutes, item), text=text, case=case)
    changed(minutes, by=by, data={"item": item.order, "what": "decided"})
    return decision


@transaction.atomic
def remove_decision(decision: MinutesDecision, *, by: User) -> None:
    """Take a decision out of a text that is not final."""
    minutes = locked(decision.item.minutes, by=by)
    order = decision.item.order
    gone, _kinds = decision.delete()
    if not gone:
        raise ValidationError(taken_out())
    changed(minutes, by=by, data={"item": order, "what": "decision removed"})


def touched(meeting: Meeting, *, by: User) -> None:
    """Attendance or place of a meeting changed: if the joint text says so, it is another one from now on.

    Call it inside the transaction of the change. Raises ValidationError where the minutes are final.
    """
    minutes = Minutes.objects.select_for_update(no_key=True, of=("self",)).filter(meeting=meeting).first()
    if minutes is None:
        return
    minutes = fresh(minutes.pk)
    if minutes.is_final:
        raise ValidationError(already_final())
    if joint_text.digest_of(joint_text.content_of(minutes)) != minutes.digest:
        changed(minutes, by=by, data={"what": "header"})


def locked(minutes: Minutes, *, by: User) -> Minutes:
    """The minutes, locked, if this person writes them and they are not final."""
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = fresh(minutes.pk)
    if not chairs.prepares(by, minutes.meeting.body):
        raise PermissionDenied(not_yours())
    if minutes.is_final:
        raise ValidationError(already_final())
    return minutes


def changed(minutes: Minutes, *, by: User | None, data: dict[str, Any]) -> None:
    """Another version: one event, and whoever had signed the text before is told that it no longer holds."""
    signed = list(minutes.signatures.filter(digest=minutes.digest, addendum=None).select_related("by"))
    minutes.version += 1
    _renew(minutes)
    tell = [Tell(row.by, "sign_minutes") for row in signed if row.by != by]
    record_of(minutes, "minutes.void" if signed else WRITE, by=by, data=data, tell=tell)


@transaction.atomic
def refresh_minutes(minutes: Minutes) -> None:
    """Before a signature: what changed elsewhere (a seat, the name of the body) counts as an edit of the text."""
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = fresh(minutes.pk)
    if not minutes.is_final and joint_text.digest_of(joint_text.content_of(minutes)) != minutes.digest:
        changed(minutes, by=None, data={"what": "header"})


def not_yours() -> str:
    return _("The minutes are written by those who chair this body, and by OCHA.")


def taken_out() -> str:
    return _("Somebody took this out of the minutes meanwhile.")


def already_final() -> str:
    return _("These minutes are final: what is wrong in them is corrected by an addendum.")


def fresh(pk: int) -> Minutes:
    """The minutes with their meeting and its body, read anew."""
    return Minutes.objects.select_related("meeting__body__country", "meeting__body__station").get(pk=pk)


def _standing(minutes: Minutes, item: MinutesItem) -> MinutesItem:
    """The point as it is now. Raises ValidationError where a colleague took it out meanwhile."""
    row = minutes.items.filter(pk=item.pk).first()
    if row is None:
        raise ValidationError(taken_out())
    return row


def _renew(minutes: Minutes) -> None:
    minutes.digest = joint_text.digest_of(joint_text.content_of(minutes))
    minutes.stage = Minutes.Stage.DRAFT
    minutes.save(update_fields=["version", "digest", "stage"])


def _own_page(item: MinutesItem, page: str, *, count: int, by: User) -> bool:
    """Were the last `count` versions savings of this same opened page: its own autosave that the button overtook?"""
    if not page or not 0 < count < MOST_ITEMS:
        return False
    last = Event.objects.filter(
        subject_kind=Minutes.activity_kind,
        subject_id=item.minutes_id,
        kind__in=(WRITE, "minutes.void"),
        data__item=item.order,
    ).order_by("-id")[:count]
    rows = [(row.by_id, row.data.get("page")) for row in last]
    return len(rows) == count and set(rows) == {(by.pk, page)}


def _check(title: str, summary: str) -> None:
    wrong = {}
    if not title:
        wrong["title"] = _("A point needs a title.")
    elif len(title) > LONGEST_TITLE:
        wrong["title"] = too_long(len(title), LONGEST_TITLE)
    if len(summary) > LONGEST:
        wrong["summary"] = too_long(len(summary), LONGEST)
    if wrong:
        raise ValidationError(wrong)


def too_long(count: int, most: int) -> str:
    return _("Please shorten this: at most %(most)d characters, it has %(count)d.") % {"most": most, "count": count}


def record_of(minutes: Minutes, kind: str, *, by: User | None, data: dict[str, Any] | None = None, tell=()) -> Event:
    """One event of the minutes. Every side of the body knows them by the same name and reads the same page."""
    meeting, url = minutes.meeting, minutes.get_absolute_url()
    body = {"en": meeting.body.name_en, "fr": meeting.body.name_fr}
    facts = {"body": body, "force_reference": meeting.reference, "url": url, "force_url": url, "timezone": meeting.zone,
             "version": minutes.version, "digest": minutes.digest}  # fmt: skip
    return record(minutes, kind, by=by, data=facts | (data or {}), tell=tell)
