"""How is a request written, checked, sent, copied? The pages before it leaves the requesting organisation."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from cmcoord.accounts import duty, scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Event
from cmcoord.ui import typed
from cmcoord.ui.formsets import with_one_more_row
from cmcoord.ui.pages import conflict, form_page
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import guidelines, keeping, last_resort, reading, rounds, services, workflow
from requests_app.forms.filing import SendForm, StartForm
from requests_app.forms.pieces import as_find
from requests_app.forms.steps import StepForm
from requests_app.models import Case
from requests_app.models.case import body_name
from requests_app.questions import STEPS, Question, questions, steps_of
from requests_app.services import Refused

FIRST, LAST = min(STEPS), max(STEPS)
SEND = {"draft": "submit", "returned": "resubmit"}
STEPS_TO_COME = {
    "station": gettext_lazy("Review by OCHA %(station)s"),
    "national": gettext_lazy("Clearance by the national unit"),
    "hc": gettext_lazy("Decision of the Humanitarian Coordinator"),
    "transmission": gettext_lazy("Transmission to the force"),
    "reply": gettext_lazy("Reply of the force"),
    "scheduling": gettext_lazy("Scheduling"),
}


# ── the start ────────────────────────────────────────────────────────────────────────────────────────────────────────


@login_required
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What to think of first, then where and for whom; opening the draft is a POST that may come twice."""
    if not any(grant.perm in (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS) for grant in scope.grants(request.user)):
        raise PermissionDenied(_("Only requesting organisations and OCHA can file a request."))
    form = StartForm(request.POST or None, user=request.user, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            case = services.start_case(by=request.user, language=(get_language() or "en")[:2], **form.opening())
        except Refused as refused:
            return conflict(request, refused.sentence, back=reverse("requests:new"))
        return redirect("requests:edit", case.reference, FIRST)
    numbers = _numbers(request.user, form)
    return form_page(request, "requests_app/start.html", {"form": form, "numbers": numbers}, form)


def _numbers(user, form: StartForm) -> list[duty.Duty]:
    """Who answers the telephone: the person's own station, and the national unit."""
    if form.country is None:
        return []
    board = duty.duty_board(form.country, Perm.REVIEW_CASE)
    found = [board.get(scope.base_station(user)), board[None]]
    return list({each.place: each for each in found if each and each.telephone}.values())


@login_required
@require_POST
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """A new draft from a past request of one's own organisation."""
    case = visible(request, reference)
    try:
        copied = services.copy_case(case, by=request.user, client_key=_key(request))
    except Refused as refused:
        if refused.kind == "right":
            raise PermissionDenied(refused.sentence) from None
        return conflict(request, refused.sentence, back=case.get_absolute_url())
    messages.success(
        request,
        _("Copied from %(reference)s. Dates, alternatives, papers and the statement on weapons are to be given anew.")
        % {"reference": case.reference},
    )
    return redirect("requests:edit", copied.reference, FIRST)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("client_key", ""))
    except ValueError:
        return None


def visible(request: HttpRequest, reference: str) -> Case:
    names = ("country", "profile", "station__country", "organisation", "created_by", "origin", "destination", "axis",
             "area", "force__organisation")  # fmt: skip
    return get_object_or_404(Case.objects.visible_to(request.user).select_related(*names), reference=reference)


# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────────


@login_required
@require_GET
def edit_first(request: HttpRequest, reference: str) -> HttpResponse:
    """The first step that still has a gap."""
    missing = guidelines.missing_answers(visible(request, reference))
    return redirect("requests:edit", reference, missing[0].step if missing else FIRST)


@csrf_exempt  # asked inside, so that words typed under an earlier sign-in are shown again instead of being lost
@never_cache
def edit(request: HttpRequest, reference: str, step: int) -> HttpResponse:
    """One step: shown, saved as far as it is valid, or shown again with what was typed."""
    if step not in STEPS:
        raise Http404
    distrust = _distrust(request)
    author = keeping.author(request, reference) if request.method == "POST" else None
    if distrust and (author is None or author != (request.user.pk or author)):
        return csrf_failure(request, distrust)
    if not request.user.is_authenticated:
        return keeping.sign_in_first(request, reference)
    case = visible(request, reference)
    refused = workflow.refusal(case, "edit", request.user)
    if refused:
        return _too_late(request, case, step, refused.kind, refused.sentence)
    if request.method == "POST" and not distrust:
        return _save(request, case, step)
    reading.note_form(case, request.user, "edit")
    words = request.POST if distrust else typed.kept(request)
    form = StepForm(words, case=case, step=step, user=request.user, now=timezone.now())
    return _step_page(request, form, kept=words is not None, status=422 if distrust else 200)


class _Token(CsrfViewMiddleware):
    """Django's own check, answering with the reason instead of a page."""

    def _reject(self, request, reason):
        return reason


def _distrust(request: HttpRequest) -> str:
    """ "" or why this POST may not come from our own page as it is now."""
    return _Token(lambda _request: HttpResponse()).process_view(request, None, (), {}) or ""


def _save(request: HttpRequest, case: Case, step: int) -> HttpResponse:
    """Save what is valid, keep on the page what is not, and go where the button says."""
    form = _bound(request, case, step, request.POST)
    chosen = {part.removeprefix("keep-"): value for part, value in request.POST.items() if part.startswith("keep-")}
    if request.POST.get("base_version") != str(case.version):
        taken_over = services.taken_over_since(case, count=_changes_since(request, case), by=request.user)
        differing = form.differing(all_answers=taken_over)
        if differing and (taken_over or not _own_autosave(request, case)):
            _note_reading(request, case)
            here = reverse("requests:edit", args=[case.reference, step])
            return both_versions(request, form, differing, url=here, version=case.version, kind="case.edit")
    elif theirs := [field for field, value in chosen.items() if value == "theirs"]:
        _note_reading(request, case)
        form = _bound(request, case, step, form.with_theirs(theirs))
    fine = form.is_valid()
    alternatives = form.rows.values() if form.rows is not None else None
    try:
        case = services.save_answers(
            case,
            by=request.user,
            base_version=case.version,
            answers=form.answers(),
            alternatives=alternatives,
            page=opened_page(request),
        )
    except Refused as refused:
        fresh = visible(request, case.reference)
        if refused.kind == "state" and workflow.refusal(fresh, "edit", request.user) is None:
            return _save(request, fresh, step)
        return _too_late(request, fresh, step, refused.kind, refused.sentence)
    typed.forget(request)
    case = visible(request, case.reference)
    form.renew(case)
    if "X-Autosave" in request.headers:
        fields = {"base_version": case.version, "marks": form.marks_now()}
        return JsonResponse({"time": moment_in_words(timezone.now(), "time", str(case.country.zone)), "fields": fields})
    return _after_saving(request, form, fine)


def _note_reading(request: HttpRequest, case: Case) -> None:
    """Before a page that prints stored answers beside the typed ones; the answer to an autosave prints none."""
    if "X-Autosave" not in request.headers:
        reading.note_form(case, request.user, "edit")


def _own_autosave(request: HttpRequest, case: Case) -> bool:
    """On a slow line the button may overtake the autosave of its own page: that is nobody else's version."""
    if "X-Autosave" in request.headers:
        return False
    count = _changes_since(request, case)
    return services.written_by_page(case, opened_page(request), count=count, by=request.user)


def _changes_since(request: HttpRequest, case: Case) -> int:
    """How many changes there were since this page was made; 0 when it does not say."""
    since = request.POST.get("base_version", "")
    return case.version - int(since) if since.isascii() and since.isdigit() and len(since) < 9 else 0


def opened_page(request: HttpRequest) -> str:
    """The name that the form gave to this opened page; it goes into the trail, so nothing else may stand in it."""
    return "".join(sign for sign in request.POST.get("page", "") if sign.isalnum())[:12]


def _bound(request: HttpRequest, case: Case, step: int, data) -> StepForm:
    return StepForm(data, case=case, step=step, user=request.user, now=timezone.now())


def _after_saving(request: HttpRequest, form: StepForm, fine: bool) -> HttpResponse:
    case = form.case
    if "add_row" in request.POST:
        return _step_page(request, form.with_data(with_one_more_row(form.data)))
    if "papers" in request.POST and fine:
        return redirect("requests:papers", case.reference)
    if not fine:
        return _step_page(request, form, status=422)
    if "stop" in request.POST:
        messages.success(request, _("Saved. You can go on at any time; nothing has been sent yet."))
        return redirect(case)
    if form.ask_for_missing():
        return _step_page(request, form, status=422)
    return redirect("requests:edit", case.reference, form.step + 1) if form.step < LAST else redirect(send_url(case))


def send_url(case: Case) -> str:
    """The page with all answers and the button that sends them."""
    return reverse(f"requests:{SEND[case.status]}", args=[case.reference])


def _step_page(request: HttpRequest, form: StepForm, *, kept: bool = False, status: int = 200) -> HttpResponse:
    case = form.case
    missing = guidelines.missing_answers(case)
    context = {
        "case": case,
        "form": form,
        "step": form.step,
        "step_label": steps_of(case)[form.step],
        "steps": _parts(case, form.step, missing),
        "missing": _gaps(case, missing),
        "asked_back": _asked_back(case),
        **_colleague(request, case),
        "station_duty": duty.duty_at(case.station, Perm.REVIEW_CASE),
        "further": reverse("requests:edit", args=[case.reference, form.step + 1])
        if form.step < LAST
        else send_url(case),
        "keeper": keeping.token(request.user, case.reference),
        "kept": kept,
        "zone": case.country.timezone,
    }
    return render(request, "requests_app/step.html", context, status=status)


def _colleague(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Who else is writing now, whose it is, and whether this person may take it over."""
    writing = services.who_writes(case, timezone.now())
    return {
        "writing": writing if writing and writing[0] != request.user else None,
        "may_take_over": workflow.refusal(case, "take_over", request.user) is None,
        "key": uuid.uuid4(),
    }


def _parts(case: Case, here: int, missing: list[Question]) -> list[dict[str, Any]]:
    """The parts of the form, the sending last."""
    open_steps = {question.step for question in missing}
    parts = [
        {
            "label": label,
            "url": reverse("requests:edit", args=[case.reference, step]),
            "state": "now" if step == here else "next" if step in open_steps else "done",
        }
        for step, label in steps_of(case).items()
    ]
    return [*parts, {"label": _("Check and send"), "url": send_url(case), "state": "now" if here > LAST else "next"}]


def _gaps(case: Case, missing: list[Question]) -> list[dict[str, Any]]:
    """Each question without an answer, the step it stands in, and where it is answered."""
    return [
        {"label": q.label, "step": q.step, "part": steps_of(case)[q.step], "url": question_url(case, q)}
        for q in missing
    ]


def question_url(case: Case, question: Question) -> str:
    """Where one question is answered."""
    if question.field == "files":
        return reverse("requests:papers", args=[case.reference])
    anchor = "alternatives" if question.field == "alternatives" else f"div_id_{question.field}"
    return f"{reverse('requests:edit', args=[case.reference, question.step])}#{anchor}"


def _asked_back(case: Case):
    """The question with which a request was returned."""
    return rounds.open_question(case) if case.submitted_at else None


def both_versions(request: HttpRequest, form, differing, *, url: str, version: int, kind: str) -> HttpResponse:
    """409: what I typed and what somebody saved meanwhile, answer by answer; nothing is lost."""
    if "X-Autosave" in request.headers:
        return JsonResponse({}, status=409)
    case = form.case
    last = (
        Event.objects.about(case).filter(kind__in=(kind, "case.take_over")).select_related("by").order_by("-id").first()
    )
    own = ("csrfmiddlewaretoken", "base_version", "marks", "keeper")
    context = {
        "case": case,
        "who": last.by if last else None,
        "mine_too": bool(last and last.by == request.user),
        "taken_over": bool(last and last.kind == "case.take_over"),
        "at": last.at if last else case.updated_at,
        "pairs": [
            {
                "field": each.field,
                "label": each.question.label,
                "mine": form.in_words(each.field, each.mine),
                "theirs": form.in_words(each.field, each.theirs),
                "mine_is_new": each.mine_is_new,
            }
            for each in differing
        ],
        "typed": [
            (name, value)
            for name in request.POST
            if name not in own and not name.startswith("keep-")
            for value in request.POST.getlist(name)
        ],
        "base_version": version,
        "marks": form.marks_now(),
        "keeper": keeping.token(request.user, case.reference),
        "url": url,
        "zone": case.country.timezone,
    }
    return render(request, "requests_app/both_versions.html", context, status=409)


def _too_late(request: HttpRequest, case: Case, step: int, kind: str, sentence: str) -> HttpResponse:
    """The request can no longer be written on by this person: the sentence, and their words to copy."""
    if kind != "state":
        raise PermissionDenied(sentence)
    if request.method != "POST":
        return conflict(request, sentence, back=case.get_absolute_url())
    form = _bound(request, case, step, request.POST)
    now_typed, stands = form.typed(), form.stands()
    words = [
        (question.label, form.in_words(question.field, now_typed[question.field]))
        for question in form.asked
        if question.field in now_typed and now_typed[question.field] != stands[question.field]
    ]
    return words_to_copy(request, case, sentence, words)


def words_to_copy(request: HttpRequest, case: Case, sentence: str, words: list[tuple]) -> HttpResponse:
    context = {"case": case, "sentence": sentence, "words": words}
    return render(request, "requests_app/too_late.html", context, status=409)


# ── check and send ───────────────────────────────────────────────────────────────────────────────────────────────────


@never_cache
def send(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All answers once more, who will see them and who will be asked; one button, which works once."""
    if not request.user.is_authenticated:
        return keeping.sign_in_first(request, reference)
    if request.method == "POST":
        case = get_object_or_404(Case.objects.visible_to(request.user), reference=reference)
        return _send(request, case, code)
    case = visible(request, reference)
    if case.status not in SEND:
        return redirect(case)
    if SEND[case.status] != code:
        return redirect(send_url(case))
    refused = workflow.refusal(case, "edit", request.user)
    if refused and refused.kind != "state":
        raise PermissionDenied(refused.sentence)
    reading.note_form(case, request.user, code)
    words = typed.kept(request)
    return _send_page(request, case, _send_form(request, case, code, words), kept=words is not None)


def _send_form(request: HttpRequest, case: Case, code: str, data=None) -> SendForm:
    return SendForm(
        data or request.POST or None,
        case=case,
        user=request.user,
        now=timezone.now(),
        label=workflow.lines(code)[0].label,
        for_others=scope.grant_for(request.user, Perm.FILE_CASE, case) is None,
    )


def _send(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    form = _send_form(request, case, code)
    refused = workflow.refusal(case, code, request.user) if SEND.get(case.status) != code else None
    if refused and not form.is_valid():
        return _not_sent(request, case, form, Refused(refused.kind, refused.sentence))
    if not form.is_valid():
        return _send_page(request, case, form, status=422)
    now = timezone.now()
    values = form.cleaned_data
    try:
        move = services.make_move(
            case,
            code,
            by=request.user,
            client_key=values["client_key"],
            base_version=values["base_version"],
            on_behalf=form.on_behalf(),
            now=now,
            **form.answered(),
        )
    except Refused as refused:
        return _not_sent(request, case, form, refused)
    typed.forget(request)
    if move.at != now:
        messages.info(
            request,
            _("This request was sent already at %(time)s; nothing was sent twice.")
            % {"time": moment_in_words(move.at, "time", case.country.timezone)},
        )
    else:
        messages.success(
            request, _("Sent to OCHA %(station)s. You are told of every step.") % {"station": move.case.station}
        )
    return redirect(case)


def _not_sent(request: HttpRequest, case: Case, form: SendForm, refused: Refused) -> HttpResponse:
    if refused.kind == "undeclared":
        raise Http404
    if refused.kind == "right":
        raise PermissionDenied(refused.sentence)
    fresh = visible(request, case.reference)
    if refused.kind == "state" and fresh.status not in SEND:
        if words := form.typed_answer():
            return words_to_copy(request, case, refused.sentence, [(_("Your answer to OCHA"), words)])
        return conflict(request, refused.sentence, back=case.get_absolute_url())
    form = _send_form(request, fresh, SEND.get(fresh.status, "submit")).again(fresh)
    return _send_page(request, fresh, form, refused.sentence, status=409 if refused.kind == "state" else 422)


def _send_page(
    request: HttpRequest, case: Case, form: SendForm, refused: str = "", *, kept: bool = False, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    missing = guidelines.missing_answers(case)
    code = SEND[case.status]
    found = guidelines.findings(case)
    answered = {question.field for question in missing}
    bodies = services.bodies_to_ask(case)
    clocks, too_soon = services.planned_clocks(case, now, bodies) if not missing else ([], False)
    context = {
        "case": case,
        "form": form,
        "refused": refused,
        "steps": _parts(case, LAST + 1, missing),
        "parts": [
            {
                "label": label,
                "url": reverse("requests:edit", args=[case.reference, step]),
                "answers": [_answer(case, question) for question in questions(case, step=step)],
            }
            for step, label in steps_of(case).items()
        ],
        "alternatives": list(case.alternatives.all()),
        "papers": list(case.files.all()),
        "missing": _gaps(case, missing),
        "past": guidelines.dates_past(case, now) if not missing else "",
        "findings": [as_find(finding) for finding in found if finding.field not in answered],
        "stops": any(finding.level == guidelines.STOP for finding in found),
        "asked_back": _asked_back(case),
        "civilian": guidelines.civilian_means(case),
        "bodies": [body_name(body) for body in bodies],
        "clocks": [(_step_in_words(case, clock), clock.due) for clock in clocks],
        "too_soon": too_soon,
        "station_duty": duty.duty_at(case.station, Perm.REVIEW_CASE),
        "zone": case.country.timezone,
        "keeper": keeping.token(request.user, case.reference),
        "kept": kept,
        "ready": not missing and workflow.refusal(case, code, request.user, recorded=form.for_others) is None,
    }
    return render(request, "requests_app/send.html", context, status=status)


def _step_in_words(case: Case, clock) -> str:
    if clock.body:
        return _("Opinion of %(body)s") % {"body": body_name(clock.body)}
    return STEPS_TO_COME[clock.step] % {"station": case.station}


def _answer(case: Case, question: Question) -> dict[str, Any]:
    field = question.field
    value = None if field in ("alternatives", "files") else getattr(case, field)
    if field == "risks":
        value = last_resort.in_words(value)
    elif display := getattr(case, f"get_{field}_display", None):
        value = display()
    kind = "moment" if field in ("critical_by", "departure_at", "window_to") else "text"
    if field == "no_weapons":
        value = value or None  # a statement that was not made is missing; it says nothing of weapons
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    elif isinstance(value, int):
        value = number_format(value, force_grouping=True)
    return {"field": field, "label": question.label, "value": value, "kind": kind, "url": question_url(case, question)}
