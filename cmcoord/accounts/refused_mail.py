"""Mails that no server takes: who does not get what, since when; and how an administrator has one sent again."""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.hurry import hurry_after_commit
from cmcoord.activity.models import Notification
from cmcoord.activity.services import record

COUNTED = 100  # on the first page
ANSWER = re.compile(r"\b([245]\d\d)\b(?:\D{0,4}\b([245]\.\d{1,3}\.\d{1,3})\b)?")


def count() -> int:
    """How many mails were given up, counted no further than the page tells."""
    return Notification.objects.refused()[:COUNTED].count()


def unreached_since(user: User) -> datetime | None:
    """Since when mail to this person is refused; None when the last one arrived."""
    mails = Notification.objects.filter(recipient=user, channel=Notification.Channel.MAIL)
    arrived = mails.filter(status=Notification.Status.SENT).aggregate(last=Max("sent_at"))["last"]
    refused = mails.filter(status=Notification.Status.FAILED)
    if arrived:
        refused = refused.filter(event__at__gt=arrived)
    return refused.order_by("event__at").values_list("event__at", flat=True).first()


def reason(row: Notification) -> str:
    """Why it was given up, by the code of the server's answer alone: its words may repeat the message."""
    if answer := ANSWER.search(row.last_error):
        return _("The mail server refused it: %(code)s.") % {"code": " ".join(filter(None, answer.groups()))}
    return _("No mail server took it.")


def why_not_send(row: Notification, *, by: User) -> str:
    """May `by` have this mail sent again?"""
    if not scope.has_perm(by, Perm.MANAGE_ACCOUNTS):
        return _("Only a portal administrator can do this.")
    if row.status != Notification.Status.FAILED:
        return _("This mail is on its way already.")
    if row.recipient_id and not row.recipient.is_active:
        return _("This account is deactivated.")
    return ""


@transaction.atomic
def send_again(row: Notification, *, by: User) -> Notification:
    """Put a refused mail back among those that wait, with all its attempts before it."""
    row = locked(row)
    stop_if(why_not_send(row, by=by))
    attempts, row.attempts = row.attempts, 0
    row.status, row.due_at, row.last_error = Notification.Status.PENDING, timezone.now(), ""
    row.save(update_fields=["status", "due_at", "attempts", "last_error"])
    record(
        row,
        "mail.send_again",
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
        stream=row.event.stream,
        data={"recipient": row.recipient_id, "kind": row.kind, "expects": row.expects, "attempts": attempts},
    )
    hurry_after_commit()
    return row
