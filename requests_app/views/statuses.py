"""The register of forces: who is there, what each is rated, a proposal and its answer. For OCHA and the country team.

Everybody else learns nothing, not even that there is such a page.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cmcoord.accounts import stepup
from cmcoord.accounts.roles import Perm
from cmcoord.ui.pages import conflict, form_page
from contacts import keepers, services
from contacts.models import Force, ForceStatus
from requests_app import register_page
from requests_app.forms.statuses import AnswerForm, StatusForm


@login_required
@never_cache
@require_GET
def forces(request: HttpRequest) -> HttpResponse:
    """The forces of the reader's countries with their status today."""
    if not keepers.registers_of(request.user):
        raise Http404
    found = register_page.forces(request.user)
    for country, _lines in found:
        services.open_statuses(country.pk, by=request.user)
    countries = [(country, lines, *register_page.presences(country, lines)) for country, lines in found]
    return render(request, "requests_app/forces.html", {"countries": countries})


@login_required
@never_cache
@require_GET
def force(request: HttpRequest, pk: int) -> HttpResponse:
    """One force: present from when to when, and every status that was ever proposed."""
    found = _found(request, pk)
    services.open_statuses(found.country_id, by=request.user, force=found)
    context = {
        "force": found,
        "rows": register_page.timeline(found, request.user),
        "proposes": keepers.register_right(request.user, Perm.PROPOSE_STATUS, found.country_id) is not None,
    }
    return render(request, "requests_app/force_status.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """What OCHA proposes; what stops acts at once."""
    found = _found(request, pk)
    if keepers.register_right(request.user, Perm.PROPOSE_STATUS, found.country_id) is None:
        raise Http404
    if not stepup.is_fresh(request):
        return stepup.ask(request)
    back = reverse("register:force", args=[pk])
    corrects = _corrected(request, found)
    form = StatusForm(request.POST or None, force=found, back=back, corrects=corrects, typed=stepup.initial(request))
    if form.is_valid():
        try:
            services.propose_status(found, by=request.user, corrects=corrects, **form.cleaned_data)
        except ValidationError as problem:
            _say(form, problem)
        else:
            messages.success(request, _("Proposed. Who confirms it has been told."))
            return redirect(back)
    return form_page(request, "requests_app/propose_status.html", {"force": found, "form": form, "row": corrects}, form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The Humanitarian Coordinator or a member of the country team confirms or rejects one row."""
    row = (
        ForceStatus.objects.select_related("force__country", "area", "proposed_by", "answer__by").filter(pk=pk).first()
    )
    if row is None or keepers.register_right(request.user, Perm.CONFIRM_STATUS, row.force.country_id) is None:
        raise Http404
    if not stepup.is_fresh(request):
        return stepup.ask(request)
    back = row.get_absolute_url()
    if refused := services.why_not_answer(row, request.user):
        return conflict(request, refused, back=back)
    form = AnswerForm(request.POST or None, back=back, initial=stepup.initial(request))
    if form.is_valid():
        try:
            if form.rejects:
                services.reject_status(row, by=request.user, reason=form.cleaned_data["reason"])
            else:
                services.confirm_status(row, by=request.user)
        except ValidationError as problem:
            return conflict(request, " ".join(problem.messages), back=back)
        messages.success(request, _("Saved."))
        return redirect(back)
    return form_page(request, "requests_app/answer_status.html", {"row": row, "form": form}, form)


def _found(request: HttpRequest, pk: int) -> Force:
    found = Force.objects.select_related("country", "organisation").filter(pk=pk).first()
    if found is None or not keepers.reads_register(request.user, found.country_id):
        raise Http404
    return found


def _corrected(request: HttpRequest, force: Force) -> ForceStatus | None:
    """The row that the proposal corrects, if it is one of this force."""
    key = request.GET.get("corrects", "")
    if not key:
        return None
    found = ForceStatus.objects.select_related("area").filter(force=force, pk=key).first() if key.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _say(form, problem: ValidationError) -> None:
    for name, sentences in getattr(problem, "message_dict", {None: problem.messages}).items():
        form.add_error(name if name in form.fields else None, sentences)
