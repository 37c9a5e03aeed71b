"""Which form asks what a move needs? One for each move, prefilled from the case."""

from __future__ import annotations

from requests_app.forms.alarm import AlarmForm
from requests_app.forms.asking import MoveForm, ReasonForm, WithdrawForm
from requests_app.forms.calling import CallForm
from requests_app.forms.classifying import ClassForm, LowerForm
from requests_app.forms.consenting import ConsentForm
from requests_app.forms.consulting import EstablishForm, PositionForm, TeamAnswerForm
from requests_app.forms.deciding import (
    ApproveForm,
    DenyForm,
    DraftForm,
    ExtendForm,
    ExtensionForm,
    FullForm,
    OralApproveForm,
    OralDenyForm,
    WritingForm,
)
from requests_app.forms.executing import CloseForm, CorrectForm, LogForm, StartForm
from requests_app.forms.patrolling import FeedbackForm, PatrolCorrectForm, PatrolLogForm, PlanReplyForm
from requests_app.forms.reviewing import (
    AnswerForm,
    AssessForm,
    CommentForm,
    ConsultForm,
    OpinionForm,
    ShareForm,
    TextForm,
)
from requests_app.forms.transmitting import (
    AgreeForm,
    ChangeForm,
    PassOnForm,
    ReplyForm,
    ScheduleForm,
    SendSheetForm,
    TransmitForm,
)

FORMS: dict[str, type[MoveForm]] = {
    "resubmit": AnswerForm,
    "assess": AssessForm,
    "consult": ConsultForm,
    "share": ShareForm,
    "advise_cluster": OpinionForm,
    "advise_security": OpinionForm,
    "advise_ngo": OpinionForm,
    "decide_security": OpinionForm,
    "draft_decision": DraftForm,
    "take_position": PositionForm,
    "put_question": TextForm,
    "answer_question": TeamAnswerForm,
    "establish_consensus": EstablishForm,
    "withdraw": WithdrawForm,
    "approve": ApproveForm,
    "deny": DenyForm,
    "approve_orally": OralApproveForm,
    "deny_orally": OralDenyForm,
    "confirm_in_writing": WritingForm,
    "file_form": FullForm,
    "ask": TextForm,
    "answer": TextForm,
    "transmit": TransmitForm,
    "retransmit": TransmitForm,
    "accept": ReplyForm,
    "limit": ReplyForm,
    "decline": ReplyForm,
    "counter": ReplyForm,
    "agree": AgreeForm,
    "schedule": ScheduleForm,
    "send_sheet": SendSheetForm,
    "change": ChangeForm,
    "request_extension": ExtensionForm,
    "extend": ExtendForm,
    "start": StartForm,
    "log": LogForm,
    "correct_log": CorrectForm,
    "answer_alarm": AlarmForm,
    "close": CloseForm,
    "log_patrol": PatrolLogForm,
    "correct_patrol": PatrolCorrectForm,
    "give_feedback": FeedbackForm,
    "comment": CommentForm,
    "call": CallForm,
    "consent": ConsentForm,
    "withdraw_consent": ConsentForm,
    "raise_class": ClassForm,
    "lower_class": LowerForm,
    **{code: ReasonForm for code in ReasonForm.labels if code not in ("extend", "confirm_in_writing")},
}


OF_PATROLS: dict[str, type[MoveForm]] = {
    "accept": PlanReplyForm,
    "limit": PlanReplyForm,
    "decline": PlanReplyForm,
    "transmit": PassOnForm,
    "retransmit": PassOnForm,
}


def for_move(code: str, *, patrol: bool = False) -> type[MoveForm]:
    """The form of this move; most steps forward ask nothing."""
    return (OF_PATROLS if patrol else {}).get(code) or FORMS.get(code, MoveForm)
