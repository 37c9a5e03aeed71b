"""What happened (Event, sealed in chains), who hears of it (Notification, Preference), what comes due (Reminder)."""

import hashlib
import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.releases import Release  # noqa: F401  a model of this app, in a file of its own
from cmcoord.activity.sms_numbers import SmsNumber  # noqa: F401  likewise

UNREAD_CAP = 100  # shown as "99+"


class EventQuerySet(models.QuerySet):
    def about(self, subject):
        """The events of one subject, oldest first, with the people that the sentences name: one query."""
        return (
            self.filter(subject_kind=subject.activity_kind, subject_id=subject.pk)
            .select_related("by", "acting_for")
            .order_by("id")
        )


class Event(models.Model):
    """One thing that happened. Never changed, never deleted: a database trigger refuses both.

    `data` carries values of the open and restricted classes in clear; of confidential ones only the salted digest,
    under "digests", while the value itself stands in ErasableValue and can be destroyed.
    """

    stream = models.CharField(max_length=8)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject")]

    def __str__(self):
        return f"{self.kind} {self.subject_kind}/{self.subject_id}"


class ErasableValue(models.Model):
    """A confidential value that an event knows by its digest. Without it, event and digest stay whole."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="erasable_values", db_index=False)
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="erasablevalue_one_per_field")]

    def __str__(self):
        return f"{self.field} of event {self.event_id}"

    @staticmethod
    def new_salt() -> str:
        return secrets.token_hex(16)

    @staticmethod
    def digest_of(salt: str, value: str) -> str:
        return hashlib.sha256((salt + value).encode()).hexdigest()

    def matches_event(self) -> bool:
        """Is this still the value that the event was written with?"""
        return self.event.data.get("digests", {}).get(self.field) == self.digest_of(self.salt, self.value)


class Chain(models.Model):
    """The head of one stream's chain, which whoever seals locks; what the last checks found, and its anchor."""

    stream = models.CharField(max_length=8, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)  # rows sealed so far
    hash = models.CharField(max_length=64, blank=True)
    checked = models.PositiveIntegerField(default=0)  # how far the rolling check has come
    broken_at = models.DateTimeField(null=True)
    broken = models.JSONField(null=True)  # the first bad row: [table, id, what, found]
    anchored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("chain of seals")
        constraints = [
            models.CheckConstraint(
                name="chain_broken_with_row",
                condition=Q(broken_at__isnull=True, broken__isnull=True)
                | Q(broken_at__isnull=False, broken__isnull=False),
            )
        ]

    def __str__(self):
        return self.stream


class Seal(models.Model):
    """One link: the digests of a batch of rows and the hash of the link before. Append-only.

    A recovery names the bad rows that two administrators found and accepted; it seals no row and rewrites nothing.
    """

    stream = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    columns = models.JSONField(default=dict)  # table → the columns that its rows had when they were sealed
    recovery = models.JSONField(null=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="seal_number_once")]

    def __str__(self):
        return f"{self.stream} {self.number}"


class SealedRow(models.Model):
    """One row of an append-only table in its seal: its digest, and the salted digests of its hidden columns."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    of_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    subject = models.CharField(max_length=60)
    hidden = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_table", "row_id"], name="sealedrow_once"),
            models.UniqueConstraint(fields=["seal", "position"], name="sealedrow_position"),
        ]
        indexes = [models.Index(fields=["subject", "id"], name="sealedrow_of_subject")]

    def __str__(self):
        return f"{self.of_table} {self.row_id}"


class Salt(models.Model):
    """With it a hidden value can be compared with its digest; destroyed with the value."""

    of_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_table", "row_id", "field"], name="salt_one_per_field")]

    def __str__(self):
        return f"{self.field} of {self.of_table} {self.row_id}"


class Unsealed(models.Model):
    """A row that waits for its seal. A trigger writes it in the transaction of the row; whoever seals deletes it."""

    stream = models.CharField(max_length=8)
    of_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    subject = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["stream", "id"], name="unsealed_of_stream"),
            models.Index(fields=["subject", "id"], name="unsealed_of_subject"),
        ]

    def __str__(self):
        return f"{self.of_table} {self.row_id}"


class Erasure(models.Model):
    """Who destroyed a text that stood in an append-only row, and why. Without it the database refuses. Append-only."""

    stream = models.CharField(max_length=8)
    subject = models.CharField(max_length=60)
    of_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("erasure")
        constraints = [
            models.UniqueConstraint(fields=["of_table", "row_id", "field"], name="erasure_once"),
            models.CheckConstraint(name="erasure_two_persons", condition=Q(second=None) | ~Q(second=models.F("by"))),
            models.CheckConstraint(name="erasure_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.field} of {self.of_table} {self.row_id}"


class NotificationQuerySet(models.QuerySet):
    def refused(self):
        """Mails that were given up, newest first; those to accounts that are closed need nobody's attention."""
        mails = self.filter(status=Notification.Status.FAILED, channel=Notification.Channel.MAIL)
        return mails.exclude(recipient__is_active=False).order_by("-id")

    def claimable(self, now, channel):
        """Rows of a channel that may be sent now: due, or left behind by a worker whose lease has run out."""
        return self.filter(channel=channel).filter(
            Q(status=Notification.Status.PENDING, due_at__lte=now)
            | Q(status=Notification.Status.LEASED, lease_until__lte=now)
        )

    def in_app_of(self, user):
        return self.filter(recipient=user, channel=Notification.Channel.PORTAL)

    def unread(self):
        return self.filter(read_at=None)

    def unread_count(self, user) -> int:
        """How many of the person's notifications are unread, counted no further than the page tells."""
        return self.in_app_of(user).unread()[:UNREAD_CAP].count()


def unread_number(reader: str):
    """The same number as an expression, for a query on people; `reader` leads to the person's key there."""
    unread = Notification.objects.filter(recipient=models.OuterRef(reader), channel="portal", read_at=None)
    first = unread.order_by().values("pk")[:UNREAD_CAP]
    return CountOf(first)


class CountOf(models.Subquery):
    """How many rows a subquery has; unlike Count() it stops where the subquery's limit says."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


class Notification(models.Model):
    """One event, one person, one channel. The row is the promise; Celery only hurries it along."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("in the portal")
        MAIL = "mail", _("by mail")
        SMS = "sms", _("by SMS")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        LEASED = "leased", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        WITHHELD = "withheld", _("not sent: its reader may no longer read what it is about")

    event = models.ForeignKey(Event, models.PROTECT, related_name="notifications", db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    address = models.EmailField(blank=True)  # only for somebody who has no account yet (an invitation)
    language = models.CharField(
        max_length=5, blank=True
    )  # goes with address; a user's own language is read when sending
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=60)
    expects = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_key = models.CharField(
        max_length=32, blank=True
    )  # which claim holds the row; a late worker may not write over it
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = NotificationQuerySet.as_manager()

    activity_kind = "mail"

    class Meta:
        verbose_name = _("notification")
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="notification_once_per_channel"),
            models.UniqueConstraint(
                fields=["event", "address"], condition=Q(recipient=None), name="notification_once_per_address"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="") | (Q(recipient=None) & ~Q(address="")),
                name="notification_has_one_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=["pending", "leased"]), name="notification_waiting"),
            models.Index(fields=["recipient", "channel", "-id"], name="notification_of_reader"),
            models.Index(fields=["recipient"], condition=Q(channel="portal", read_at=None), name="notification_unread"),
            models.Index(fields=["-id"], condition=Q(status="failed"), name="notification_failed"),
        ]

    def __str__(self):
        return f"{self.kind} {self.channel} {self.status}"


class Preference(models.Model):
    """Whether a person wants mail for one group of kinds (kinds.GROUPS). No row means yes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_one_per_kind")]

    def __str__(self):
        return f"{self.kind}: {'mail' if self.mail else 'no mail'}"


class ReminderQuerySet(models.QuerySet):
    def open_for(self, subject):
        return self.filter(subject_kind=subject.activity_kind, subject_id=subject.pk, sent_at=None, void_at=None)

    def due(self, now):
        """What should have been sent by now and was neither sent nor made void: a stopped worker loses nothing."""
        return self.filter(due_at__lte=now, sent_at=None, void_at=None).order_by("due_at", "id")


class Reminder(models.Model):
    """A moment at which somebody must be reminded: a row with "due" and "sent", never a time window."""

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "key"], name="reminder_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(void_at=None), name="reminder_sent_or_void"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, void_at=None), name="reminder_open"),
        ]

    def __str__(self):
        return f"{self.key} of {self.subject_kind}/{self.subject_id}"


class DemoMail(models.Model):
    """A mail that the demonstration portal delivered, kept so that a visitor can read what each person received."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["recipient", "-id"], name="demomail_of_reader")]

    def __str__(self):
        return self.subject


class DemoSms(models.Model):
    """An SMS that the gateway of the demonstration portal took, kept so that a visitor can read it."""

    number = models.CharField(max_length=20)
    text = models.CharField(max_length=640)
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["number", "-id"], name="demosms_of_number")]

    def __str__(self):
        return self.text
