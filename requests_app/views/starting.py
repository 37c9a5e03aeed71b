"""How does a request begin: what to think of first, an empty draft, or a copy of a past one?"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import conflict, form_page
from requests_app import services
from requests_app.forms.filing import StartForm
from requests_app.services import Refused
from requests_app.views.filing import FIRST, numbers
from requests_app.views.writing import visible


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
    reached = numbers(form.country, scope.base_station(request.user)) if form.country else []
    return form_page(request, "requests_app/start.html", {"form": form, "numbers": reached}, form)


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
