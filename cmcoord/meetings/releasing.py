"""Which members of a body have no account, and who sends them final minutes as a paper?"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from cmcoord.meetings.models import Meeting, Minutes
from contacts import keepers
from contacts.models import Holding, Sitting


@dataclass(frozen=True)
class Addressee:
    """The mailbox of a post that sits in the body and whose holder has no account."""

    address: str
    organisation: str
    organisation_id: int
    side: str
    function: str
    language: str = settings.LANGUAGE_CODE


def addressees(meeting: Meeting) -> list[Addressee]:
    """The listed members without an account, each mailbox once, by organisation."""
    rows = Sitting.objects.filter(ends=None, seat__body=meeting.body_id, seat__closed_at=None)
    found: dict[str, Addressee] = {}
    for row in rows.select_related("organisation", "post__organisation", "designate__organisation"):
        post = row.who
        if post is None or post.closed_at or not post.mailbox or post.mailbox.lower() in found:
            continue
        if Holding.objects.in_post().filter(post=post, person__user__is_active=True).exists():
            continue
        of = post.organisation
        found[post.mailbox.lower()] = Addressee(
            post.mailbox, of.acronym or of.name, of.pk, of.side, post.function,
            (meeting.languages or [settings.LANGUAGE_CODE])[0],
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.organisation, one.address))


def may(user, minutes: Minutes) -> bool:
    """OCHA alone: who keeps the body."""
    return keepers.keeps_body(user, minutes.meeting.body)


def why_not(user, minutes: Minutes) -> str:
    """ "" or why this person cannot release the minutes now."""
    if not may(user, minutes):
        return _("Minutes are released by OCHA.")
    return "" if minutes.is_final else _("Only final minutes are released.")


def explained(found: list[Addressee]) -> str:
    """What follows from the release."""
    if not found:
        return _("No member without an account has a mailbox in the directory. Members with an account have the link.")
    return _("The PDF goes by mail to the mailboxes that you choose; each one of a force stands in the release ledger.")
