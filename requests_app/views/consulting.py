"""The page of a consultation of the country team, and the one on which OCHA writes down what several members said."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.ui.pages import conflict, form_page
from requests_app import buttons, case_page, consensus, dossier, services, team_page
from requests_app.forms.consulting import MeetingForm, may_record
from requests_app.models import Case, Status
from requests_app.services import Refused, make_move


@login_required
@never_cache
@require_GET
def consultation(request: HttpRequest, reference: str) -> HttpResponse:
    """For the country team, OCHA and the Humanitarian Coordinator; for everybody else there is no such page."""
    case = _found(request, reference)
    return form_page(request, "requests_app/consultation.html", _context(case, request.user))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """Positions of several members at once, each confirmed by its member later."""
    case = _found(request, reference)
    if not may_record(case, request.user):
        raise Http404
    form = MeetingForm(request.POST or None, case=case, user=request.user)
    if form.is_valid():
        try:
            count = _write(form, case, request.user)
        except Refused as refused:
            if refused.kind == "right":
                raise PermissionDenied(refused.sentence) from None
            if refused.kind != "need":
                return conflict(request, refused.sentence, back=case.get_absolute_url())
            form.add_error(None, refused.sentence)
        else:
            told = ngettext(
                "%(count)d position is written down; its member is asked to confirm it.",
                "%(count)d positions are written down; their members are asked to confirm them.",
                count,
            )
            messages.success(request, told % {"count": count})
            return redirect("requests:consultation", case.reference)
    return form_page(request, "requests_app/meeting.html", _context(case, request.user) | {"form": form}, form)


@transaction.atomic
def _write(form: MeetingForm, case: Case, user) -> int:
    """All of them, or none."""
    said = form.said()
    for facts in said:
        make_move(case, "take_position", by=user, **facts)
    return len(said)


def _found(request: HttpRequest, reference: str) -> Case:
    case = case_page.find(reference, request.user)
    if case is None:
        raise Http404
    dossier.read(case)
    if not consensus.reads_positions(request.user, case):
        raise Http404
    services.note_positions_read(case, by=request.user)
    timezone.activate(case.country.zone)
    return case


def _context(case: Case, user) -> dict:
    now = timezone.now()
    every = buttons.offered(case, user, now)
    return {
        "case": case,
        "zone": case.country.timezone,
        "status": Status(case.status),
        "team": team_page.card(case, user, now),
        "offered": [button for button in every if button.code in buttons.OF_THE_TEAM],
        "records": may_record(case, user),
        **team_page.context(case, user),
    }
