"""What must hold before the country team is consulted, speaks, or is found to agree? Guards, as in guards.py."""

from __future__ import annotations

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app import consensus
from requests_app.guards import Asked
from requests_app.models import Comment, TeamSeat


def team_is_there(asked: Asked) -> str:
    """A consultation without members is none, nor one of fewer than the country wants reached (domain.md §2.7)."""
    table = consensus.at_the_table(asked.case)
    members = [each for each in table if consensus.voice_of(each, asked.case) == TeamSeat.Voice.MEMBER]
    needed = asked.case.profile.members_needed
    if not members:
        return _("The country team has no member in the portal: appoint its members first.")
    if len(members) < needed:
        return ngettext(
            "The country team has %(count)d member in the portal; %(needed)d have to be reached.",
            "The country team has %(count)d members in the portal; %(needed)d have to be reached.",
            len(members),
        ) % {"count": len(members), "needed": needed}
    return ""


def at_the_table(asked: Asked) -> str:
    """Who speaks has a seat in this consultation; what OCHA writes down is asked of the person who said it."""
    if asked.recorded:
        return ""
    seat = consensus.seat_of(asked.user, asked.case)
    if seat is None:
        return _("Your organisation was not at the table when this consultation was opened.")
    if seat.row.voice == TeamSeat.Voice.REQUESTER or asked.user.organisation_id == asked.case.organisation_id:
        return _("You cannot decide a request of your own organisation.")
    return ""


def question_of_team_open(asked: Asked) -> str:
    rows = [row for row in asked.case.comments.all() if row.audience == Comment.Audience.TEAM]
    answered = {row.answers_id for row in rows}
    if any(row.is_question and row.pk not in answered for row in rows):
        return ""
    return _("There is no open question of the country team.")


def team_was_heard(asked: Asked) -> str:
    """Everybody had their time: the window is over, or every member was reached before."""
    if consensus.is_held(asked.case, asked.now):
        return ""
    silent = consensus.not_reached(asked.case)
    return ngettext(
        "The consultation is still open, and %(count)d member has not been reached yet.",
        "The consultation is still open, and %(count)d members have not been reached yet.",
        len(silent),
    ) % {"count": len(silent)}


def enough_reached(asked: Asked) -> str:
    """Silence is no support: who said nothing was not reached."""
    consultation = asked.case.team_consultation
    needed, found = consultation.members_needed if consultation else 0, len(consensus.reached(asked.case))
    if found >= max(needed, 1):
        return ""
    return _("%(found)d of %(needed)d members were reached; silence is not support.") % {
        "found": found,
        "needed": max(needed, 1),
    }


def no_open_objection(asked: Asked) -> str:
    """An objection stops until it is withdrawn by a new position of the same seat (ML-POS ¶6), in a later consultation
    on the same request too."""
    found = consensus.objections(asked.case)
    if not found:
        return ""
    names = get_text_list([str(seat.row.organisation) for seat in found], _("and"))
    if all(seat.pending for seat in found):
        return _("The objection of %(names)s stands until they confirm the new position that OCHA recorded.") % {
            "names": names
        }
    return _("There is no consensus while an objection stands: %(names)s.") % {"names": names}
