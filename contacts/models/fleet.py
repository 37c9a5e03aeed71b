"""Which vehicles and drivers has an organisation in a country, so that a sheet is filled from them and not typed anew?

Kept by the organisation for itself: no other organisation, OCHA or force reads it. The trail knows a row by a salted
digest alone; the salt stands in the row and is destroyed with it (domain.md §4.5).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.models import ErasableValue
from cmcoord.places.models import Country, folded, telephone_format


class VehicleKind(models.TextChoices):
    CAR = "4x4", _("4x4")
    LIGHT_TRUCK = "light_truck", _("Light truck")
    HEAVY_TRUCK = "heavy_truck", _("Heavy truck")
    TANKER = "tanker", _("Tanker")
    AMBULANCE = "ambulance", _("Ambulance")
    MOTORBIKE = "motorbike", _("Motorbike")
    BOAT = "boat", _("Boat")


class FleetQuerySet(models.QuerySet):
    def of(self, fleets: Iterable[tuple[int, str]]):
        """The rows of these fleets, each an organisation in a country."""
        where = Q(pk__in=[])
        for organisation, country in fleets:
            where |= Q(organisation=organisation, country=country)
        return self.filter(where)


class FleetRow(models.Model):
    """What an organisation keeps in a country. `key` says which rows are the same one."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    key = models.CharField(max_length=80)
    salt = models.CharField(max_length=64, default=ErasableValue.new_salt)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = FleetQuerySet.as_manager()
    kept: tuple[str, ...] = ()  # what is told of a row
    kept_by = ""  # without which there is no row

    class Meta:
        abstract = True

    @property
    def digest(self) -> str:
        """By which the trail knows this row as long as it stands."""
        return ErasableValue.digest_of(self.salt, self.key)

    @staticmethod
    def key_of(values: dict) -> str:
        """Which row it is, however it was written."""
        raise NotImplementedError


class FleetVehicle(FleetRow):
    """A vehicle of an organisation, as the execution sheet asks for it; known by its plate."""

    kind = models.CharField(_("type"), max_length=12, choices=VehicleKind.choices)
    plate = models.CharField(_("plate"), max_length=20)
    marking = models.CharField(_("colour and marking"), max_length=80, blank=True)
    radio = models.CharField(_("radio (HF, VHF, satellite)"), max_length=40, blank=True)
    moss = models.BooleanField(_("meets the security standards (MOSS)"), default=False)
    tracker = models.BooleanField(_("tracker on board"), default=False)

    kept = ("kind", "plate", "marking", "radio", "moss", "tracker")
    kept_by = "plate"

    class Meta:
        verbose_name = _("vehicle of an organisation")
        verbose_name_plural = _("vehicles of organisations")
        ordering = ["plate", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "country", "key"], name="fleet_vehicle_once"),
            models.CheckConstraint(condition=~Q(plate=""), name="fleet_vehicle_has_plate"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.plate}"

    @staticmethod
    def key_of(values: dict) -> str:
        return _signs(values["plate"])


class FleetDriver(FleetRow):
    """A driver of an organisation: strictly confidential; known by the identity paper, without one by the name."""

    name = models.CharField(_("name"), max_length=80)
    id_number = models.CharField(_("number of the identity paper"), max_length=40, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[telephone_format])

    kept = ("name", "id_number", "telephone")
    kept_by = "name"

    class Meta:
        verbose_name = _("driver of an organisation")
        verbose_name_plural = _("drivers of organisations")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "country", "key"], name="fleet_driver_once"),
            models.CheckConstraint(condition=~Q(name=""), name="fleet_driver_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def key_of(values: dict) -> str:
        return _signs(values.get("id_number") or "") or _signs(values["name"])


def _signs(text: str) -> str:
    """Letters and digits alone: "aa-001 bg" is "AA001BG"; a text without any stays as it is."""
    return "".join(sign for sign in folded(text) if sign.isalnum()).upper()[:80] or text.strip()[:80]
