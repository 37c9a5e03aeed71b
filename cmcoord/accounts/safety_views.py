"""Pages about safe accounts: one's own sessions, a telephone that was taken, a second factor that was lost."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cmcoord.accounts import forms, safety, sessions, stepup
from cmcoord.accounts.models import FactorReset, SignIn, User
from cmcoord.accounts.roles import Perm
from cmcoord.accounts.views import administrators_only, attempt, with_reason
from cmcoord.ui.pages import form_page

# ── one's own sessions ───────────────────────────────────────────────────────────────────────────────────────────────


@login_required
@require_safe
def my_sessions(request):
    here = request.session.session_key
    rows = [(each, each.session_key == here) for each in sessions.sessions_of(request.user)]
    return render(request, "accounts/sessions.html", {"rows": rows})


@require_POST
@login_required
def session_end(request, pk):
    sign_in = get_object_or_404(SignIn, pk=pk, user=request.user)
    here = sign_in.session_key == request.session.session_key
    sessions.end_session(sign_in, by=request.user)
    if here:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, _("Ended."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def sessions_end(request):
    """All sessions are over; this browser signs in again too, so that nothing that was copied from it lives on."""
    sessions.end_others(request.user, keep="", by=request.user)
    request.session.flush()
    messages.success(request, _("All your sessions have ended. Sign in again."))
    return redirect("account_login")


# ── a telephone that was taken ───────────────────────────────────────────────────────────────────────────────────────


@login_required
def telephone_taken(request):
    """For the national unit and administrators: end the sessions of a person now, and hold the account."""
    if not request.user.has_perm(Perm.END_SESSIONS):
        raise PermissionDenied(_("Only the national unit of the person's country or an administrator can do this."))
    form = forms.TelephoneTakenForm(
        request.POST or None, by=request.user, initial={"person": request.GET.get("person", "")[:254], "hold": True}
    )
    if form.is_valid():
        who = form.cleaned_data["person"]
        ended = attempt(
            form,
            safety.telephone_taken,
            who,
            by=request.user,
            reason=form.cleaned_data["reason"],
            hold=form.cleaned_data["hold"],
        )
        if ended is not None:
            said = ngettext("%(number)d session of %(name)s ended.", "%(number)d sessions of %(name)s ended.", ended)
            messages.success(request, said % {"number": ended, "name": who})
            return redirect("accounts:telephone_taken")
    context = {"form": form, "held": safety.held_in_reach(request.user)}
    return form_page(request, "accounts/telephone_taken.html", context, form)


@require_POST
@login_required
@stepup.required_for_button
def release(request, pk):
    who = get_object_or_404(User, ~Q(held_at=None), pk=pk)
    if safety.why_not_end_sessions(who, by=request.user):
        raise Http404
    safety.release(who, by=request.user)
    messages.success(request, _("The person can sign in again and has been told."))
    return redirect("accounts:telephone_taken")


# ── a lost second factor ─────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
@stepup.required
def factor_ask(request, pk):
    who = get_object_or_404(User, pk=pk)
    if refusal := safety.why_not_ask_reset(who, by=request.user):
        raise PermissionDenied(refusal)
    return with_reason(
        request,
        who,
        safety.ask_reset,
        title=_("Reset the second factor of %(name)s") % {"name": who},
        text=_("Call the person back on a number that you know, and be sure that it is them."),
        label=_("Ask for the reset"),
        done=_("Asked. A second administrator confirms it."),
        back=who.get_absolute_url(),
    )


@require_POST
@administrators_only
@stepup.required_for_button
def factor_confirm(request, pk):
    safety.confirm_reset(get_object_or_404(FactorReset, pk=pk), by=request.user)
    messages.success(request, _("Confirmed. The person has been told."))
    return redirect("accounts:confirmations")


@require_POST
@administrators_only
@stepup.required_for_button
def factor_refuse(request, pk):
    safety.refuse_reset(get_object_or_404(FactorReset, pk=pk), by=request.user)
    messages.success(request, _("Refused. The person has been told."))
    return redirect("accounts:confirmations")
