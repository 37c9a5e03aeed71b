"""One's own meetings, one meeting, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cmcoord.accounts import kept_words
from cmcoord.meetings import chairs, lists, meeting_page, services
from cmcoord.meetings.forms import MeetingForm, NotHeldForm, SeriesForm
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.models.meetings import Language
from cmcoord.ui.pages import conflict, form_page, saved, say
from contacts.models import Body


def found(request: HttpRequest, uid: UUID) -> Meeting:
    """A meeting that this person sees; of all others nobody learns whether they exist."""
    meeting = Meeting.objects.visible_to(request.user).with_body().filter(uid=uid).first()
    if meeting is None:
        raise Http404
    return meeting


def to_plan(request: HttpRequest, uid: UUID) -> Meeting:
    """The same, of somebody who plans for its body."""
    meeting = found(request, uid)
    if refused := chairs.why_not_plan(request.user, meeting.body):
        raise PermissionDenied(refused)
    return meeting


def to_prepare(request: HttpRequest, uid: UUID) -> Meeting:
    """The same, of somebody who prepares its meetings."""
    meeting = found(request, uid)
    if refused := chairs.why_not_prepare(request.user, meeting.body):
        raise PermissionDenied(refused)
    return meeting


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What comes, or what was: of every body whose meetings this person sees."""
    if not lists.meets(request.user):
        raise Http404
    return render(request, "meetings/list.html", lists.page(request))


@login_required
@never_cache
@require_safe
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One meeting."""
    return render(request, "meetings/meeting.html", meeting_page.page(found(request, uid), request.user))


@login_required
@never_cache
@require_safe
def choose_body(request: HttpRequest) -> HttpResponse:
    """For which body?"""
    rows = list(chairs.planned_by(request.user).select_related("country").order_by("country", "kind", "name_en"))
    if not rows:
        raise Http404
    return render(request, "meetings/choose.html", {"rows": rows})


def _body(request: HttpRequest, pk: int) -> Body:
    body = chairs.planned_by(request.user).select_related("country", "station").filter(pk=pk).first()
    if body is None:
        raise Http404
    return body


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting of a body, to come or already over."""
    body = _body(request, pk)
    start = {"kind": Meeting.Kind.AD_HOC} | _as_last_time(body)
    form = MeetingForm(request.POST or None, zone=body.country.zone, back=reverse("meetings:choose"), initial=start)
    if form.is_valid():
        times = {name: form.cleaned_data[name] for name in ("starts", "ends")}
        try:
            if "took_place" in request.POST:
                row = services.write_down(body, by=request.user, where=form.where(), **times)
            else:
                kind = form.cleaned_data["kind"]
                row = services.plan_meeting(body, by=request.user, where=form.where(), kind=kind, **times)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    context = {"form": form, "title": _("Plan a meeting"), "body": body, "series": True}
    return form_page(request, "meetings/plan.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def plan_series(request: HttpRequest, pk: int) -> HttpResponse:
    """Meetings of a body that come again."""
    body = _body(request, pk)
    start = {"every": (body.cadence or {}).get("every", Body.Every.WEEK), "minutes": 90} | _as_last_time(body)
    form = SeriesForm(request.POST or None, back=reverse("meetings:choose"), initial=start)
    if form.is_valid():
        try:
            row = services.plan_series(body, by=request.user, **form.facts())
        except ValidationError as problem:
            say(form, problem)
        else:
            number = row.meetings.count()
            said = ngettext("%(number)d meeting is planned.", "%(number)d meetings are planned.", number)
            messages.success(request, said % {"number": number})
            return redirect("meetings:list")
    context = {"form": form, "title": _("Plan meetings that come again"), "body": body}
    return form_page(request, "meetings/plan.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_series(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The series of a meeting: another rule from now on, or its end."""
    row = to_plan(request, uid)
    if row.series is None or row.series.ended_at:
        raise Http404
    series = row.series
    if "end" in request.POST:
        return done(request, reverse("meetings:list"), lambda: services.end_series(series, by=request.user))
    names = ("every", "first_day", "at", "minutes", "until")
    start = {name: getattr(series, name) for name in names} | SeriesForm.place_of(series)
    start["first_day"] = max(series.first_day, row.occurrence or series.first_day)
    form = SeriesForm(request.POST or None, back=row.get_absolute_url(), changed=True, initial=start)
    if form.is_valid():
        try:
            services.change_series(series, by=request.user, **form.facts())
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:list")
    context = {"form": form, "title": _("Change the series"), "body": row.body, "meeting": row, "end": True}
    return form_page(request, "meetings/plan.html", context, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another time or place."""
    row = to_plan(request, uid)
    start = {"starts": row.starts, "ends": row.ends} | MeetingForm.place_of(row)
    url = row.get_absolute_url()
    form = MeetingForm(request.POST or None, zone=row.body.country.zone, back=url, moved=True, initial=start)
    if form.is_valid():
        times = {name: form.cleaned_data[name] for name in ("starts", "ends")}
        try:
            services.move(row, by=request.user, where=form.where(), **times)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(row)
    context = {"form": form, "title": _("Move or change"), "body": row.body, "meeting": row}
    return form_page(request, "meetings/plan.html", context, form)


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def not_held(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Why it is not held."""
    row = to_plan(request, uid)
    form = NotHeldForm(request.POST or None, back=row.get_absolute_url())
    if saved(request, form, partial(services.not_held, row, by=request.user)):
        return redirect(row)
    context = {"form": form, "title": _("Not held"), "body": row.body, "meeting": row}
    return form_page(request, "meetings/plan.html", context, form)


@login_required
@require_POST
def invite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everybody of the body is told."""
    row = to_plan(request, uid)
    return done(request, row.get_absolute_url(), lambda: services.invite(row, by=request.user), _("Invited."))


@login_required
@require_POST
def invite_series(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everybody of the body is told of all meetings of the series that are still to come."""
    row = to_plan(request, uid)
    series = row.series
    if series is None or series.ended_at:
        raise Http404
    url = row.get_absolute_url()
    return done(request, url, lambda: services.invite_series(series, by=request.user), _("Invited to all of them."))


@login_required
@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is not needed."""
    row = to_plan(request, uid)
    return done(request, row.get_absolute_url(), lambda: services.cancel(row, by=request.user))


@login_required
@require_POST
def hold(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It takes place."""
    row = to_prepare(request, uid)
    return done(request, row.get_absolute_url(), lambda: services.hold(row, by=request.user))


def done(request: HttpRequest, url: str, act: Callable[[], Any], sentence: str = "") -> HttpResponse:
    """Do it and go back; a refusal that the page did not foresee is a conflict with its sentence."""
    try:
        act()
    except ValidationError as problem:
        return conflict(request, " ".join(problem.messages), back=url)
    messages.success(request, sentence or _("Saved."))
    return redirect(url)


def _as_last_time(body: Body) -> dict[str, Any]:
    """Where, and in which languages; else French, as in Bangui and Bamako. Why in a camp is said anew."""
    last = body.meetings.order_by("-starts").values("modality", "venue", "place", "languages").first() or {}
    return last | {"languages": last.get("languages") or [Language.FRENCH.value]}
