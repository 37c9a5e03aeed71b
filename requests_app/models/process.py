"""Who moved a case, who was asked, who said what?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.case import Case
from requests_app.models.terms import Status

# Decisions of the Humanitarian Coordinator go up when they are not confirmed in time (domain.md §2.8).
FILING = ("submit", "resubmit")  # the acts by which a request is handed in
ORAL = ("approve_orally", "deny_orally")  # confirmed in writing within 24 hours, with a clock of the case
DECISIONS = ("approve", "deny", "extend", "refuse_extension", *ORAL)
CONFIRMED_WITHIN = timedelta(hours=72)


class OnBehalf(models.Model):
    """OCHA wrote down what a person said by telephone, radio or on paper; the person confirms it (domain.md §2.8)."""

    class Source(models.TextChoices):
        TELEPHONE = "telephone", _("Telephone")
        RADIO = "radio", _("Radio")
        PAPER = "paper", _("Paper")
        EMAIL = "email", _("E-mail")
        IN_PERSON = "in_person", _("In person")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="records_on_behalf")
    act = models.CharField(max_length=32)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    person_function = models.CharField(_("who said it (function)"), max_length=120)
    addressee = models.ForeignKey("contacts.Addressee", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(_("how it came"), max_length=12, choices=Source.choices)
    received_at = models.DateTimeField(_("when it was said"))
    witness = models.CharField(_("witness (function)"), max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="on_behalf_confirmed_or_disputed", condition=Q(confirmed_at=None) | Q(disputed_at=None)
            ),
            models.CheckConstraint(
                name="on_behalf_of_somebody_else",
                condition=Q(person__isnull=True) | ~Q(person=models.F("recorded_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.person_function}"

    @property
    def due_at(self) -> datetime | None:
        """By when it has to be confirmed; what is no decision waits without a clock."""
        return self.recorded_at + CONFIRMED_WITHIN if self.act in DECISIONS and self.act not in ORAL else None

    @property
    def is_filing(self) -> bool:
        """Handed in for somebody without an account: the organisation confirms it by a link or a call."""
        return self.act in FILING and self.person_id is None

    @property
    def awaits_confirmation(self) -> bool:
        return self.person_id is not None and self.confirmed_at is None and self.disputed_at is None


class Move(models.Model):
    """One step in the life of a case. Append-only; the database lets a status change only with its row."""

    class ReasonCode(models.TextChoices):
        """Why a request was withdrawn, where it counts as solved or goes on elsewhere."""

        NEGOTIATED = "negotiated", _("Acceptance or negotiation worked: we go without the military")
        PATROL = "patrol", _("A patrol on the axis is enough")
        JOINED = "joined", _("We travel in the convoy of another organisation")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    code = models.CharField(max_length=24)
    from_status = models.CharField(max_length=16, choices=Status.choices)
    to_status = models.CharField(max_length=16, choices=Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    reason_code = models.CharField(max_length=12, blank=True, choices=ReasonCode.choices)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="move_by_person_or_portal", condition=Q(by__isnull=False) | Q(capacity="portal")
            )
        ]
        indexes = [
            models.Index(fields=["at"], name="move_civilian_day", condition=Q(to_status="civilian")),
            models.Index(fields=["at"], name="move_solved_day", condition=~Q(reason_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.from_status} → {self.to_status}"


class Consultation(models.Model):
    """A body that was asked for its opinion; silence passes on as "no answer".

    `body` is "cluster:LOG", "undss", "ngo_adviser" or "own_security". `case_created_at` repeats the case's
    date so that the list of a consulted body walks one index.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consultations")
    body = models.CharField(max_length=24)
    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+")
    case_created_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="consultation_once_per_body", fields=["case", "body"])]
        indexes = [
            models.Index(fields=["body", "country", "-case_created_at", "-case"], name="consultation_body_new"),
            models.Index(
                fields=["body", "country", "due_at"],
                name="consultation_waiting",
                condition=Q(answered_at=None, lapsed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.body

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.lapsed_at is None


class Opinion(models.Model):
    """What a consulted body answered, under its own signature. Append-only; the newest of a body counts."""

    class Value(models.TextChoices):
        ENDORSED = "endorsed", _("Endorsed as a priority")
        NOT_PRIORITY = "not_priority", _("Not a priority")
        CIVILIAN = "civilian", _("Met by civilian means")
        FAVOURABLE = "favourable", _("Favourable")
        MEASURES = "measures", _("Favourable with measures")
        UNFAVOURABLE = "unfavourable", _("Unfavourable")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    body = models.CharField(max_length=24)
    value = models.CharField(_("opinion"), max_length=16, choices=Value.choices)
    text = models.TextField(_("reasons"), max_length=1000, blank=True)
    reference = models.CharField(_("reference of the analysis"), max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.ForeignKey(OnBehalf, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_value_display()}"


class Comment(models.Model):
    """A remark or question about a case, for an audience chosen before typing. Append-only."""

    class Audience(models.TextChoices):
        OCHA = "ocha", _("OCHA only")
        REQUESTER = "requester", _("The requesting organisation and OCHA")
        DECISION = "decision", _("OCHA and the Humanitarian Coordinator")
        TEAM = "team", _("The country team, OCHA and the Humanitarian Coordinator")
        EVERYBODY = "everybody", _("Everybody on the humanitarian side who sees this case")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    audience = models.CharField(_("who may read it"), max_length=12, choices=Audience.choices)
    text = models.TextField(_("text"), max_length=2000)
    is_question = models.BooleanField(default=False)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
