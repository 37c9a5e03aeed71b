"""Access incidents that requests drafted: for OCHA alone; for everybody else these pages do not exist."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import conflict, form_page
from requests_app import incidents, reading, services
from requests_app.forms.incidents import IncidentForm
from requests_app.services import Refused

SHOWN = 100


@never_cache
@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The first hundred: drafts, then the newest."""
    if not any(grant.perm in (Perm.REVIEW_CASE, Perm.CLEAR_CASE) for grant in scope.grants(request.user)):
        raise Http404
    rows = list(incidents.visible_to(request.user)[:SHOWN])
    return render(request, "requests_app/incidents.html", {"rows": rows})


@never_cache
@login_required
def incident(request: HttpRequest, reference: str) -> HttpResponse:
    """One draft with what the organisation said; OCHA keeps or discards it."""
    row = get_object_or_404(incidents.visible_to(request.user), case__reference=reference)
    reading.note_form(row.case, request.user, "incident")
    form = None
    if row.status == row.Status.DRAFT:
        form = IncidentForm(request.POST or None, back=reverse("requests:incidents"))
    elif request.method == "POST":
        return conflict(request, _("This draft was answered already."), back=row.get_absolute_url())
    if form and form.is_valid():
        try:
            services.answer_incident(row, by=request.user, **form.cleaned_data)
        except Refused as stopped:
            return conflict(request, stopped.sentence, back=row.get_absolute_url())
        messages.success(request, _("Saved."))
        return redirect(row)
    context = {"row": row, "case": row.case, "zone": row.case.country.timezone, "form": form}
    return form_page(request, "requests_app/incident.html", context, form)
