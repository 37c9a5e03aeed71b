"""To which number does somebody want SMS? Typed in, proved by a code that comes to it, and taken back at any time.

A number stands here as E.164. One row for each person; without a confirmed number nobody gets an SMS.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CODE_DIGITS = 6
CODE_VALID = timedelta(minutes=15)
MOST_TRIES = 5  # wrong codes, after which a new one has to be asked for
MOST_CODES = 5  # in a day
DAY = timedelta(days=1)
COSTLY = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)
CONFIRM = "user.confirm_number"  # the event whose SMS carries the code


class SmsNumber(models.Model):
    """The number of one person: waiting for its code, or confirmed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.CharField(gettext_lazy("mobile number"), max_length=16)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "activity"
        verbose_name = gettext_lazy("number for SMS")
        constraints = [
            models.CheckConstraint(name="smsnumber_e164", condition=Q(number__startswith="+")),
            models.CheckConstraint(
                name="smsnumber_code_until_confirmed",
                condition=Q(confirmed_at=None, code_until__isnull=False) & ~Q(code_digest="")
                | Q(confirmed_at__isnull=False, code_until=None, code_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


def e164(text: str) -> str:
    """The number as E.164, or ValidationError with the sentence: only with a country code, and of no paid service."""
    try:
        parsed = phonenumbers.parse(text.strip(), None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or parsed.extension or not phonenumbers.is_possible_number(parsed):
        raise ValidationError(_("Write a mobile number with the country code, for example +236 00 00 00 00."))
    if phonenumbers.number_type(parsed) in COSTLY:
        raise ValidationError(_("SMS are not sent to numbers of paid services."))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def of(user) -> SmsNumber | None:
    """The person's number, confirmed or waiting."""
    return SmsNumber.objects.filter(user=user).first()


def with_number(users) -> set[int]:
    """Of these people, the keys of those who get SMS."""
    return set(SmsNumber.objects.filter(user__in=users, confirmed_at__isnull=False).values_list("user_id", flat=True))


def number_of(notification) -> str:
    """To which number this SMS goes now: the confirmed one; a code goes to the one that waits for it. "" for none."""
    row = of(notification.recipient_id)
    if row is None:
        return ""
    waits = row.confirmed_at is None and row.code_until is not None and timezone.now() < row.code_until
    wanted = waits if notification.kind == CONFIRM else row.confirmed_at is not None
    return row.number if wanted else ""


def new_code() -> str:
    return "".join(secrets.choice("0123456789") for _each in range(CODE_DIGITS))


def digest_of(user_id: int, number: str, code: str) -> str:
    """A code counts for one person and one number only."""
    words = f"{user_id}/{number}/{code}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()


def why_not_confirm(row: SmsNumber | None) -> str:
    """ "" or why no code of this number is taken now."""
    if row is None or row.confirmed_at or row.code_until is None or timezone.now() >= row.code_until:
        return _("This code is no longer valid. Ask for a new one.")
    if row.tries >= MOST_TRIES:
        return _("Too many wrong codes. Ask for a new one.")
    return ""


def is_code(row: SmsNumber, code: str) -> bool:
    """Is this the code that was sent to the number?"""
    return hmac.compare_digest(row.code_digest, digest_of(row.user_id, row.number, "".join(code.split())))
