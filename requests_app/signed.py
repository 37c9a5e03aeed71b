"""How is a decision told in one line, and who signed it, an opinion or a reply, and when?"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.accounts.roles import Role
from cmcoord.activity.sentences import by_delegation, function_of
from requests_app.models import Case, Decision, DecisionOutcome, OnBehalf


def conditions_of(limits) -> list[tuple[str, str]]:
    """(code, words) of each condition; the free ones have the codes "text", "text2", "text3" …"""
    free = range(1, len(limits.condition_text.splitlines()) + 1)
    codes = [*limits.conditions, *("text" if number == 1 else f"text{number}" for number in free)]
    return list(zip(codes, limits.condition_labels(), strict=False))


def decision_line(limits) -> str:
    """ "Approve for 2 rotations with 3 conditions"."""
    if limits.recommendation == DecisionOutcome.DENIED:
        return _("Deny")
    rotations = ngettext("%(count)d rotation", "%(count)d rotations", limits.rotations) % {"count": limits.rotations}
    number = len(limits.condition_labels())
    conditions = ngettext("%(count)d condition", "%(count)d conditions", number) % {"count": number}
    return _("Approve for %(rotations)s, with %(conditions)s") % {"rotations": rotations, "conditions": conditions}


def in_person_for_own(decision: Decision) -> bool:
    """The one exception: the Humanitarian Coordinator in person, for their own organisation (domain.md §1.2)."""
    return decision.own_organisation and decision.capacity == Role.HC and decision.acting_for_id is None


def after_the_team(case: Case, decision: Decision) -> str:
    """ "" or that the country team agreed, or was consulted, before the Humanitarian Coordinator signed this."""
    consultation = case.team_consultation if case.team_consultation_id else None
    if consultation is None or consultation.ended_at != decision.decided_at:
        return ""
    if consultation.ended_as == "establish_consensus":
        return _("After consensus of the Humanitarian Country Team.")
    return _("After the Humanitarian Country Team was consulted.")


def signed_by(row) -> str:
    """Who signed an opinion, a reply or a decision: "OCHA Bria", or "OCHA Bria for OCHA Bangui" if they stood in.

    Who decided by delegation signed for the Humanitarian Coordinator, and it names who delegated it.
    Of somebody without an account it is the function that OCHA wrote down.
    """
    signer = getattr(row, "decided_by", None) or row.by
    record = getattr(row, "on_behalf", None)
    if signer is None and record is not None:
        return record.person_function
    person = function_of(signer)
    if not getattr(row, "acting_for_id", None):
        return person
    if getattr(row, "delegation_id", None):
        return by_delegation(person, row.acting_for)
    return _("%(person)s for %(principal)s") % {"person": person, "principal": function_of(row.acting_for)}


def signed_at(row) -> datetime:
    return getattr(row, "decided_at", None) or row.at


def recorded_by(record: OnBehalf, said_at: str) -> str:
    """Who said what OCHA wrote down, how, when and before whom, and whether it was confirmed since."""
    sentence = _("Said by %(who)s (%(how)s, %(said_at)s); recorded by %(by)s, witness: %(witness)s.") % {
        "who": record.person_function,
        "how": record.get_source_display(),
        "said_at": said_at,
        "by": function_of(record.recorded_by),
        "witness": record.witness,
    }
    return f"{sentence} ({_standing(record)})"


def _standing(record: OnBehalf) -> str:
    if record.confirmed_at:
        return _("confirmed")
    if record.disputed_at:
        return _("disputed")
    return _("not confirmed yet") if record.person_id else _("without an account: cannot confirm")
