"""How is written down what happens to a meeting? The same facts for every side of its body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.models import Event
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import chairs
from cmcoord.meetings.models import Meeting
from contacts.models import Body


def note(
    meeting: Meeting, kind: str, *, by: User | None, tell: Iterable[Tell] = (), data: dict[str, Any] | None = None,
    secret: dict[str, Any] | None = None,
) -> Event:  # fmt: skip
    """One event of a meeting. Every side of the body knows it by the same name and reads the same page."""
    return record(meeting, kind, by=by, data=known_as(meeting) | (data or {}), secret=secret, tell=tell)


def known_as(meeting: Meeting) -> dict[str, Any]:
    """How every side knows a meeting: body, reference, page, and on whose clocks it takes place."""
    url = meeting.get_absolute_url()
    body = {"en": meeting.body.name_en, "fr": meeting.body.name_fr}
    return {"body": body, "force_reference": meeting.reference, "force_url": url, "timezone": meeting.zone}


def locked_body(body: Body) -> Body:
    """The body, locked: two who plan at once do so one after the other."""
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    body = Body.objects.select_related("country", "station").get(pk=body.pk)
    if body.stage != Body.Stage.ACTIVE:
        raise ValidationError(_("Only an active body meets; this one is: %(stage)s.") % {
            "stage": body.get_stage_display()})  # fmt: skip
    return body


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now, locked, with its body."""
    Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=meeting.pk)
    return Meeting.objects.with_body().get(pk=meeting.pk)


def must_plan(by: User, body: Body) -> None:
    if refused := chairs.why_not_plan(by, body):
        raise PermissionDenied(refused)


def must_prepare(by: User, body: Body) -> None:
    if refused := chairs.why_not_prepare(by, body):
        raise PermissionDenied(refused)


def in_the_past(moment) -> bool:
    return moment < timezone.now()
