"""What follows from a step? The sentence for the person who has just made it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.models import Case

# move → what it has set going; who is told stands in moves.MOVES
DONE: dict[str, Promise] = {
    "take_over": _("It is yours now: what comes of it is told to you. Whoever wrote before is told."),
    "submit": _("Sent to OCHA; the duty station reviews it now."),
    "recall": _("Taken back: it is a draft again, and nobody is asked any more."),
    "resubmit": _("Sent again with the answer; OCHA goes on with the review."),
    "withdraw": _("Withdrawn. Everybody who was asked about it is told; it can be copied, not reopened."),
    "appeal": _("The appeal is with OCHA; the request is reviewed again on the new facts."),
    "review": _("The review has begun; the requester can no longer take the request back."),
    "return": _("Returned. The requester reads your question and sends the request again with an answer."),
    "reject": _("Closed as not receivable. The requester reads your reason."),
    "civilian": _("Closed: the need is met by civilian means. Everybody who was asked is told."),
    "assess": _("The review is written; the national unit and the Humanitarian Coordinator read it with the request."),
    "validate": _("Validated. The national unit of OCHA clears it now."),
    "consult": _("The cluster is asked and told; its silence passes on as “no answer”."),
    "share": _("This person sees the request from now on and is told."),
    "advise_cluster": _("The opinion is signed; OCHA and the requester read it."),
    "advise_security": _("The security opinion is signed; OCHA and the requester read it."),
    "advise_ngo": _("The advice is signed; OCHA and the organisation read it."),
    "decide_security": _("The security decision of the organisation is recorded; OCHA reads it."),
    "draft_decision": _("The draft is kept; it goes to the Humanitarian Coordinator when you forward it."),
    "forward": _("Forwarded. The Humanitarian Coordinator is asked to decide."),
    "take_back": _("Taken back: the request is with the national unit again."),
    "open_consultation": _("The country team is asked and told. Nothing is decided by its silence."),
    "take_position": _("The position stands; the country team, OCHA and the Humanitarian Coordinator read it."),
    "put_question": _("The question stands; OCHA is asked to answer, and the whole country team reads it."),
    "answer_question": _("Answered. The whole country team reads it."),
    "send_back": _("Sent back: the national unit drafts anew. The consultation has ended."),
    "establish_consensus": _("Approved by consensus. OCHA transmits it to the force; the requester is told."),
    "call": _("The call is logged. It moves nothing; OCHA sees it."),
    "ask": _("OCHA is asked to answer; the request stays with you and the clock runs on."),
    "answer": _("The answer stands on the card of the Humanitarian Coordinator, who is told."),
    "approve": _("Approved. OCHA transmits it to the force; the requester is told."),
    "deny": _("Denied. The requester reads the reason and may appeal once with new facts."),
    "approve_orally": _("Approved by word of mouth. OCHA transmits it now; the writing is due within 24 hours."),
    "deny_orally": _("Denied by word of mouth. The requester is told; the writing is due within 24 hours."),
    "confirm_in_writing": _("Confirmed in writing: the letter says so from now on."),
    "file_form": _("The full form is filed; OCHA reads it."),
    "transmit": _("Transmitted. The force has its numbered paper and is asked to reply."),
    "retransmit": _("Transmitted again. The force has a new numbered paper and is asked to reply."),
    "redecide": _("The Humanitarian Coordinator is asked to decide again."),
    "acknowledge": _("The receipt is recorded; the reply of the force is still to come."),
    "accept": _("The force has accepted; OCHA schedules the escort now."),
    "limit": _("The limits of the force are recorded; OCHA weighs them against the approval."),
    "decline": _("The force has declined; OCHA says how it goes on."),
    "counter": _("The counter-proposal is recorded; the requester is asked to agree to it."),
    "agree": _("The agreement is recorded; OCHA can schedule the escort."),
    "refuse_counter": _("The counter-proposal is refused; the force is told that it is not taken up."),
    "schedule": _("Scheduled. The force has the meeting point and is asked to acknowledge it."),
    "send_sheet": _("Sent. The force gets what was changed as a numbered paper and is asked to acknowledge it."),
    "receive": _("The receipt is recorded."),
    "change": _("Changed. If the force has the request, it gets the change as a numbered supplement."),
    "request_extension": _("The extension is asked for; until it is decided, the old end holds."),
    "extend": _("Extended. The force gets the new end as a numbered paper."),
    "refuse_extension": _("The extension is refused; the old end holds."),
    "start": _("The start is logged; each side logs its own end."),
    "log": _("It is logged; OCHA and the other side read it."),
    "correct_log": _("The correction stands beside the wrong log, which stays struck through."),
    "log_patrol": _("The patrol is logged; OCHA and the requesting organisation read it."),
    "correct_patrol": _("The correction stands beside the wrong log, which stays struck through."),
    "give_feedback": _("The feedback is filed and the request is closed."),
    "close": _("The after-action is filed and the request is closed."),
    "waive": _("No after-action is asked any more; the request is closed."),
    "answer_alarm": _("Written down. Whoever is concerned has been told; the force has not."),
    "suspend": _("Suspended. Nothing moves until it is resumed; whoever had the request is told to stop."),
    "resume": _("Resumed: it goes on where it stood before."),
    "cancel": _("Cancelled. If the force had the request, it gets the stand-down."),
    "comment": _("The comment stands with the request, for the readers you chose."),
    "consent": _("Given. OCHA is told; what waited for this consent can go on."),
    "withdraw_consent": _("Taken back. From now on they no longer see the request; OCHA is told."),
    "withdraw_force": _("Taken back. Nothing more goes to the force, its papers are closed, and OCHA is told."),
    "raise_class": _("Raised. From now on it is handled in this class, and the trail says so."),
    "lower_class": _("Lowered, with your reason."),
    "confirm_record": _("Confirmed: what OCHA wrote down is now your own word."),
    "dispute_record": _("OCHA is called to correct what it wrote down."),
}
# What OCHA reads after it took down the word of a force on a patrol, which nobody schedules.
OF_PATROLS: dict[str, Promise] = {
    "accept": _("Recorded: the force has planned the patrols; it logs each of them."),
    "limit": _("Recorded: the force has planned a part of the patrols; the requester reads which."),
    "decline": _("Recorded: the force plans no patrol. OCHA says how it goes on."),
}


def what_is_done(case: Case, code: str) -> Promise:
    return (OF_PATROLS if case.is_patrol else {}).get(code) or DONE[code]
