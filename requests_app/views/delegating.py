"""The Humanitarian Coordinator delegates decisions, and ends that; both stand under "my rights"."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cmcoord.accounts import services, stepup
from cmcoord.accounts.forms import colleagues_of
from cmcoord.accounts.models import DecisionDelegation
from cmcoord.accounts.roles import Role
from cmcoord.accounts.views import attempt, refuse_strays
from cmcoord.ui.pages import form_page
from requests_app.forms.delegating import DelegateForm


@login_required
@stepup.required
def delegate(request, pk):
    """One's own appointment as Humanitarian Coordinator; there is no such page for anybody else's."""
    appointment = get_object_or_404(request.user.appointments.for_pages().filter(role=Role.HC), pk=pk)
    if refusal := services.why_not_delegate(appointment, by=request.user):
        raise PermissionDenied(refusal)
    form = DelegateForm(request.POST or None, initial=stepup.initial(request), back=reverse("accounts:me"))
    refuse_strays(request, form)
    if form.is_valid() and attempt(form, services.give_delegation, appointment, by=request.user, **form.cleaned_data):
        messages.success(request, _("Delegated. Both of you have been told."))
        return redirect("accounts:me")
    context = {"form": form, "appointment": appointment, "colleagues": colleagues_of(request.user, appointment)}
    return form_page(request, "requests_app/delegate.html", context, form)


@require_POST
@login_required
@stepup.required_for_button
def delegation_end(request, pk):
    mine = DecisionDelegation.objects.filter(appointment__user=request.user)
    services.end_delegation(get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("Ended. Both of you have been told."))
    return redirect("accounts:me")
