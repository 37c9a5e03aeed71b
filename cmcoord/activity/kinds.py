"""What each kind of event is called, in a sentence and in a headline, and which of its mails a person may switch off."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.activity import meeting_kinds
from cmcoord.activity.kind_lines import Expectation, Kind


@dataclass(frozen=True)
class Group:
    """A line of the preferences page. The mails of a mandatory group cannot be switched off."""

    label: Any
    explanation: Any
    mandatory: bool = False


GROUPS = {
    "tasks": Group(_("What is expected from you"), _("A step that waits for you, with its time."), mandatory=True),
    "decisions": Group(
        _("Decisions, stops and changes"),
        _("Approved, denied, sent back, suspended, cancelled, changed or ended: for the safety of those on the road."),
        mandatory=True,
    ),
    "deadlines": Group(_("Time that has run out"), _("A step that is late and is passed upwards."), mandatory=True),
    "records": Group(
        _("Recorded in your name"), _("What OCHA wrote down for you, so that you can confirm it."), mandatory=True
    ),
    "rights": Group(_("Your account and your rights"), _("Appointments, stand-ins, sign-in."), mandatory=True),
    "steps": Group(_("Progress of requests"), _("A request moved on; nothing is expected from you.")),
    "movement": Group(_("On the road"), _("Scheduled, started, logged, completed, reported.")),
    "talk": Group(_("Questions, comments and opinions"), _("Somebody asked, answered, commented or advised.")),
    "meetings": Group(_("Meetings"), _("Invitations, changes of time and place, minutes, action points.")),
    "reminders": Group(_("Reminders"), _("Half of the time for a step has passed.")),
}
BY_SMS = ("tasks", "decisions", "deadlines", "reminders")  # where they press
UNHURRIED = ("after_action", "confirmation", "form")  # clocks that nobody is woken for


# Told to whoever has something of it, though it is closed to them.
RECALLS = frozenset({"case.recall_papers", "case.take_invitation_back", "contact.recall"})

# fmt: off
KINDS = {
    # filing and review
    "case.draft": Kind("steps", _("draft started"), _("%(actor)s started the draft.")),
    "case.copy": Kind("steps", _("draft copied"), _("%(actor)s started the draft as a copy of an earlier request.")),
    "case.erase": Kind("decisions", _("confidential text erased"), _("%(actor)s erased a confidential text of the request.")),
    "case.edit": Kind("steps", _("request edited"), _("%(actor)s edited the request.")),
    "case.sheet": Kind("steps", _("execution sheet written"), _("%(actor)s wrote on the execution sheet.")),
    "case.take_over": Kind("steps", _("draft taken over"), _("%(actor)s goes on with the request in place of a colleague.")),
    "case.pass_on": Kind("steps", _("request passed on"), _("%(actor)s passed the request on to whoever holds the post next.")),
    "case.attach": Kind("steps", _("file attached"), _("%(actor)s attached a file.")),
    "case.detach": Kind("steps", _("file removed"), _("%(actor)s removed a file.")),
    "case.withdraw_file": Kind("steps", _("file withdrawn"), _("%(actor)s marked a file as withdrawn.")),
    "case.submit": Kind("steps", _("request submitted"), _("%(actor)s submitted the request.")),
    "case.recall": Kind("steps", _("request recalled"), _("%(actor)s took the request back before its review.")),
    "case.review": Kind("steps", _("review started"), _("%(actor)s started the review.")),
    "case.return": Kind("decisions", _("request returned for completion"), _("%(actor)s returned the request for completion.")),
    "case.resubmit": Kind("steps", _("request submitted again"), _("%(actor)s completed the request and submitted it again.")),
    "case.reject": Kind("decisions", _("request not receivable"), _("%(actor)s found the request not receivable."), _("The escort does not take place.")),
    "case.civilian": Kind("decisions", _("need met by civilian means"), _("%(actor)s recorded that the need is met by civilian means."), _("The escort does not take place.")),
    "case.assess": Kind("steps", _("review written"), _("%(actor)s wrote the review.")),
    "case.validate": Kind("steps", _("request validated by the station"), _("%(actor)s validated the request and passed it to the national unit.")),
    "case.draft_decision": Kind("steps", _("decision drafted"), _("%(actor)s drafted the decision.")),
    "case.forward": Kind("steps", _("request cleared for decision"), _("%(actor)s cleared the request and drafted the decision.")),
    "case.open_consultation": Kind("steps", _("country team consulted"), _("%(actor)s cleared the request and put it to the Humanitarian Country Team.")),
    "case.take_position": Kind("talk", _("position stated"), _("%(actor)s stated the position of %(organisation)s.")),
    "case.put_question": Kind("talk", _("question of the country team"), _("%(actor)s put a question of the country team.")),
    "case.answer_question": Kind("talk", _("country team answered"), _("%(actor)s answered the country team.")),
    "case.window_over": Kind("deadlines", _("consultation: time is over"), _("The time of the consultation is over; nothing is decided by it.")),
    "case.send_back": Kind("steps", _("sent back to the national unit"), _("%(actor)s sent the request back to the national unit.")),
    "case.establish_consensus": Kind("decisions", _("request approved by consensus"), _("%(actor)s established the consensus of the country team and approved the request, with its conditions.")),
    "case.take_back": Kind("steps", _("request taken back from decision"), _("%(actor)s took the request back from decision.")),
    # decision
    "case.approve": Kind("decisions", _("request approved"), _("%(actor)s approved the request, with its conditions.")),
    "case.deny": Kind("decisions", _("request denied"), _("%(actor)s denied the request."), _("The escort does not take place.")),
    "case.approve_orally": Kind("decisions", _("approved by word of mouth"), _("%(actor)s approved the request by word of mouth; the writing follows within 24 hours.")),
    "case.deny_orally": Kind("decisions", _("denied by word of mouth"), _("%(actor)s denied the request by word of mouth; the writing follows within 24 hours."), _("The escort does not take place.")),
    "case.confirm_in_writing": Kind("decisions", _("decision confirmed in writing"), _("%(actor)s confirmed the decision in writing.")),
    "case.file_form": Kind("steps", _("full form filed"), _("%(actor)s filed the full form of the rescue.")),
    "case.appeal": Kind("steps", _("appeal with new facts"), _("%(actor)s appealed with new facts; the request is reviewed again.")),
    "case.redecide": Kind("decisions", _("request back for decision"), _("%(actor)s sent the request back for decision.")),
    "case.request_extension": Kind("steps", _("extension asked"), _("%(actor)s asked for an extension.")),
    "case.extend": Kind("decisions", _("approval extended"), _("%(actor)s extended the approval."), _("The period of the escort was extended.")),
    "case.refuse_extension": Kind("decisions", _("extension refused"), _("%(actor)s refused the extension; the earlier end holds.")),
    # force
    "case.transmit": Kind("decisions", _("request transmitted to the force"), _("%(actor)s transmitted the request to the force."), _("OCHA transmitted an escort request to your force.")),
    "case.retransmit": Kind("decisions", _("request transmitted to the force again"), _("%(actor)s transmitted the request to the force again, with new facts."), _("OCHA transmitted the escort request again, with new facts.")),
    "case.acknowledge": Kind("steps", _("receipt acknowledged by the force"), _("%(actor)s acknowledged receipt."), _("%(actor)s acknowledged receipt.")),
    "case.receive": Kind("steps", _("receipt acknowledged by the force"), _("%(actor)s acknowledged receipt."), _("%(actor)s acknowledged receipt.")),
    "case.accept": Kind("decisions", _("accepted by the force"), _("%(actor)s accepted the escort."), _("%(actor)s accepted the escort.")),
    "case.limit": Kind("decisions", _("accepted by the force with limits"), _("%(actor)s accepted the escort with limits."), _("%(actor)s accepted the escort with limits.")),
    "case.decline": Kind("decisions", _("declined by the force"), _("%(actor)s declined the escort."), _("%(actor)s declined the escort.")),
    "case.counter": Kind("decisions", _("counter-proposal of the force"), _("%(actor)s made a counter-proposal."), _("%(actor)s made a counter-proposal.")),
    "case.agree": Kind("decisions", _("the requester agrees"), _("%(actor)s agreed to what the force proposes.")),
    "case.refuse_counter": Kind("decisions", _("counter-proposal refused"), _("%(actor)s refused the counter-proposal."), _("OCHA did not take up the counter-proposal.")),
    "case.change": Kind("decisions", _("details changed (supplement)"), _("%(actor)s changed details within the approval; the force receives a supplement."), _("OCHA sent a supplement: details of the escort changed.")),
    "case.send_sheet": Kind("decisions", _("execution sheet changed (supplement)"), _("%(actor)s sent the changed execution sheet to the force."), _("OCHA sent a supplement: details of the escort changed.")),
    "case.forget_names": Kind("steps", _("names destroyed"), _("The names on the execution sheet were destroyed, 72 hours after the end.")),
    "case.stand_down": Kind("decisions", _("stand-down sent to the force"), _("%(actor)s sent the stand-down to the force."), _("OCHA sent a stand-down: the escort does not take place.")),
    "case.fetch_paper": Kind("steps", _("paper saved by the force"), _("%(actor)s saved a paper."), _("%(actor)s saved a paper.")),
    "case.open_papers": Kind("steps", _("papers opened by the force"), _("%(actor)s opened the papers of this strictly confidential request."), _("%(actor)s opened the papers.")),
    # on the road and after
    "case.schedule": Kind("movement", _("escort scheduled"), _("%(actor)s scheduled the escort."), _("OCHA scheduled the escort with you.")),
    "case.start": Kind("movement", _("escort under way"), _("%(actor)s logged the start."), _("The start of the escort was logged.")),
    "case.log": Kind("movement", _("rotation logged"), _("%(actor)s logged a rotation."), _("A rotation of the escort was logged."), {
        "start": (_("%(actor)s logged the start of rotation %(rotation)s."), _("The start of rotation %(rotation)s was logged.")),
        "end": (_("%(actor)s logged the end of rotation %(rotation)s."), _("The end of rotation %(rotation)s was logged.")),
        "abort": (_("%(actor)s logged that rotation %(rotation)s was aborted."), _("It was logged that rotation %(rotation)s was aborted.")),
    }),
    "case.correct_log": Kind("decisions", _("log corrected"), _("%(actor)s corrected a log."), _("A log of the escort was corrected."), {
        "start": (_("%(actor)s corrected a log: rotation %(rotation)s started."), _("A log was corrected: rotation %(rotation)s started.")),
        "end": (_("%(actor)s corrected a log: rotation %(rotation)s ended."), _("A log was corrected: rotation %(rotation)s ended.")),
        "abort": (_("%(actor)s corrected a log: rotation %(rotation)s was aborted."), _("A log was corrected: rotation %(rotation)s was aborted.")),
        "nothing": (_("%(actor)s took back a log of rotation %(rotation)s."), _("A log of rotation %(rotation)s was taken back.")),
    }),
    "case.contradiction": Kind("decisions", _("logs contradict each other"), _("The two sides logged different ends of rotation %(rotation)s: one an end, the other an abort."), _("Your force and the convoy logged different ends of rotation %(rotation)s.")),
    "case.complete": Kind("movement", _("escort completed"), _("The escort was completed."), _("The escort was completed.")),
    "case.abort": Kind("decisions", _("escort aborted"), _("%(actor)s logged that the movement was aborted."), _("The movement was aborted.")),
    "case.log_patrol": Kind("movement", _("patrol logged"), _("%(actor)s logged a patrol."), _("%(actor)s logged a patrol.")),
    "case.correct_patrol": Kind("decisions", _("patrol log corrected"), _("%(actor)s corrected the log of a patrol."), _("%(actor)s corrected the log of a patrol.")),
    "case.end_patrols": Kind("movement", _("patrols are over"), _("The period of the patrols is over; what they changed is asked."), _("The period of the patrols is over.")),
    "case.give_feedback": Kind("movement", _("feedback on the patrols"), _("%(actor)s said what the patrols changed; the request is closed.")),
    "case.report": Kind("movement", _("after-action review"), _("The after-action review is due."), _("The after-action review is due.")),
    "case.overrun": Kind("decisions", _("past the end of its approval"), _("The operation is still under way past the end of its approval.")),
    "case.deviation": Kind("decisions", _("deviation from the approval"), _("A deviation from the approval was flagged.")),
    "case.close": Kind("movement", _("request closed"), _("%(actor)s filed the after-action review; the request is closed."), _("The request is closed.")),
    "case.waive": Kind("movement", _("after-action review waived"), _("%(actor)s waived the after-action review, with a reason; the request is closed."), _("The request is closed.")),
    # ends and pauses
    "case.expire": Kind("decisions", _("request expired"), _("The request expired: its time has passed."), _("The escort does not take place.")),
    "case.withdraw": Kind("decisions", _("request withdrawn"), _("%(actor)s withdrew the request."), _("The escort does not take place.")),
    "case.cancel": Kind("decisions", _("escort cancelled"), _("%(actor)s cancelled the escort."), _("The escort does not take place.")),
    "case.suspend": Kind("decisions", _("request suspended"), _("%(actor)s suspended the request."), _("The escort is suspended until OCHA tells you otherwise.")),
    "case.suspend_provider": Kind("decisions", _("suspended: its provider cannot be named"), _("The portal suspended the request: its provider cannot be named here."), _("The escort is suspended until OCHA tells you otherwise.")),
    "case.alarm": Kind("decisions", _("ALARM on the road: call now"), _("Alarm: the provider of this convoy can no longer be named here. The convoy leader and OCHA decide now whether it continues, turns back or halts; call each other first.")),
    "case.answer_alarm": Kind("decisions", _("decided on the alarm"), _("%(actor)s wrote down what was decided on the alarm."), variants={
        "continue": (_("%(actor)s wrote down what was decided on the alarm: the convoy continues."), ""),
        "turn_back": (_("%(actor)s wrote down what was decided on the alarm: the convoy turns back."), ""),
        "halt": (_("%(actor)s wrote down what was decided on the alarm: the convoy halts."), ""),
    }),
    "case.can_resume": Kind("steps", _("its provider can be named again"), _("The provider of this suspended request can be named again: resume or cancel it.")),
    "case.resume": Kind("decisions", _("request resumed"), _("%(actor)s resumed the request."), _("The suspension of the escort has ended.")),
    # questions, opinions
    "case.ask": Kind("talk", _("question"), _("%(actor)s asked a question."), _("OCHA asked you a question about the escort.")),
    "case.answer": Kind("talk", _("answer"), _("%(actor)s answered the question."), _("The question about the escort was answered.")),
    "case.comment": Kind("talk", _("new comment"), _("%(actor)s wrote a comment."), _("There is a new message about the escort.")),
    "case.propose_joining": Kind("steps", _("asked for twice: to join"), _("%(actor)s proposes that two organisations that ask for the same travel together.")),
    "case.call_ocha": Kind("tasks", _("OCHA was called"), _("OCHA was called about an answer in this request; that stops nothing.")),
    "incident.keep": Kind("steps", _("access incident kept"), _("%(actor)s kept the access incident.")),
    "incident.discard": Kind("steps", _("draft of an access incident discarded"), _("%(actor)s discarded the draft of an access incident.")),
    "case.call": Kind("talk", _("told by telephone"), _("%(actor)s called %(called)s by telephone.")),
    "case.consult": Kind("talk", _("opinion asked"), _("%(actor)s asked for an opinion.")),
    "case.consent": Kind("decisions", _("consent given"), _("%(actor)s gave a further consent to share the request.")),
    "case.withdraw_consent": Kind("decisions", _("consent taken back"), _("%(actor)s took back a consent to share the request.")),
    "case.withdraw_force": Kind("decisions", _("consent for the force taken back"), _("%(actor)s took back the consent for the force; nothing more goes to it."), _("The escort does not take place.")),
    "case.recall_papers": Kind("decisions", _("papers recalled"), _("Those of the force who saved a paper were asked to destroy it."), _("Please destroy what you saved or printed of this escort; it is no longer valid.")),
    "case.raise_class": Kind("talk", _("class raised"), _("%(actor)s raised the class.")),
    "case.lower_class": Kind("talk", _("class lowered"), _("%(actor)s lowered the class, with a reason.")),
    "case.open_secret": Kind("talk", _("strictly confidential content read"), _("%(actor)s opened what is strictly confidential.")),
    "case.advise": Kind("talk", _("opinion given"), _("%(actor)s gave an opinion.")),
    "case.advise_cluster": Kind("talk", _("opinion of the cluster given"), _("%(actor)s gave the opinion of the cluster.")),
    "case.advise_security": Kind("talk", _("security opinion given"), _("%(actor)s gave the security opinion.")),
    "case.advise_ngo": Kind("talk", _("security advice given"), _("%(actor)s advised the organisation on security.")),
    "case.decide_security": Kind("talk", _("security decision of the organisation"), _("%(actor)s recorded the organisation's own security decision.")),
    "case.share": Kind("talk", _("you are consulted"), _("%(actor)s consulted a further person on the request.")),
    "case.lapse": Kind("talk", _("no answer in time"), _("No answer came in time; the request passes on without it.")),
    # recorded for somebody
    "case.record": Kind("records", _("recorded in your name"), _("%(actor)s recorded what you said by telephone, radio or paper."), _("OCHA recorded what you said by telephone, radio or paper.")),
    "case.confirm_record": Kind("records", _("record confirmed"), _("%(actor)s confirmed what was recorded."), _("%(actor)s confirmed what was recorded.")),
    "case.dispute_record": Kind("records", _("record disputed"), _("%(actor)s disputed what was recorded."), _("%(actor)s disputed what was recorded.")),
    # filed for an organisation without an account
    "case.ask_confirmation": Kind("rights", _("please confirm what was filed for you"), _("%(actor)s asked the organisation to confirm what was filed for it."), variants={
        "mail": (_("%(actor)s sent the organisation a link, to confirm what was filed for it."), ""),
        "code": (_("%(actor)s gave the organisation a code, to confirm what was filed for it."), ""),
    }),
    "case.confirm_filing": Kind("records", _("confirmed by the organisation"), _("%(actor)s confirmed what was filed."), variants={
        "link": (_("%(actor)s confirmed by its link what was filed."), ""),
        "call": (_("%(actor)s confirmed by telephone what was filed."), ""),
    }),
    "case.correct_filing": Kind("records", _("corrected by the organisation"), _("%(actor)s wrote what is wrong in what was filed.")),
    "organisation.name": Kind("rights", _("organisation named"), _("%(actor)s named an organisation that the portal did not know; an administrator looks at it.")),
    # clocks
    "case.remind": Kind("reminders", _("reminder"), _("Half of the time for this step has passed."), _("Half of the time for this step has passed.")),
    "case.escalate": Kind("deadlines", _("step overdue"), _("The time for this step has run out."), _("The time for this step has run out.")),
    # papers of the humanitarian side
    "case.export": Kind("steps", _("paper taken"), _("%(actor)s took a paper of the request."), variants={
        "letter": (_("%(actor)s took the decision letter."), ""),
        "sheet": (_("%(actor)s took the convoy sheet."), ""),
        "file": (_("%(actor)s took the case file."), ""),
    }),
    "register.export": Kind("rights", _("register taken"), _("%(actor)s took the register of requests.")),
    "directory.export": Kind("rights", _("contacts taken"), _("%(actor)s took contacts from the directory.")),
    "contact.recall": Kind("rights", _("destroy a file of contacts"), _("Somebody in a file that you took from the directory took their consent back: destroy the file, and take a new one if you need it."), _("Somebody in a file that you took from the directory took their consent back: destroy the file, and take a new one if you need it.")),
    "import.past": Kind("steps", _("past requests taken over"), _("%(actor)s took past requests over from a list.")),
    # several organisations in one convoy
    "case.ask_to_join": Kind("decisions", _("asked to join a convoy"), _("%(actor)s asked another organisation to join the convoy.")),
    "case.join": Kind("steps", _("an organisation joined"), _("%(actor)s joined the convoy.")),
    "case.change_part": Kind("steps", _("part of the convoy changed"), _("%(actor)s changed its part of the convoy.")),
    "case.leave_convoy": Kind("decisions", _("an organisation left the convoy"), _("%(actor)s left the convoy.")),
    "case.decline_to_join": Kind("steps", _("an organisation does not join"), _("%(actor)s does not join the convoy.")),
    "case.take_invitation_back": Kind("decisions", _("no longer asked to join"), _("%(actor)s asks an organisation no longer to join the convoy.")),
    # a force asks for a humanitarian asset
    "reverse.file": Kind("steps", _("a force asks for a humanitarian asset"), _("%(actor)s asked to use a humanitarian asset."), _("%(actor)s asked to use a humanitarian asset.")),
    "reverse.screen": Kind("decisions", _("refused automatically: prohibited content"), _("The portal refused it at once: what was declared is never transported."), _("Your request was refused: what you declared is never transported with humanitarian means.")),
    "reverse.receive": Kind("steps", _("the owner is asked"), _("%(actor)s found it receivable and asked the owner of the asset.")),
    "reverse.reject": Kind("decisions", _("reverse request not receivable"), _("%(actor)s found it not receivable."), _("OCHA answered your request.")),
    "reverse.consent": Kind("steps", _("the owner consents"), _("%(actor)s consented to the use of the asset.")),
    "reverse.refuse": Kind("decisions", _("the owner refuses"), _("%(actor)s refused the use of the asset; no reason is needed."), _("OCHA answered your request.")),
    "reverse.forward": Kind("steps", _("reverse request for validation"), _("%(actor)s put it to the Humanitarian Coordinator.")),
    "reverse.decline": Kind("decisions", _("declined: no humanitarian aim"), _("%(actor)s declined it: its aim is not humanitarian."), _("OCHA answered your request.")),
    "reverse.validate": Kind("decisions", _("reverse request agreed"), _("%(actor)s agreed, with conditions."), _("OCHA answered your request.")),
    "reverse.deny": Kind("decisions", _("reverse request not agreed"), _("%(actor)s did not agree."), _("OCHA answered your request.")),
    "reverse.take_back": Kind("decisions", _("agreement taken back"), _("%(actor)s took the agreement back."), _("The agreement to your request was taken back: do not use the asset.")),
    "reverse.execute": Kind("movement", _("reverse request carried out"), _("%(actor)s recorded that it was carried out."), _("OCHA recorded that it was carried out.")),
    "reverse.report": Kind("movement", _("reverse request carried out"), _("%(actor)s reported that it was carried out."), _("%(actor)s reported that it was carried out.")),
    "reverse.review": Kind("movement", _("reverse request closed"), _("%(actor)s wrote the after-action.")),
    "reverse.withdraw": Kind("decisions", _("withdrawn by the force"), _("%(actor)s withdrew it."), _("%(actor)s withdrew it.")),
    "reverse.expire": Kind("decisions", _("reverse request expired"), _("It expired: its time has passed."), _("The time of your request has passed.")),
    "reverse.remind": Kind("reminders", _("reminder"), _("Half of the time for this step has passed.")),
    "reverse.escalate": Kind("deadlines", _("step overdue"), _("The time for this step has run out.")),
    # posts
    "post.open": Kind("rights", _("post opened"), _("%(actor)s opened a post.")),
    "post.describe": Kind("rights", _("post described"), _("%(actor)s wrote down what a post is for.")),
    "post.change": Kind("rights", _("post changed"), _("%(actor)s changed how the holder of a post is reached.")),
    "post.hand_over": Kind("rights", _("post handed over"), _("%(actor)s named the next holder of a post.")),
    "post.leave": Kind("rights", _("post left"), _("%(actor)s recorded that the holder of a post has left.")),
    "post.close": Kind("rights", _("post closed"), _("%(actor)s closed a post.")),
    "holding.confirm": Kind("rights", _("contact confirmed"), _("%(actor)s confirmed who holds a post."), variants={
        "link": (_("Whoever holds a post confirmed it by the link in the mail."), ""),
    }),
    "holding.ask_confirm": Kind("reminders", _("do you still hold this post?"), _("The portal asks whether you still hold this post.")),
    "holding.stale": Kind("reminders", _("not confirmed for 90 days"), _("Nobody has confirmed for 90 days who holds this post.")),
    "holding.ask_verify": Kind("reminders", _("a newcomer waits"), _("A newcomer in a post waits to be verified.")),
    "holding.verify": Kind("rights", _("newcomer verified"), _("%(actor)s verified who holds a post.")),
    "holding.plan": Kind("rights", _("departure planned"), _("%(actor)s recorded the last day of somebody in a post.")),
    "holding.stay": Kind("rights", _("departure called off"), _("%(actor)s recorded that somebody stays in a post.")),
    "holding.ask_successor": Kind("reminders", _("who comes next?"), _("Whoever holds this post leaves soon, and no successor is named.")),
    "holding.depart": Kind("rights", _("left the post"), _("Whoever held this post has left the lists: their last day has passed.")),
    "contact.ask_consent": Kind("rights", _("what may be shared?"), _("%(actor)s asked somebody what may be shared of their name, telephones and addresses.")),
    "contact.consent": Kind("rights", _("contact shared"), _("Somebody said what may be shared of their name, telephones and addresses.")),
    "contact.withdraw": Kind("rights", _("consent taken back"), _("Somebody took back what was shared of their name, telephones or addresses.")),
    "contact.forget": Kind("rights", _("telephones destroyed"), _("The telephones and addresses of somebody were destroyed, 30 days after the end of their post.")),
    "contact.link": Kind("rights", _("account linked"), _("%(actor)s recorded which account is that of somebody in a post.")),
    "handover.take": Kind("rights", _("handover taken"), _("%(actor)s passed on what somebody left behind with a post.")),
    # bodies and seats
    "body.open": Kind("steps", _("body proposed"), _("%(actor)s proposed a body.")),
    "body.change": Kind("steps", _("body changed"), _("%(actor)s changed a body.")),
    "body.step": Kind("steps", _("stage of a body changed"), _("%(actor)s changed the stage of a body.")),
    "seat.open": Kind("steps", _("seat added"), _("%(actor)s added a seat to a body.")),
    "seat.close": Kind("steps", _("seat closed"), _("%(actor)s closed a seat of a body.")),
    "seat.take": Kind("steps", _("seat taken"), _("%(actor)s recorded who takes a seat of a body.")),
    "seat.leave": Kind("steps", _("seat left"), _("%(actor)s recorded that a seat of a body was left.")),
    "liaison.note": Kind("steps", _("missing liaison written down"), _("%(actor)s wrote down where liaison is missing.")),
    "liaison.settle": Kind("steps", _("missing liaison settled"), _("%(actor)s settled a missing liaison.")),
    "merge.make": Kind("records", _("people made one"), _("%(actor)s made two people of the directory one.")),
    "merge.undo": Kind("records", _("people two again"), _("%(actor)s made one person of the directory two again, as they were.")),
    # lists of contacts
    "contactlist.take": Kind("records", _("list of contacts taken over"), _("%(actor)s took over a list of contacts.")),
    "contactlist.give_up": Kind("records", _("list of contacts given up"), _("%(actor)s gave up a list of contacts; what had come in of it was taken back.")),
    # fleet
    "fleet.keep": Kind("rights", _("fleet written"), _("%(actor)s kept vehicles or drivers for the next convoy.")),
    "fleet.remove": Kind("rights", _("removed from the fleet"), _("%(actor)s removed a vehicle or a driver from the fleet.")),
    "fleet.open": Kind("rights", _("drivers read"), _("%(actor)s opened the list of drivers.")),
    # the register of forces
    "status.propose": Kind("decisions", _("status of a force proposed"), _("%(actor)s proposed the status of a force.")),
    "status.confirm": Kind("decisions", _("status of a force confirmed"), _("%(actor)s confirmed the status of a force.")),
    "status.reject": Kind("decisions", _("status of a force rejected"), _("%(actor)s rejected the status of a force.")),
    "status.open": Kind("rights", _("status of a force read"), _("%(actor)s opened what a force is rated.")),
    # guidelines
    "position.enter": Kind("steps", _("common position entered"), _("%(actor)s entered a common position.")),
    "position.endorse": Kind("steps", _("common position endorsed"), _("%(actor)s endorsed a common position.")),
    "position.end": Kind("steps", _("common position ended"), _("%(actor)s set the end of a common position.")),
    "guidance.read": Kind("steps", _("guideline read"), _("%(actor)s confirmed that the organisation has read a guideline.")),
    # the policy of a country
    "policy.propose": Kind("decisions", _("another policy proposed"), _("%(actor)s proposed another policy of the country; it counts once the Humanitarian Coordinator confirms it.")),
    "policy.confirm": Kind("decisions", _("another policy confirmed"), _("%(actor)s put another policy of the country into force.")),
    "policy.refuse": Kind("decisions", _("another policy refused"), _("%(actor)s refused another policy of the country.")),
    # rights
    "appointment.give": Kind("rights", _("appointment given"), _("%(actor)s gave an appointment; it counts once a second administrator confirms it.")),
    "appointment.confirm": Kind("rights", _("appointment confirmed"), _("%(actor)s confirmed the appointment.")),
    "appointment.refuse": Kind("rights", _("appointment refused"), _("%(actor)s refused to confirm the appointment.")),
    "appointment.end": Kind("rights", _("appointment ended"), _("%(actor)s ended the appointment.")),
    "appointment.doubt": Kind("rights", _("a right that nobody gave"), _("An appointment does not agree with the trail: it was put in or changed by hand. Nothing is decided, transmitted or given under it.")),
    "standin.doubt": Kind("rights", _("a right that nobody gave"), _("A stand-in does not agree with the trail: it was put in or changed by hand. Nothing is decided, transmitted or given under it.")),
    "delegation.doubt": Kind("rights", _("a right that nobody gave"), _("A delegation does not agree with the trail: it was put in or changed by hand. Nothing is decided under it.")),
    "standin.give": Kind("rights", _("stand-in named"), _("%(actor)s named a stand-in.")),
    "standin.end": Kind("rights", _("stand-in ended"), _("%(actor)s ended the stand-in.")),
    "delegation.give": Kind("rights", _("decisions delegated"), _("%(actor)s delegated decisions on requests. It ends at its last day.")),
    "delegation.end": Kind("rights", _("delegation ended"), _("%(actor)s ended the delegation of decisions on requests.")),
    "delegation.lapse": Kind("rights", _("delegation over"), _("The last day of a delegation of decisions on requests is over.")),
    "invitation.send": Kind("rights", _("invitation to the portal"), _("%(actor)s invited you to the portal.")),
    "invitation.revoke": Kind("rights", _("invitation taken back"), _("%(actor)s took the invitation back.")),
    "invitation.accept": Kind("rights", _("invitation accepted"), _("%(actor)s accepted the invitation.")),
    "reference.add": Kind("rights", _("reference data added"), _("%(actor)s added a row of reference data.")),
    "reference.change": Kind("rights", _("reference data changed"), _("%(actor)s changed reference data.")),
    "reference.remove": Kind("rights", _("reference data removed"), _("%(actor)s removed a row of reference data.")),
    "reference.propose": Kind("rights", _("change of reference data proposed"), _("%(actor)s proposed a change of reference data; it counts once a second administrator confirms it.")),
    "reference.confirm": Kind("rights", _("change of reference data confirmed"), _("%(actor)s confirmed the change of reference data.")),
    "reference.refuse": Kind("rights", _("change of reference data refused"), _("%(actor)s refused the change of reference data.")),
    "reference.void": Kind("rights", _("change of reference data void"), _("The proposed change of reference data is void: the value had changed meanwhile.")),
    "mail.send_again": Kind("rights", _("mail sent again"), _("%(actor)s had a refused mail sent again.")),
    "portal.found": Kind("rights", _("portal founded"), _("The portal was founded.")),
    "user.deactivate": Kind("rights", _("account deactivated"), _("%(actor)s deactivated the account.")),
    "user.activate": Kind("rights", _("account activated"), _("%(actor)s activated the account again.")),
    "user.reset_password": Kind("rights", _("choose a new password"), _("A new password was asked for your account.")),
    "user.confirm_number": Kind("rights", _("confirm your number"), _("This number was given for SMS of the portal.")),
    "user.start_sms": Kind("rights", _("SMS switched on"), _("%(actor)s confirmed a number for SMS of the portal.")),
    "user.stop_sms": Kind("rights", _("SMS switched off"), _("%(actor)s stopped SMS of the portal.")),
    "user.confirm_email": Kind("rights", _("confirm your address"), _("This address was given for an account of the portal.")),
    "factor.add": Kind("rights", _("second factor added"), _("%(actor)s added a second factor to the account.")),
    "factor.remove": Kind("rights", _("second factor removed"), _("%(actor)s removed a second factor from the account.")),
    "factor.ask_reset": Kind("rights", _("reset of a second factor asked"), _("%(actor)s asked to reset a lost second factor; it counts once a second administrator confirms it.")),
    "factor.reset": Kind("rights", _("second factor reset"), _("%(actor)s confirmed the reset of the second factor. At the next sign-in a new one is set up.")),
    "factor.refuse_reset": Kind("rights", _("reset of the second factor refused"), _("%(actor)s refused to reset the second factor.")),
    "user.end_session": Kind("rights", _("session ended"), _("%(actor)s ended a session of the account.")),
    "user.end_sessions": Kind("rights", _("all sessions ended"), _("%(actor)s ended all sessions of the account.")),
    "user.hold": Kind("rights", _("telephone taken: account held"), _("%(actor)s ended all sessions and holds the account until somebody has called back.")),
    "user.release": Kind("rights", _("account released"), _("%(actor)s let the person sign in again.")),
    "refused.field": Kind("rights", _("refused: a field that was not asked"), _("%(actor)s sent a field that the form does not have.")),
    "refused.denied": Kind("rights", _("refused: no right"), _("%(actor)s tried something without the right to it.")),
    "refused.absent": Kind("rights", _("refused: not theirs"), _("%(actor)s asked for something that is not there for them.")),
    "refused.attempts": Kind("rights", _("refused: too many attempts"), _("Too many attempts to sign in to the account.")),
    "factor.codes": Kind("rights", _("new recovery codes"), _("%(actor)s made new recovery codes for the account.")),
    "trail.anchor": Kind("rights", _("state of the trail"), _("This is the state of a chain of seals. Keep it: with it a chain that was written anew is found out.")),
    "trail.break": Kind("rights", _("the trail was changed by hand"), _("A row of the trail is not what was sealed. Nothing is decided or transmitted in this stream until two administrators have recovered it.")),
    "trail.recover": Kind("rights", _("trail recovered"), _("%(actor)s recovered the trail; decisions go on.")),
    "trail.export": Kind("rights", _("trail exported"), _("The trail was exported.")),
    "user.change": Kind("rights", _("account changed"), _("%(actor)s changed the account.")),
    **meeting_kinds.KINDS,
}

# What stands in for a kind without a line, by the noun before the dot; "" for any other noun.
DEFAULTS = {
    "case": Kind("steps", _("news on the request"), _("There is news on the request."), _("There is news on the escort.")),
    "reverse": Kind("steps", _("news on the reverse request"), _("There is news on the reverse request."), _("There is news on your request.")),
    "appointment": Kind("rights", _("your rights"), _("Your rights in the portal changed.")),
    "standin": Kind("rights", _("stand-in"), _("A stand-in changed.")),
    "delegation": Kind("rights", _("delegation"), _("A delegation changed.")),
    "incident": Kind("steps", _("access incident"), _("There is news on an access incident.")),
    "invitation": Kind("rights", _("invitation"), _("There is news on an invitation.")),
    "reference": Kind("rights", _("reference data"), _("Reference data changed.")),
    "status": Kind("decisions", _("force register"), _("There is news in the force register.")),
    "policy": Kind("decisions", _("the policy of the country"), _("There is news on the policy of the country.")),
    "trail": Kind("rights", _("the trail"), _("There is news on the trail.")),
    "mail": Kind("rights", _("mail"), _("There is news on a mail.")),
    "user": Kind("rights", _("your account"), _("Your account changed.")),
    **meeting_kinds.DEFAULTS,
    "": Kind("steps", _("news"), _("There is news.")),
}


# Of a patrol in place of an escort ("what": "patrol") the same is said otherwise: each for the one side and the other.
_NO_PATROL = _("No patrol is asked for any more.")
_PAUSED = _("The patrols are suspended until OCHA tells you otherwise.")
OF_PATROLS = {
    "case.transmit": (_("%(actor)s passed the request on to the force."), _("OCHA asks your force for a patrol.")),
    "case.retransmit": (_("%(actor)s passed the request on to the force again."), _("OCHA asks your force again for a patrol, with new facts.")),
    "case.accept": (_("%(actor)s planned the patrols."), _("%(actor)s planned the patrols.")),
    "case.limit": (_("%(actor)s planned a part of the patrols."), _("%(actor)s planned a part of the patrols.")),
    "case.decline": (_("%(actor)s plans no patrol."), _("%(actor)s plans no patrol.")),
    "case.stand_down": (_("%(actor)s sent the stand-down to the force."), _NO_PATROL),
    "case.reject": (_("%(actor)s found the request not receivable."), _NO_PATROL),
    "case.civilian": (_("%(actor)s recorded that the need is met by civilian means."), _NO_PATROL),
    "case.expire": (_("The request expired: its time has passed."), _NO_PATROL),
    "case.withdraw": (_("%(actor)s withdrew the request."), _NO_PATROL),
    "case.cancel": (_("%(actor)s cancelled the request."), _NO_PATROL),
    "case.withdraw_force": (_("%(actor)s took back the consent for the force; nothing more goes to it."), _NO_PATROL),
    "case.suspend": (_("%(actor)s suspended the request."), _PAUSED),
    "case.suspend_provider": (_("The portal suspended the request: its provider cannot be named here."), _PAUSED),
    "case.recall_papers": (_("Those of the force who saved a paper were asked to destroy it."), _("Please destroy what you saved or printed of this patrol; it is no longer valid.")),
    "case.resume": (_("%(actor)s resumed the request."), _("The suspension of the patrols has ended.")),
}
KINDS |= {name: replace(KINDS[name], variants={**KINDS[name].variants, "patrol": said}) for name, said in OF_PATROLS.items()}


EXPECTS = {
    "review": Expectation(_("please review"), _("You are asked to review the request."), ("station",)),
    "advise": Expectation(_("please give your opinion"), _("You are asked for your opinion."), ("cluster", "security")),
    "call_back": Expectation(_("please call the organisation"), _("You are asked to call the organisation about an answer in its request: a draft of an access incident waits for you.")),
    "clear": Expectation(_("please clear and draft the decision"), _("You are asked to clear the request and draft the decision."), ("national",)),
    "take_position": Expectation(_("please state your position"), _("You are asked for the position of your organisation. Silence is not support."), ("consultation",)),
    "decide": Expectation(_("please decide"), _("You are asked to decide."), ("hc",)),
    "transmit": Expectation(_("please transmit to the force"), _("You are asked to transmit the request to the force."), ("transmission",)),
    "acknowledge": Expectation(_("please acknowledge receipt"), _("You are asked to acknowledge receipt."), ("acknowledgement",)),
    "reply": Expectation(_("please reply"), _("You are asked to reply: accept, accept with limits, decline, or make a counter-proposal."), ("reply",)),
    "plan": Expectation(_("please plan the patrols"), _("You are asked to say on which days your force patrols, or that it does not."), ("reply",)),
    "pass_on": Expectation(_("please pass on to the force"), _("You are asked to pass the request for a patrol on to the force."), ("station",)),
    "feedback": Expectation(_("please say what the patrols changed"), _("You are asked to say whether the patrols helped, and what happened."), ("after_action",)),
    "weigh": Expectation(_("please weigh the reply"), _("You are asked to compare the reply of the force with the approval."), ("scheduling",)),
    "agree": Expectation(_("please agree or refuse"), _("You are asked to agree to what the force proposes, or to refuse it."), ("scheduling",)),
    "limits": Expectation(_("please agree or comment"), _("You are asked to agree to the limits of the force, or to write to OCHA why not."), ("scheduling",)),
    "schedule": Expectation(_("please schedule"), _("You are asked to agree time, meeting point and contacts."), ("scheduling",)),
    "resubmit": Expectation(_("please complete and submit again"), _("You are asked to complete the request and submit it again."), ("answer",)),
    "answer": Expectation(_("please answer the question"), _("You are asked to answer the question."), ("answer",)),
    "log": Expectation(_("please log the movement"), _("You are asked to log start and end of the movement.")),
    "sheet": Expectation(_("please fill in the execution sheet"), _("You are asked to fill in the execution sheet: vehicles, people, stops, cargo and safety."), ("sheet",)),
    "form": Expectation(_("please file the full form"), _("You are asked to file the full form of the rescue, within 24 hours of the call."), ("form",)),
    "write": Expectation(_("please confirm in writing"), _("You are asked to confirm in writing what you decided by word of mouth, within 24 hours."), ("writing",)),
    "after_action": Expectation(_("please file the after-action review"), _("You are asked to file the after-action review."), ("after_action",)),
    "confirm": Expectation(_("please confirm"), _("You are asked to confirm or dispute what was recorded for you.")),
    "confirm_filing": Expectation(_("please confirm"), _("You are asked to read what OCHA wrote down for your organisation, and to say whether it is right.")),
    "join": Expectation(_("please join or decline"), _("You are asked whether your organisation joins the convoy, and with which part.")),
    "confirm_rights": Expectation(_("please confirm an appointment"), _("You are asked, as second administrator, to confirm or refuse the appointment.")),
    "confirm_policy": Expectation(_("please confirm the policy"), _("You are asked, as Humanitarian Coordinator, to put another policy of the country into force, or to refuse it.")),
    "confirm_change": Expectation(_("please confirm a change"), _("You are asked, as second administrator, to confirm or refuse the change.")),
    "answer_alarm": Expectation(_("call now and decide: continue, turn back or halt"), _("You are asked to decide now, by telephone, whether the convoy continues, turns back or halts. OCHA writes down what was decided.")),
    "confirm_status": Expectation(_("please confirm or reject"), _("You are asked to confirm or reject what OCHA proposed for the force register.")),
    "confirm_post": Expectation(_("please confirm with one button"), _("You are asked to confirm that you still hold this post. The link opens a page with one button; you need not sign in.")),
    "answer_contact": Expectation(_("please say what may be shared"), _("You are asked what may be shown of your name, telephones and addresses. Until you answer nothing beyond your function is shown.")),
    "verify_contact": Expectation(_("please verify a newcomer"), _("You are asked, as OCHA of the duty station, whether this person holds the post.")),
    "name_successor": Expectation(_("please name a successor"), _("You are asked who holds the post next, or to close it.")),
    "take_handover": Expectation(_("please look at what is left behind"), _("You are asked which open requests of whoever leaves this post go to whoever holds it next.")),
    "end_appointment": Expectation(_("please look at the appointments"), _("You are asked, as administrator, whether the appointments of this person end with the post.")),
    "accept": Expectation(_("please accept the invitation"), _("You are asked to accept the invitation.")),
    "reverse_check": Expectation(_("please check: receivable?"), _("You are asked to say whether the request of the force is receivable.")),
    "reverse_consent": Expectation(_("please consent or refuse"), _("You are asked whether your asset may be used. You may refuse without a reason; the force does not learn who refused.")),
    "reverse_purpose": Expectation(_("please test the purpose"), _("You are asked whether the aim is humanitarian, and to put it to the Humanitarian Coordinator or to decline it.")),
    "reverse_review": Expectation(_("please write the after-action"), _("You are asked for a short after-action.")),
    "act": Expectation(pgettext_lazy("in a subject line", "please act"), _("Somebody has to act: look who is on duty, and help the step along.")),
    **meeting_kinds.EXPECTS,
    "read": Expectation(_("for your information"), _("Nothing is expected from you.")),
}
# fmt: on

# Whose clock runs in each step, and for what.
STEPS = {
    "cluster": _("the cluster, for its opinion"),
    "security": _("the security adviser, for the opinion"),
    "station": _("the duty station, for the review"),
    "national": _("the national unit, for clearing"),
    "consultation": _("the country team, for its positions"),
    "hc": _("the Humanitarian Coordinator, for the decision"),
    "transmission": _("OCHA, for the transmission to the force"),
    "acknowledgement": _("the force, for acknowledging receipt"),
    "reply": _("the force, for its reply"),
    "scheduling": _("OCHA, for scheduling with the force"),
    "answer": _("the requester, for the answer"),
    "sheet": _("the requester, for the execution sheet"),
    "form": _("the requester, for the full form"),
    "writing": _("the Humanitarian Coordinator, for confirming in writing"),
    "after_action": _("the requester, for the after-action review"),
    "confirmation": _("the person whose word was recorded, for confirming it"),
}

INFORMATION = "read"


def kind_of(kind: str) -> Kind:
    """The line of this kind, or the one that stands in for its noun."""
    return KINDS.get(kind) or DEFAULTS.get(kind.partition(".")[0]) or DEFAULTS[""]


def asks_something(expects: str) -> bool:
    return expects not in ("", INFORMATION)


def expectation(expects: str) -> Expectation:
    """The line of this code; a code without a line reads as information."""
    return EXPECTS.get(expects) or EXPECTS[INFORMATION]


def group_of(kind: str, expects: str = "") -> str:
    """The line of the preferences page under which a mail falls: a step that waits for its reader is a task, never mere progress."""
    group = kind_of(kind).group
    if asks_something(expects) and group in ("steps", "movement", "talk", "meetings"):
        return "tasks"
    return group


def is_mandatory(kind: str, expects: str = "") -> bool:
    return GROUPS[group_of(kind, expects)].mandatory
