"""What is strictly confidential: opened one thing at a time, by named roles, and each reading is recorded first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cmcoord.accounts import limits
from cmcoord.activity.barrier import may_see
from requests_app import case_page, classes, dossier, services, voices
from requests_app.answered import answer_to
from requests_app.models import Case
from requests_app.questions import BY_FIELD, question_of
from requests_app.services import Refused
from requests_app.views.papers import paper_response

TEMPLATES = {
    classes.Record.COMMENT: "requests_app/_comments.html",
    classes.Record.OPINION: "requests_app/_opinions.html",
    classes.Record.LOG: "requests_app/_rotations.html",
    classes.Record.REPORT: "requests_app/_after_action.html",
}


@login_required
@never_cache
@require_POST
def open_closed(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """One answer, one record or one part of a request, for this answer only."""
    case = case_page.find(reference, request.user)
    if case is None:
        raise Http404
    read = dossier.read(case)
    row = _row(request, case, what)
    if row is None and what not in {each.what for each in classes.closed(case)}:
        raise Http404
    if limits.count("open_secret", str(request.user.pk)) > limits.LIMITS["open_secret"].most:
        return render(request, "429.html", status=429)
    try:
        services.open_secret(case, by=request.user, what=what, row=row)
    except Refused as refused:
        raise PermissionDenied(refused.sentence) from None
    if what == classes.Record.PAPER:
        return paper_response(row)
    context = case_page.context(case, read, request.user, opened=what) | {"what": what, "opened": row, "alone": True}
    return render(request, "requests_app/opened.html", context | _shown(case, what, row, context))


def _row(request: HttpRequest, case: Case, what: str) -> Any:
    """The closed record that is asked for, if this is about one and this reader sees that it is there."""
    number = request.POST.get("row", "")
    if what not in classes.MODELS or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    row = classes.find_row(case, what, int(number))
    if row is None or not classes.is_closed(case, row) or not may_see(request.user, row):
        raise Http404
    return row


def _shown(case: Case, what: str, row: Any, context: dict[str, Any]) -> dict[str, Any]:
    if what in BY_FIELD:
        question = question_of(case, what)
        return {"label": question.label, "value": answer_to(case, question)}
    if what in classes.PARTS:
        return {"label": classes.PARTS[what], "part": what}
    found: dict[str, Any] = {"label": classes.Record(what).label, "template": TEMPLATES[classes.Record(what)]}
    if what == classes.Record.COMMENT:
        found |= {"comments": [row], "can_comment": False}
    elif what == classes.Record.OPINION:
        found["opinions"] = [voices.voice_of(row)]
    elif what == classes.Record.LOG:
        sides: dict[str, list] = {"humanitarian": [], "force": []}
        sides[row.side].append({"log": row, "struck": False})
        found |= {"rotations": [{"number": row.number, "disagree": False, **sides}], "disagree": False}
    return found
