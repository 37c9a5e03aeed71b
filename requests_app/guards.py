"""What must hold before a move? Each guard returns "" or the sentence for the person it stops.

Guards look at the rows of a case through .all(), so that a page which has read them (dossier.py) asks at no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.accounts.roles import Perm, Role
from cmcoord.guidance.clauses import cited_in
from requests_app import (
    alarms,
    consents,
    convoy,
    disputes,
    execution_sheet,
    filed,
    guidelines,
    provider,
    transmission,
)
from requests_app.models import Case, Decision, ForceReply, OnBehalf, Opinion
from requests_app.models.case import body_name
from requests_app.models.process import ORAL
from requests_app.questions import REVIEW, questions

if TYPE_CHECKING:
    from cmcoord.accounts.scope import Grant

REVIEWS = ("review", "return", "validate", "reject", "draft_decision", "forward")


@dataclass(frozen=True)
class Asked:
    """The question put to a guard: this case, this person under this grant, at this moment."""

    case: Case
    user: Any  # a User; None is the portal itself
    grant: Grant | None
    now: datetime
    recorded: bool = False


def own_or_recorded(asked: Asked) -> str:
    """OCHA writes for an organisation only what that officer took down (domain.md §2.8), or records as its word."""
    if asked.recorded and asked.case.submitted_at:
        return ""
    if asked.grant and asked.grant.perm == Perm.RECORD_FOR_OTHERS and asked.case.created_by_id != asked.user.pk:
        return _("Only the officer who took this request down, or the organisation itself, can do this.")
    return ""


def of_a_colleague(asked: Asked) -> str:
    """One takes over what a colleague of the same organisation writes; what OCHA took down stays with OCHA too."""
    if asked.case.created_by_id == asked.user.pk:
        return _("It is yours already: just go on writing.")
    if asked.case.created_by.organisation_id != asked.case.organisation_id:
        return _("OCHA took this request down: just go on writing, it stays with both of you.")
    return ""


def complete(asked: Asked) -> str:
    """Nothing is filed with a missing answer or a hard stop (domain.md §2.5, §2.6)."""
    missing = guidelines.missing_answers(asked.case)
    if missing:
        return ngettext("%(count)d answer is still missing.", "%(count)d answers are still missing.", len(missing)) % {
            "count": len(missing)
        }
    past = "" if asked.case.is_rescue else guidelines.dates_past(asked.case, asked.now)
    return past or no_hard_stop(asked)


def no_hard_stop(asked: Asked) -> str:
    """A finding of level stop, with its clause."""
    for finding in guidelines.hard_stops(asked.case):
        return f"{finding.sentence} ({finding.clause})"
    return ""


def provider_can_be_named(asked: Asked) -> str:
    """The register of forces, asked again at every step towards the road; a force reads no reason."""
    if provider.stop(asked.case) is None or alarms.goes_on(asked.case):
        return ""
    return disputes.without_reason(asked) or provider.cannot_be_named(asked.case)


def named_in_person(asked: Asked) -> str:
    """Only the Humanitarian Coordinator in person lets a stopped force save lives: no delegate, no word taken down."""
    return only_in_person(asked) if provider.stop(asked.case) else ""


def exceptional_in_person(asked: Asked) -> str:
    """A16: an escort that meets not all criteria is no delegate's; of a word taken down it is asked of the speaker."""
    if asked.recorded or is_coordinator_in_person(asked) or not guidelines.is_exceptional(asked.case):
        return ""
    sentence = _("Not all criteria are met: only the Humanitarian Coordinator in person can find it exceptional.")
    return f"{sentence} (IASC-AE §V)"


def not_by_word_of_mouth(asked: Asked) -> str:
    """An exception for a stopped force is written, never spoken (domain.md §2.8)."""
    if provider.stop(asked.case) is None:
        return ""
    return _(
        "This provider can only be approved in writing, by the Humanitarian Coordinator in person; "
        "not by word of mouth."
    )


def no_exception(asked: Asked) -> str:
    """An exception to save lives is made once; it is not made longer."""
    if asked.case.decision_id and asked.case.decision.exception_text:
        return _("This approval is an exception to save lives; it is not extended.")
    return ""


def provider_is_stopped(asked: Asked) -> str:
    return "" if provider.stop(asked.case) else _("The provider can be named.")


def alarm_is_new(asked: Asked) -> str:
    return _("The alarm has been raised already.") if alarms.covers(asked.case) else ""


def alarm_open(asked: Asked) -> str:
    return "" if alarms.is_open(asked.case) else _("There is no open alarm.")


def civilian_available(asked: Asked) -> str:
    """A requester closes its own request as met by civilian means once one of its alternatives is available."""
    if guidelines.civilian_means(asked.case) or asked.case.civilian_within_hour:
        return ""
    return _("None of the alternatives is available: name the one that is, with its day, among the alternatives.")


def not_own_organisation(asked: Asked) -> str:
    """Nobody reviews or decides for their own organisation; the HC in person is the exception (domain.md §1.2)."""
    if asked.user is None or is_coordinator_in_person(asked):
        return ""
    if asked.user.organisation_id == asked.case.organisation_id:
        return _("You cannot decide a request of your own organisation.")
    return ""


def may_decide(asked: Asked) -> str:
    """The decider is neither requester nor reviewer, nor of an organisation that travels (domain.md §1.2)."""
    own = not_own_organisation(asked)
    if own or asked.user is None or is_coordinator_in_person(asked) or asked.recorded:
        return own
    if any(row.organisation_id == asked.user.organisation_id for row in convoy.joined(asked.case)):
        return _("Your organisation travels in this convoy; somebody else must decide it.")
    if asked.case.created_by_id == asked.user.pk:
        return _("You filed this request; somebody else must decide it.")
    if any(
        asked.user.pk in (move.by_id, move.acting_for_id) and move.code in REVIEWS for move in asked.case.moves.all()
    ):
        return _("You reviewed this request; somebody else must decide it.")
    return ""


def by_urgent_procedure(asked: Asked) -> str:
    """Only a rescue is decided by word of mouth, where the Humanitarian Coordinator decides it (domain.md §2.8)."""
    if not asked.case.is_rescue:
        return _("Only a rescue or an evacuation is decided by word of mouth.")
    profile = asked.case.profile
    if profile.decision_for(asked.case.request_type) == profile.HC:
        return ""
    return _("Here the country team is asked before it is decided.")


def writing_is_due(asked: Asked) -> str:
    return "" if asked.case.writing_due_at else _("No decision by word of mouth waits to be confirmed.")


def decided_it(asked: Asked) -> str:
    """Whoever decided by word of mouth writes it down; the Humanitarian Coordinator in person may for a delegate."""
    decision = oral_decision(asked.case)
    if decision is None or asked.user is None or asked.user.pk == decision.decided_by_id:
        return ""
    return "" if is_coordinator_in_person(asked) else _("Whoever decided confirms it in writing.")


def oral_decision(case: Case) -> Decision | None:
    """The last decision by word of mouth."""
    return next((row for row in list(case.decisions.all())[::-1] if row.oral), None)


def form_is_due(asked: Asked) -> str:
    return "" if asked.case.form_due_at else _("The full form is filed already, or was not asked.")


def not_oral(asked: Asked) -> str:
    """A decision by word of mouth is confirmed in writing, with a step of its own."""
    waiting = record_awaits(asked.case, asked.user)
    return _("Please confirm this decision in writing.") if waiting and waiting.act in ORAL else ""


def is_coordinator_in_person(asked: Asked) -> bool:
    """The Humanitarian Coordinator under their own appointment: no stand-in, and nobody by delegation."""
    return bool(asked.grant and asked.grant.role == Role.HC and asked.grant.in_person)


def only_in_person(asked: Asked) -> str:
    """What the Humanitarian Coordinator cannot delegate, nor let OCHA record: the exceptional override (§2.9)."""
    if is_coordinator_in_person(asked) and not asked.recorded:
        return ""
    return _("Only the Humanitarian Coordinator in person can do this; it is not delegated.")


def no_appeal_before(asked: Asked) -> str:
    if any(move.code == "appeal" for move in asked.case.moves.all()):
        return _("One appeal was already made; a new request is the way on.")
    return ""


def window_open(asked: Asked) -> str:
    if asked.case.window_to and asked.now > asked.case.window_to:
        return _("The window of this request is over; please file a new one.")
    return ""


def cluster_was_asked(asked: Asked) -> str:
    bodies = asked.case.consulted_bodies()
    if asked.recorded and any(body.startswith("cluster:") for body in bodies):
        return ""  # whose opinion it is, and that this cluster was asked, is a question to the person who said it
    if asked.grant and f"cluster:{asked.grant.cluster}" in bodies:
        return ""
    return _("Your cluster was not asked about this request.")


def undss_was_asked(asked: Asked) -> str:
    return "" if "undss" in asked.case.consulted_bodies() else _("UNDSS was not asked about this request.")


def ngo_adviser_was_asked(asked: Asked) -> str:
    if "ngo_adviser" in asked.case.consulted_bodies():
        return ""
    return _("The security adviser was not asked about this request.")


def assessed(asked: Asked) -> str:
    """Nothing goes up without OCHA's own findings, and no escort that does not lower the risk (IASC-AE §V).

    A rescue does not wait for them.
    """
    if asked.case.is_rescue:
        return ""
    found = next(iter(list(asked.case.assessments.all())[::-1]), None)
    if found is None:
        return _(
            "The review is not written yet: level of support, four criteria, kind of provider, mode of escort, "
            "cluster (%(clause)s)."
        ) % {"clause": "IASC-AE §V"}
    rated = any(question.field == "risk_with" for question in questions(asked.case, REVIEW))
    if rated and convoy.un_travels(asked.case) and not (found.risk_without and found.risk_with):
        return _("With the United Nations on board the review names the residual risk (%(clause)s).") % {
            "clause": "IASC-AE §V.3"
        }
    if not found.lowers_risk:
        return _("By the review the escort does not lower the risk (%(clause)s).") % {"clause": "IASC-AE §V.3"}
    return ""


def has_draft(asked: Asked) -> str:
    if provider.newest_draft(asked.case):
        return ""
    return _("The decision has not been drafted yet: area, period, rotations and conditions are missing.")


def bodies_answered(asked: Asked) -> str:
    """A consulted body has answered, or its time is over and its silence passes on as "no answer".

    The NGOs' security adviser advises the organisation; nobody waits for that advice. For a rescue all opinions are
    asked beside the decision, which waits for none (domain.md §2.10).
    """
    if asked.case.is_rescue:
        return ""
    rows = [row for row in asked.case.consultations.all() if row.body != "ngo_adviser"]
    waiting = [row for row in rows if row.is_waiting and row.due_at and row.due_at > asked.now]
    if not waiting:
        return ""
    names = ", ".join(body_name(row.body) for row in waiting)
    return _("Still waiting for %(bodies)s; their time is not over yet.") % {"bodies": names}


def question_open(asked: Asked) -> str:
    comments = asked.case.comments.all()
    answered = {comment.answers_id for comment in comments}
    if any(row.is_question and row.audience == "decision" and row.pk not in answered for row in comments):
        return ""
    return _("There is no open question from the Humanitarian Coordinator.")


def security_signed(asked: Asked) -> str:
    """UN staff or assets move with a signed UNDSS opinion; an NGO with its own recorded decision.

    An NGO whose convoy a UN organisation joined needs both. A rescue does not wait for the signature (domain.md
    §2.10); one that was refused stops it too.
    """
    needed = ["undss"] if convoy.un_travels(asked.case) else []
    if not asked.case.un_on_board:
        needed.append("own_security")
    return next(filter(None, (_unsigned(asked.case, body) for body in needed)), "")


def _unsigned(case: Case, body: str) -> str:
    last = next((row for row in disputes.undisputed(case, case.opinions.all()) if row.body == body), None)
    if case.is_rescue and (last is None or last.value != Opinion.Value.UNFAVOURABLE):
        return ""
    if last is None and body == "undss":
        return _("The signed security opinion of UNDSS is missing.")
    if last is None:
        return _("The organisation has not recorded its own security decision yet.")
    if filed.changed_materially(case, since=last.at):
        return _("The request was changed after the security decision; it has to be given anew.")
    if last.value == Opinion.Value.UNFAVOURABLE:
        return _("The security decision is unfavourable: %(body)s.") % {"body": body_name(body)}
    return ""


def reply_within_approval(asked: Asked) -> str:
    """A reply that changes provider, area or period is a matter for a new decision; limits in words OCHA judges."""
    reply = next(iter(list(asked.case.replies.all())[::-1]), None)
    decision = asked.case.decision
    if reply is None or decision is None or reply.reply not in (ForceReply.Reply.COUNTERED, ForceReply.Reply.LIMITED):
        return ""
    if reply.other_force_id and reply.other_force_id != decision.force_id:
        return _("The reply of the force names another provider: it goes back to the Humanitarian Coordinator.")
    if reply.other_axis_id and reply.other_axis_id != decision.axis_id:
        return _("The reply of the force leaves the approved area: it goes back to the Humanitarian Coordinator.")
    named = [moment for moment in (reply.departure_at, reply.window_to) if moment]
    if any(not decision.valid_from <= moment <= decision.valid_to for moment in named):
        return _("The reply of the force leaves the approved period: it goes back to the Humanitarian Coordinator.")
    return ""


def not_agreed_yet(asked: Asked) -> str:
    """The requester says yes once to each reply."""
    if transmission.agreement(asked.case):
        return _("The requesting organisation has agreed to this reply of the force already.")
    return ""


def requester_agreed(asked: Asked) -> str:
    """What differs from the request needs the requester's own yes, to exactly the reply that stands."""
    if asked.case.status != "countered" or transmission.agreement(asked.case):
        return ""
    return _(
        "The requesting organisation has not agreed to the counter-proposal yet; if it told you so, record its word."
    )


def sheet_complete(asked: Asked) -> str:
    """Nobody leaves without vehicles, people, stops and plans being known (domain.md §3.1, §3.2)."""
    return execution_sheet.why_incomplete(asked.case)


def asks_a_sheet(asked: Asked) -> str:
    """A rescue leaves without one: whoever is on the telephone says the rest."""
    return "" if execution_sheet.parts_of(asked.case) else _("A rescue has no execution sheet.")


def sheet_changed(asked: Asked) -> str:
    """The force has an earlier execution sheet than the one that stands now."""
    if execution_sheet.sheet_of(asked.case).changed_since_sent:
        return ""
    return _("The force has the execution sheet as it stands.")


def force_consented(asked: Asked) -> str:
    """Nothing goes to a force without the consent of the organisation (CAR-CMC §7)."""
    if asked.case.consent_force:
        return ""
    return _(
        "The requesting organisation has not consented that the force reads this request, or has taken it back. "
        "Ask for its consent first (%(clause)s)."
    ) % {"clause": cited_in(consents.CLAUSE, asked.case.country_id)}


def supplement_consented(asked: Asked) -> str:
    """A change that the force would be sent."""
    return "" if asked.case.status in transmission.WITHOUT_SUPPLEMENT else force_consented(asked)


def partners_consented(asked: Asked) -> str:
    """Nobody beside OCHA is asked without the consent of the organisation."""
    if asked.case.consent_partners:
        return ""
    return _("The requesting organisation has not consented that humanitarian partners read this request.")


def partners_see(asked: Asked) -> str:
    """A body advises on what it may read; without that consent OCHA asks it, and records what it says."""
    return "" if asked.recorded else partners_consented(asked)


def consent_missing(asked: Asked) -> str:
    if all(consents.given(asked.case).values()):
        return _("Every consent is given already.")
    return ""


def consent_given(asked: Asked) -> str:
    if asked.case.consent_partners or asked.case.consent_public:
        return ""
    return _("There is no consent to take back.")


def is_imported(asked: Asked) -> str:
    return "" if asked.case.imported else _("Only a row of a list of past requests is taken over.")


def filed_here(asked: Asked) -> str:
    """A past request of a list was never filed in the portal: nobody reviews it, however it ended."""
    if asked.case.imported:
        return _("Past requests that were taken over from a list are not appealed; please file a new one.")
    return ""


def record_awaits(case: Case, user) -> OnBehalf | None:
    """What OCHA recorded for this person and they have neither confirmed nor disputed."""
    waiting = (row for row in case.records_on_behalf.all() if row.person_id == user.pk and row.awaits_confirmation)
    return min(waiting, key=lambda row: row.pk, default=None)
