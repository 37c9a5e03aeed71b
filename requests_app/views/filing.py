"""How is a request written, step by step, before it leaves the requesting organisation?"""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from cmcoord.accounts import duty, kept_words
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Country
from cmcoord.ui import typed
from cmcoord.ui.formsets import with_one_more_row
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import guidelines, reading, rounds, services, workflow
from requests_app.forms.steps import StepForm
from requests_app.models import Case
from requests_app.questions import STEPS, Question, steps_of
from requests_app.services import Refused
from requests_app.views.writing import both_versions, changes_since, opened_page, own_autosave, too_late, visible

FIRST = min(STEPS)
KIND = "case.edit"  # the event of one saving
SEND = {"draft": "submit", "returned": "resubmit"}


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
    author = kept_words.author(request, reference) if request.method == "POST" else None
    if distrust and (author is None or author != (request.user.pk or author)):
        return csrf_failure(request, distrust)
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
    case = visible(request, reference)
    if step > last_step(case):
        raise Http404
    refused = workflow.refusal(case, "edit", request.user)
    if refused:
        return too_late(request, case, refused, partial(_bound, request, case, step))
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
        taken_over = services.taken_over_since(case, count=changes_since(request, case.version), by=request.user)
        differing = form.differing(all_answers=taken_over)
        if differing and (taken_over or not own_autosave(request, case, version=case.version, kind=KIND)):
            _note_reading(request, case)
            here = reverse("requests:edit", args=[case.reference, step])
            return both_versions(request, form, differing, url=here, version=case.version, kind=KIND)
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
        return too_late(request, fresh, refused, partial(_bound, request, fresh, step))
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
    if "patrol" in request.POST and form.offers_patrol:
        return _ask_for_patrol(request, case)
    if "stop" in request.POST:
        messages.success(request, _("Saved. You can go on at any time; nothing has been sent yet."))
        return redirect(case)
    if form.ask_for_missing():
        return _step_page(request, form, status=422)
    return (
        redirect("requests:edit", case.reference, form.step + 1)
        if form.step < last_step(case)
        else redirect(send_url(case))
    )


def _ask_for_patrol(request: HttpRequest, escort: Case) -> HttpResponse:
    """One tap from the alternatives of an escort: the draft of a patrol, with its axis and its days."""
    try:
        patrol = services.ask_for_patrol(escort, by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("requests:edit", escort.reference, last_step(escort))
    messages.success(
        request,
        _("The patrol is a request of its own, %(reference)s: say why it is wanted and with whom. The escort waits.")
        % {"reference": patrol.reference},
    )
    return redirect(patrol) if patrol.submitted_at else redirect("requests:edit", patrol.reference, FIRST)


def last_step(case: Case) -> int:
    """The step after which it is checked and sent; a rescue has one only."""
    return max(steps_of(case))


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
        "steps": parts(case, form.step, missing),
        "missing": gaps(case, missing),
        "asked_back": asked_back(case),
        **_colleague(request, case),
        "station_duty": duty.duty_at(case.station, Perm.REVIEW_CASE),
        "numbers": numbers(case.country, case.station_id) if case.is_rescue else [],
        "further": reverse("requests:edit", args=[case.reference, form.step + 1])
        if form.step < last_step(case)
        else send_url(case),
        "keeper": kept_words.token(request.user, case.reference),
        "kept": kept,
        "zone": case.country.timezone,
    }
    return render(request, "requests_app/step.html", context, status=status)


def numbers(country: Country, station: int | None) -> list[duty.Duty]:
    """Who answers the telephone: a duty station, by its key, and the national unit."""
    board = duty.duty_board(country, Perm.REVIEW_CASE)
    found = [board.get(station), board[None]]
    return list({each.place: each for each in found if each and each.telephone}.values())


def _colleague(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Who else is writing now, whose it is, and whether this person may take it over."""
    writing = services.who_writes(case, timezone.now())
    return {
        "writing": writing if writing and writing[0] != request.user else None,
        "may_take_over": workflow.refusal(case, "take_over", request.user) is None,
        "key": uuid.uuid4(),
    }


def parts(case: Case, here: int, missing: list[Question]) -> list[dict[str, Any]]:
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
    return [
        *parts,
        {"label": _("Check and send"), "url": send_url(case), "state": "now" if here > last_step(case) else "next"},
    ]


def gaps(case: Case, missing: list[Question]) -> list[dict[str, Any]]:
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


def asked_back(case: Case):
    """The question with which a request was returned."""
    return rounds.open_question(case) if case.submitted_at else None
