"""The table of the moves: each with its sources, its target, who may make it, what it needs, and who hears of it.

A line without target stands beside the status. Moves that are not in the table do not exist. What a line means for
one request and one person: requests_app.workflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.roles import Perm
from cmcoord.places.models import CountryProfile
from requests_app import consensus, consensus_guards, disputes, guards
from requests_app import execution_guards as execution
from requests_app.models import Status
from requests_app.models.terms import RUNNING, UNDECIDED

BACK = "back"  # the status that the case had before it was suspended
TOLD = "told"  # the status that an imported row tells
IMPORT = "import"
PORTAL = "portal"  # made by the sweep, never offered to a person
ANYBODY = "anybody"  # every humanitarian who sees the case
PERSON = "person"  # the person for whom OCHA recorded something

BEFORE_DECISION = UNDECIDED
SUSPENDABLE = (*RUNNING, "underway")
AFTER_TRANSMISSION = ("transmitted", "acknowledged", "accepted", "limited", "declined", "countered", "scheduled")
RESCUED_IN = ("submitted", "reviewing", "clearing", "deciding")
ALL_FILED = tuple(status for status in Status.values if status != "draft")


@dataclass(frozen=True)
class Line:
    """One line of the table.

    `who` are permissions (or PORTAL, ANYBODY, PERSON); `needs` are guards that return "" or the sentence;
    `tells` are pairs (audience, what is expected of it); `recordable` moves may be written down by OCHA
    for the person who said so. `only` are the ways of deciding (CountryProfile.decision_for) for which the line exists;
    without one it exists for every request.
    """

    code: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    needs: tuple[Callable, ...] = ()
    tells: tuple[tuple[str, str], ...] = ()
    label: str | Promise = ""
    recordable: bool = False
    offered: bool = True
    main: bool = False
    only: tuple[str, ...] = ()

    @property
    def tells_humanitarians(self) -> tuple[tuple[str, str], ...]:
        """All but the force, which hears by the paper that it gets (services.sending.force_tells)."""
        return tuple(told for told in self.tells if told[0] != "force")

    @property
    def moves_status(self) -> bool:
        return bool(self.target)


OWN = Perm.FILE_CASE
STATION = Perm.REVIEW_CASE
NATIONAL = Perm.CLEAR_CASE
RELEASE = Perm.TRANSMIT_CASE
COORDINATOR = Perm.DECIDE_CASE
FORCE = Perm.ANSWER_AS_FORCE

# Ways of deciding: a line for the one does not exist for the other.
BY_CONSENSUS = (CountryProfile.CONSENSUS,)
BY_THE_TEAM = consensus.BY_THE_TEAM
WITHOUT_TEAM = (CountryProfile.HC,)
BY_THE_HC = (CountryProfile.HC, CountryProfile.CONSULTED)
DECIDED = (CountryProfile.HC, CountryProfile.CONSENSUS, CountryProfile.CONSULTED)
# OCHA facilitates and the force plans: nobody decides, and no convoy leaves (a patrol on an axis; domain.md §3.6).
LEFT_TO_THE_FORCE = (CountryProfile.FORCE,)

MOVES: tuple[Line, ...] = (
    # Filing
    Line("edit", ("draft", "returned"), "", (OWN, Perm.RECORD_FOR_OTHERS), (guards.own_or_recorded,),
         label=gettext_lazy("Continue writing")),
    Line("sheet", ("draft", *BEFORE_DECISION, *SUSPENDABLE), "", (OWN, Perm.RECORD_FOR_OTHERS),
         (guards.own_or_recorded, guards.asks_a_sheet), label=gettext_lazy("Fill in the execution sheet"),
         only=DECIDED),
    Line("take_over", ("draft", "returned"), "", (OWN,), (guards.of_a_colleague,), label=gettext_lazy("Take over")),
    Line("submit", ("draft",), "submitted", (OWN, Perm.RECORD_FOR_OTHERS), (guards.own_or_recorded, guards.complete),
         (("requester", ""), ("station", "review"), ("consulted", "advise"), ("decider", "decide")),
         label=gettext_lazy("Submit"), recordable=True, main=True),
    Line("recall", ("submitted",), "draft", (OWN,), (guards.own_or_recorded,),
         (("requester", ""), ("station", "")), label=gettext_lazy("Take back before the review")),
    Line("resubmit", ("returned",), "submitted", (OWN, Perm.RECORD_FOR_OTHERS),
         (guards.own_or_recorded, guards.complete), (("requester", ""), ("station", "review")),
         label=gettext_lazy("Send again"), recordable=True, main=True),
    Line("withdraw", ("draft", *BEFORE_DECISION, *RUNNING, "suspended"), "withdrawn", (OWN,), (),
         (("requester", ""), ("ocha", ""), ("consulted", ""), ("decider", ""), ("team", ""),
          ("force", "acknowledge")), label=gettext_lazy("Withdraw")),
    Line("appeal", ("denied",), "reviewing", (OWN,), (guards.filed_here, guards.no_appeal_before, guards.window_open),
         (("requester", ""), ("station", "review"), ("national", ""), ("coordinator", "")),
         label=gettext_lazy("Appeal with new facts"), only=DECIDED),
    # Review at the duty station
    Line("review", ("submitted",), "reviewing", (STATION,), (guards.not_own_organisation,), (("requester", ""),),
         label=gettext_lazy("Start the review"), main=True),
    Line("return", ("submitted", "reviewing"), "returned", (STATION,), (guards.not_own_organisation,),
         (("requester", "answer"),), label=gettext_lazy("Return with a question")),
    Line("return", ("clearing",), "returned", (NATIONAL,), (guards.not_own_organisation,),
         (("requester", "answer"), ("station", "")), label=gettext_lazy("Return with a question")),
    Line("reject", ("submitted", "reviewing"), "unreceivable", (STATION,), (guards.not_own_organisation,),
         (("requester", ""), ("national", ""), ("consulted", "")), label=gettext_lazy("Not receivable")),
    Line("civilian", ("submitted", "reviewing", "clearing", "consulting", "deciding"), "civilian", (STATION, NATIONAL),
         (guards.not_own_organisation,),
         (("requester", ""), ("ocha", ""), ("consulted", ""), ("decider", ""), ("team", "")),
         label=gettext_lazy("Resolved by civilian means")),
    Line("civilian", ("draft", "returned"), "civilian", (OWN,), (guards.own_or_recorded, guards.civilian_available),
         (("requester", ""), ("ocha", ""), ("consulted", "")), label=gettext_lazy("Resolved by civilian means")),
    Line("assess", ("submitted", "reviewing", "clearing"), "", (STATION, NATIONAL), (guards.not_own_organisation,),
         label=gettext_lazy("Write the review"), main=True, only=DECIDED),
    Line("validate", ("reviewing",), "clearing", (STATION,),
         (guards.not_own_organisation, guards.no_hard_stop, guards.assessed),
         (("requester", ""), ("national", "clear")), label=gettext_lazy("Validate"), main=True, only=DECIDED),
    Line("consult", ("submitted", "reviewing", "clearing"), "", (STATION, NATIONAL),
         (guards.not_own_organisation, guards.partners_consented),
         label=gettext_lazy("Ask a further cluster"), only=DECIDED),
    Line("share", (*BEFORE_DECISION, *SUSPENDABLE, "suspended"), "",
         (STATION, NATIONAL), (guards.partners_consented,), label=gettext_lazy("Consult a person on this request")),
    # Opinions and security decisions: each its own signature
    Line("advise_cluster", BEFORE_DECISION, "", (Perm.ADVISE_CLUSTER,),
         (guards.cluster_was_asked, guards.partners_see),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Give the opinion of the cluster"), recordable=True,
         main=True, only=DECIDED),
    Line("advise_security", (*BEFORE_DECISION, "approved"), "", (Perm.ADVISE_UN_SECURITY,),
         (guards.undss_was_asked, guards.partners_see),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Give the security opinion"), recordable=True,
         main=True, only=DECIDED),
    Line("advise_ngo", (*BEFORE_DECISION, "approved"), "", (Perm.ADVISE_NGO_SECURITY,),
         (guards.ngo_adviser_was_asked, guards.partners_see),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Advise the organisation on security"),
         recordable=True, main=True, only=DECIDED),
    Line("decide_security", (*BEFORE_DECISION, "approved"), "", (OWN,), (),
         (("ocha", ""),), label=gettext_lazy("Record our own security decision"), recordable=True, only=DECIDED),
    # National unit
    Line("draft_decision", ("clearing",), "", (NATIONAL,), (guards.not_own_organisation,),
         label=gettext_lazy("Draft the decision"), main=True, only=DECIDED),
    Line("forward", ("clearing",), "deciding", (NATIONAL,),
         (guards.not_own_organisation, guards.has_draft, guards.bodies_answered, guards.no_hard_stop, guards.assessed),
         (("requester", ""), ("station", ""), ("coordinator", "decide")),
         label=gettext_lazy("Clear and forward to the Humanitarian Coordinator"), main=True, only=WITHOUT_TEAM),
    Line("take_back", ("deciding",), "clearing", (NATIONAL,), (guards.not_own_organisation,),
         (("coordinator", ""), ("station", "")), label=gettext_lazy("Take back from the Humanitarian Coordinator")),
    # The country team, where it decides by consensus or is consulted (ML-POS ¶6)
    Line("open_consultation", ("clearing",), "consulting", (NATIONAL,),
         (guards.not_own_organisation, guards.has_draft, guards.bodies_answered, guards.no_hard_stop, guards.assessed,
          guards.partners_consented, consensus_guards.team_is_there),
         (("requester", ""), ("station", ""), ("team", "take_position"), ("coordinator", "")),
         label=gettext_lazy("Clear and consult the country team"), main=True, only=BY_THE_TEAM),
    Line("take_back", ("consulting",), "clearing", (NATIONAL,), (guards.not_own_organisation,),
         (("coordinator", ""), ("station", ""), ("team", "")),
         label=gettext_lazy("Take back from the country team")),
    Line("take_position", ("consulting",), "", (Perm.TAKE_POSITION,), (consensus_guards.at_the_table,),
         (("national", ""), ("coordinator", "")), label=gettext_lazy("State the position of your organisation"),
         recordable=True, main=True),
    Line("put_question", ("consulting",), "", (Perm.TAKE_POSITION,), (consensus_guards.at_the_table,),
         (("national", "answer"), ("team", "")), label=gettext_lazy("Put a question to OCHA")),
    Line("answer_question", ("consulting",), "", (STATION, NATIONAL), (consensus_guards.question_of_team_open,),
         (("team", ""), ("coordinator", "")), label=gettext_lazy("Answer the country team"), main=True),
    Line("send_back", ("consulting",), "clearing", (COORDINATOR,), (guards.may_decide,),
         (("national", "clear"), ("station", ""), ("team", "")),
         label=gettext_lazy("Send back to the national unit")),
    Line("establish_consensus", ("consulting",), "approved", (COORDINATOR,),
         (guards.may_decide, guards.has_draft, guards.no_hard_stop, guards.exceptional_in_person,
          consensus_guards.no_open_objection, consensus_guards.team_was_heard, consensus_guards.enough_reached),
         (("requester", ""), ("ocha", "transmit"), ("consulted", ""), ("team", "")),
         label=gettext_lazy("Establish the consensus and approve"), main=True, only=BY_CONSENSUS),
    # Humanitarian Coordinator
    Line("ask", ("deciding", "consulting"), "", (COORDINATOR,), (guards.may_decide,), (("national", "answer"),),
         label=gettext_lazy("Ask OCHA a question")),
    Line("answer", ("deciding", "consulting"), "", (NATIONAL,), (guards.question_open,), (("coordinator", "decide"),),
         label=gettext_lazy("Answer the Humanitarian Coordinator"), main=True),
    Line("approve", ("deciding",), "approved", (COORDINATOR,),
         (guards.may_decide, guards.has_draft, guards.no_hard_stop, guards.named_in_person,
          guards.exceptional_in_person),
         (("requester", ""), ("ocha", "transmit"), ("consulted", "")),
         label=gettext_lazy("Approve"), recordable=True, main=True, only=WITHOUT_TEAM),
    Line("approve", ("consulting",), "approved", (COORDINATOR,),
         (guards.may_decide, guards.has_draft, guards.no_hard_stop, guards.named_in_person,
          guards.exceptional_in_person, consensus_guards.team_was_heard, consensus_guards.enough_reached),
         (("requester", ""), ("ocha", "transmit"), ("consulted", ""), ("team", "")),
         label=gettext_lazy("Approve after the consultation"), main=True, only=(CountryProfile.CONSULTED,)),
    Line("deny", ("deciding", "suspended"), "denied", (COORDINATOR,), (guards.may_decide,),
         (("requester", ""), ("ocha", ""), ("consulted", ""), ("force", "acknowledge")),
         label=gettext_lazy("Deny"), recordable=True, only=DECIDED),
    Line("deny", ("consulting",), "denied", (COORDINATOR,), (guards.may_decide,),
         (("requester", ""), ("ocha", ""), ("consulted", ""), ("team", "")),
         label=gettext_lazy("Deny"), recordable=True, only=DECIDED),
    # The urgent procedure: decided by word of mouth, written afterwards (domain.md §2.8)
    Line("approve_orally", RESCUED_IN, "approved", (COORDINATOR,),
         (guards.by_urgent_procedure, guards.may_decide, guards.no_hard_stop, guards.not_by_word_of_mouth),
         (("requester", ""), ("ocha", "transmit"), ("consulted", "")),
         label=gettext_lazy("Approve by word of mouth"), recordable=True, main=True, only=WITHOUT_TEAM),
    Line("deny_orally", RESCUED_IN, "denied", (COORDINATOR,), (guards.by_urgent_procedure, guards.may_decide),
         (("requester", ""), ("ocha", ""), ("consulted", "")),
         label=gettext_lazy("Deny by word of mouth"), recordable=True, only=DECIDED),
    Line("confirm_in_writing", ALL_FILED, "", (COORDINATOR,), (guards.writing_is_due, guards.decided_it),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Confirm the decision in writing"), main=True,
         only=DECIDED),
    Line("file_form", ALL_FILED, "", (OWN, Perm.RECORD_FOR_OTHERS), (guards.form_is_due,), (("ocha", ""),),
         label=gettext_lazy("File the full form"), recordable=True, main=True, only=DECIDED),
    # Transmission and reply of the force
    Line("transmit", ("approved",), "transmitted", (RELEASE,),
         (disputes.approval_stands, guards.force_consented, guards.security_signed, guards.no_hard_stop),
         (("requester", ""), ("force", "reply"), ("ocha", "")), label=gettext_lazy("Transmit to the force"), main=True,
         only=DECIDED),
    Line("transmit", ("reviewing",), "transmitted", (RELEASE,),
         (guards.not_own_organisation, guards.no_hard_stop),
         (("requester", ""), ("force", "plan"), ("ocha", "")), label=gettext_lazy("Pass on to the force"), main=True,
         only=LEFT_TO_THE_FORCE),
    Line("retransmit", ("declined",), "transmitted", (RELEASE,),
         (disputes.approval_stands, guards.force_consented, guards.security_signed, guards.no_hard_stop),
         (("requester", ""), ("force", "reply"), ("ocha", "")),
         label=gettext_lazy("Transmit again on new facts"), main=True, only=DECIDED),
    Line("retransmit", ("declined",), "transmitted", (RELEASE,), (guards.not_own_organisation, guards.no_hard_stop),
         (("requester", ""), ("force", "plan"), ("ocha", "")),
         label=gettext_lazy("Pass on again on new facts"), main=True, only=LEFT_TO_THE_FORCE),
    Line("redecide", ("declined", "countered", "limited"), "deciding", (RELEASE, NATIONAL), (),
         (("requester", ""), ("national", ""), ("coordinator", "decide")),
         label=gettext_lazy("Back to the Humanitarian Coordinator"), only=WITHOUT_TEAM),
    Line("redecide", ("declined", "countered", "limited"), "clearing", (RELEASE, NATIONAL), (),
         (("requester", ""), ("national", "clear"), ("coordinator", "")),
         label=gettext_lazy("Back to the national unit and the country team"), only=BY_THE_TEAM),
    Line("acknowledge", ("transmitted",), "acknowledged", (FORCE,), (execution.still_with_this_force,), (("ocha", ""),),
         label=gettext_lazy("Acknowledge receipt"), recordable=True, main=True),
    Line("accept", ("transmitted", "acknowledged"), "accepted", (FORCE,), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "schedule")),
         label=pgettext_lazy("reply of the force", "Accept"), recordable=True, main=True, only=DECIDED),
    Line("accept", ("transmitted", "acknowledged"), "accepted", (FORCE,), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("The patrols are planned"), recordable=True, main=True,
         only=LEFT_TO_THE_FORCE),
    Line("limit", ("transmitted", "acknowledged"), "limited", (FORCE,), (execution.still_with_this_force,),
         (("requester", "limits"), ("ocha", "weigh")),
         label=gettext_lazy("Accept with limits"), recordable=True, only=DECIDED),
    Line("limit", ("transmitted", "acknowledged"), "limited", (FORCE,), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("The patrols are planned in part"), recordable=True,
         only=LEFT_TO_THE_FORCE),
    Line("decline", ("transmitted", "acknowledged"), "declined", (FORCE,), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "act")),
         label=gettext_lazy("Decline"), recordable=True, only=DECIDED),
    Line("decline", ("transmitted", "acknowledged"), "declined", (FORCE,), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "act")), label=gettext_lazy("No patrol is planned"), recordable=True,
         only=LEFT_TO_THE_FORCE),
    Line("counter", ("transmitted", "acknowledged"), "countered", (FORCE,), (execution.still_with_this_force,),
         (("requester", "agree"), ("ocha", "weigh")),
         label=gettext_lazy("Make a counter-proposal"), recordable=True, only=DECIDED),
    Line("agree", ("countered", "limited"), "", (OWN,), (guards.reply_within_approval, guards.not_agreed_yet),
         (("requester", ""), ("ocha", "schedule")),
         label=gettext_lazy("Agree to what the force proposes"), recordable=True, main=True, only=DECIDED),
    Line("refuse_counter", ("countered",), "declined", (OWN, RELEASE), (),
         (("requester", ""), ("ocha", "act"), ("force", "acknowledge")),
         label=gettext_lazy("Refuse the counter-proposal"), only=DECIDED),
    Line("schedule", ("accepted", "limited", "countered"), "scheduled", (RELEASE,),
         (guards.provider_can_be_named, disputes.approval_stands, disputes.reply_stands, guards.force_consented,
          guards.reply_within_approval, guards.requester_agreed, guards.sheet_complete),
         (("requester", ""), ("force", "acknowledge"), ("ocha", "")), label=gettext_lazy("Schedule"), main=True,
         only=DECIDED),
    Line("send_sheet", ("scheduled", "underway"), "", (RELEASE,),
         (guards.provider_can_be_named, disputes.approval_stands, guards.force_consented, guards.sheet_changed,
          guards.sheet_complete),
         (("requester", ""), ("force", "acknowledge")), label=gettext_lazy("Send the changed sheet to the force"),
         main=True, only=DECIDED),
    Line("receive", ALL_FILED, "", (FORCE,), (execution.something_to_receive,), (("ocha", ""),),
         label=gettext_lazy("Acknowledge receipt"), recordable=True),
    # Within the approval
    Line("change", ("approved", *AFTER_TRANSMISSION, "underway"), "", (OWN, RELEASE),
         (guards.supplement_consented, guards.provider_can_be_named),
         (("requester", ""), ("ocha", ""), ("force", "acknowledge")),
         label=gettext_lazy("Change a date, the vehicles or the leader"), only=DECIDED),
    Line("request_extension", SUSPENDABLE, "", (OWN,), (execution.no_open_extension, execution.before_the_end),
         (("ocha", ""), ("coordinator", "decide")), label=gettext_lazy("Ask for an extension"), only=BY_THE_HC),
    Line("extend", SUSPENDABLE, "", (COORDINATOR,),
         (guards.may_decide, execution.open_extension, execution.before_the_end, guards.no_hard_stop,
          guards.no_exception, guards.exceptional_in_person),
         (("requester", ""), ("ocha", ""), ("force", "acknowledge")), label=gettext_lazy("Approve the extension"),
         recordable=True, main=True, only=BY_THE_HC),
    Line("refuse_extension", SUSPENDABLE, "", (COORDINATOR,),
         (guards.may_decide, execution.open_extension), (("requester", ""), ("ocha", "")),
         label=gettext_lazy("Refuse the extension"), recordable=True, only=BY_THE_HC),
    # On the road
    Line("start", ("scheduled",), "underway", (OWN, RELEASE, FORCE),
         (execution.still_with_this_force, guards.provider_can_be_named, disputes.approval_stands,
          execution.within_period),
         (("requester", ""), ("ocha", ""), ("force", "")), label=gettext_lazy("Log the start"), recordable=True,
         main=True, only=DECIDED),
    Line("log", ("underway",), "", (OWN, RELEASE, FORCE), (execution.still_with_this_force,),
         (("requester", ""), ("ocha", "")),
         label=gettext_lazy("Log a rotation"), recordable=True, main=True, only=DECIDED),
    Line("correct_log", ("underway", "completed", "aborted", "reporting"), "", (OWN, FORCE),
         (execution.still_with_this_force, execution.something_to_correct),
         (("requester", ""), ("ocha", ""), ("force", "")), label=gettext_lazy("Correct a log"), recordable=True,
         only=DECIDED),
    Line("complete", ("underway",), "completed", (OWN, RELEASE, FORCE), (execution.last_rotation_ended,),
         (("requester", ""), ("ocha", ""), ("force", "")), label=gettext_lazy("Complete"), recordable=True,
         offered=False, only=DECIDED),
    Line("abort", ("underway",), "aborted", (OWN, RELEASE, FORCE), (execution.last_rotation_aborted,),
         (("requester", ""), ("ocha", ""), ("force", "")), label=gettext_lazy("Abort"), recordable=True,
         offered=False, only=DECIDED),
    Line("report", ("completed", "aborted"), "reporting", (PORTAL,), (), (("requester", "after_action"),),
         label=gettext_lazy("Ask for the after-action"), offered=False, only=DECIDED),
    Line("close", ("completed", "aborted", "reporting"), "closed", (OWN,), (),
         (("requester", ""), ("ocha", ""), ("coordinator", "")), label=gettext_lazy("File the after-action"),
         recordable=True, main=True, only=DECIDED),
    Line("waive", ("completed", "aborted", "reporting"), "closed", (Perm.WAIVE_AFTER_ACTION,),
         (guards.not_own_organisation,), (("requester", ""), ("ocha", "")),
         label=gettext_lazy("Waive the after-action")),
    # Patrols in place of an escort: the force logs them, the humanitarians say what they changed
    Line("log_patrol", ("accepted", "limited", "underway"), "underway", (FORCE,),
         (execution.still_with_this_force, guards.provider_can_be_named, execution.patrols_may_be_logged),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Log a patrol"), recordable=True, main=True,
         only=LEFT_TO_THE_FORCE),
    Line("correct_patrol", ("underway", "reporting"), "", (FORCE,),
         (execution.still_with_this_force, execution.a_patrol_to_correct),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Correct the log of a patrol"), recordable=True,
         only=LEFT_TO_THE_FORCE),
    Line("end_patrols", ("underway",), "reporting", (PORTAL,), (execution.patrols_over,),
         (("requester", "feedback"), ("ocha", ""), ("force", "")), label=gettext_lazy("Ask for the feedback"),
         offered=False, only=LEFT_TO_THE_FORCE),
    Line("give_feedback", ("reporting",), "closed", (OWN,), (),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Say what the patrols changed"), recordable=True,
         main=True, only=LEFT_TO_THE_FORCE),
    # Ends and pauses
    Line("suspend", SUSPENDABLE, "suspended", (Perm.SUSPEND_CASE,), (),
         (("requester", ""), ("ocha", ""), ("coordinator", ""), ("force", "acknowledge")),
         label=gettext_lazy("Suspend")),
    # What the register of forces does: the portal itself acts when a status worsens (services.hard_stops)
    Line("suspend_provider", RUNNING, "suspended", (PORTAL,), (guards.provider_is_stopped,),
         (("requester", ""), ("ocha", "act"), ("coordinator", ""), ("force", "acknowledge")),
         label=gettext_lazy("Suspend: the provider cannot be named"), offered=False, only=DECIDED),
    Line("suspend_provider", SUSPENDABLE, "suspended", (PORTAL,), (guards.provider_is_stopped,),
         (("requester", ""), ("ocha", "act"), ("force", "acknowledge")),
         label=gettext_lazy("Suspend: the provider cannot be named"), offered=False, only=LEFT_TO_THE_FORCE),
    Line("alarm", ("underway",), "", (PORTAL,), (guards.provider_is_stopped, guards.alarm_is_new),
         (("requester", "answer_alarm"), ("ocha", "answer_alarm"), ("coordinator", "")),
         label=gettext_lazy("Raise the alarm"), offered=False, only=DECIDED),
    Line("answer_alarm", ("underway",), "", (RELEASE,), (guards.alarm_open,),
         (("requester", ""), ("ocha", ""), ("coordinator", "")),
         label=gettext_lazy("Write down what was decided on the alarm"), main=True, only=DECIDED),
    Line("resume", ("suspended",), BACK, (Perm.SUSPEND_CASE,), (guards.no_hard_stop,),
         (("requester", ""), ("ocha", ""), ("coordinator", ""), ("force", "acknowledge")),
         label=gettext_lazy("Resume"), main=True),
    Line("cancel", (*SUSPENDABLE, "suspended"), "cancelled", (RELEASE,), (),
         (("requester", ""), ("ocha", ""), ("coordinator", ""), ("force", "acknowledge")),
         label=gettext_lazy("Cancel")),
    Line("expire", (*BEFORE_DECISION, *RUNNING, "suspended"), "expired", (PORTAL,), (),
         (("requester", ""), ("ocha", ""), ("decider", ""), ("team", ""), ("force", "")), label=gettext_lazy("Expire"),
         offered=False),
    # Consents: what the organisation gives, and takes back at any time
    Line("consent", (*BEFORE_DECISION, *SUSPENDABLE, "suspended"), "", (OWN,), (guards.consent_missing,),
         (("requester", ""), ("ocha", "")), label=gettext_lazy("Give a further consent to share"), recordable=True),
    Line("withdraw_consent", ALL_FILED, "", (OWN,), (guards.consent_given,), (("requester", ""), ("ocha", "")),
         label=gettext_lazy("Take back a consent to share"), recordable=True),
    Line("withdraw_force", AFTER_TRANSMISSION, "approved", (OWN,), (guards.force_consented,),
         (("requester", ""), ("ocha", "act"), ("force", "acknowledge")),
         label=gettext_lazy("Take back the consent for the force"), recordable=True, only=DECIDED),
    Line("withdraw_force", (*AFTER_TRANSMISSION, "underway"), "reviewing", (OWN,), (guards.force_consented,),
         (("requester", ""), ("ocha", "act"), ("force", "acknowledge")),
         label=gettext_lazy("Take back the consent for the force"), recordable=True, only=LEFT_TO_THE_FORCE),
    Line("withdraw_force", tuple(status for status in ALL_FILED if status not in AFTER_TRANSMISSION), "", (OWN,),
         (guards.force_consented,), (("requester", ""), ("ocha", "act"), ("force", "acknowledge")),
         label=gettext_lazy("Take back the consent for the force"), recordable=True),
    # The history of requests, from a list: services.importing makes this move for each row, with one event in all
    Line(IMPORT, ("draft",), TOLD, (NATIONAL,), (guards.is_imported,), label=gettext_lazy("Take over from a list"),
         offered=False),
    # Words about the case
    Line("comment", ALL_FILED, "", (ANYBODY,), (), label=gettext_lazy("Comment")),
    Line("call", (*BEFORE_DECISION, *SUSPENDABLE, "suspended", "completed", "aborted", "reporting"), "", (ANYBODY,), (),
         (("station", ""),), label=gettext_lazy("Log a telephone call")),
    Line("raise_class", tuple(Status.values), "", (ANYBODY,), (), label=gettext_lazy("Raise the class")),
    Line("lower_class", tuple(Status.values), "", (STATION, NATIONAL), (), label=gettext_lazy("Lower the class")),
    Line("confirm_record", tuple(Status.values), "", (PERSON,), (guards.not_oral,), (("ocha", ""),),
         label=gettext_lazy("Confirm what was recorded for you"), main=True),
    Line("dispute_record", tuple(Status.values), "", (PERSON,), (), (("ocha", "act"),),
         label=gettext_lazy("That is not what I said")),
)  # fmt: skip


def lines(code: str) -> tuple[Line, ...]:
    return tuple(line for line in MOVES if line.code == code)


CODES = tuple(dict.fromkeys(line.code for line in MOVES))
