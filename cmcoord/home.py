"""What has this person to do now, by when, and whom can they call? The first page, and the menu of every page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from cmcoord.accounts import duty, refused_mail, scope
from cmcoord.accounts import rights as rights_on_events
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import Appointment, Invitation, Organisation, ProposedChange, StandIn
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity import checks
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import Chain
from cmcoord.activity.statements import Statement
from cmcoord.meetings import lists
from cmcoord.meetings.waiting import Waiting, waiting_for
from cmcoord.places.models import Country
from cmcoord.ui.durations import in_words
from cmcoord.ui.templatetags.ui import capped
from contacts import keepers, shown, todos
from contacts.todos import Waits
from requests_app import convoy, figures, ledger, policies, reverse_page, waiting
from requests_app.models import Case, Participation, ProposedPolicy
from requests_app.rows import rows_of
from requests_app.visibility import by_class, is_humanitarian

SHOWN = 8  # requests of one kind on the page; the register has the others


@dataclass
class Todo:
    """What the page prints; empty parts are left out."""

    sections: list[dict[str, Any]] = field(default_factory=list)
    tiles: list[dict[str, Any]] = field(default_factory=list)
    on_duty: list[dict[str, str]] = field(default_factory=list)
    rights: list[Appointment] = field(default_factory=list)
    joins: list[Participation] = field(default_factory=list)
    table: Waiting = field(default_factory=Waiting)
    reverses: list[dict[str, Any]] = field(default_factory=list)
    changes: int = 0
    policies: list[ProposedPolicy] = field(default_factory=list)
    refused_mails: int = 0
    organisations: int = 0
    invitations: list[Invitation] = field(default_factory=list)
    trails: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[Waits] = field(default_factory=list)
    left: list[Appointment] = field(default_factory=list)
    ask: list[dict[str, str]] = field(default_factory=list)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page "to do". At most twelve queries, whatever waits."""
    user = request.user
    held = scope.appointments(user)
    if any(grant.perm == Perm.ANSWER_AS_FORCE for grant in scope.grants(user)):
        return redirect("requests:force_list")
    if any(grant.perm == Perm.ASK_REVERSE for grant in scope.grants(user)):
        return redirect("requests:reverse_asked_list")
    todo = Todo()
    if not held:
        todo.ask = _whom_to_ask()
    country = next((one.country for one in held if one.country_id), None)
    rights = {grant.perm for grant in scope.grants(user)}
    todo.sections = _sections(user)
    todo.table = waiting_for(user)
    profiles: list[Any] = []
    if country:
        profiles = policies.newest(_profiles(user)(timezone.localdate(), timezone.now()))
    if any(row.asked for row in profiles):
        todo.joins = convoy.waiting_for(user)
    if rights & reverse_page.ANSWERING:
        todo.reverses = [reverse_page.row_of(row) for row in reverse_page.waiting(user, size=SHOWN)]
    if rights & {Perm.CONFIRM_RIGHTS, Perm.MANAGE_ACCOUNTS}:
        todo.rights = list(_rights_to_confirm(user)())
        todo.changes = ProposedChange.objects.to_confirm_by(user).filter(by__in=scope.still_administrators()).count()
        todo.refused_mails = refused_mail.count()
        todo.organisations = Organisation.objects.filter(verified=False).count()
        todo.invitations = list(_open_invitations()[:SHOWN])
    if Perm.MANAGE_ACCOUNTS in rights:
        todo.doubts = _doubted_rights()
        todo.left = todos.rights_without_post(user, SHOWN)
    if rights & set(keepers.KEEPING):
        todo.contacts = todos.contacts_for(user, SHOWN)
    if Perm.CONFIRM_PROFILE in rights:
        todo.policies = policies.waiting_for(user)
    if Perm.MANAGE_ACCOUNTS in rights:
        todo.trails = _broken_trails()
    elif Perm.CLEAR_CASE in rights:
        todo.trails = _broken_in(user, profiles)
    if country and is_humanitarian(user) and rights:
        todo.on_duty = _on_duty(user, country, rights)
    if country:
        todo.tiles = _tiles(user, country)
    context = {"todo": todo, "summary": _summary(todo), "held": _roles(user, held), "has_rights": bool(rights)}
    context["may_file"] = Perm.FILE_CASE in rights
    context["profiles"] = profiles
    return render(request, "home.html", context)


@once_for_reader
def _profiles(user) -> Statement:
    """The policies of one's countries, each with whether the trail there is broken, and one's organisation `asked`."""
    files = any(grant.perm == Perm.FILE_CASE for grant in scope.grants(user))

    def build(today: dt.date, now: dt.datetime):
        asked = Exists(convoy.asked_of(user, now).order_by()) if files else Value(False)
        return policies.versions(today, policies.countries_read_by(user), asked=asked, **OF_THE_TRAIL)

    return Statement(build, dt.date, dt.datetime, every=False)


def _roles(user, held) -> list[tuple[Appointment, StandIn | None]]:
    """Each role of this person, with the stand-in by which they have it when it is somebody else's."""
    borrowed = {}
    if any(one.user_id != user.pk for one in held):
        borrowed = {row.appointment_id: row for row in StandIn.objects.for_pages().in_force().filter(user=user)}
    return [(one, borrowed.get(one.pk) if one.user_id != user.pk else None) for one in held]


def _sections(user) -> list[dict[str, Any]]:
    """Each kind with its rows. A clock's holder is named where it is somebody else's."""
    return [
        {
            "code": section.code,
            "title": section.title,
            "rows": rows_of(section.cases, user),
            "names_holder": section.code == waiting.LATE,
            "count": section.count,
            "number": capped(section.count, waiting.COUNTED - 1),
            "more": section.more,
        }
        for section in waiting.sections(user, size=SHOWN)
    ]


def _summary(todo: Todo) -> str:
    """One sentence under the heading: how much, and when the next clock runs out."""
    own = [section for section in todo.sections if not section["names_holder"]]
    number = sum(section["count"] for section in own) + todo.changes
    number += (
        len(todo.policies)
        + len(todo.reverses)
        + len(todo.joins)
        + len(todo.rights)
        + len(todo.trails)
        + len(todo.doubts)
        + todo.table.count
        + len(todo.contacts)
        + len(todo.left)
    )
    if not number:
        return ""
    text = ngettext("%(count)d matter waits for you.", "%(count)d matters wait for you.", number) % {"count": number}
    clocks = [row.due for section in own for row in section["rows"] if row.due]
    if not clocks:
        return text
    left = min(clocks) - timezone.now()
    if left < dt.timedelta(0):
        return _("%(text)s The first one is late by %(time)s.") % {"text": text, "time": in_words(left)}
    return _("%(text)s The next clock runs out in %(time)s.") % {"text": text, "time": in_words(left)}


def _tiles(user, country: Country) -> list[dict[str, Any]]:
    """Four numbers for those who steer, what is released for those who only read; nothing for the others."""
    steering = figures.steers(user, country.pk)
    if not steering and not figures.reads_later(user, country.pk):
        return []
    values = figures.summary(country, reader=user)
    found = []
    if steering:
        urgent, routine = _undecided(user, country)
        found += [
            {"number": urgent, "label": _("urgent, waiting for the decision"), "colour": "red" if urgent else ""},
            {"number": routine, "label": _("routine, waiting for the decision"), "colour": "amber" if routine else ""},
        ]
    else:
        number = "–" if values.decided is None else values.decided
        found.append({"number": number, "label": _("requests decided, 90 days")})
    took = "–" if values.median is None else _("%(hours)s h") % {"hours": round(values.median / 60)}
    share = "–" if values.share is None else _("%(number)d %%") % {"number": values.share}
    return [
        *found,
        {"number": took, "label": _("median time to decide, 90 days; imported requests left out")},
        {"number": share, "label": _("resolved without the military, 90 days"), "colour": "green"},
        *_ways(values),
    ]


def _ways(values: figures.Summary) -> list[dict[str, Any]]:
    """How that was done: each way is a success of its own."""
    labels = (
        _("met by civilian means, 90 days"),
        _("withdrawn since negotiation worked, 90 days"),
        _("solved by a patrol, 90 days"),
    )
    return [
        {"number": "–" if number is None else number, "label": label, "colour": "green"}
        for number, label in zip(values.ways, labels, strict=True)
    ]


def _undecided(user, country: Country) -> tuple[int, int]:
    """How many urgent and routine requests that this person sees wait for the Humanitarian Coordinator now."""
    found = dict(_deciding(user)(country.pk))
    routine = found.pop("routine", 0)
    return sum(found.values()), routine


@once_for_reader
def _deciding(user) -> Statement:
    def build(country: str):
        rows = Case.objects.visible_to(user).filter(country=country, status="deciding")
        return rows.order_by().values_list("urgency").annotate(number=Count("pk"))

    return Statement(build, str)


def _on_duty(user, country: Country, rights: set[Perm]) -> list[dict[str, str]]:
    """Whom to call: OCHA for those who file, advise or decide; the Humanitarian Coordinator for the national unit."""
    if Perm.CLEAR_CASE in rights:
        _station, deciding = duty.duty_near(country, None, Perm.DECIDE_CASE)
        own = next((person.telephone for person in deciding.people if person.telephone), "")
        return [_seat(_("Humanitarian Coordinator"), replace(deciding, telephone=own))]
    base = scope.base_station(user) if Perm.FILE_CASE in rights else None
    where = next((held.station for held in scope.appointments(user) if base and held.station_id == base), None)
    station, national = duty.duty_near(country, where, Perm.REVIEW_CASE)
    seats = [_seat(_("OCHA %(place)s") % {"place": station.place}, station)] if station else []
    return [*seats, _seat(_("OCHA, national unit"), national)]


def _seat(place: str, on_duty: duty.Duty) -> dict[str, str]:
    return {"name": on_duty.name or _("nobody is appointed"), "role": place, "telephone": on_duty.telephone}


@once_for_reader
def _rights_to_confirm(user) -> Statement:
    """Appointments that this administrator may confirm: neither given by them nor their own, nor lapsed.

    Their keys come first, with a limit: beside the tables that a page prints, that question is long to plan.
    """
    counts = Q(given_by=None) | Q(given_by__in=scope.still_administrators())
    rows = Appointment.objects.to_confirm_by(user).filter(counts).order_by("given_at", "pk")
    first = Appointment.objects.filter(pk__in=rows.values("pk")[:SHOWN])
    return Statement(lambda: first.for_pages().order_by("given_at", "pk"))


# What the policy of a country brings along for the page, which asks many tables: is the trail there broken, and where?
OF_THE_TRAIL = {
    f"trail_{name}": Subquery(Chain.objects.filter(stream=OuterRef("country")).values(name)[:1])
    for name in ("broken_at", "broken")
}


def _broken_in(user, profiles: list[Any]) -> list[dict[str, Any]]:
    """What stopped the decisions of a country, for its national unit. No query of its own."""
    own = {grant.country for grant in scope.grants(user) if grant.perm == Perm.CLEAR_CASE}
    return [
        _trail(row.country_id, row.country.name, row.trail_broken_at, row.trail_broken)
        for row in profiles
        if row.country_id in own and row.trail_broken_at
    ]


def _broken_trails() -> list[dict[str, Any]]:
    """The same of every stream, for administrators."""
    found = list(Chain.objects.exclude(broken_at=None).order_by("stream").values_list("stream", "broken_at", "broken"))
    countries = Country.objects.in_bulk([stream for stream, _since, _row in found]) if found else {}
    return [
        _trail(stream, countries[stream].name if stream in countries else checks.stream_name(stream), since, row)
        for stream, since, row in found
    ]


def _trail(stream: str, name: str, since: dt.datetime | None, row: list | None) -> dict[str, Any]:
    return {"stream": stream, "name": name, "since": since, "found": str(checks.Defect(*row or ()))}


def _doubted_rights() -> list[dict[str, Any]]:
    """Appointments and stand-ins that the nightly comparison found without their events."""
    return [
        {"url": row.user.get_absolute_url(), "name": str(row.user), "what": str(row), "found": str(defect)}
        for row, defect in rights_on_events.doubted()
    ]


def _open_invitations():
    counting = Invitation.objects.open().filter(invited_by__in=scope.still_administrators())
    return counting.select_related("organisation", "country").order_by("expires_at")


def _whom_to_ask() -> list[dict[str, str]]:
    """Where somebody without any appointment turns to."""
    people = scope.role_owners(Role.ADMIN).order_by("folded_name")[:3]
    return [{"name": str(person), "email": person.email, "telephone": person.telephone} for person in people]


# ── the frame of every page ──────────────────────────────────────────────────────────────────────────────────────────


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The menu, the country under the brand and the unread number: what the frame prints for somebody signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": SimpleLazyObject(lambda: _menu(request.path, user)),
        "place_name": SimpleLazyObject(lambda: _place_name(user)),
        "unread": getattr(user, "unread", 0),
        "asks": SimpleLazyObject(lambda: _whom_for_rights(user)),
        "table": SimpleLazyObject(lambda: waiting_for(user)),
    }


def _whom_for_rights(user) -> str:
    """Whom somebody asks who thinks that they should be able to do what was refused."""
    rights = {grant.perm for grant in scope.grants(user)}
    if Perm.MANAGE_ACCOUNTS in rights:
        return "another_administrator"
    return "administrator" if rights & {Perm.REVIEW_CASE, Perm.CLEAR_CASE, Perm.DECIDE_CASE} else ""


def _menu(path: str, user) -> list[tuple[str, str, bool]]:
    rights = {grant.perm for grant in scope.grants(user)}
    entries = [] if rights & {Perm.ANSWER_AS_FORCE, Perm.ASK_REVERSE} else [(_("To do"), reverse("home"))]
    if user.side == Side.FORCE:
        entries += [(_("Requests"), reverse("requests:force_list"))] if Perm.ANSWER_AS_FORCE in rights else []
        entries += [(_("Your requests"), reverse("requests:reverse_asked_list"))] if Perm.ASK_REVERSE in rights else []
    elif is_humanitarian(user) and (rights or by_class(user)):
        entries.append((_("Requests"), reverse("requests:list")))
    if is_humanitarian(user) and rights & (reverse_page.ANSWERING - {Perm.FILE_CASE}):
        entries.append((_("Reverse requests"), reverse("requests:reverse_list")))
    if lists.meets(user) and (rights or user.side != Side.HUMANITARIAN):
        entries.append((_("Meetings"), reverse("meetings:list")))
    if shown.reads_in(user):
        entries.append((_("Directory"), reverse("contacts:directory")))
    if keepers.fleets_of(user):
        entries.append((_("Fleet"), reverse("fleet:vehicles")))
    if ledger.may_read(user):
        entries.append((_("Released to forces"), reverse("requests:releases")))
    if keepers.registers_of(user):
        entries.append((_("Force register"), reverse("register:forces")))
    entries.append((_("Guidance"), reverse("guidance:clauses")))
    if Perm.MANAGE_ACCOUNTS in rights:
        entries.append((_("People"), reverse("accounts:people")))
    return [(label, url, path == url or (url != "/" and path.startswith(url))) for label, url in entries]


def _place_name(user) -> str:
    names = dict.fromkeys(held.country.name for held in scope.appointments(user) if held.country_id)
    return ", ".join(names)
