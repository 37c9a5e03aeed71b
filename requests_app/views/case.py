"""The page of one request and the moves made from it: who sees what, what may be done now."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.accounts import factors, kept_words, stepup
from cmcoord.ui import typed
from cmcoord.ui.pages import ask_again, conflict
from requests_app import (
    buttons,
    case_page,
    case_told,
    classes,
    dossier,
    duplicates,
    guards,
    moves,
    reading,
    workflow,
)
from requests_app.done import what_is_done
from requests_app.forms.asking import MoveForm
from requests_app.forms.executing import NothingToReportForm
from requests_app.forms.moves import for_move
from requests_app.forms.recording import SourceForm
from requests_app.models import Case
from requests_app.models.process import ORAL
from requests_app.services import Refused, make_move
from requests_app.services.deciding import LIMIT_FIELDS
from requests_app.services.executing import something_happened

# Decisions and releases: whoever takes or makes one proves again that it is them.
PROVEN = (
    "approve", "establish_consensus", "deny", "extend", "refuse_extension", "transmit", "retransmit", "schedule",
    "change", "send_sheet", "confirm_in_writing",
)  # fmt: skip
# Steps that rest on what the force proposes: their form prints it.
WEIGHED = ("agree", "refuse_counter", "schedule", "redecide")


@login_required
@require_GET
def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One request as this reader may see it, with what they may do now."""
    case = case_page.find(reference, request.user)
    if case is None and (listed := case_page.find_listed(reference, request.user)):
        timezone.activate(listed.country.zone)
        return render(request, "requests_app/case_summary.html", case_page.summary(listed, request.user))
    case, read = _opened(case)
    context = case_page.context(case, read, request.user, every_event=request.GET.get("events") == "all")
    return render(request, "requests_app/case_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def case_move(request, reference: str, move: str) -> HttpResponse:
    """The small form of one move, or the move itself."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case, _read = _found(request, reference)
    line = _line(case, move)
    if _needs_proof(request, case, line):
        return stepup.ask(request)
    if request.method == "GET":
        return _offer(
            request,
            case,
            line,
            for_move(move, patrol=case.is_patrol)(_typed(request, case, move), case=case, code=move, user=request.user),
        )
    form = _form(request, case, move)
    if not form.is_valid():
        return _incomplete(request, case, line, form)
    if asked := _asked_again(request, case, line, form):
        return asked
    try:
        make_move(case, move, by=request.user, **_control(form), **form.facts())
    except Refused as refused:
        return _refused(request, case, line, form, refused)
    return _done(request, case, line)


@never_cache
@require_http_methods(["GET", "POST"])
def case_record(request, reference: str, move: str) -> HttpResponse:
    """The same form, when OCHA writes down what somebody else said by telephone, radio or on paper."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case, _read = _found(request, reference)
    line = _line(case, move)
    if not line.recordable:
        raise Http404
    if move == "take_position":  # one page for all members
        return redirect("requests:meeting", reference)
    if _needs_proof(request, case, line, recorded=True):
        return stepup.ask(request)
    data = request.POST if request.method == "POST" else typed.kept(request)
    form = for_move(move, patrol=case.is_patrol)(data, case=case, code=move, user=request.user, recorded=True)
    said = SourceForm(data, case=case, line=line, user=request.user)
    if request.method == "GET":
        return _offer(request, case, line, form, said)
    if not (said.is_valid() and form.is_valid()):
        return _incomplete(request, case, line, form, said)
    if asked := _asked_again(request, case, line, form, said):
        return asked
    try:
        make_move(case, move, by=request.user, on_behalf=said.cleaned_data, **_control(form), **form.facts())
    except Refused as refused:
        return _refused(request, case, line, form, refused, said)
    return _done(request, case, line)


def _needs_proof(request: HttpRequest, case: Case, line: moves.Line, *, recorded: bool = False) -> bool:
    """Before a decision or a release, of those who could make it; others read why not, and prove nothing for it."""
    proven = (*PROVEN, *ORAL) if recorded else PROVEN  # the coordinator's own word is proven when it is written
    if line.code not in proven or not factors.is_required(request.user) or stepup.is_fresh(request):
        return False
    refused = workflow.refusal(case, line.code, request.user, recorded=recorded)
    return refused is None or refused.kind == "need"


def _typed(request: HttpRequest, case: Case, move: str) -> QueryDict | None:
    """What was typed before the session ended or a proof was asked."""
    words = typed.kept(request)
    return _as_drafted(case, words.copy()) if words and move == "approve" and "as_drafted" in words else words


def _found(request: HttpRequest, reference: str) -> tuple[Case, dossier.Dossier]:
    """The case if this person may see it, with its dossier, in the time of its country; else there is nothing here."""
    return _opened(case_page.find(reference, request.user))


def _opened(case: Case | None) -> tuple[Case, dossier.Dossier]:
    if case is None:
        raise Http404
    read = dossier.read(case)
    timezone.activate(case.country.zone)
    return case, read


def _line(case: Case, move: str) -> moves.Line:
    """The line of the table that a page may offer; the portal's own steps have no page."""
    known = workflow.declared_for(case, move) or moves.lines(move)
    declared = workflow.line_for(case, move) or next(iter(known), None)
    if declared is None or not declared.offered:
        raise Http404
    return declared


def _form(request: HttpRequest, case: Case, move: str) -> MoveForm:
    """The posted form. "Approve as drafted" and "nothing to report" are one tap: the page has shown the rest."""
    data: QueryDict = request.POST
    form = for_move(move, patrol=case.is_patrol)
    if move == "approve" and "as_drafted" in data:
        data = _as_drafted(case, data.copy())
    elif move == "close" and "nothing_to_report" in data:
        form = NothingToReportForm
    return form(data, case=case, code=move, user=request.user)


def _as_drafted(case: Case, data: QueryDict) -> QueryDict:
    draft = next(iter(list(case.drafts.all())[::-1]), None)
    for name in LIMIT_FIELDS if draft else ():
        value = getattr(draft, name)
        if name == "conditions":
            data.setlist(name, value)
        elif isinstance(value, datetime):
            data[name] = value.isoformat()
        else:
            data[name] = getattr(value, "pk", value) or ""
    return data


def _control(form: MoveForm) -> dict:
    return {name: form.cleaned_data[name] for name in ("client_key", "base_version")}


def _offer(request: HttpRequest, case: Case, line: moves.Line, form: MoveForm, said=None) -> HttpResponse:
    """The page before anything was sent: what stands in the way is said at once."""
    refused = workflow.refusal(case, line.code, request.user, recorded=said is not None)
    if refused and refused.kind == "need":
        return _page(request, case, line, form, said, why_not=refused.sentence)
    if refused:
        return _stopped(request, case, Refused(refused.kind, refused.sentence))
    if line.code in workflow.NEEDS_FOUNDED_RIGHT:
        grant = workflow.actor(line, case, request.user, recorded=said is not None)
        if unfounded := workflow.why_right_stops(case, request.user, grant):
            return _page(request, case, line, form, said, why_not=unfounded)
    if line.code in reading.FILLED:
        reading.note_form(case, request.user, line.code)
    return _page(request, case, line, form, said)


def _incomplete(request: HttpRequest, case: Case, line: moves.Line, form: MoveForm, said=None) -> HttpResponse:
    """Answers are missing or wrong: the same form, unless the person could not have made the move anyway."""
    refused = workflow.refusal(case, line.code, request.user, recorded=said is not None)
    if refused and refused.kind != "need":
        return _stopped(request, case, Refused(refused.kind, refused.sentence), form.typed())
    return _page(request, case, line, form, said, status=422)


def _asked_again(request: HttpRequest, case: Case, line: moves.Line, form: MoveForm, said=None):
    """The page that says what follows from an answer that cannot be taken back; None when it was confirmed there."""
    sure, warning = request.POST.get("sure"), form.warning()
    if not warning or sure == "yes" or workflow.refusal(case, line.code, request.user, recorded=said is not None):
        return None
    if sure == "no":
        return _page(request, case, line, form, said)
    return ask_again(request, title=str(line.label), about=case.reference, sentence=warning)


def _page(request, case, line, form, said=None, *, why_not: str = "", status: int = 200) -> HttpResponse:
    awaits = guards.record_awaits(case, request.user)
    context = {
        "case": case,
        "zone": case.country.timezone,
        "line": line,
        "form": form,
        "said": said,
        "why_not": why_not,
        "duplicates": duplicates.of(case, request.user) if line.code == "assess" and said is None else [],
        "danger": line.code in buttons.DANGEROUS,
        "strict": classes.is_closed(case, case),
        "proposal": case_page.proposal(case, request.user) if line.code in WEIGHED else None,
        "recorded": case_told.recorded(case, awaits) if line.code in ("confirm_record", "dispute_record") else None,
        "keeper": kept_words.token(request.user, case.reference),
        "one_tap": line.code == "close" and said is None and not something_happened(case),
    }
    form.summary_shown = True
    if said:
        said.summary_shown = True
    return render(request, "requests_app/move_form.html", context, status=status)


def _refused(request, case: Case, line, form, refused: Refused, said=None) -> HttpResponse:
    """Something is missing: the same form with the sentence. Anything else ends here."""
    if refused.kind == "need":
        form.add_error(None, refused.sentence)
        return _page(request, case, line, form, said, status=422)
    return _stopped(request, case, refused, form.typed())


def _stopped(
    request: HttpRequest, case: Case, refused: Refused, typed: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """The end of the way, with the words that were typed: nothing is lost."""
    if refused.kind == "undeclared":
        raise Http404
    if refused.kind == "right":
        raise PermissionDenied(refused.sentence)
    return conflict(request, refused.sentence, back=case.get_absolute_url(), typed=typed)


def _done(request: HttpRequest, case: Case, line: moves.Line) -> HttpResponse:
    typed.forget(request)
    messages.success(request, what_is_done(case, line.code))
    return redirect("requests:edit_first", case.reference) if line.code == "take_over" else redirect(case)
