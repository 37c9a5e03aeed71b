"""What must be known before an approved movement leaves? The execution sheet: vehicles, people, stops, cargo, safety.

The requester fills it beside the request, part by part, until the escort is scheduled (domain.md §3.1, §3.2).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import VehicleKind
from requests_app.models.case import Case


class ReturnLeg(models.TextChoices):
    ESCORTED = "escorted", _("Escorted as well")
    NOT_ESCORTED = "not_escorted", _("Without escort")
    LATER = "later", _("Decided later")
    NONE = "none", _("No return")


class Costs(models.TextChoices):
    FREE = "free", _("Free of charge")
    REIMBURSED = "reimbursed", _("Reimbursed")
    LETTER = "letter", _("By letter of agreement")
    UNKNOWN = "unknown", _("Not known yet")


class Criticality(models.TextChoices):
    """How critical the programme is (United Nations only, IASC-AE §V.1)."""

    PC1 = "pc1", _("PC1: life-saving, or ordered by the Secretary-General")
    PC2 = "pc2", _("PC2: high")
    PC3 = "pc3", _("PC3: medium")
    PC4 = "pc4", _("PC4: low")


class EscortRule(models.TextChoices):
    """What convoy and escort agree on (domain.md §3.2, rules_for_escort)."""

    NO_WEAPONS = "no_weapons", _("No weapon in our vehicles")
    DISTANCE = "distance", _("The escort keeps its distance")
    NO_PRESENCE = "no_presence", _("No military presence at the distribution")
    LEADER_STOPS = "leader_stops", _("The convoy leader may stop or turn back")
    NO_SEARCHES = "no_searches", _("No searching or questioning of people assisted")
    WITHDRAWS = "withdraws", _("The escort withdraws when the convoy leader asks for it")


class ExecutionSheet(models.Model):
    """The execution sheet of one request. `version` counts each saving, `sent_version` is the one the force has.

    `is_complete` is written with each saving; services.preparing asks again before the escort is scheduled.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="sheet")
    version = models.PositiveIntegerField(default=0)
    sent_version = models.PositiveIntegerField(default=0)
    is_complete = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    names_destroyed_at = models.DateTimeField(null=True)

    convoy_name = models.CharField(max_length=60, blank=True)
    leaves_at = models.DateTimeField(null=True, blank=True)
    arrives_at = models.DateTimeField(null=True, blank=True)
    return_leg = models.CharField(max_length=12, choices=ReturnLeg.choices, blank=True)
    alternative_axis = models.ForeignKey("places.Axis", on_delete=models.PROTECT, null=True, related_name="+")

    convoy_leader = models.CharField(max_length=120, blank=True)
    leader_telephone = models.CharField(max_length=40, blank=True)
    focal_point = models.CharField(max_length=120, blank=True)
    focal_telephone = models.CharField(max_length=40, blank=True)
    alternate = models.CharField(max_length=120, blank=True)
    alternate_telephone = models.CharField(max_length=40, blank=True)
    names_needed = models.BooleanField(null=True)

    handling = models.CharField(max_length=300, blank=True)
    consignee = models.CharField(max_length=120, blank=True)
    consignee_telephone = models.CharField(max_length=40, blank=True)
    cost_arrangement = models.CharField(max_length=12, choices=Costs.choices, blank=True)

    comms_plan = models.TextField(max_length=600, blank=True)
    casevac_plan = models.TextField(max_length=600, blank=True)
    escort_rules = models.JSONField(default=list, blank=True)
    escort_distance = models.PositiveIntegerField(null=True, blank=True)
    community_message = models.CharField(max_length=400, blank=True)
    authority_notified = models.CharField(max_length=200, blank=True)
    security_ref = models.CharField(max_length=60, blank=True)
    programme_criticality = models.CharField(max_length=4, choices=Criticality.choices, blank=True)
    exit_review_on = models.DateField(null=True, blank=True)
    join_allowed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sheet_arrives_after_it_leaves",
                condition=Q(leaves_at=None) | Q(arrives_at=None) | Q(arrives_at__gt=F("leaves_at")),
            ),
            models.CheckConstraint(name="sheet_sent_is_no_later", condition=Q(sent_version__lte=F("version"))),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.convoy_name}"

    @property
    def changed_since_sent(self) -> bool:
        """The force has the sheet, and an earlier one than this."""
        return 0 < self.sent_version < self.version


class SheetRow(models.Model):
    """One row of a sheet."""

    class Meta:
        abstract = True
        ordering = ["id"]


class SheetVehicle(SheetRow):
    """One humanitarian vehicle of the convoy."""

    sheet = models.ForeignKey(ExecutionSheet, on_delete=models.CASCADE, related_name="convoy_vehicles")
    kind = models.CharField(max_length=12, choices=VehicleKind.choices)
    owner = models.CharField(max_length=60, blank=True)
    plate = models.CharField(max_length=20)
    marking = models.CharField(max_length=80, blank=True)
    moss = models.BooleanField(default=False)
    radio = models.CharField(max_length=40, blank=True)
    tracker = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.plate}"


class SheetPerson(SheetRow):
    """Somebody on board, by name: strictly confidential, and destroyed 72 hours after the movement (domain.md §4.5)."""

    class Role(models.TextChoices):
        DRIVER = "driver", _("Driver")
        PASSENGER = "passenger", _("Passenger")

    sheet = models.ForeignKey(ExecutionSheet, on_delete=models.CASCADE, related_name="named_people")
    role = models.CharField(max_length=12, choices=Role.choices)
    name = models.CharField(max_length=80)
    organisation = models.CharField(max_length=60, blank=True)
    id_number = models.CharField(max_length=40, blank=True)
    telephone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.get_role_display()


class SheetStaff(SheetRow):
    """How many people of one organisation are on board, drivers among them."""

    sheet = models.ForeignKey(ExecutionSheet, on_delete=models.CASCADE, related_name="staff")
    organisation = models.CharField(max_length=60)
    function = models.CharField(max_length=80, blank=True)
    count = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.organisation}: {self.count}"


class SheetStop(SheetRow):
    """A place on the way, with the times there; an overnight stop says so."""

    sheet = models.ForeignKey(ExecutionSheet, on_delete=models.CASCADE, related_name="stops")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    spot = models.CharField(max_length=120, blank=True)
    arrives_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    overnight = models.BooleanField(default=False)

    class Meta(SheetRow.Meta):
        constraints = [
            models.CheckConstraint(name="stop_is_somewhere", condition=Q(place__isnull=False) | ~Q(spot="")),
            models.CheckConstraint(
                name="stop_leaves_after_it_arrives",
                condition=Q(leaves_at=None) | Q(arrives_at=None) | Q(leaves_at__gte=F("arrives_at")),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (str(self.place or ""), self.spot)))


class CargoLine(SheetRow):
    """One kind of goods on board."""

    class Temperature(models.TextChoices):
        COOL = "cool", _("2 to 8 °C")
        FROZEN = "frozen", _("Frozen")
        OTHER = "other", _("As the packages say")

    sheet = models.ForeignKey(ExecutionSheet, on_delete=models.CASCADE, related_name="cargo_lines")
    description = models.CharField(max_length=120)
    packaging = models.CharField(max_length=60, blank=True)
    pieces = models.PositiveIntegerField(null=True)
    weight_kg = models.PositiveIntegerField(null=True)
    volume_m3 = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    un_number = models.CharField(max_length=4, blank=True)
    temperature = models.CharField(max_length=8, choices=Temperature.choices, blank=True)
    value_usd = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.description
