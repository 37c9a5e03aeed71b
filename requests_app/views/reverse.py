"""Reverse requests for the humanitarian side: OCHA, the owner of the asset, the Humanitarian Coordinator."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.accounts import factors, kept_words, stepup
from cmcoord.ui import typed
from cmcoord.ui.pages import conflict
from requests_app import reverse_page
from requests_app import reverse_workflow as workflow
from requests_app.forms.reverse import SaidForm, StepForm, for_move
from requests_app.models import ReverseRequest
from requests_app.services.made import Refused
from requests_app.services.reversing import move_reverse
from requests_app.visibility import is_humanitarian

LONGEST_KEY = 18


def key_of(request: HttpRequest) -> int:
    """After which row a further page begins; anything else is the first page."""
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


@never_cache
@login_required
@require_GET
def reverse_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and everything that they see, newest first."""
    if not is_humanitarian(request.user):
        raise Http404
    seen = ReverseRequest.objects.visible_to(request.user).select_related("organisation", "owner")
    before = key_of(request)
    found = list((seen.filter(pk__lt=before) if before else seen)[: reverse_page.SIZE + 1])
    context = {
        "waiting": [] if before else [reverse_page.row_of(row) for row in reverse_page.waiting(request.user, size=50)],
        "rows": [reverse_page.row_of(row) for row in found[: reverse_page.SIZE]],
        "older": f"?before={found[reverse_page.SIZE - 1].pk}" if len(found) > reverse_page.SIZE else "",
        "newer": "?" if before else "",
    }
    return render(request, "requests_app/reverse_list.html", context)


@never_cache
@login_required
@require_GET
def reverse_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One request, with what this person may do now."""
    reverse = _found(request, reference)
    return render(request, "requests_app/reverse_detail.html", reverse_page.context(reverse, request.user))


@never_cache
@require_http_methods(["GET", "POST"])
def reverse_move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """The small form of one move, or the move itself."""
    return _step(request, reference, move, recorded=False)


@never_cache
@require_http_methods(["GET", "POST"])
def reverse_record(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """The same form, when OCHA writes down what the owner said by telephone."""
    return _step(request, reference, move, recorded=True)


def _found(request: HttpRequest, reference: str) -> ReverseRequest:
    """The request if this person sees it, in the time of its country; else there is nothing here."""
    rows = ReverseRequest.objects.visible_to(request.user)
    rows = rows.select_related("country", "profile", "station", "organisation", "force", "owner", "filed_by")
    reverse = get_object_or_404(rows, reference=reference)
    timezone.activate(reverse.country.zone)
    return reverse


def _step(request: HttpRequest, reference: str, move: str, *, recorded: bool) -> HttpResponse:
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    reverse, line = _found(request, reference), workflow.LINES.get(move)
    if line is None or not set(line.who) - {workflow.FORCE, workflow.PORTAL} or (recorded and not line.recordable):
        raise Http404
    refused = workflow.refusal(reverse, move, request.user, recorded=recorded)
    sent_before = request.method == "POST" and request.POST.get("client_key")
    if refused and not (sent_before and refused.kind == "state"):
        return _stopped(request, reverse, Refused(refused.kind, refused.sentence))
    if (
        move in workflow.DECISIONS
        and not refused
        and factors.is_required(request.user)
        and not stepup.is_fresh(request)
    ):
        return stepup.ask(request)
    words = request.POST if request.method == "POST" else typed.kept(request)
    keeper = kept_words.token(request.user, reference)
    form = for_move(move)(words, reverse=reverse, code=move, keeper=keeper)
    said = SaidForm(words) if recorded else None
    if request.method == "GET":
        return _page(request, reverse, line, form, said)
    whole = form.is_valid() and (said is None or said.is_valid())
    if not whole:
        if refused:
            return _stopped(request, reverse, Refused(refused.kind, refused.sentence), form)
        return _page(request, reverse, line, form, said, status=422)
    try:
        move_reverse(reverse, move, by=request.user, said=said.cleaned_data if said else None, **form.cleaned_data)
    except Refused as stop:
        if stop.kind != "need" or refused:
            return _stopped(request, reverse, stop, form)
        form.add_error(None, stop.sentence)
        return _page(request, reverse, line, form, said, status=422)
    typed.forget(request)
    messages.success(request, _("It is recorded: %(step)s.") % {"step": line.label})
    return redirect(reverse)


def _page(
    request: HttpRequest, reverse, line, form: StepForm, said: SaidForm | None, *, status: int = 200
) -> HttpResponse:
    context = {"reverse": reverse, "line": line, "form": form, "said": said, "facts": reverse_page.facts(reverse)}
    return render(request, "requests_app/reverse_step.html", context, status=status)


def _stopped(
    request: HttpRequest, reverse: ReverseRequest, stop: Refused, form: StepForm | None = None
) -> HttpResponse:
    """404, 403 with the sentence, or 409 with the words that were typed."""
    if stop.kind == "undeclared":
        raise Http404
    if stop.kind == "right":
        raise PermissionDenied(stop.sentence)
    return conflict(request, stop.sentence, back=reverse.get_absolute_url(), typed=form.typed() if form else None)
