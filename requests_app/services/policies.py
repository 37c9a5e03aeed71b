"""How does the policy of a country change? The national unit proposes, the Humanitarian Coordinator confirms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.beginning import locked, stop_if
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity import checks
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import Clock, Country, CountryProfile
from requests_app import policies
from requests_app.models import ProposedPolicy
from requests_app.visibility import is_humanitarian


def why_not_propose(country: Country, *, by: User) -> str:
    """ "" or why this person proposes no policy of this country now."""
    if _grant(by, Perm.PROPOSE_PROFILE, country) is None:
        return _("Only %(who)s can do this.") % {"who": _("the national unit of OCHA")}
    waiting = country.proposed_policies.filter(confirmed_at=None, refused_at=None).select_related("by").first()
    if waiting:
        sentence = _("%(name)s has proposed another policy already; it has to be confirmed or refused first.")
        return sentence % {"name": waiting.by}
    return ""


@transaction.atomic
def propose_policy(
    *, by: User, country: Country, values: dict[str, Any], clocks: dict[str, int], in_force_from: dt.date, reason: str
) -> ProposedPolicy:
    """Ask for another version. Raises ValidationError with the sentence at each field that contradicts another."""
    country = locked(country)
    stop_if(why_not_propose(country, by=by))
    grant = _grant(by, Perm.PROPOSE_PROFILE, country)
    stop_if(rights.why_not_founded(grant, in_detail=True))
    last = _last(country)
    wrong = policies.contradictions(policies.Draft(values, clocks, in_force_from), country=country, last=last)
    if not reason.strip():
        wrong.append(("reason", _("Say why.")))
    if wrong:
        raise ValidationError({field: [s for name, s in wrong if name == field] for field, _sentence in wrong})
    if not policies.changes(last, values, clocks):
        raise ValidationError(_("Nothing differs from the policy as it is."))
    proposal = ProposedPolicy.objects.create(
        country=country,
        values=values,
        clocks=clocks,
        in_force_from=in_force_from,
        reason=reason.strip(),
        by=by,
        acting_for_id=grant.principal_id if grant else None,
    )
    record(
        proposal,
        "policy.propose",
        by=by,
        acting_for=proposal.acting_for,
        data=_facts(proposal, last),
        tell=[Tell(person, "confirm_policy") for person in scope.holders(Perm.CONFIRM_PROFILE, country=country)],
    )
    return proposal


def why_not_confirm(proposal: ProposedPolicy, *, by: User) -> str:
    """ "" or why this person does not put this policy into force."""
    if _grant(by, Perm.CONFIRM_PROFILE, proposal.country) is None:
        return _("Only %(who)s can do this.") % {"who": _("the Humanitarian Coordinator")}
    if why := _over(proposal):
        return why
    if by.pk in (proposal.by_id, proposal.acting_for_id):
        return _("You proposed this policy; somebody else puts it into force.")
    return ""


def why_not_refuse(proposal: ProposedPolicy, *, by: User) -> str:
    """ "" or why this person does not refuse it. Whoever proposed it may take it back in the same way."""
    if _grant(by, Perm.CONFIRM_PROFILE, proposal.country) is None and proposal.by_id != by.pk:
        return _("Only %(who)s can do this.") % {"who": _("the Humanitarian Coordinator")}
    return _over(proposal)


def _over(proposal: ProposedPolicy) -> str:
    if proposal.confirmed_at:
        return _("%(name)s has confirmed this change already.") % {"name": proposal.confirmed_by}
    if proposal.refused_at:
        return _("%(name)s has refused this change already.") % {"name": proposal.refused_by}
    return ""


@transaction.atomic
def confirm_policy(proposal: ProposedPolicy, *, by: User) -> CountryProfile:
    """Put the version into force from its day on; cases that are under way keep the one they were filed under."""
    country = locked(proposal.country)
    proposal = locked(proposal)
    stop_if(why_not_confirm(proposal, by=by) or checks.why_stopped(proposal.stream))
    stop_if(rights.why_not_founded(_grant(by, Perm.CONFIRM_PROFILE, country), in_detail=True))
    last = _last(country)
    facts = _facts(proposal, last)
    stop_if(
        rights.why_not_asked(proposal, "policy.propose", facts, by=proposal.by_id, acting_for=proposal.acting_for_id)
    )
    draft = policies.Draft(proposal.values, proposal.clocks, proposal.in_force_from)
    if wrong := policies.contradictions(draft, country=country, last=last):
        raise PermissionDenied(" ".join(dict.fromkeys(sentence for _field, sentence in wrong)))
    profile = CountryProfile.objects.create(
        country=country,
        version=last.version + 1 if last else 1,
        in_force_from=proposal.in_force_from,
        reason=proposal.reason,
        proposed_by=proposal.by,
        confirmed_by=by,
        **proposal.values,
    )
    Clock.objects.bulk_create(
        Clock(
            profile=profile,
            request_type=kind,
            pace=pace,
            step=step,
            minutes=minutes,
            round_the_clock=Clock.never_sleeps(kind, pace, step),
        )
        for (kind, pace, step), minutes in ((key.split("/"), value) for key, value in proposal.clocks.items())
    )
    proposal.confirmed_by, proposal.confirmed_at, proposal.profile = by, timezone.now(), profile
    proposal.save(update_fields=["confirmed_by", "confirmed_at", "profile"])
    record(proposal, "policy.confirm", by=by, data=facts | {"version": profile.version}, tell=_to_tell(proposal))
    return profile


@transaction.atomic
def refuse_policy(proposal: ProposedPolicy, *, by: User, reason: str) -> ProposedPolicy:
    """The policy stays as it is; the one who proposed another reads why."""
    proposal = locked(proposal)
    stop_if(why_not_refuse(proposal, by=by))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    proposal.refused_by, proposal.refused_at, proposal.refusal = by, timezone.now(), reason.strip()
    proposal.save(update_fields=["refused_by", "refused_at", "refusal"])
    facts = {"in_force_from": proposal.in_force_from.isoformat(), "reason": proposal.refusal}
    record(proposal, "policy.refuse", by=by, data=facts, tell=[Tell(proposal.by)])
    return proposal


def _grant(user: User, perm: Perm, country: Country) -> scope.Grant | None:
    held = [grant for grant in scope.grants(user) if grant.perm == perm and grant.country == country.pk]
    return min(held, key=lambda grant: grant.principal_id is not None, default=None)


def _last(country: Country) -> CountryProfile | None:
    return country.profiles.order_by("-version").prefetch_related("clocks").first()


def _facts(proposal: ProposedPolicy, before: CountryProfile | None) -> dict[str, Any]:
    """What the trail keeps: every field that differs, with its old and its new value."""
    return {
        "in_force_from": proposal.in_force_from.isoformat(),
        "reason": proposal.reason,
        "values": policies.changes(before, proposal.values, proposal.clocks),
    }


def _to_tell(proposal: ProposedPolicy) -> list[Tell]:
    """Who proposed it, OCHA in the country, and the country team."""
    people = [
        proposal.by,
        *scope.holders(Perm.REVIEW_CASE, country=proposal.country),
        *scope.role_holders(Role.HCT_MEMBER, country=proposal.country),
    ]
    return [Tell(person) for person in {person.pk: person for person in people}.values() if is_humanitarian(person)]
