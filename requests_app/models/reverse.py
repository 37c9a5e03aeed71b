"""What does a force ask to use of the humanitarians' means, how does it stand, and what was the force answered?"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models.process import OnBehalf
from requests_app.visibility import asked_by, reverse_q


class AssetWanted(models.TextChoices):
    SEAT = "seat", _("Seat on a flight")
    CARGO = "cargo", _("Cargo space")
    WAREHOUSE = "warehouse", _("Warehouse")
    VEHICLE = "vehicle", _("Vehicle")
    FORKLIFT = "forklift", _("Forklift")
    CLINIC = "clinic", _("Clinic")
    WATER = "water", pgettext_lazy("humanitarian asset", "Water")
    DATA = "data", _("Data, map")
    OTHER = "other", _("Something else")


class PurposeKind(models.TextChoices):
    HUMANITARIAN = "humanitarian", _("A humanitarian objective")
    LIFE_SAVING = "life_saving", _("Saving the life of own personnel")
    ADMINISTRATIVE = "administrative", _("Administration")
    OPERATIONAL = "operational", _("A military or police operation")


class Content(models.TextChoices):
    """What may be declared (domain.md §3.3 content_declaration); codes are those of CountryProfile.Transport."""

    WEAPONS = "weapons", _("Weapons")
    AMMUNITION = "ammunition", _("Ammunition")
    EQUIPMENT = "equipment", _("Military equipment")
    UNIFORMED = "uniformed", _("Uniformed personnel")
    PLAIN_CLOTHES = "plain_clothes", _("Military personnel in civilian clothes")
    DETAINEES = "detainees", _("Detainees")
    FUEL = "fuel", _("Fuel for military use")
    GOODS = "goods", _("Goods or personnel of a force, whatever they are")  # found by the portal, not declared
    NONE = "none", _("None of these")


class ReverseStatus(models.TextChoices):
    SUBMITTED = "submitted", _("With OCHA")
    REFUSED = "refused", _("Refused automatically")
    CONSENTING = "consenting", _("With the owner")
    TESTING = "testing", _("Purpose tested by OCHA")
    DECIDING = "deciding", _("With the Humanitarian Coordinator")
    AGREED = "agreed", _("Agreed with conditions")
    DECLINED = "declined", pgettext_lazy("reverse request", "Declined")
    EXECUTED = "executed", pgettext_lazy("reverse request", "Carried out")
    CLOSED = "closed", pgettext_lazy("reverse request", "Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the force")
    EXPIRED = "expired", pgettext_lazy("reverse request", "Expired")


class OwnerConsent(models.TextChoices):
    PENDING = "pending", _("not given yet")
    CONSENTS = "consents", _("consents")
    REFUSES = "refuses", _("refuses")


class Validation(models.TextChoices):
    OPEN = "open", _("not known yet")
    REQUIRED = "required", _("required")
    NOT_REQUIRED = "not_required", _("not required")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", pgettext_lazy("validation", "refused")


class ReverseCondition(models.TextChoices):
    """Conditions that an agreement can carry."""

    WINDOW_ONLY = "window_only", _("These dates only")
    NO_ARMS = "no_uniform_no_arms", _("No uniform, weapon or military equipment")
    CHECKED = "checked_before", _("The owner checks people and goods before it begins")
    MARKING = "marking_stays", _("The marking of the asset is neither used nor covered")
    NO_PUBLICITY = "no_publicity", _("No photographs or publicity linking the two")
    NO_INTELLIGENCE = "no_intelligence", _("No questions to staff or people assisted")
    OWNER_STOPS = "owner_stops", _("The owner may stop at any time")
    COSTS_AGREED = "costs_agreed", _("Costs as agreed in writing")
    REPORT = "report_in_7_days", _("After-action within 7 days")


class ReverseQuerySet(models.QuerySet["ReverseRequest"]):
    def visible_to(self, user) -> ReverseQuerySet:
        """For the humanitarian side: OCHA of the station and the country, the owner once it is asked, the
        Humanitarian Coordinator once it was put to them or they were informed.
        """
        return self.filter(reverse_q(user))

    def asked_by(self, user) -> ReverseQuerySet:
        """What the person's own force has asked in the country where they work."""
        return self.filter(asked_by(user))


class ReverseRequest(models.Model):
    """One reverse request, from the force's form to the after-action (domain.md §2.3, §3.3).

    Only services.reversing writes `status`. What is prohibited can stand in no other status than refused.
    """

    activity_kind = "reverse"

    reference = models.CharField(max_length=24, unique=True)
    force_reference = models.CharField(max_length=24)
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile = models.ForeignKey("places.CountryProfile", on_delete=models.PROTECT, related_name="+", db_index=False)
    station = models.ForeignKey("places.DutyStation", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", db_index=False)
    force = models.ForeignKey("contacts.Force", on_delete=models.PROTECT, related_name="+", db_index=False)
    component = models.CharField(max_length=120)
    asset_wanted = models.CharField(max_length=12, choices=AssetWanted.choices)
    purpose_kind = models.CharField(max_length=16, choices=PurposeKind.choices)
    purpose_text = models.TextField(max_length=1500)
    content = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    owner = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", db_index=False)
    prohibited = models.JSONField(default=list, editable=False)
    clause = models.CharField(max_length=24, blank=True, editable=False)
    owner_consent = models.CharField(
        max_length=8, choices=OwnerConsent.choices, default=OwnerConsent.PENDING, editable=False
    )
    hc_validation = models.CharField(max_length=12, choices=Validation.choices, default=Validation.OPEN, editable=False)
    status = models.CharField(
        max_length=12, choices=ReverseStatus.choices, default=ReverseStatus.SUBMITTED, editable=False
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True)  # found receivable: from then on the owner sees it
    hc_from = models.DateTimeField(null=True)  # from then on the Humanitarian Coordinator sees it
    due_at = models.DateTimeField(null=True)

    objects = ReverseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="reverse_force_reference_once", fields=["organisation", "force_reference"]),
            models.CheckConstraint(name="reverse_ends_after_start", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(
                name="reverse_prohibited_is_refused",
                condition=Q(prohibited=[]) | (Q(status="refused") & ~Q(clause="")),
            ),
            models.CheckConstraint(
                name="reverse_agreed_by_both",
                condition=~Q(status__in=["agreed", "executed", "closed"])
                | Q(owner_consent="consents", hc_validation="granted"),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "country", "-id"], name="reverse_of_force"),
            models.Index(fields=["country", "-id"], name="reverse_of_country"),
            models.Index(fields=["station", "-id"], name="reverse_of_station"),
            models.Index(fields=["owner", "country", "-id"], name="reverse_of_owner"),
            models.Index(fields=["ends_at"], name="reverse_running", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("requests:reverse", args=[self.reference])

    @property
    def force_url(self) -> str:
        """The page of the force that asked."""
        return reverse("requests:reverse_asked", args=[self.force_reference])

    @property
    def stream(self) -> str:
        return self.country_id

    def scope_facts(self) -> dict:
        """Where a right must lie to count here."""
        return {
            "country": self.country_id,
            "stations": (self.station_id,),
            "touches": (self.station_id,),
            "author": self.filed_by_id,
            "forces": (self.organisation_id,),
            "organisation": self.owner_id,
            "request_type": "REV",
            "urgent": False,
        }


class ReverseMove(models.Model):
    """One step of a reverse request. Append-only; the database lets a status change only with its row.

    `said_by` and what follows stand together: OCHA wrote down what the owner said by telephone.
    """

    reverse = models.ForeignKey(ReverseRequest, on_delete=models.PROTECT, related_name="moves")
    code = models.CharField(max_length=24)
    from_status = models.CharField(max_length=12, choices=ReverseStatus.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=ReverseStatus.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=24, blank=True)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    said_by = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=12, choices=OnBehalf.Source.choices, blank=True)
    said_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reverse_move_by_person_or_portal", condition=Q(by__isnull=False) | Q(capacity="portal")
            ),
            models.CheckConstraint(
                name="reverse_move_said_whole",
                condition=Q(said_by="", source="", said_at=None)
                | (~Q(said_by="") & ~Q(source="") & Q(said_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.from_status} → {self.to_status}"


class ReverseAnswer(models.Model):
    """One frozen, numbered answer to a force: all that its pages tell of what became of its request. Append-only."""

    class Kind(models.TextChoices):
        REFUSED = "refused", _("Refused automatically")
        AGREED = "agreed", _("Agreed with conditions")
        DECLINED = "declined", pgettext_lazy("reverse request", "Declined")
        TAKEN_BACK = "taken_back", _("Agreement taken back")
        DONE = "done", _("Recorded as carried out")
        LAPSED = "lapsed", _("Its time has passed")

    reverse = models.ForeignKey(ReverseRequest, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    force_reference = models.CharField(max_length=24)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    content = models.JSONField()
    language = models.CharField(max_length=5)
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="reverse_answer_once", fields=["organisation", "force_reference", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.force_reference}/{self.number}"
