"""How is a request checked once more and sent?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from cmcoord.accounts import duty, kept_words, scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui import typed
from cmcoord.ui.pages import conflict
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import guidelines, last_resort, moves, reading, services, workflow
from requests_app.forms.filing import SendForm
from requests_app.forms.pieces import as_find
from requests_app.models import Case
from requests_app.models.case import body_name
from requests_app.questions import NOT_KNOWN_YET, Question, questions, steps_of
from requests_app.services import Refused
from requests_app.views.filing import SEND, asked_back, gaps, last_step, numbers, parts, question_url, send_url
from requests_app.views.writing import visible, words_to_copy

STEPS_TO_COME = {
    "station": gettext_lazy("Review by OCHA %(station)s"),
    "national": gettext_lazy("Clearance by the national unit"),
    "consultation": gettext_lazy("Consultation of the country team"),
    "hc": gettext_lazy("Decision of the Humanitarian Coordinator"),
    "transmission": gettext_lazy("Transmission to the force"),
    "reply": gettext_lazy("Reply of the force"),
    "scheduling": gettext_lazy("Scheduling"),
}


@never_cache
def send(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All answers once more, who will see them and who will be asked; one button, which works once."""
    if not request.user.is_authenticated:
        return kept_words.sign_in_first(request, reference)
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
        label=moves.lines(code)[0].label,
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
        "steps": parts(case, last_step(case) + 1, missing),
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
        "missing": gaps(case, missing),
        "past": guidelines.dates_past(case, now) if not missing else "",
        "findings": [as_find(finding) for finding in found if finding.field not in answered],
        "stops": any(finding.level == guidelines.STOP for finding in found),
        "asked_back": asked_back(case),
        "civilian": guidelines.civilian_means(case) or case.civilian_within_hour,
        "bodies": [body_name(body) for body in bodies],
        "clocks": [(_step_in_words(case, clock), clock.due) for clock in clocks],
        "too_soon": too_soon,
        "station_duty": duty.duty_at(case.station, Perm.REVIEW_CASE),
        "numbers": numbers(case.country, case.station_id) if case.is_rescue else [],
        "zone": case.country.timezone,
        "keeper": kept_words.token(request.user, case.reference),
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
    if field == "force" and value is None:
        value = NOT_KNOWN_YET
    if field == "no_weapons":
        value = value or None  # a statement that was not made is missing; it says nothing of weapons
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    elif isinstance(value, int):
        value = number_format(value, force_grouping=True)
    return {"field": field, "label": question.label, "value": value, "kind": kind, "url": question_url(case, question)}
