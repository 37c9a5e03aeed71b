"""How does somebody say yes to SMS, prove their number, and take it back? Only ever each for themselves."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.activity import gateway, sms, sms_numbers
from cmcoord.activity.hurry import hurry_sms_after_commit
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.services import Tell, record
from cmcoord.activity.sms_numbers import SmsNumber

PAUSE = timedelta(seconds=60)  # between two codes


def why_not_ask(*, by) -> str:
    """ "" or why no code is sent to this person now."""
    if not gateway.is_set():
        return _("This portal sends no SMS.")
    now = timezone.now()
    codes = Event.objects.about(by).filter(kind=sms_numbers.CONFIRM, at__gt=now - sms_numbers.DAY)
    sent = list(codes.values_list("at", flat=True)[: sms_numbers.MOST_CODES])
    if len(sent) >= sms_numbers.MOST_CODES:
        return _("Too many codes were sent today. Try again tomorrow.")
    if sent and now - sent[-1] < PAUSE:
        return _("A code was just sent. Wait a minute before you ask for another one.")
    return ""


@transaction.atomic
def ask_code(*, number: str, by) -> SmsNumber:
    """Send a code to a number; SMS begin once it was typed in. The number before, if any, no longer counts.

    Raises PermissionDenied with the sentence, or ValidationError for a number that gets no SMS.
    """
    get_user_model().objects.select_for_update().only("pk").get(pk=by.pk)  # of two at once the second counts the first
    if why := why_not_ask(by=by):
        raise PermissionDenied(why)
    number, code, now = sms_numbers.e164(number), sms_numbers.new_code(), timezone.now()
    had_one = bool(sms_numbers.with_number([by]))
    row, _new = SmsNumber.objects.update_or_create(
        user=by,
        defaults={
            "number": number,
            "code_digest": sms_numbers.digest_of(by.pk, number, code),
            "code_until": now + sms_numbers.CODE_VALID,
            "tries": 0,
            "confirmed_at": None,
        },
    )
    tell = [Tell(by, also_actor=True)] if had_one else []
    event = record(by, sms_numbers.CONFIRM, by=by, secret={sms.CODE: code}, tell=tell, at=now)
    Notification.objects.create(
        event=event, recipient=by, channel=Notification.Channel.SMS, kind=event.kind, due_at=now
    )
    hurry_sms_after_commit()
    return row


def confirm_number(*, code: str, by) -> None:
    """The person types the code in: from now on pressing news come by SMS too. A wrong code counts, and stays counted.

    Raises PermissionDenied when no code is taken any more, ValidationError for a wrong one.
    """
    with transaction.atomic():
        row = SmsNumber.objects.select_for_update().filter(user=by).first()
        if why := sms_numbers.why_not_confirm(row):
            raise PermissionDenied(why)
        assert row is not None  # noqa: S101  why_not_confirm() answered for the same row
        right = sms_numbers.is_code(row, code)
        if right:
            row.confirmed_at, row.code_until, row.code_digest = timezone.now(), None, ""
            record(by, "user.start_sms", by=by, tell=[Tell(by, also_actor=True)])
        else:
            row.tries += 1
        row.save()
    if not right:
        raise ValidationError({"code": _("This is not the code that was sent.")})


@transaction.atomic
def stop(*, by) -> None:
    """No SMS any more, from this moment; those that wait are not sent. Twice is once."""
    gone, _rows = SmsNumber.objects.filter(user=by).delete()
    if gone:
        record(by, "user.stop_sms", by=by, tell=[Tell(by, also_actor=True)])
