"""What reached a force: a row for each paper, released text, mail, SMS, download and recorded reading. Append-only."""

import hashlib
from email.mime.base import MIMEBase

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FORCE = "force"  # the side of military and police
MAILBOXES = "force_mailboxes"  # in the data of an event: which mailboxes that it was mailed to are of which force


class Release(models.Model):
    """One thing that reached one force: what, with the hash of its bytes, to whom, by whom, when. Append-only."""

    class What(models.TextChoices):
        EXTRACT = "extract", _("numbered paper")
        TEXT = "text", _("released text")
        MAIL = "mail", pgettext_lazy("release ledger", "mail")
        SMS = "sms", pgettext_lazy("release ledger", "SMS")
        CALL = "call", pgettext_lazy("release ledger", "by telephone")
        DOWNLOAD = "download", pgettext_lazy("release ledger", "download")
        READING = "reading", pgettext_lazy("release ledger", "reading")
        MINUTES = "minutes", pgettext_lazy("release ledger", "minutes of a meeting")

    what = models.CharField(_("kind"), max_length=10, choices=What.choices)
    code = models.CharField(max_length=60)  # the kind of paper, the name of the text, the kind of event
    stream = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", db_index=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    function = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=24, blank=True)  # the force's own; empty when it is about no request
    number = models.PositiveSmallIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    event = models.ForeignKey("activity.Event", models.PROTECT, related_name="releases", db_index=False)
    notification = models.OneToOneField("activity.Notification", models.PROTECT, null=True, related_name="release")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "activity"
        verbose_name = _("release to a force")
        constraints = [
            models.CheckConstraint(
                name="release_mail_has_its_row",
                condition=Q(what__in=["mail", "sms"], notification__isnull=False)
                | (~Q(what__in=["mail", "sms"]) & Q(notification=None)),
            ),
            models.UniqueConstraint(
                name="release_extract_once",
                fields=["organisation", "reference", "number"],
                condition=Q(what="extract"),
            ),
        ]
        indexes = [
            models.Index(fields=["stream", "-id"], name="release_of_stream"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="release_of_subject"),
            models.Index(fields=["event"], name="release_of_event"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.reference}"


What = Release.What


def digest(content: str | bytes) -> str:
    """The fingerprint of what was handed over."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def digest_of_mail(message: EmailMultiAlternatives) -> str:
    """The fingerprint of one mail: subject, text, HTML and what is attached, with a zero byte between."""
    html = [str(content) for content, _mimetype in message.alternatives]
    attached = [str(part.get_payload()) for part in message.attachments if isinstance(part, MIMEBase)]
    return digest("\0".join([str(message.subject), str(message.body), *html, *attached]))


def enter(event, *, what: str, code: str, organisation: int, sha256: str, **facts) -> Release:
    """Write one row about an event, in the caller's transaction; by the event's actor at its time, unless told."""
    return Release.objects.create(
        what=what,
        code=code,
        stream=event.stream,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        organisation_id=organisation,
        sha256=sha256,
        event=event,
        **({"by_id": event.by_id, "at": event.at} | facts),
    )


def mailbox(address: str) -> str:
    """By which word an event names a mailbox of a force without writing the address down."""
    return digest(address.lower())[:16]


def force_of(notification) -> int | None:
    """The force to whose account, or to whose mailbox, this row goes; None for everybody else."""
    person = notification.recipient if notification.recipient_id else None
    if person is not None:
        return person.organisation_id if getattr(person, "side", "") == FORCE else None
    return notification.event.data.get(MAILBOXES, {}).get(mailbox(notification.address))


def enter_mail(notification, message: EmailMultiAlternatives, *, at) -> None:
    """The row of a mail that the mail server took for somebody of a force; nobody else's mail has one."""
    _enter_sent(notification, What.MAIL, digest_of_mail(message), at=at)


def enter_sms(notification, text: str, *, at) -> None:
    """The row of an SMS that the gateway took for somebody of a force; nobody else's has one."""
    _enter_sent(notification, What.SMS, digest(text), at=at)


def _enter_sent(notification, what: str, sha256: str, *, at) -> None:
    force = force_of(notification)
    if force is None:
        return
    person, event = notification.recipient, notification.event
    enter(
        event,
        what=what,
        code=event.kind,
        organisation=force,
        sha256=sha256,
        recipient=person,
        function=person.function_title if person else "",
        reference=event.data.get("force_reference") or "",
        notification=notification,
        at=at,
    )
