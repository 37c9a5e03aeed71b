"""The papers of a request: made for those who may have them, and checked by anybody who holds one."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cmcoord.accounts import limits
from cmcoord.activity.barrier import may_see
from cmcoord.ui.downloads import file_download
from cmcoord.ui.pages import conflict
from requests_app import case_page, dossier, workflow
from requests_app.forms.checking import CheckForm
from requests_app.issuing import checking
from requests_app.issuing.checking import State
from requests_app.issuing.making import issue_paper
from requests_app.models import IssuedPaper, Status
from requests_app.services import Refused


@login_required
@never_cache
@require_POST
def issue(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """One paper to save and print, in the language that was asked for; each time is written down."""
    case = case_page.find(reference, request.user)
    if case is None or kind not in IssuedPaper.Kind.values:
        raise Http404
    dossier.read(case)
    try:
        issued = issue_paper(case, kind, by=request.user, language=_language(request))
    except Refused as refused:
        if refused.kind == "right":
            raise PermissionDenied(refused.sentence) from None
        return conflict(request, refused.sentence, back=case.get_absolute_url())
    return file_download(BytesIO(issued.content), issued.name, "application/pdf")


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()[:2]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Does this paper hold? Whoever may not see its request learns that, and nothing else."""
    form = CheckForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method != "POST":
        return render(request, "requests_app/verify.html", context)
    if limits.count("verify", str(request.user.pk)) > limits.LIMITS["verify"].most:
        return render(request, "429.html", status=429)
    if not form.is_valid():
        return render(request, "requests_app/verify.html", context, status=422)
    return render(request, "requests_app/verify.html", context | _checked(request, form))


def _checked(request: HttpRequest, form: CheckForm) -> dict[str, Any]:
    now = timezone.now()
    row = checking.find(form.cleaned_data["code"])
    state = checking.state_of(row, now) if row else State.UNKNOWN
    sent = form.sha256()
    found: dict[str, Any] = {"state": state, "colour": COLOURS[state], "checked_at": now}
    found |= dict(zip(("headline", "advice"), WORDS[state](), strict=True))
    if row and sent:
        found["same_file"] = sent == row.sha256
    if row and may_see(request.user, row, "kind"):
        found |= {"paper": row, "status": Status(workflow.effective_status(row.case, now)).label}
    return found


COLOURS = {
    State.VALID: "green",
    State.REPLACED: "red",
    State.CHANGED: "amber",
    State.WITHDRAWN: "red",
    State.ENDED: "amber",
    State.UNKNOWN: "red",
}
WORDS = {
    State.VALID: lambda: (
        _("This paper holds."),
        _("The portal made it, and says the same today."),
    ),
    State.REPLACED: lambda: (
        _("This paper was replaced by a newer decision."),
        _("Do not rely on it. Ask for the newest one."),
    ),
    State.CHANGED: lambda: (
        _("This paper is no longer up to date."),
        _("The portal made it, but what it says has changed since. Ask for the newest one."),
    ),
    State.WITHDRAWN: lambda: (
        _("This paper does not hold: the approval is suspended or was withdrawn."),
        _("Do not travel on it. Call OCHA."),
    ),
    State.ENDED: lambda: (
        _("This paper has run out: the approved period is over."),
        _("The portal made it. It allows no movement any more."),
    ),
    State.UNKNOWN: lambda: (
        _("The portal made no paper with this code."),
        _("Read the code again. If it is right, the paper is not from the portal: call OCHA."),
    ),
}
