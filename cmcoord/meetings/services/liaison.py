"""How is a contact with a force written down, and what goes to the national unit of the week of a cell?"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import visibility
from cmcoord.meetings.models import LiaisonContact, Meeting, WeeklySummary
from cmcoord.meetings.models.points import ActionPoint, InternalPoint, Point
from cmcoord.meetings.regularity import monday_of
from cmcoord.ui.words import in_one_line
from contacts import keepers
from contacts.models import Body
from requests_app.models import Case
from requests_app.visibility import TOUCHED

MOST = 200  # lines of one kind in a summary
AHEAD = dt.timedelta(days=365)


@transaction.atomic
def log_contact(body: Body, *, by: User, organisation: Organisation, subject: str, **facts: Any) -> LiaisonContact:
    """One contact made. Raises PermissionDenied, and ValidationError by field (CAR-CMC §10: daily engagement)."""
    if refused := why_not_log(by, body):
        raise PermissionDenied(refused)
    row = LiaisonContact(
        body=body, organisation=organisation, by=by, subject=in_one_line(subject), means=facts["means"],
        with_whom=in_one_line(facts.get("with_whom", "")), follow_up=in_one_line(facts.get("follow_up", "")),
        follow_up_due=facts.get("follow_up_due"),
    )  # fmt: skip
    if not row.subject:
        raise ValidationError({"subject": _("Say in a few words what it was about.")})
    today = body.country.today
    if row.follow_up_due and not row.follow_up:
        raise ValidationError({"follow_up": _("Say what follows by that day.")})
    if row.follow_up_due and not today <= row.follow_up_due <= today + AHEAD:
        raise ValidationError({"follow_up_due": _("The day lies between today and a year from now.")})
    row.full_clean()
    row.save()
    record(row, "exchange.log", by=by, data={"organisation": str(organisation), "means": row.means})
    return row


def why_not_log(user: User, body: Body) -> str:
    """ "" or why this person writes nothing into the log of liaison: OCHA does, for the bodies that it keeps."""
    if not keepers.keeps_body(user, body):
        return _("The log of liaison is kept by OCHA.")
    if body.stage == Body.Stage.CLOSED:
        return _("This body is closed.")
    return ""


@transaction.atomic
def settle(contact: LiaisonContact, *, by: User, words: str) -> LiaisonContact:
    """Tick off what was to follow a contact, with words of what was done; its author hears of it.

    Raises PermissionDenied, and ValidationError where nothing was to follow, or it was ticked off already.
    """
    LiaisonContact.objects.select_for_update(no_key=True).only("pk").get(pk=contact.pk)
    row = LiaisonContact.objects.select_related("body__country", "body__station", "by", "organisation").get(
        pk=contact.pk
    )
    if refused := why_not_settle(by, row):
        raise PermissionDenied(refused)
    if refused := why_not_open(row):
        raise ValidationError(refused)
    row.settled_words, row.settled_by, row.settled_at = in_one_line(words), by, timezone.now()
    if not row.settled_words:
        raise ValidationError({"words": _("Say in a few words what was done.")})
    row.full_clean()
    row.save()
    record(row, "exchange.settle", by=by, data={"organisation": str(row.organisation)}, tell=[Tell(row.by)])
    return row


def why_not_settle(user: User, row: LiaisonContact) -> str:
    """ "" or why this person ticks nothing off: who keeps the body does, and who wrote it and still reads its log."""
    if keepers.keeps_body(user, row.body) or (row.by_id == user.pk and visibility.reads_notes(user, row.body)):
        return ""
    return _("The log of liaison is kept by OCHA.")


def why_not_open(row: LiaisonContact) -> str:
    """ "" or why there is nothing to tick off."""
    if not row.follow_up:
        return _("Nothing was to follow this contact.")
    return _("This was ticked off already.") if row.settled_at else ""


# ── the week ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def week_of(body: Body, day: dt.date, *, by: User) -> dict[str, Any]:
    """What the week of a body was: contacts, cases, meetings, points of both kinds. A fixed number of queries.

    In codes and dates, so that it reads in every language; of cases only those that `by` sees, by their reference.
    """
    monday = monday_of(day)
    zone = body.country.zone
    begins = dt.datetime.combine(monday, dt.time(), zone)
    ends = dt.datetime.combine(monday + dt.timedelta(days=7), dt.time(), zone)
    during = {"gte": begins, "lt": ends}
    found = {
        "contacts": [_of_contact(row) for row in _contacts(body, during)],
        "late": [_of_contact(row) for row in _late(body, min(body.country.today, monday + dt.timedelta(days=7)))],
        "cases": [_of_case(row) for row in cases_of(body, begins, ends, user=by)[:MOST]],
        "meetings": [
            {"day": row.local_start.date(), "stage": row.stage, "reason": row.not_held_reason}
            for row in Meeting.objects.filter(body=body, **_between("starts", during)).order_by("starts")[:MOST]
        ],
        "points": _points(ActionPoint, body, during, monday),
        "internal": _points(InternalPoint, body, during, monday),
    }
    return json.loads(json.dumps(found, cls=DjangoJSONEncoder))


def _between(column: str, during: dict[str, dt.datetime]) -> dict[str, dt.datetime]:
    return {f"{column}__{name}": value for name, value in during.items()}


def _contacts(body: Body, during):
    rows = LiaisonContact.objects.filter(body=body, **_between("at", during))
    return rows.select_related("organisation").order_by("at", "id")[:MOST]


def _late(body: Body, day: dt.date):
    """What was to follow contacts before this day, of whatever week, and did not."""
    rows = LiaisonContact.objects.filter(body=body).overdue(day)
    return rows.select_related("organisation").order_by("follow_up_due", "id")[:MOST]


def _of_contact(row: LiaisonContact) -> dict[str, Any]:
    return {
        "at": row.at, "with": str(row.organisation), "whom": row.with_whom, "means": row.means,
        "subject": row.subject, "follow_up": row.follow_up, "by_when": row.follow_up_due,
        "done": row.settled_words,
    }  # fmt: skip


def cases_of(body: Body, begins: dt.datetime, ends: dt.datetime, *, user: User):
    """The cases of a week at the place of a body that this person sees: sent or passed to a force in it."""
    return week_at(user, "station" if body.station_id else "country", body.station_id or body.country_id, begins, ends)


def week_at(user: User, kind: str, place: Any, begins: dt.datetime, ends: dt.datetime):
    """The same of a place: a duty station or a country, by its key."""
    there = Q(country=place)
    if kind == "station":
        there = Q()
        for column in TOUCHED:
            there |= Q(**{column: place})
    during = {"gte": begins, "lt": ends}
    moved = Q(**_between("submitted_at", during)) | Q(**_between("transmitted_at", during))
    return Case.objects.visible_to(user).filter(there, moved).order_by("submitted_at", "pk")


def _of_case(row: Case) -> dict[str, Any]:
    return {"case": row.pk, "reference": row.reference, "type": row.request_type, "status": row.status}


def _points(model: type[Point], body: Body, during, monday: dt.date) -> dict[str, Any]:
    rows = model._default_manager.filter(body=body).select_related("owner_organisation", "owner_post")
    overdue = rows.overdue(min(monday + dt.timedelta(days=7), body.country.today))
    return {
        "raised": [_of_point(row) for row in rows.filter(**_between("raised_at", during)).order_by("id")[:MOST]],
        "closed": [_of_point(row) for row in rows.filter(**_between("closed_at", during)).order_by("id")[:MOST]],
        "overdue": [_of_point(row) for row in overdue.order_by("due", "id")[:MOST]],
    }


def _of_point(row: Point) -> dict[str, Any]:
    return {
        "reference": row.reference, "words": row.words, "owner": row.owner, "due": row.due, "status": row.status
    }  # fmt: skip


@transaction.atomic
def send_summary(body: Body, *, by: User, day: dt.date) -> WeeklySummary:
    """Freeze the week and tell the national unit. Raises PermissionDenied, and ValidationError when it was sent."""
    Body.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    body = Body.objects.select_related("country", "station").get(pk=body.pk)
    if not keepers.keeps_body(by, body):
        raise PermissionDenied(_("The weekly summary is sent by OCHA."))
    monday = monday_of(day)
    if monday > monday_of(body.country.today):
        raise ValidationError(_("This week has not begun."))
    if WeeklySummary.objects.filter(body=body, week=monday).exists():
        raise ValidationError(_("The summary of this week was sent already."))
    row = WeeklySummary.objects.create(
        body=body, week=monday, content=week_of(body, day, by=by), sent_by=by, sent_at=timezone.now()
    )
    tell = [Tell(user) for user in scope.holders(Perm.CLEAR_CASE, country=body.country_id)]
    record(row, "summary.send", by=by, data={"week": monday.isoformat()}, tell=tell)
    return row


def reads_summary(user: User, body: Body) -> bool:
    """Who reads what was sent: whoever reads the humanitarian notes of the body; cases by the reader's own sight."""
    return visibility.reads_notes(user, body)
