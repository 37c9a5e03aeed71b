"""The policy of a country: as it is, as it was, another one proposed, confirmed or refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cmcoord.accounts import stepup
from cmcoord.places.models import Clock, Country, CountryProfile
from cmcoord.ui.pages import form_page
from requests_app import policies, policy_words, services
from requests_app.forms.policy import PolicyForm, RefusalForm
from requests_app.models import ProposedPolicy
from requests_app.services.policies import why_not_confirm, why_not_propose, why_not_refuse

PEOPLE = ("proposed_by", "confirmed_by")


@login_required
@require_GET
def country(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """The policy in force, or one version of it, with all that were before and all that were proposed."""
    here = _readable(request, code)
    versions = list(here.profiles.select_related(*PEOPLE).prefetch_related("clocks").order_by("-version"))
    shown = _shown(versions, here, number)
    proposals = _proposals(here, request.user)
    context = {
        "country": here,
        "profile": shown,
        "is_in_force": bool(shown) and shown == here.profile_on(),
        "types": policy_words.types_of(shown) if shown else [],
        "facts": policy_words.facts_of(shown) if shown else [],
        "clocks": policy_words.clocks_of(shown) if shown else [],
        "paces": Clock.Pace.labels,
        "versions": policy_words.history_of(versions),
        "proposals": [each for each in proposals if each["row"].is_open],
        "refused": [each for each in proposals if not each["row"].is_open],
        "why_not_propose": why_not_propose(here, by=request.user),
        "zone": here.timezone,
    }
    return render(request, "requests_app/policy.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Every field of the policy as it is; sent, it waits for the Humanitarian Coordinator."""
    here = _readable(request, code)
    if refused := why_not_propose(here, by=request.user):
        raise PermissionDenied(refused)
    before = here.profiles.order_by("-version").first() or _pattern(request)
    back = reverse("policy:country", args=[here.pk])
    form = PolicyForm(request.POST or None, before=before, back=back, initial={"in_force_from": here.today})
    if form.is_valid():
        try:
            services.propose_policy(by=request.user, country=here, **form.proposal())
        except ValidationError as problem:
            for field, sentences in getattr(problem, "message_dict", {None: problem.messages}).items():
                form.add_error(field if field in form.fields else None, sentences)
        else:
            messages.success(request, _("Proposed. The Humanitarian Coordinator has been asked to confirm."))
            return redirect(back)
    patterns = [] if here.profiles.exists() else list(Country.objects.exclude(profiles=None))
    return form_page(
        request, "requests_app/policy_form.html", {"country": here, "form": form, "patterns": patterns}, form
    )


@login_required
@require_POST
@stepup.required_for_button
def confirm(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, code, pk)
    profile = services.confirm_policy(proposal, by=request.user)
    sentence = _("Version %(number)d of the policy is in force from its day on.")
    messages.success(request, sentence % {"number": profile.version})
    return redirect(proposal)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Why the policy stays as it is; the one who proposed another may take it back here, too."""
    proposal = _proposal(request, code, pk)
    if refused := why_not_refuse(proposal, by=request.user):
        raise PermissionDenied(refused)
    form = RefusalForm(request.POST or None, back=proposal.get_absolute_url())
    if form.is_valid():
        services.refuse_policy(proposal, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Refused. The policy stays as it is."))
        return redirect(proposal)
    title = _("Refuse the proposed policy")
    return form_page(request, "accounts/reason.html", {"form": form, "title": title, "text": proposal.reason}, form)


def _readable(request: HttpRequest, code: str) -> Country:
    here = get_object_or_404(Country, pk=code)
    if not policies.may_read(request.user, here):
        raise Http404
    return here


def _proposal(request: HttpRequest, code: str, pk: int) -> ProposedPolicy:
    rows = ProposedPolicy.objects.select_related("country", "by", "confirmed_by", "refused_by")
    return get_object_or_404(rows, country=_readable(request, code), pk=pk)


def _shown(versions: list[CountryProfile], here: Country, number: int | None) -> CountryProfile | None:
    """The version of this number; without one that of today, else the first that will be."""
    if number is None:
        begun = [profile for profile in versions if profile.in_force_from <= here.today]
        return next(iter(begun or versions[::-1]), None)
    found = next((profile for profile in versions if profile.version == number), None)
    if found is None:
        raise Http404
    return found


def _pattern(request: HttpRequest) -> CountryProfile | None:
    """The policy of another country, to begin the first one of a new country with."""
    known = policies.in_force()
    return next((profile for profile in known if profile.country_id == request.GET.get("like")), None)


def _proposals(here: Country, user) -> list[dict[str, Any]]:
    """Every proposal, the open one with what it would change and what this person can answer."""
    last = here.profiles.order_by("-version").prefetch_related("clocks").first()
    found = []
    rows = here.proposed_policies.filter(profile=None).select_related("by", "refused_by", "confirmed_by", "country")
    for row in rows[:50]:
        changes = policies.changes(last, row.values, row.clocks) if row.is_open else {}
        why = why_not_confirm(row, by=user) if row.is_open else ""
        acts = [
            {
                "label": _("Put into force"),
                "url": reverse("policy:confirm", args=[here.pk, row.pk]),
                "why": why,
                "post": True,
            },
            {
                "label": _("Refuse"),
                "url": reverse("policy:refuse", args=[here.pk, row.pk]),
                "why": why_not_refuse(row, by=user),
                "kind": "line",
            },
        ]
        found.append(
            {"row": row, "changes": policy_words.changes_in_words(changes), "acts": acts if row.is_open else []}
        )
    return found
