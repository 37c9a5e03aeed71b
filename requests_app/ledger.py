"""What reached a force, as OCHA reads it: who may read the release ledger, one page of it, and does it add up?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as When
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import When as If
from django.urls import reverse as url_for
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE
from cmcoord.accounts.roles import Perm, Side
from cmcoord.activity import kinds
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.releases import Release, digest
from cmcoord.activity.services import PORTAL_STREAM
from cmcoord.activity.triggers import ERASED
from contacts.models import Force
from requests_app.models import Call, Case, Extract, ReleasedText, ReverseAnswer, ReverseRequest
from requests_app.models.chain import TO_FORCE
from requests_app.transmission import KEYS
from requests_app.visibility import SUBMITTED, TOUCHED, is_humanitarian

SIZE = 50
CAP = 1001  # shown as "1,000+"
COUNTRYWIDE = (Perm.CLEAR_CASE, Perm.SEE_COUNTRY_CASES, Perm.DECIDE_CASE)
FETCHED = "case.fetch_paper"  # the event of a download
OPENED = "case.open_papers"  # the event of a reading
MINUTES = ("minutes.fetch", "minutes.release")  # the events by which a force gets the minutes of a meeting
What = Release.What
# Of a channel: what is said of a message that stands on one side only. Channel and kind of row have the same name.
SENT = {
    What.MAIL: (
        gettext_lazy("Mail %(number)d to %(person)s was sent and is not in the ledger."),
        gettext_lazy("Row %(row)d of the ledger names mail %(number)d, which was not sent."),
    ),
    What.SMS: (
        gettext_lazy("SMS %(number)d to %(person)s was sent and is not in the ledger."),
        gettext_lazy("Row %(row)d of the ledger names SMS %(number)d, which was not sent."),
    ),
}
FORCES = [org_type for org_type, side in SIDE_OF_TYPE.items() if side == Side.FORCE]


# ── who reads what ───────────────────────────────────────────────────────────────────────────────────────────────────


def may_read(user) -> bool:
    """The ledger is for OCHA and the Humanitarian Coordinator."""
    rights = {grant.perm for grant in scope.grants(user)}
    return is_humanitarian(user) and bool(rights & {Perm.REVIEW_CASE, *COUNTRYWIDE})


def countries_of(user) -> list[str]:
    """The countries whose ledger this person reads whole."""
    return sorted({code for perm in COUNTRYWIDE for code in scope.countries_for(user, perm)})


def visible_to(user) -> QuerySet[Release]:
    """A country's whole ledger for the national unit, the Head of Office and the Humanitarian Coordinator; what belongs
    to the cases of their station for its officers. Mails about accounts belong to the country of the force.
    """
    if not may_read(user):
        return Release.objects.none()
    countries = countries_of(user)
    forces = Force.objects.filter(country__in=countries).values("organisation")
    seen = Q(stream__in=countries) | Q(stream=PORTAL_STREAM, organisation__in=forces)
    stations = sorted(scope.stations_for(user, Perm.REVIEW_CASE))
    if stations:
        touched = Q()
        for column in TOUCHED:
            touched |= Q(**{f"{column}__in": stations})
        cases = Case.objects.filter(SUBMITTED & touched).order_by().values("pk")
        seen |= Q(subject_kind=Case.activity_kind, subject_id__in=cases)
        reverse = ReverseRequest.objects.filter(station__in=stations).order_by().values("pk")
        seen |= Q(subject_kind=ReverseRequest.activity_kind, subject_id__in=reverse)
    seen |= Q(what=What.MINUTES, event__by=user)  # minutes that they released to a force themselves
    return Release.objects.filter(seen)


def about(case: Case, user) -> QuerySet[Release]:
    """What a force received of one case, newest first; nothing for those who do not read the ledger."""
    if not case.force_reference:
        return Release.objects.none()
    return _for_pages(visible_to(user).filter(subject_kind=Case.activity_kind, subject_id=case.pk))


def forces_to_choose(user) -> list[tuple[int, str]]:
    """The forces of the countries in which this person works."""
    codes = {grant.country for grant in scope.grants(user) if grant.country}
    rows = Force.objects.filter(country__in=codes).order_by("organisation__acronym")
    return list(dict(rows.values_list("organisation", "organisation__acronym")).items())


# ── one page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Page:
    """Rows, newest first, the key after which the next page begins (0: none), and the count, capped at CAP."""

    rows: list[Release]
    older: int
    count: int


def page_for(
    user,
    *,
    what: str = "",
    force: int | None = None,
    reference: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int = 0,
) -> Page:
    """One page of the ledger: two queries."""
    rows = visible_to(user)
    if what:
        rows = rows.filter(what=what)
    if force:
        rows = rows.filter(organisation=force)
    if reference:
        cases = Case.objects.filter(reference=reference.upper()).order_by().values("pk")
        asked = ReverseRequest.objects.filter(reference=reference.upper()).order_by().values("pk")
        own = Q(subject_kind=Case.activity_kind, subject_id__in=cases)
        own |= Q(subject_kind=ReverseRequest.activity_kind, subject_id__in=asked)
        rows = rows.filter(own | Q(reference=reference.upper()))
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    count = rows.order_by()[:CAP].count()
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(_for_pages(rows)[: SIZE + 1])
    return Page(found[:SIZE], found[SIZE - 1].pk if len(found) > SIZE else 0, count)


def _for_pages(rows: QuerySet[Release]) -> QuerySet[Release]:
    """With the names that a row prints, and the humanitarian reference of its case."""
    case, of_case = Case.objects.filter(pk=OuterRef("subject_id")).order_by(), Q(subject_kind=Case.activity_kind)
    asked = ReverseRequest.objects.filter(pk=OuterRef("subject_id")).order_by()
    of_reverse = Q(subject_kind=ReverseRequest.activity_kind)
    named = rows.select_related("organisation", "recipient", "by").annotate(
        case_reference=When(
            If(of_case, then=Subquery(case.values("reference")[:1])),
            If(of_reverse, then=Subquery(asked.values("reference")[:1])),
            default=None,
        ),
        case_class=When(If(of_case, then=Subquery(case.values("sensitivity")[:1])), default=None),
    )
    return named.order_by("-id")


def line_of(row: Release) -> dict[str, Any]:
    """One row as the pages print it."""
    reference, its_class = row.case_reference, row.case_class  # type: ignore[attr-defined]  # annotated by _for_pages
    strict = its_class == Sensitivity.STRICT
    page = "requests:reverse" if row.subject_kind == ReverseRequest.activity_kind else "requests:case"
    url = url_for(page, args=[reference]) if reference else ""
    return {"row": row, "label": label_of(row), "case_reference": reference, "url": url, "strict": strict}


def label_of(row: Release) -> str | Promise:
    """What it was, in the reader's words: the kind of paper, the name of the text, the subject of the mail."""
    if row.what == What.TEXT:
        return KEYS[row.code].label
    if row.what == What.CALL:
        return _("the reference, and nothing else")
    if row.what in (What.MAIL, What.SMS, What.READING, What.MINUTES):
        return kinds.kind_of(row.code).headline
    if row.subject_kind == ReverseRequest.activity_kind:
        return dict(ReverseAnswer.Kind.choices).get(row.code, row.code)
    return dict(Extract.Kind.choices).get(row.code, row.code)


# ── does it add up? ──────────────────────────────────────────────────────────────────────────────────────────────────


def differences() -> Iterator[str]:
    """Each row that stands on one side only: ledger against papers, texts, mails and SMS sent, downloads, calls."""
    yield from _papers()
    yield from _answers()
    yield from _texts()
    yield from _sent(What.MAIL)
    yield from _sent(What.SMS)
    yield from _downloads()
    yield from _calls()
    yield from _minutes()


def _papers() -> Iterator[str]:
    same = {
        "what": What.EXTRACT,
        "organisation": OuterRef("organisation"),
        "reference": OuterRef("force_reference"),
        "number": OuterRef("number"),
        "sha256": OuterRef("sha256"),
        "subject_id": OuterRef("case"),
    }
    for paper in Extract.objects.filter(~Exists(Release.objects.filter(**same))).order_by("id").iterator():
        yield _("Paper %(paper)s is not in the ledger as it was sent.") % {"paper": paper}
    known = Extract.objects.filter(
        organisation=OuterRef("organisation"),
        force_reference=OuterRef("reference"),
        number=OuterRef("number"),
        sha256=OuterRef("sha256"),
    )
    papers = Release.objects.filter(what=What.EXTRACT).exclude(subject_kind=ReverseRequest.activity_kind)
    for row in papers.filter(~Exists(known)).order_by("id").iterator():
        yield _("Row %(row)d of the ledger names paper %(paper)s, which was not sent.") % {
            "row": row.pk,
            "paper": f"{row.reference}/{row.number}",
        }


def _answers() -> Iterator[str]:
    """The answers to reverse requests, each of which is a paper."""
    about = {"what": What.EXTRACT, "subject_kind": ReverseRequest.activity_kind}
    same = {
        "organisation": OuterRef("organisation"),
        "reference": OuterRef("force_reference"),
        "number": OuterRef("number"),
        "code": OuterRef("kind"),
        "sha256": OuterRef("sha256"),
        "subject_id": OuterRef("reverse"),
    }
    for answer in ReverseAnswer.objects.filter(~Exists(Release.objects.filter(**about, **same))).order_by("id"):
        yield _("Paper %(paper)s is not in the ledger as it was sent.") % {"paper": answer}
    known = ReverseAnswer.objects.filter(
        organisation=OuterRef("organisation"),
        force_reference=OuterRef("reference"),
        number=OuterRef("number"),
        sha256=OuterRef("sha256"),
    )
    for row in Release.objects.filter(~Exists(known), **about).order_by("id").iterator():
        yield _("Row %(row)d of the ledger names paper %(paper)s, which was not sent.") % {
            "row": row.pk,
            "paper": f"{row.reference}/{row.number}",
        }


def _texts() -> Iterator[str]:
    entered = {
        (row.organisation_id, row.reference, row.number, row.code): row
        for row in Release.objects.filter(what=What.TEXT).order_by("id").iterator()
    }
    for text in ReleasedText.objects.select_related("extract").order_by("id").iterator():
        paper = text.extract
        row = entered.pop((paper.organisation_id, paper.force_reference, paper.number, text.field), None)
        if row is None or (text.text != ERASED and row.sha256 != digest(text.text)):
            yield _("Text %(text)s is not in the ledger as it was released.") % {"text": text}
    for row in entered.values():
        yield _("Row %(row)d of the ledger names text %(text)s, which was not released.") % {
            "row": row.pk,
            "text": f"{row.reference}/{row.number}: {row.code}",
        }


def _sent(channel: str) -> Iterator[str]:
    """Of one channel: what was sent to accounts of a force, against the ledger."""
    missing, strange = SENT[What(channel)]
    sent = Notification.objects.filter(channel=channel, status=Notification.Status.SENT)
    to_forces = sent.filter(recipient__organisation__org_type__in=FORCES, release=None)
    for notification in to_forces.select_related("recipient").order_by("id").iterator():
        yield str(missing) % {"number": notification.pk, "person": notification.recipient}
    rows = Release.objects.filter(what=channel).exclude(notification__in=sent)
    for row in rows.order_by("id").iterator():
        yield str(strange) % {"row": row.pk, "number": row.notification_id}


def _downloads() -> Iterator[str]:
    """What was saved, and what was opened by a click of its own."""
    handed = {What.DOWNLOAD: FETCHED, What.READING: OPENED}
    for what, kind in handed.items():
        entered = Release.objects.filter(what=what, event=OuterRef("pk"))
        for event in Event.objects.filter(~Exists(entered), kind=kind).order_by("id").iterator():
            yield _("Download %(event)d is not in the ledger.") % {"event": event.pk}
        strange = Release.objects.filter(what=what).exclude(
            event__kind=kind, event__subject_id=F("subject_id"), event__by=F("recipient")
        )
        for row in strange.order_by("id").iterator():
            yield _("Row %(row)d of the ledger names a download that did not happen.") % {"row": row.pk}


def _calls() -> Iterator[str]:
    same = {"what": What.CALL, "subject_id": OuterRef("case"), "at": OuterRef("at")}
    entered = Release.objects.filter(**same, event__by=OuterRef("by"))
    for call in Call.objects.filter(~Exists(entered), whom__in=TO_FORCE).order_by("id").iterator():
        yield _("Telephone call %(call)d to a force is not in the ledger.") % {"call": call.pk}
    known = Call.objects.filter(case=OuterRef("subject_id"), at=OuterRef("at"), whom__in=TO_FORCE)
    for row in Release.objects.filter(~Exists(known), what=What.CALL).order_by("id").iterator():
        yield _("Row %(row)d of the ledger names a telephone call that did not happen.") % {"row": row.pk}


def _minutes() -> Iterator[str]:
    """Minutes of meetings that somebody of a force saved, or that were released to one without an account."""
    entered = Release.objects.filter(what=What.MINUTES, event=OuterRef("pk"))
    for event in Event.objects.filter(~Exists(entered), kind=MINUTES[0]).order_by("id").iterator():
        yield _("Minutes saved in event %(event)d are not in the ledger.") % {"event": event.pk}
    for row in Release.objects.filter(what=What.MINUTES).exclude(event__kind__in=MINUTES).order_by("id").iterator():
        yield _("Row %(row)d of the ledger names minutes that nobody handed over.") % {"row": row.pk}
