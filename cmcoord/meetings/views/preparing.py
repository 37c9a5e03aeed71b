"""The agenda and the attendance of a meeting, their papers, and what humanitarians propose."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cmcoord.accounts import kept_words
from cmcoord.meetings import agenda as standing_items
from cmcoord.meetings import papers, services, visibility
from cmcoord.meetings.forms import GuestForm, ItemForm, ProposalForm, TakeForm
from cmcoord.meetings.models import AgendaItem, Attendance, Meeting, Proposal
from cmcoord.meetings.services.attending import confirmed, grid
from cmcoord.meetings.views.meetings import done, found, to_prepare
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import form_page, saved, say
from cmcoord.ui.papers import pdf
from cmcoord.ui.words import cleaned
from contacts import keepers
from contacts.models import Body
from requests_app import incidents
from requests_app.models import AccessIncident, Case

ACTS = ("up", "down", "remove")


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def agenda(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The joint agenda: one item more, others up, down or away. Each button works without script."""
    row = to_prepare(request, uid)
    url = reverse("meetings:agenda", args=[uid])
    for act in ACTS:
        if act in request.POST:
            one = _item(row, request.POST[act])
            if act == "remove":
                return done(request, url, lambda one=one: services.remove_item(one, by=request.user))
            return done(request, url, lambda one=one, up=act == "up": services.move_item(one, by=request.user, up=up))
    form = ItemForm(request.POST if "add" in request.POST else None)
    if saved(request, form, partial(services.add_item, row, by=request.user)):
        return redirect(url)
    context = {
        "meeting": row, "form": form, "items": list(row.agenda.all()), "standing": standing_items.standing(row)
    }  # fmt: skip
    return form_page(request, "meetings/agenda.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, uid: UUID, order: int) -> HttpResponse:
    """Other words for one item, which goes by its place on the agenda."""
    row = to_prepare(request, uid)
    one = get_object_or_404(row.agenda, order=order)
    back = reverse("meetings:agenda", args=[uid])
    start = {"title": one.title, "lead": one.lead, "minutes_planned": one.minutes_planned}
    form = ItemForm(request.POST or None, back=back, initial=start)
    if saved(request, form, partial(services.change_item, one, by=request.user)):
        return redirect(back)
    context = {"meeting": row, "form": form, "title": one.title, "body": row.body}
    return form_page(request, "meetings/plan.html", context, form)


def _item(meeting: Meeting, key: str) -> AgendaItem:
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(meeting.agenda, pk=int(key))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The grid of those who sit there, guests beside it."""
    row = to_prepare(request, uid)
    url = reverse("meetings:attendance", args=[uid])
    by = request.user
    if "same" in request.POST:
        return done(request, url, lambda: services.same_as_last_time(row, by=by))
    if "remove" in request.POST and keepers.is_inside(by):
        line = get_object_or_404(row.attendance, pk=_key(request.POST["remove"]))
        return done(request, url, lambda: services.remove_guest(line, by=by))
    if "save" in request.POST:
        return done(request, url, lambda: services.attend(row, by=by, present=_present(request)))
    guest = request.POST if "guest" in request.POST else None
    coming = row.is_planned and not row.has_begun
    start = {"presence": Attendance.Presence.EXPECTED} if coming else {}
    form = GuestForm(guest, body=row.body, by=by, initial=start)
    if saved(request, form, partial(services.add_guest, row, by=by)):
        return redirect(url)
    lines, guests = grid(row)
    reasons = confirmed(row, guests) if keepers.keeps_body(by, row.body) else {}
    context = {"meeting": row, "form": form, "lines": lines, "inside": keepers.is_inside(by), "choices": choices(),
               "guests": [(one, reasons.get(one.organisation_text, "")) for one in guests]}  # fmt: skip
    return form_page(request, "meetings/presence.html", context, form)


def choices() -> list[tuple[str, str]]:
    """What a line of the grid can say."""
    presence, mode = Attendance.Presence, Attendance.Mode
    return [
        ("", _("not said")),
        (f"{presence.PRESENT}/{mode.IN_PERSON}", _("present, in person")),
        (f"{presence.PRESENT}/{mode.REMOTE}", _("present, remote")),
        (str(presence.EXCUSED), str(presence.EXCUSED.label)),
        (str(presence.ABSENT), str(presence.ABSENT.label)),
        (str(presence.EXPECTED), str(presence.EXPECTED.label)),
    ]


def _present(request: HttpRequest) -> dict[int, str]:
    """Of each line that this reader changed, to a choice that exists: what a colleague wrote meanwhile stays."""
    allowed = {value for value, _label in choices()}
    found = {}
    for name, value in request.POST.items():
        key = name.removeprefix("of-")
        changed = request.POST.get(f"was-{key}", "") != value
        if key != name and key.isdecimal() and len(key) < 19 and value in allowed and changed:
            found[int(key)] = value
    return found


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """The agenda, or the list to sign, as a page to print."""
    row = found(request, uid)
    make = papers.agenda if what == "agenda" else papers.sign_in_sheet
    content = pdf(make(row, language=(get_language() or "en")[:2]))
    return file_download(BytesIO(content), f"{what}-{row.reference.replace(' ', '-')}.pdf", "application/pdf")


# ── proposals: for the humanitarian side alone ───────────────────────────────────────────────────────────────────────


@login_required
@never_cache
@require_safe
def proposals(request: HttpRequest, pk: int) -> HttpResponse:
    """What was proposed for a body, and what became of it."""
    body = _noted(request, pk)
    rows = list(body.proposals.select_related("proposed_by", "case", "incident__case", "taken_as__meeting")[:100])
    context = {"body": body, "rows": rows, "keeps": keepers.keeps_body(request.user, body)}
    return render(request, "meetings/proposals.html", context)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose something for an agenda, out of a request or an incident where one is named."""
    if not keepers.is_inside(request.user) or not keepers.countries_of(request.user):
        raise Http404
    bodies = visibility.bodies_met_by(request.user).meeting()
    case, incident = _about(request)
    start = {}
    about = case or (incident.case if incident else None)
    if about and about.station_id:
        start["body"] = bodies.filter(kind=Body.Kind.CELL, station=about.station_id).first()
    form = ProposalForm(request.POST or None, bodies=bodies, back=_back(case, incident), initial=start)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            services.propose(facts.pop("body"), by=request.user, case=case, incident=incident, **facts)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Proposed. OCHA answers you."))
            return redirect(_back(case, incident))
    context = {"form": form, "title": _("Propose for an agenda"), "about": about}
    return form_page(request, "meetings/plan.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """OCHA takes a proposal onto a joint agenda, or says why not."""
    bodies = visibility.bodies_noted_by(request.user)
    row = Proposal.objects.filter(body__in=bodies, pk=pk).select_related("body__country", "case", "proposed_by").first()
    if row is None:
        raise Http404
    if not keepers.keeps_body(request.user, row.body):
        raise PermissionDenied(keepers.not_your_body())
    form = TakeForm(request.POST or None, body=row.body, back=row.get_absolute_url())
    if form.is_valid():
        try:
            if "decline" in request.POST:
                services.decline(row, by=request.user, reason=form.cleaned_data["reason"])
            elif form.cleaned_data["meeting"] is None:
                raise ValidationError({"meeting": _("Choose a meeting; where none is planned, plan one first.")})
            else:
                meeting, title = form.cleaned_data["meeting"], form.cleaned_data["title"]
                services.take(row, by=request.user, meeting=meeting, title=title)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    context = {"form": form, "title": row.title, "body": row.body, "proposal": row}
    return form_page(request, "meetings/plan.html", context, form)


def _noted(request: HttpRequest, pk: int) -> Body:
    return get_object_or_404(visibility.bodies_noted_by(request.user).select_related("country", "station"), pk=pk)


def _about(request: HttpRequest) -> tuple[Case | None, AccessIncident | None]:
    """The request or the incident that the address names, if this person sees it."""
    case = incident = None
    if reference := cleaned(request.GET.get("case", "")):
        case = get_object_or_404(Case.objects.visible_to(request.user), reference=reference)
    elif reference := cleaned(request.GET.get("incident", "")):
        incident = get_object_or_404(incidents.visible_to(request.user), case__reference=reference)
    return case, incident


def _back(case: Case | None, incident: AccessIncident | None) -> str:
    return (case or incident).get_absolute_url() if case or incident else reverse("meetings:list")
