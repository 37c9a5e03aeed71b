"""What is each event of a meeting called? Of what is joint every side hears the same; the rest is for humanitarians."""

from django.utils.translation import gettext_lazy as _

from cmcoord.activity.kind_lines import Expectation, Kind

_INVITED = _("%(actor)s invited you to a meeting: %(body)s.")
_INVITED_TO_ALL = _("%(actor)s invited you to the meetings of a series, with their entries for the calendar: %(body)s.")
_MOVED = _("%(actor)s moved a meeting: %(body)s.")
_CANCELLED = _("%(actor)s cancelled a meeting: %(body)s.")
_NOT_HELD = _("A meeting is not held: %(body)s.")
_POINT = _("%(actor)s wrote down an action point for %(organisation)s.")
_CORRECTED = _("%(actor)s wrote an action point of %(organisation)s anew.")
_GIVEN = _("%(actor)s gave an action point to another owner, who does it from now on: %(organisation)s.")
_WITH_POST = _("Open action points go with the post that you take over: %(points)s.")
_REMIND = _("An action point for %(organisation)s is due in three days.")
_OVERDUE = _("The deadline of an action point for %(organisation)s has passed.")
_UPDATED = _("%(actor)s wrote where an action point for %(organisation)s stands.")
_UPDATES = {
    "close": _("%(actor)s closed an action point of %(organisation)s."),
    "report": _("%(actor)s reported an action point of %(organisation)s done; another person checks it."),
    "send_back": _("%(actor)s says that an action point of %(organisation)s is not done yet."),
    "drop": _("%(actor)s dropped an action point of %(organisation)s."),
    "reopen": _("%(actor)s opened an action point of %(organisation)s again."),
    "postpone": _("%(actor)s set another deadline for an action point of %(organisation)s."),
}
_VOID = _("The minutes were changed after you had signed them: %(body)s. Your signature is of the text before.")
_SIGNED = _("One chair signed the minutes: %(body)s.")
_OBJECTED = _("A chair objects to the minutes: %(body)s.")
_ADOPTING = _("One chair recorded that a later meeting adopted the minutes; the other one confirms it: %(body)s.")
_FINAL = _("The minutes are final and can be read in the portal: %(body)s.")
_AMENDED = _("A correction of final minutes waits for the chairs: %(body)s.")
_CORRECTED = _("A correction of final minutes was signed: %(body)s.")
_UNSIGNED = _(
    "The minutes were not signed within five working days; the next meeting is asked to adopt them: %(body)s."
)
_RELEASED = _("The minutes of a meeting are attached: %(body)s.")

# fmt: off
KINDS = {
    "series.plan": Kind("meetings", _("meetings planned"), _("%(actor)s planned a series of meetings.")),
    "series.change": Kind("meetings", _("series of meetings changed"), _("%(actor)s changed a series of meetings.")),
    "series.end": Kind("meetings", _("series of meetings ended"), _("%(actor)s ended a series of meetings.")),
    "series.invite": Kind("meetings", _("invitation to meetings"), _INVITED_TO_ALL, _INVITED_TO_ALL),
    "meeting.plan": Kind("meetings", _("meeting planned"), _("%(actor)s planned a meeting.")),
    "meeting.write_down": Kind("meetings", _("meeting written down"), _("%(actor)s wrote down a meeting that took place.")),
    "meeting.invite": Kind("meetings", _("invitation to a meeting"), _INVITED, _INVITED),
    "meeting.move": Kind("meetings", _("meeting moved"), _MOVED, _MOVED),
    "meeting.cancel": Kind("meetings", _("meeting cancelled"), _CANCELLED, _CANCELLED),
    "meeting.not_held": Kind("meetings", _("meeting not held"), _NOT_HELD, _NOT_HELD),
    "meeting.hold": Kind("meetings", _("meeting held"), _("%(actor)s wrote down that the meeting takes place.")),
    "meeting.agenda": Kind("meetings", _("agenda changed"), _("%(actor)s changed the agenda.")),
    "meeting.attend": Kind("meetings", _("attendance written"), _("%(actor)s wrote down who was there.")),
    "meeting.guest": Kind("meetings", _("guest who is in no list"), _("%(actor)s wrote down as not military, with a reason: %(organisation)s.")),
    "minutes.start": Kind("meetings", _("minutes begun"), _("%(actor)s began the minutes."), _("%(actor)s began the minutes.")),
    "minutes.write": Kind("meetings", _("minutes written"), _("%(actor)s wrote on the minutes."), _("%(actor)s wrote on the minutes.")),
    "minutes.void": Kind("meetings", _("signature no longer holds"), _VOID, _VOID),
    "minutes.sign": Kind("meetings", _("minutes signed by one chair"), _SIGNED, _SIGNED),
    "minutes.object": Kind("meetings", _("objection to the minutes"), _OBJECTED, _OBJECTED),
    "minutes.adopt": Kind("meetings", _("adoption to be confirmed"), _ADOPTING, _ADOPTING),
    "minutes.final": Kind("meetings", _("minutes final"), _FINAL, _FINAL),
    "minutes.amend": Kind("meetings", _("correction of the minutes"), _AMENDED, _AMENDED),
    "minutes.sign_addendum": Kind("meetings", _("correction signed"), _CORRECTED, _CORRECTED),
    "minutes.translate": Kind("meetings", _("minutes translated"), _("%(actor)s translated the minutes."), _("%(actor)s translated the minutes.")),
    "minutes.overdue": Kind("meetings", _("minutes not signed in time"), _UNSIGNED, _UNSIGNED),
    "minutes.release": Kind("meetings", _("minutes of a meeting"), _RELEASED, _RELEASED),
    "minutes.fetch": Kind("meetings", _("minutes saved by a force"), _("%(actor)s saved the minutes."), _("%(actor)s saved the minutes.")),
    "note.add": Kind("meetings", _("note written"), _("%(actor)s wrote a humanitarian note.")),
    "note.write": Kind("meetings", _("note changed"), _("%(actor)s changed a humanitarian note.")),
    "proposal.make": Kind("meetings", _("proposed for an agenda"), _("%(actor)s proposed something for an agenda.")),
    "proposal.take": Kind("meetings", _("taken onto the agenda"), _("%(actor)s took a proposal onto the agenda.")),
    "proposal.decline": Kind("meetings", _("proposal not taken up"), _("%(actor)s did not take up a proposal for an agenda.")),
    "point.raise": Kind("meetings", _("new action point"), _POINT, _POINT),
    "point.correct": Kind("meetings", _("action point corrected"), _CORRECTED, _CORRECTED),
    "point.owner": Kind("meetings", _("another owner of an action point"), _GIVEN, _GIVEN),
    "holding.points": Kind("meetings", _("action points of a post"), _WITH_POST, _WITH_POST),
    "point.update": Kind("meetings", _("action point"), _UPDATED, _UPDATED, {what: (said, said) for what, said in _UPDATES.items()}),
    "point.remind": Kind("reminders", _("action point soon due"), _REMIND, _REMIND),
    "point.overdue": Kind("reminders", _("action point late"), _OVERDUE, _OVERDUE),
    "escalation.raise": Kind("meetings", _("put to the strategic level"), _("%(actor)s put an action point to the strategic level."), variants={
        "incident": (_("%(actor)s put an incident to the strategic level."), ""),
    }),
    "escalation.answer": Kind("meetings", _("answer of the strategic level"), _("%(actor)s answered what was put to the strategic level.")),
    "exchange.log": Kind("meetings", _("contact made"), _("%(actor)s wrote down a contact with %(organisation)s.")),
    "exchange.settle": Kind("meetings", _("follow-up ticked off"), _("%(actor)s ticked off what was to follow a contact with %(organisation)s.")),
    "summary.send": Kind("meetings", _("weekly summary"), _("%(actor)s sent the summary of the week.")),
    "feed.open": Kind("rights", _("address of a calendar made"), _("%(actor)s made a secret address for a calendar.")),
    "feed.revoke": Kind("rights", _("address of a calendar revoked"), _("%(actor)s revoked the secret address of a calendar.")),
}

DEFAULTS = {
    "minutes": Kind("meetings", _("news of minutes"), _("There is news of the minutes of a meeting."), _("There is news of the minutes of a meeting.")),
    "note": Kind("meetings", _("news of a note"), _("There is news of a note.")),
    "series": Kind("meetings", _("news of a series of meetings"), _("There is news of a series of meetings."), _("There is news of a series of meetings.")),
    "meeting": Kind("meetings", _("news of a meeting"), _("There is news of a meeting."), _("There is news of a meeting.")),
}

EXPECTS = {
    "do_point": Expectation(_("please settle the action point"), _("You are asked to do what was agreed, by its deadline, and to say where it stands.")),
    "check_point": Expectation(_("please check whether it is done"), _("You are asked to check whether what was reported is done.")),
    "answer_escalation": Expectation(_("please decide"), _("You are asked, at the strategic level, to say what is done about an action point that the cell cannot settle.")),
    "sign_minutes": Expectation(_("please read and sign the minutes"), _("You are asked to read the minutes and to sign them, or to say what is wrong.")),
    "adopt_minutes": Expectation(_("please confirm the adoption"), _("You are asked to say, for the other chair, whether the later meeting adopted the minutes.")),
    "propose": Expectation(_("please answer a proposal"), _("You are asked to take the proposal onto an agenda in words for both sides, or to say why not.")),
}
# fmt: on
