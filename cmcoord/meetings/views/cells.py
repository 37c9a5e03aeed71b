"""The page of a body, its week and its log of liaison, who comes, and the matrix of regularity."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.accounts import kept_words
from cmcoord.meetings import cell_page, visibility
from cmcoord.meetings.models import LiaisonContact, WeeklySummary
from cmcoord.meetings.point_forms import ContactForm, SettleForm
from cmcoord.meetings.regularity import monday_of
from cmcoord.meetings.services import liaison
from cmcoord.ui.pages import conflict, form_page, say
from contacts import keepers
from contacts.models import Body


@login_required
@never_cache
@require_GET
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: its meetings, what is open, and for the humanitarian side what only it knows."""
    return render(request, "meetings/body.html", cell_page.page(_met(request, pk), request.user))


@login_required
@never_cache
@require_GET
def regularity(request: HttpRequest) -> HttpResponse:
    """Cells × the last twelve weeks."""
    found = cell_page.matrix(request.user)
    if not found["rows"]:
        raise Http404
    return render(request, "meetings/regularity.html", found)


@login_required
@never_cache
@require_GET
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came in the last quarter, by category."""
    return render(request, "meetings/attendance.html", cell_page.attendance(_met(request, pk)))


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """One contact with a force, in the log of liaison."""
    row = _noted(request, pk)
    if refused := liaison.why_not_log(request.user, row):
        raise PermissionDenied(refused)
    form = ContactForm(request.POST or None, body=row, action=request.path)
    if form.is_valid():
        try:
            liaison.log_contact(row, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Written down."))
            return redirect(cell_page.url_of(row))
    return form_page(request, "meetings/new_contact.html", {"form": form, "body": row}, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, pk: int, day: dt.date | None = None) -> HttpResponse:
    """The week of a body; its button sends it to the national unit."""
    row = _noted(request, pk)
    day = monday_of(day or row.country.today)
    if request.method == "POST":
        try:
            sent = liaison.send_summary(row, by=request.user, day=day)
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=cell_page.url_of(row))
        messages.success(request, _("Sent to the national unit."))
        return redirect(sent)
    sent = WeeklySummary.objects.filter(body=row, week=day).select_related("sent_by").first()
    content = sent.content if sent else liaison.week_of(row, day, by=request.user)
    context = cell_page.week(row, request.user, content, sent, day)
    return render(request, "meetings/week.html", context | {"keeps": keepers.keeps_body(request.user, row)})


@kept_words.waiting
@never_cache
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick off what was to follow a contact."""
    rows = LiaisonContact.objects.select_related("body__country", "body__station", "by", "organisation")
    row = rows.filter(pk=pk, body__in=visibility.bodies_noted_by(request.user).order_by()).first()
    if row is None:
        raise Http404
    if refused := liaison.why_not_settle(request.user, row):
        raise PermissionDenied(refused)
    if refused := liaison.why_not_open(row):
        return conflict(request, refused, back=row.get_absolute_url())
    form = SettleForm(request.POST or None, back=row.get_absolute_url())
    if form.is_valid():
        try:
            liaison.settle(row, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            say(form, problem)
        else:
            messages.success(request, _("Ticked off."))
            return redirect(row)
    return form_page(request, "meetings/settle.html", {"form": form, "row": row}, form)


def _met(request: HttpRequest, pk: int) -> Body:
    """A body whose meetings the reader sees; of all others nobody learns whether they exist."""
    row = cell_page.find(request.user, pk)
    if row is None:
        raise Http404
    return row


def _noted(request: HttpRequest, pk: int) -> Body:
    """A body whose humanitarian side the reader reads."""
    row = _met(request, pk)
    if not row.noted:
        raise Http404
    return row
