"""Who may read the page of a request, what does the force read of it, and why does this reader see it?"""

from __future__ import annotations

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.sentences import function_of
from requests_app import consensus, convoy, dossier
from requests_app.models import Case
from requests_app.models.case import body_name
from requests_app.models.terms import ENDED


def readers(case: Case, read: dossier.Dossier) -> str:
    """Who may read this page, as it follows from the status and from who was asked."""
    names = [_("%(organisation)s (who asks)") % {"organisation": case.organisation}]
    if case.submitted_at is None:
        if case.created_by.organisation_id != case.organisation_id:
            names.append(_("the OCHA officer who took the request down"))
        return capfirst(get_text_list(names, _("and")))
    stations = dict.fromkeys(filter(None, (case.station, case.origin_station, case.destination_station)))
    names += [_("OCHA %(place)s") % {"place": station} for station in stations]
    names.append(_("the national unit of OCHA with its Head of Office"))
    names += [
        _("%(organisation)s (the way and the days only)") % {"organisation": row.organisation}
        for row in case.participations.all()
        if row.state in convoy.OPEN_STATES
    ]
    names += [body_name(row.body) for row in case.consultations.all()] if case.consent_partners else []
    if case.forwarded_at:
        names.append(_("the Humanitarian Coordinator"))
    if case.team_consultation_id and case.consent_partners:
        names.append(_("the Humanitarian Country Team"))
    names += [function_of(person) for person in read.shared_with] if case.consent_partners else []
    if case.sensitivity == Sensitivity.RESTRICTED and case.consent_partners:
        names.append(_("of what is restricted, the humanitarian staff of its duty stations"))
    return capfirst(get_text_list(names, _("and")))


def force_reads(case: Case) -> str:
    """What the force sees: nothing, or the numbered extracts."""
    count = len(case.extracts.all())
    if count:
        return ngettext(
            "The force sees %(count)d numbered extract and nothing else.",
            "The force sees %(count)d numbered extracts and nothing else.",
            count,
        ) % {"count": count}
    if case.decision_id or case.is_patrol and case.status not in ENDED:
        return _("The force sees nothing until OCHA has transmitted.")
    if case.status in ENDED:
        return _("The force has seen nothing of it.")
    return _("The force sees nothing until the Humanitarian Coordinator has decided and OCHA has transmitted.")


def why_visible(case: Case, user, read: dossier.Dossier) -> list[str]:
    """Why this reader sees this page: each way of visibility.branches that leads here, as a sentence."""
    sentences = []
    if scope.has_perm(user, Perm.FILE_CASE, case):
        sentences.append(_("You file requests for %(organisation)s.") % {"organisation": case.organisation})
    if case.station_ids() & scope.stations_for(user, Perm.REVIEW_CASE):
        sentences.append(
            _("You review requests at a duty station that this one starts from, leads to or was filed at.")
        )
    if case.country_id in scope.countries_for(user, Perm.SEE_COUNTRY_CASES):
        sentences.append(_("Your role sees every request of %(country)s.") % {"country": case.country})
    if case.forwarded_at and scope.has_perm(user, Perm.DECIDE_CASE, case):
        sentences.append(_("You decide on requests, and this one was forwarded for decision."))
    elif case.forwarded_at and case.country_id in scope.countries_for(user, Perm.READ_FORWARDED):
        sentences.append(
            _("Your role reads what was forwarded for decision in %(country)s.") % {"country": case.country}
        )
    if case.team_consultation_id and consensus.seat_of(user, case):
        sentences.append(_("The Humanitarian Country Team was consulted, and you sit in it."))
    if any(_answers_for(case, user, row.body) for row in case.consultations.all()):
        sentences.append(_("You were asked for an opinion."))
    if user.pk in {person.pk for person in read.shared_with}:
        sentences.append(_("OCHA consulted you on this request."))
    if case.created_by_id == user.pk:
        sentences.append(_("You wrote this request."))
    return sentences


def _answers_for(case: Case, user, body: str) -> bool:
    if body.startswith("cluster:"):
        return (case.country_id, body.partition(":")[2]) in scope.clusters_for(user, Perm.ADVISE_CLUSTER)
    perm = {"undss": Perm.ADVISE_UN_SECURITY, "ngo_adviser": Perm.ADVISE_NGO_SECURITY}.get(body)
    return perm is not None and case.country_id in scope.countries_for(user, perm)
