"""The pages of a force: its list, one request as its papers tell it, its answers and logs.

They read ForceFile, Extract, Acknowledgement, ForceReply and RotationLog, never a field of Case. What stops a person of
the force is said in words that the force's own papers explain; what is hidden and what is absent answer the same.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cmcoord.accounts import kept_words, limits, scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity import numbers
from cmcoord.activity.barrier import may_see
from cmcoord.ui import typed
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import ask_again, form_page
from requests_app import force_page, services
from requests_app.force_page import known_of
from requests_app.forms import force as forms
from requests_app.models import Case, Extract, ForceFile
from requests_app.papers import Known, Stage, facts_of

PAGE = 25


@dataclass(frozen=True)
class Act:
    """One act of the force: its button, its form (None: one button), the sentence afterwards."""

    label: str | Promise
    form: type[forms.ReadForm] | None
    done: str | Promise
    kind: str = "line"


ACTS: dict[str, Act] = {
    "acknowledge": Act(
        gettext_lazy("Acknowledge receipt"), None, gettext_lazy("OCHA sees that you received it."), "main"
    ),
    "accept": Act(
        pgettext_lazy("reply of the force", "Accept"), forms.AcceptForm, gettext_lazy("OCHA has your answer."), "main"
    ),
    "limit": Act(gettext_lazy("Accept with limits"), forms.LimitForm, gettext_lazy("OCHA has your answer.")),
    "counter": Act(gettext_lazy("Counter-proposal"), forms.CounterForm, gettext_lazy("OCHA has your proposal.")),
    "decline": Act(gettext_lazy("Decline"), forms.DeclineForm, gettext_lazy("OCHA has your answer."), "danger"),
    "log": Act(gettext_lazy("Log the movement"), forms.LogForm, gettext_lazy("It is logged."), "main"),
    "correct": Act(gettext_lazy("Correct a log"), forms.CorrectForm, gettext_lazy("It is corrected.")),
    "confirm": Act(gettext_lazy("That is what I said"), None, gettext_lazy("OCHA sees that you confirmed it."), "main"),
    "dispute": Act(gettext_lazy("That is not what I said"), forms.DisputeForm, gettext_lazy("OCHA was told.")),
}
# A patrol is planned and logged by day; the answers are the same moves.
OF_PATROLS: dict[str, Act] = {
    "accept": Act(gettext_lazy("It is planned"), forms.PlanForm, gettext_lazy("OCHA has your plan."), "main"),
    "limit": Act(gettext_lazy("Planned in part"), forms.PlanInPartForm, gettext_lazy("OCHA has your plan.")),
    "decline": Act(gettext_lazy("Not planned"), forms.NotPlannedForm, gettext_lazy("OCHA has your answer."), "danger"),
    "patrol": Act(gettext_lazy("Log a patrol"), forms.PatrolForm, gettext_lazy("It is logged."), "main"),
    "correct": Act(gettext_lazy("Correct a log"), forms.PatrolCorrectForm, gettext_lazy("It is corrected.")),
}
MOVE_OF = {"patrol": "log_patrol", "confirm": "confirm_record", "dispute": "dispute_record", "correct": "correct_log"}

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
@login_required
@require_safe
def force_list(request: HttpRequest) -> HttpResponse:
    """Everything that was sent to the person's force: first what waits for it, then what is ahead, then all others."""
    if not any(grant.perm == Perm.ANSWER_AS_FORCE for grant in scope.grants(request.user)):
        raise Http404
    after = _key(request.GET.get("after", ""))
    found = list(_after(ForceFile.objects.held_by(request.user), after)[: PAGE + 1])
    files, more = found[:PAGE], len(found) > PAGE
    now = timezone.now()
    sections = [
        {"title": ForceFile.Place(place).label, "rows": [force_page.row(file, now) for file in rows]}
        for place, rows in groupby(files, key=lambda file: file.place)
    ]
    older = f"{files[-1].place}.{files[-1].sort_key}.{numbers.hidden(files[-1].pk)}" if more else ""
    context = {"sections": sections, "older": older, "first": not after, "telephones": _duty_numbers(request.user)}
    return render(request, "requests_app/force_list.html", context)


def _duty_numbers(user) -> list[str]:
    """Of OCHA in the countries where this person answers for a force: the duty number and nothing else."""
    countries = [held.country for held in scope.appointments(user) if held.country_id]
    return list(dict.fromkeys(each.national_unit_telephone for each in countries if each.national_unit_telephone))


def _key(text: str) -> tuple[int, int, int] | None:
    """The place after which a further page begins; anything else is the first page."""
    try:
        place, sort_key, last = text.split(".")
        pk = numbers.shown(last)
        return None if pk is None else (int(place), int(sort_key), pk)
    except ValueError:
        return None


def _after(files, key: tuple[int, int, int] | None):
    if key is None:
        return files
    place, sort_key, pk = key
    return files.filter(place__gte=place).filter(
        Q(place__gt=place) | Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, pk__gt=pk)
    )


# ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
@login_required
@require_safe
def force_case(request: HttpRequest, reference: str) -> HttpResponse:
    """One request, composed from its papers: how it stands, what is expected, what was sent and answered."""
    file = _file(request, reference)
    known, now = known_of(file, request.user), timezone.now()
    if file.closed:
        return render(request, "requests_app/force_closed.html", force_page.closed_context(file, known, now))
    if file.strict:
        return render(request, "requests_app/force_shut.html", force_page.shut_context(file, known, now))
    return _whole(request, file, known, now)


@never_cache
@login_required
@require_POST
def force_open(request: HttpRequest, reference: str) -> HttpResponse:
    """What the force holds of a strictly confidential request, for this answer only; its bytes are written down."""
    file = _file(request, reference)
    if file.closed or not file.strict:
        return redirect(file)
    if limits.count("open_secret", str(request.user.pk)) > limits.LIMITS["open_secret"].most:
        return render(request, "429.html", status=429)
    now = timezone.now()
    answer = _whole(request, file, known_of(file, request.user), now)
    services.open_papers(file, by=request.user, content=answer.content, now=now)
    return answer


@never_cache
@login_required
@require_POST
def force_names(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is on board, by name: as long as the movement is ahead or on its way, and each reading is written down."""
    file = _file(request, reference)
    now = timezone.now()
    lists = [] if file.closed else force_page.names_of(file, known_of(file), now)
    if not lists:
        return redirect(file)
    if limits.count("open_secret", str(request.user.pk)) > limits.LIMITS["open_secret"].most:
        return render(request, "429.html", status=429)
    answer = render(request, "requests_app/force_names.html", {"file": file, "lists": lists})
    services.open_papers(file, by=request.user, content=answer.content, now=now)
    return answer


def _whole(request: HttpRequest, file: ForceFile, known: Known, now) -> HttpResponse:
    context = force_page.context_of(file, known, request.user, now)
    context["acts"] = acts = _acts(file, known, now)
    asked_elsewhere = any(act["kind"] == "main" and not act["why"] for act in acts)
    context["receipt"] = force_page.receipt_button(known, now, asked_elsewhere)
    return render(request, "requests_app/force_case.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def force_paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One paper to save and to print, in the language of the force; each fetch is written down.

    Of a strictly confidential request it goes by a button, never by a link that something could follow by itself.
    """
    file = _file(request, reference)
    if file.strict and request.method == "GET":
        return redirect(file)
    papers_sent = Extract.objects.select_related("organisation").filter(organisation=file.organisation_id)
    paper = get_object_or_404(papers_sent, force_reference=file.force_reference, number=number)
    if not may_see(request.user, paper, "content"):
        raise Http404
    with translation.override(force_page.language_of(paper)), timezone.override(file.country.zone):
        content = render_to_string("requests_app/paper.html", {"paper": paper, "facts": facts_of(paper)}).encode()
    services.fetch_paper(paper, by=request.user, content=content, now=timezone.now())
    name = f"{paper.force_reference}-{paper.number}.html"
    return file_download(BytesIO(content), name, "text/html; charset=utf-8")


def _file(request: HttpRequest, reference: str) -> ForceFile:
    files = ForceFile.objects.held_by(request.user).select_related("country", "organisation")
    return get_object_or_404(files, force_reference=reference)


def _acts_of(known: Known) -> dict[str, Act]:
    return ACTS | OF_PATROLS if known.is_patrol else ACTS


def _acts(file: ForceFile, known: Known, now) -> list[dict[str, Any]]:
    acts = _acts_of(known)
    return [
        {
            "label": acts[code].label,
            "kind": "line" if code in ("log", "patrol") and known.waiting else acts[code].kind,
            "url": reverse("requests:force_act", args=[file.force_reference, code]),
            "why": known.why_not(code, now),
        }
        for code in known.offers(now)
    ]


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
def force_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """One answer, receipt or log: a form, or one button; its POST makes the move."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    file = _file(request, reference)
    known = known_of(file, request.user)
    rule = _acts_of(known).get(act)
    if rule is None:
        raise Http404
    if file.closed and act != "acknowledge":
        return _stopped(request, file, _("This request has ended."))
    if rule.form is None:
        return _press(request, file, known, act) if request.method == "POST" else redirect(file)
    why = "" if act == "dispute" else known.why_not(act, timezone.now())
    if why and not _sent_before(request):
        return _stopped(request, file, why)
    words = request.POST if request.method == "POST" else typed.kept(request)
    form = rule.form(words, file=file, known=known, keeper=kept_words.token(request.user, reference))
    sure = request.POST.get("sure")
    if request.method == "POST" and form.is_valid() and sure != "no":
        if (warning := form.warning()) and sure != "yes" and not why:
            return ask_again(request, title=str(rule.label), about=file.force_reference, sentence=warning)
        refused = _make(request, file, _code(act, known), form.facts())
        if refused is None:
            typed.forget(request)
            messages.success(request, rule.done)
            return redirect(file)
        if refused.kind != "need" or why:
            return _too_late(request, file, act, form)
        form.add_error(None, refused.sentence)
    brief = [] if file.strict else force_page.brief(known)
    context = {"file": file, "form": form, "label": rule.label, "brief": brief}
    if request.method == "GET":
        return render(request, "requests_app/force_act.html", context)
    return form_page(request, "requests_app/force_act.html", context, form)


def _press(request: HttpRequest, file: ForceFile, known: Known, act: str) -> HttpResponse:
    """A button without a form: the receipt of one paper or of all that were on the screen, or a confirmation."""
    facts: dict[str, Any] = {"client_key": _uuid(request.POST.get("client_key", ""))}
    code = MOVE_OF.get(act, "")
    if act == "acknowledge":
        number, seen = _number(request.POST.get("number")), _number(request.POST.get("seen"))
        meant = [paper for paper in known.to_receive if number in (None, paper.number)]
        is_step = known.request in meant and known.stage(timezone.now()) == Stage.RECEIVED
        code = "acknowledge" if is_step else "receive"
        facts |= {"seen": seen or 0} if number is None else {"numbers": [number]}
    refused = _make(request, file, code, facts)
    if refused is not None:
        return _too_late(request, file, act)
    messages.success(request, ACTS[act].done)
    return redirect(file)


def _code(act: str, known: Known) -> str:
    """The first log of all starts the movement; every other one is logged beside it."""
    if act == "log":
        return "log" if known.own_logs or known.convoy_logs else "start"
    if act == "correct" and known.is_patrol:
        return "correct_patrol"
    return MOVE_OF.get(act, act)


def _make(request: HttpRequest, file: ForceFile, code: str, facts: dict[str, Any]) -> services.Refused | None:
    try:
        services.make_move(Case(pk=file.case_id), code, by=request.user, **facts)
    except services.Refused as refused:
        if refused.kind in ("undeclared", "right"):
            raise Http404 from refused
        return refused
    return None


def _too_late(request: HttpRequest, file: ForceFile, act: str, form: forms.ReadForm | None = None) -> HttpResponse:
    """The state changed meanwhile: said by the force's own papers, never by the state of the case."""
    known = known_of(file, request.user)
    seen = _number(request.POST.get("seen"))
    if seen is not None and known.last_number > seen:
        why = _("Meanwhile OCHA sent paper no. %(number)d. Please read it first.") % {"number": known.last_number}
    elif act in ("confirm", "dispute"):
        why = _("Nothing waits for your confirmation any more.")
    else:
        why = known.why_not(act, timezone.now())
    return _stopped(request, file, why or _("This is not possible now."), form.typed() if form else [])


def _stopped(request: HttpRequest, file: ForceFile, why: str, typed: list[tuple] | None = None) -> HttpResponse:
    """409 with the reason, and with what was typed, so that nothing is lost."""
    context = {"file": file, "why": why, "typed": typed}
    return render(request, "requests_app/force_stopped.html", context, status=409)


def _sent_before(request: HttpRequest) -> bool:
    """A POST with its key may be the second click of one that was made; the service knows."""
    return request.method == "POST" and _uuid(request.POST.get("client_key", "")) is not None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 6 else None
