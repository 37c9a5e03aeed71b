"""Pages about people: the administrators' list, queue and invitations; one's own profile; accepting an invitation."""

from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cmcoord.accounts import forms, limits, refused_mail, rights, safety, scope, services, stepup
from cmcoord.accounts.models import Appointment, DecisionDelegation, FactorReset, Invitation, StandIn, User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import folded
from cmcoord.ui.pages import form_page

PAGE = 25


def administrators_only(view):
    """A page for those who hold MANAGE_ACCOUNTS now; everybody else reads why not."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(Perm.MANAGE_ACCOUNTS):
            raise PermissionDenied(_("Only a portal administrator can open this page."))
        return view(request, *args, **kwargs)

    return login_required(guarded)


def attempt(form, service, *args, **kwargs):
    """Call a service with what a form holds; its refusal becomes an error of the form. None when it was refused."""
    try:
        return service(*args, **kwargs)
    except ValidationError as problem:
        fields = getattr(problem, "error_dict", None) or {None: problem.error_list}
        for field, sentences in fields.items():
            form.add_error(field if field in form.fields else None, sentences)
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
    return None


def with_reason(request, subject, service, *, title, text, label, done, back):
    """The page that asks for a reason and then calls the service with it; `done` is said at `back`."""
    form = forms.ReasonForm(request.POST or None, initial=stepup.initial(request), label=label, back=back)
    if form.is_valid() and attempt(form, service, subject, by=request.user, reason=form.cleaned_data["reason"]):
        messages.success(request, done)
        return redirect(back)
    return form_page(request, "accounts/reason.html", {"form": form, "title": title, "text": text}, form)


def refuse_strays(request, form) -> None:
    """A field that the form does not ask was added by hand: nothing of it is taken, and it is written down."""
    stray = set(request.POST) - {form.add_prefix(name) for name in form.fields} - {"csrfmiddlewaretoken"}
    if form.is_bound and stray:
        services.refused(request.user, "refused.field", page=request.resolver_match.view_name, asked=min(stray))
        form.add_error(None, _("This form was sent with something that it does not ask; nothing was saved."))


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
def people(request):
    """Everybody with an account, by name; keyset pages."""
    form = forms.FindForm(request.GET or None)
    word = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = User.objects.select_related("organisation").order_by("folded_name", "pk")
    if word:
        found = found.filter(Q(folded_name__contains=folded(word)) | Q(email__contains=word.lower()))
    after, _dash, name = request.GET.get("after", "").replace("\0", "").partition("-")
    if after.isdecimal():
        found = found.filter(Q(folded_name__gt=name) | Q(folded_name=name, pk__gt=int(after)))
    held = Appointment.objects.in_force().select_related("country", "station", "organisation").order_by("pk")
    rows = list(found.prefetch_related(Prefetch("appointments", held, to_attr="in_force"))[: PAGE + 1])
    older = f"{rows[PAGE - 1].pk}-{rows[PAGE - 1].folded_name}" if len(rows) > PAGE else ""
    return render(
        request,
        "accounts/people.html",
        {"people": rows[:PAGE], "form": form, "word": word, "older": older, "is_first": not after.isdecimal()},
    )


@login_required
def person(request, pk):
    """One person with every appointment; an administrator's page, one's own is /me/."""
    if request.user.pk == pk:
        return redirect("accounts:me")
    if not request.user.has_perm(Perm.MANAGE_ACCOUNTS):
        raise Http404
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    appointments = list(who.appointments.for_pages().order_by("-pk")[:100])
    _mark_defects(appointments)
    return render(
        request,
        "accounts/person.html",
        {
            "person": who,
            "rows": [(each, _acts_on(each, request.user)) for each in appointments],
            "stand_ins": StandIn.objects.for_pages().filter(Q(user=who) | Q(appointment__user=who))[:100],
            "delegations": _delegations_of(who),
            "acts": [
                {
                    "label": _("Give an appointment"),
                    "url": reverse("accounts:appoint", args=[who.pk]),
                    "why": services.why_not_give(who, by=request.user),
                },
                {
                    "label": _("Reset the second factor"),
                    "url": reverse("accounts:factor_ask", args=[who.pk]),
                    "why": safety.why_not_ask_reset(who, by=request.user),
                    "kind": "line",
                },
                {
                    "label": _("A telephone was taken"),
                    "url": f"{reverse('accounts:telephone_taken')}?{urlencode({'person': who.username})}",
                    "why": safety.why_not_end_sessions(who, by=request.user),
                    "kind": "line",
                },
                _account_act(who, request.user),
            ],
        },
    )


def _mark_defects(appointments) -> None:
    """Of those that count, or wait for it, the page says which do not stand on their events."""
    defects = {each.row: each for each in rights.defects_of(each for each in appointments if not each.ended_at)}
    for each in appointments:
        each.defect = defects.get(each.pk)


def _account_act(who, by):
    if who.is_active:
        return {
            "label": _("Deactivate the account"),
            "url": reverse("accounts:deactivate", args=[who.pk]),
            "why": services.why_not_deactivate(who, by=by),
            "kind": "danger",
        }
    url = reverse("accounts:activate", args=[who.pk])
    return {"label": _("Open the account again"), "url": url, "why": "", "kind": "line", "post": True}


def _acts_on(appointment, by) -> list[dict]:
    """What an administrator can do with one appointment, each with the reason when it is not possible."""
    if appointment.ended_at:
        return []
    if appointment.confirmed_at:
        return [
            {
                "label": _("End"),
                "url": reverse("accounts:end", args=[appointment.pk]),
                "why": services.why_not_end(appointment, by=by),
                "kind": "line",
            }
        ]
    why = services.why_not_confirm(appointment, by=by)
    return [
        {"label": _("Confirm"), "url": reverse("accounts:confirm", args=[appointment.pk]), "why": why, "post": True},
        {
            "label": _("Refuse"),
            "url": reverse("accounts:refuse", args=[appointment.pk]),
            "why": services.why_not_refuse(appointment, by=by),
            "kind": "line",
        },
    ]


@administrators_only
@stepup.required
def appoint(request, pk):
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    if refusal := services.why_not_give(who, by=request.user):
        raise PermissionDenied(refusal)
    form = forms.AppointForm(request.POST or None, initial=stepup.initial(request), person=who)
    refuse_strays(request, form)
    if form.is_valid() and attempt(form, services.appoint, user=who, by=request.user, **form.cleaned_data):
        messages.success(request, _("Given. A second administrator has been asked to confirm."))
        return redirect(who)
    return form_page(request, "accounts/appoint.html", {"person": who, "form": form}, form)


@administrators_only
@stepup.required
def deactivate(request, pk):
    who = get_object_or_404(User, pk=pk)
    if refusal := services.why_not_deactivate(who, by=request.user):
        raise PermissionDenied(refusal)
    return with_reason(
        request,
        who,
        services.deactivate,
        title=_("Deactivate the account of %(name)s") % {"name": who},
        text=_(
            "All appointments and stand-ins of this person end now. Opening the account again does not restore them."
        ),
        label=_("Deactivate the account"),
        done=_("The account is closed and its appointments have ended."),
        back=who.get_absolute_url(),
    )


@require_POST
@administrators_only
@stepup.required_for_button
def activate(request, pk):
    who = get_object_or_404(User, pk=pk)
    services.activate(who, by=request.user)
    messages.success(request, _("The account is open again, without any appointment."))
    return redirect(who)


# ── appointments ─────────────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
def confirmations(request):
    """Appointments that wait for a second administrator."""
    waiting = list(Appointment.objects.waiting().for_pages().order_by("pk")[:100])
    _mark_defects(waiting)
    scope.mark_lapsed(waiting, "given_by")
    rows = [(each, _acts_on(each, request.user)) for each in waiting]
    resets = list(FactorReset.objects.waiting().select_related("user", "asked_by")[:100])
    scope.mark_lapsed(resets, "asked_by")
    lost = [(each, _reset_acts(each, request.user)) for each in resets]
    return render(request, "accounts/confirmations.html", {"rows": rows, "resets": lost})


def _reset_acts(reset: FactorReset, by: User) -> list[dict]:
    """What an administrator can answer to a reset that waits."""
    why = safety.why_not_confirm_reset(reset, by=by)
    return [
        {"label": _("Confirm"), "url": reverse("accounts:factor_confirm", args=[reset.pk]), "why": why, "post": True},
        {
            "label": _("Refuse"),
            "url": reverse("accounts:factor_refuse", args=[reset.pk]),
            "why": safety.why_not_answer_reset(reset, by=by),
            "kind": "line",
            "post": True,
        },
    ]


@require_POST
@administrators_only
@stepup.required_for_button
def confirm(request, pk):
    appointment = get_object_or_404(Appointment, pk=pk)
    services.confirm_appointment(appointment, by=request.user)
    messages.success(request, _("Confirmed. The person has been told."))
    return redirect("accounts:confirmations")


@administrators_only
@stepup.required
def refuse(request, pk):
    appointment = get_object_or_404(Appointment.objects.for_pages(), pk=pk)
    if refusal := services.why_not_refuse(appointment, by=request.user):
        raise PermissionDenied(refusal)
    return with_reason(
        request,
        appointment,
        services.refuse_appointment,
        title=_("Refuse the appointment of %(name)s") % {"name": appointment.user},
        text=str(appointment),
        label=_("Refuse"),
        done=_("Done. The person has been told."),
        back=reverse("accounts:confirmations"),
    )


@administrators_only
@stepup.required
def end(request, pk):
    appointment = get_object_or_404(Appointment.objects.for_pages(), pk=pk)
    if refusal := services.why_not_end(appointment, by=request.user):
        raise PermissionDenied(refusal)
    return with_reason(
        request,
        appointment,
        services.end_appointment,
        title=_("End the appointment of %(name)s") % {"name": appointment.user},
        text=str(appointment),
        label=_("End it now"),
        done=_("Done. The person has been told."),
        back=reverse("accounts:person", args=[appointment.user_id]),
    )


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────


@administrators_only
def invitations(request):
    """The last hundred invitations, the open ones with what can be done about them."""
    rows = list(Invitation.objects.select_related("country", "station", "organisation", "invited_by", "user")[:100])
    scope.mark_lapsed(rows, "invited_by")
    return render(request, "accounts/invitations.html", {"invitations": rows})


@administrators_only
@stepup.required
def invite(request):
    form = forms.InviteForm(request.POST or None, initial=stepup.initial(request), back=reverse("accounts:invitations"))
    if form.is_valid() and attempt(form, services.invite, by=request.user, **form.cleaned_data):
        messages.success(request, _("The invitation is on its way."))
        return redirect("accounts:invitations")
    return form_page(request, "accounts/invite.html", {"form": form}, form)


@require_POST
@administrators_only
@stepup.required_for_button
def invitation_renew(request, pk):
    services.renew_invitation(get_object_or_404(Invitation, pk=pk), by=request.user)
    messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect("accounts:invitations")


@require_POST
@administrators_only
@stepup.required_for_button
def invitation_revoke(request, pk):
    services.revoke_invitation(get_object_or_404(Invitation, pk=pk), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("accounts:invitations")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "repeated")
def accept(request, token):
    """Where the link of an invitation leads. Opening it does nothing; only sending the form makes the account."""
    address = get_adapter(request).get_client_ip(request)
    if limits.is_used_up("invitation", address):
        return render(request, "429.html", status=429)
    invitation = services.invitation_of(token)
    if invitation is None:
        limits.count("invitation", address)
    if refusal := services.why_not_accept(invitation):
        return render(request, "accounts/invitation_closed.html", {"sentence": refusal}, status=410)
    form = forms.AcceptForm(request.POST or None, invitation=invitation)
    if set(request.POST) - {*form.fields, "csrfmiddlewaretoken"}:
        form.add_error(None, _("This form was sent with something that it does not ask; nothing was saved."))
    if form.is_valid():
        answer = {name: form.cleaned_data[name] for name in ("username", "password", "telephone")}
        if attempt(form, services.accept_invitation, token, **answer):
            messages.success(request, _("Your account is open. Sign in; your role counts once it is confirmed."))
            return redirect("account_login")
    return form_page(request, "accounts/accept.html", {"form": form, "invitation": invitation}, form)


# ── one's own ────────────────────────────────────────────────────────────────────────────────────────────────────────


@login_required
def me(request):
    """My profile, my rights and why I have them, and who stands in for me."""
    who = User.objects.select_related("organisation").get(pk=request.user.pk)
    form = forms.ProfileForm(request.POST or None, instance=who)
    refuse_strays(request, form)
    if form.is_valid() and attempt(form, services.change_profile, request.user, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        response = redirect("accounts:me")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax", secure=request.is_secure()
        )
        return response
    appointments = list(request.user.appointments.for_pages().order_by("-pk")[:100])
    context = {
        "person": request.user,
        "form": form,
        "rows": [(each, services.why_not_stand_in(each, by=request.user)) for each in appointments],
        "delegates": Perm.DELEGATE_DECISION,
        "delegations": _delegations_of(request.user),
        "given": _stand_ins(appointment__user=request.user),
        "taken": _stand_ins(user=request.user),
        "covering": scope.covered_stations(request.user),
        "unreached_since": refused_mail.unreached_since(request.user),
        "ends_sessions": request.user.has_perm(Perm.END_SESSIONS),
    }
    return form_page(request, "accounts/me.html", context, form)


def _delegations_of(who):
    """What this person delegated, and what was delegated to them."""
    rows = DecisionDelegation.objects.for_pages().filter(Q(delegate=who) | Q(appointment__user=who))
    return rows.order_by("-pk")[:50]


def _stand_ins(**whose):
    return StandIn.objects.for_pages().filter(**whose)[:50]


@login_required
@stepup.required
def stand_in_give(request, pk):
    appointment = get_object_or_404(request.user.appointments.for_pages(), pk=pk)
    if refusal := services.why_not_stand_in(appointment, by=request.user):
        raise PermissionDenied(refusal)
    form = forms.StandInForm(
        request.POST or None, initial=stepup.initial(request), appointment=appointment, back=reverse("accounts:me")
    )
    refuse_strays(request, form)
    if form.is_valid():
        dates = {name: form.cleaned_data[name] for name in ("starts", "ends", "reason")}
        if attempt(
            form, services.give_stand_in, appointment, user=form.cleaned_data["person"], by=request.user, **dates
        ):
            messages.success(request, _("Named. Both of you have been told."))
            return redirect("accounts:me")
    context = {
        "form": form,
        "appointment": appointment,
        "colleagues": forms.colleagues_of(request.user, appointment),
    }
    return form_page(request, "accounts/stand_in.html", context, form)


@require_POST
@login_required
@stepup.required_for_button
def stand_in_end(request, pk):
    mine = StandIn.objects.filter(Q(user=request.user) | Q(appointment__user=request.user))
    stand_in = get_object_or_404(StandIn if request.user.has_perm(Perm.MANAGE_ACCOUNTS) else mine, pk=pk)
    services.end_stand_in(stand_in, by=request.user)
    messages.success(request, _("Ended. Both of you have been told."))
    return redirect("accounts:me" if mine.filter(pk=pk).exists() else stand_in.appointment)
