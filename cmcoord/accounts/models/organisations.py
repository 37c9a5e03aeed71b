"""Which organisations are there, and on which side of the dialogue does each stand?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.barrier import Side
from cmcoord.places.models import Country, telephone_format


class Organisation(models.Model):
    """An organisation that people work for, on one side of the dialogue."""

    class Type(models.TextChoices):
        UN_AGENCY = "un_agency", _("UN agency, fund or programme")
        INGO = "ingo", _("International NGO")
        NNGO = "nngo", _("National NGO")
        RED_CROSS = "red_cross", _("Red Cross and Red Crescent Movement")
        UN_MILITARY = "un_military", _("UN mission, military")
        UN_POLICE = "un_police", _("UN mission, police")
        UN_CIVILIAN = "un_civilian", _("UN mission, civilian")
        BILATERAL_FORCE = "bilateral_force", _("EU or bilateral force")
        HOST_ARMY = "host_army", _("Army of the host State")
        GENDARMERIE = "gendarmerie", _("Gendarmerie")
        NATIONAL_POLICE = "national_police", _("National police")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        DONOR = "donor", _("Donor")
        NGO_COORDINATION = "ngo_coordination", _("NGO coordination body")
        SECURITY_NGO = "security_ngo", _("Security NGO")
        UNDSS = "undss", _("UNDSS")
        AIR_SERVICE = "air_service", _("Air service")
        OBSERVER = "observer", _("Observer")

    name = models.CharField(_("name"), max_length=120, unique=True)
    acronym = models.CharField(_("acronym"), max_length=20)
    org_type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    countries = models.ManyToManyField(Country, blank=True, related_name="organisations", verbose_name=_("countries"))
    telephone = models.CharField(_("duty telephone"), max_length=40, blank=True, validators=[telephone_format])
    active = models.BooleanField(_("active"), default=True)
    verified = models.BooleanField(_("looked at by an administrator"), default=True)

    activity_kind = "organisation"
    second_administrator = ("org_type",)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["acronym"]

    def __str__(self):
        return self.acronym or self.name

    @property
    def side(self) -> Side:
        return SIDE_OF_TYPE.get(self.org_type, Side.HUMANITARIAN)

    @property
    def is_un(self) -> bool:
        return self.org_type in (self.Type.UN_AGENCY, self.Type.UNDSS, self.Type.AIR_SERVICE)

    @property
    def is_ngo(self) -> bool:
        return self.org_type in (self.Type.INGO, self.Type.NNGO)


# Every other type is humanitarian.
SIDE_OF_TYPE: dict[str, Side] = {
    Organisation.Type.UN_MILITARY: Side.FORCE,
    Organisation.Type.UN_POLICE: Side.FORCE,
    Organisation.Type.BILATERAL_FORCE: Side.FORCE,
    Organisation.Type.HOST_ARMY: Side.FORCE,
    Organisation.Type.GENDARMERIE: Side.FORCE,
    Organisation.Type.NATIONAL_POLICE: Side.FORCE,
    Organisation.Type.UN_CIVILIAN: Side.MISSION_CIVILIAN,
    Organisation.Type.DONOR: Side.DONOR,
    Organisation.Type.LOCAL_AUTHORITY: Side.AUTHORITY,
}
