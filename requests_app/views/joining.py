"""Several organisations in one convoy: whom the requester asks, and the page of each organisation that joins."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.ui.pages import conflict, form_page
from requests_app import case_page, convoy, workflow
from requests_app.convoy import State
from requests_app.forms.joining import AskToJoinForm, PartForm
from requests_app.models import Participation, Status
from requests_app.services import Refused
from requests_app.services.joining import ask_to_join, join, propose_joining, step_out, take_back, why_not_ask
from requests_app.turns import COLOURS
from requests_app.visibility import handles, is_humanitarian

SHOWN = 100


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """For the requester: ask another organisation to join."""
    case = case_page.find(reference, request.user)
    if case is None:
        raise Http404
    form = AskToJoinForm(request.POST or None, case=case)
    why = why_not_ask(case, by=request.user)
    if why and not scope.has_perm(request.user, Perm.FILE_CASE, case):
        raise PermissionDenied(why)
    if why:
        return conflict(request, why, back=case.get_absolute_url())
    if form.is_valid():
        try:
            row = ask_to_join(case, by=request.user, organisation=form.cleaned_data["organisation"])
        except Refused as refused:
            return _refused(request, refused, case.get_absolute_url())
        messages.success(request, _("%(name)s is asked, and told.") % {"name": row.organisation})
        return redirect(case)
    return form_page(request, "requests_app/ask_to_join.html", {"form": form, "case": case}, form)


@require_POST
@login_required
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """For OCHA: another request that asks for the same travels with this one, if its organisation agrees."""
    case = case_page.find(reference, request.user)
    other = case_page.find(request.POST.get("other", ""), request.user) if case else None
    if case is None or other is None or not handles(request.user, case):
        raise Http404
    try:
        propose_joining(case, by=request.user, other=other)
    except Refused as refused:
        return _refused(request, refused, case.get_absolute_url())
    messages.success(request, _("Proposed; both organisations are told."))
    return redirect(case)


@require_POST
@login_required
def withdraw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """For the requester: ask no longer."""
    case = case_page.find(reference, request.user)
    row = Participation.objects.filter(pk=pk, case=case).first() if case else None
    if case is None or row is None:
        raise Http404
    try:
        take_back(row, by=request.user)
    except Refused as refused:
        return _refused(request, refused, case.get_absolute_url())
    messages.success(request, _("Taken back; its people are told."))
    return redirect(case)


@login_required
@never_cache
@require_GET
def convoys(request: HttpRequest) -> HttpResponse:
    """The convoys of others that one's organisation was asked to join."""
    if not any(grant.perm == Perm.FILE_CASE for grant in scope.grants(request.user)) or not is_humanitarian(
        request.user
    ):
        raise PermissionDenied(_("Convoys are joined by requesting organisations."))
    rows = [row for row in convoy.of_organisations(request.user)[:SHOWN] if convoy.answers_for(request.user, row)]
    for row in rows:
        row.reads_way, row.heading = convoy.reads_way(row), convoy.heading(row)
    return render(request, "requests_app/joining.html", {"rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own part, with the whole way, the days, where the request stands and what was decided.

    Who said no, or left, reads none of that any more: the convoy goes on without them.
    """
    row = _mine(request, pk)
    form = PartForm(request.POST if request.method == "POST" and "out" not in request.POST else None, part=row)
    try:
        if request.method == "POST" and "out" in request.POST:
            step_out(row, by=request.user)
            messages.success(request, _("OCHA and the organisation that asks are told."))
            return redirect("requests:joining")
        if form.is_valid():
            join(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your part is saved; OCHA and the organisation that asks are told."))
            return redirect(row)
    except Refused as refused:
        if refused.kind == "need":
            form.add_error(None, refused.sentence)
        else:
            return _refused(request, refused, row.get_absolute_url())
    case = row.case
    status = workflow.effective_status(case, timezone.now())
    context = {
        "part": row,
        "case": case,
        "heading": convoy.heading(row),
        "zone": case.country.timezone,
        "status": Status(status).label,
        "colour": COLOURS[status],
        "shows_way": convoy.reads_way(row),
        "decision": case.decision if case.decision_id and row.state == State.JOINED else None,
        "may_join": row.state in convoy.OPEN_STATES and case.status in convoy.JOINED_IN,
        "may_leave": row.state in convoy.OPEN_STATES and case.status in convoy.LEFT_IN,
        "joined": row.state == State.JOINED,
        "form": form,
    }
    return form_page(request, "requests_app/joining_part.html", context, form)


def _mine(request: HttpRequest, pk: int) -> Participation:
    """The part of an organisation for which this person files; of others nobody learns that there are any."""
    names = ("organisation", "focal_post", "case__country", "case__organisation", "case__origin", "case__destination",
             "case__axis", "case__station", "case__decision__force__organisation", "case__decision__axis")  # fmt: skip
    row = Participation.objects.select_related(*names).filter(pk=pk).exclude(state=State.TAKEN_BACK).first()
    if row is None or not convoy.answers_for(request.user, row) or row.case.sensitivity == Sensitivity.STRICT:
        raise Http404
    timezone.activate(row.case.country.zone)
    return row


def _refused(request: HttpRequest, refused: Refused, back: str) -> HttpResponse:
    if refused.kind == "right":
        raise PermissionDenied(refused.sentence)
    return conflict(request, refused.sentence, back=back)
