"""Which rules does a country follow, and since when? Versions of its policy, and how long each step may take."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.statements import Statement
from cmcoord.places.models.countries import Country

LONGEST_CLOCK = 90 * 24 * 60  # minutes
LIFE_SAVING = ("EVAC", "MED")  # types of request whose clocks are urgent at either pace

_minutes = Statement(
    lambda profile, request_type, pace: (
        Clock.objects.filter(profile=profile, request_type=request_type, pace=pace)
        .order_by()
        .values_list("step", "minutes")
    ),
    int,
    str,
    str,
)


class CountryProfile(models.Model):
    """A version of the country's policy. Never edited: a change is a new version, and a case keeps the one it was
    filed under (domain.md §2.7).
    """

    class DecisionModel(models.TextChoices):
        HC_VIA_OCHA = "hc_via_ocha", _("the Humanitarian Coordinator decides, through OCHA")
        HCT_CONSENSUS = "hct_consensus", _("consensus of the Humanitarian Country Team")

    class Escorts(models.TextChoices):
        ALLOWED = "allowed", _("allowed as a last resort, with criteria")
        NOT_FORESEEN = "not_foreseen", _("not foreseen")

    class Strategy(models.TextChoices):
        COEXISTENCE = "coexistence", _("coexistence")
        COORDINATION = "coordination", _("coordination")
        COOPERATION = "cooperation", _("cooperation")

    class Reverse(models.TextChoices):
        """May a force ask to use what is humanitarian? (CAR-CMC §9.1, ML-POS ¶5)"""

        OFF = "off", _("not foreseen")
        ON = "on", _("possible, with the consent of the owner")
        NO_TRANSPORT = "no_transport", _("possible, but nothing military is ever transported")

    class Transport(models.TextChoices):
        """What humanitarian means may be forbidden to carry."""

        WEAPONS = "weapons", _("weapons")
        AMMUNITION = "ammunition", _("ammunition")
        EQUIPMENT = "equipment", _("military equipment")
        UNIFORMED = "uniformed", _("uniformed personnel")
        PLAIN_CLOTHES = "plain_clothes", _("military personnel in civilian clothes")
        GOODS = "goods", _("any goods of the military")
        DETAINEES = "detainees", _("detainees")
        FUEL = "fuel", _("fuel for military use")

    class Meeting(models.TextChoices):
        CELL = "cell", _("cell of civil-military coordination")
        CLUSTER = "cluster", _("cluster meeting")
        GENERAL = "general", _("general coordination meeting")
        HCT = "hct", _("Humanitarian Country Team")
        ICCG = "iccg", _("inter-cluster coordination group")
        ACCESS = "access", _("access working group")

    class Invited(models.TextChoices):
        """Who else than humanitarians may be invited to a kind of meeting."""

        MILITARY = "military", _("military of the mission")
        POLICE = "police", _("police of the mission")
        CIVILIAN = "civilian", _("civilian sections of the mission")
        BILATERAL = "bilateral", _("bilateral forces")
        NATIONAL = "national", _("national security forces")
        AUTHORITIES = "authorities", _("local authorities")
        DONOR = "donor", _("donors")

    HC, CONSENSUS, CONSULTED, FORCE = "hc", "hct_consensus", "hct_consulted", "force"  # who decides, by type
    LEFT_TO_THE_FORCE = ("AREA",)  # OCHA facilitates and the force plans: no decision of the Humanitarian Coordinator
    ESCORT = "AE"

    country = models.ForeignKey(Country, models.PROTECT, related_name="profiles", verbose_name=_("country"))
    version = models.PositiveSmallIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    decision_model = models.CharField(_("decision model"), max_length=20, choices=DecisionModel.choices)
    escorts = models.CharField(_("armed escorts"), max_length=20, choices=Escorts.choices)
    strategy = models.CharField(_("strategy"), max_length=20, choices=Strategy.choices)
    request_types = models.JSONField(_("types of request that can be filed"), default=list, blank=True)
    consensus_types = models.JSONField(_("types decided by consensus of the country team"), default=list, blank=True)
    consulted_types = models.JSONField(_("types on which the country team is consulted"), default=list, blank=True)
    members_needed = models.PositiveSmallIntegerField(
        _("members of the country team to be reached"), default=0, help_text=_("Silence is not support: not reached.")
    )
    life_saving_exception = models.BooleanField(
        _("a force that takes part in fighting may save lives in immediate danger"), default=False
    )
    reverse_requests = models.CharField(
        _("requests of a force for humanitarian means"), max_length=12, choices=Reverse.choices, default=Reverse.OFF
    )
    prohibited_transports = models.JSONField(_("never carried by humanitarian means"), default=list, blank=True)
    meetings = models.JSONField(_("who may be invited to which meeting"), default=dict, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("country profile")
        verbose_name_plural = _("country profiles")
        ordering = ["country", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["country", "version"], name="countryprofile_one_per_version"),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(proposed_by=F("confirmed_by")),
                name="countryprofile_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.version}"

    def offers(self, request_type: str) -> bool:
        """Can this type of request be filed?"""
        return request_type in self.request_types

    def foresees(self, request_type: str) -> bool:
        """Is it the usual way? What is not foreseen may still be filed where the type is on, as the exception."""
        escorts_are = request_type != self.ESCORT or self.escorts != self.Escorts.NOT_FORESEEN
        return self.offers(request_type) and escorts_are

    def decision_for(self, request_type: str) -> str:
        """Who decides on this type: "hc", "hct_consensus", "hct_consulted" (then the Coordinator), or "force"."""
        if request_type in self.LEFT_TO_THE_FORCE:
            return self.FORCE
        if request_type in self.consensus_types:
            return self.CONSENSUS
        return self.CONSULTED if request_type in self.consulted_types else self.HC


class Clock(models.Model):
    """How long one step may take in one country: working minutes, or minutes round the clock."""

    class Pace(models.TextChoices):
        ROUTINE = "routine", _("routine")
        URGENT = "urgent", _("urgent")

    class Step(models.TextChoices):
        CLUSTER = "cluster", _("cluster opinion")
        STATION = "station", _("review at the duty station")
        SECURITY = "security", _("security opinion")
        NATIONAL = "national", _("national unit")
        CONSULTATION = "consultation", _("consultation of the country team")
        HC = "hc", _("decision")
        TRANSMISSION = "transmission", _("transmission")
        ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement by the force")
        REPLY = "reply", _("reply of the force")
        SCHEDULING = "scheduling", _("scheduling")
        LEAD_TIME = "lead_time", _("whole lead time")
        AFTER_ACTION = "after_action", _("after-action review")

    # What is left to the force goes from the duty station to it; nobody else is asked, and nothing is scheduled.
    OF_THE_FORCE = ("station", "acknowledgement", "reply", "lead_time", "after_action")

    profile = models.ForeignKey(CountryProfile, models.PROTECT, related_name="clocks", verbose_name=_("profile"))
    request_type = models.CharField(_("type of request"), max_length=8)
    pace = models.CharField(_("pace"), max_length=10, choices=Pace.choices)
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    minutes = models.PositiveIntegerField(_("minutes"))
    round_the_clock = models.BooleanField(_("counted round the clock"), default=False)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["profile", "request_type", "pace", "step"], name="clock_one_per_step"),
            models.CheckConstraint(
                condition=~Q(pace="urgent") | Q(round_the_clock=True), name="clock_urgent_never_sleeps"
            ),
        ]

    def __str__(self):
        return f"{self.request_type} {self.profile}, {self.get_pace_display()}, {self.get_step_display()}"

    @staticmethod
    def never_sleeps(request_type: str, pace: str, step: str) -> bool:
        """Is it counted round the clock? What is urgent or saves lives, a consultation, and the review afterwards."""
        always = step in (Clock.Step.CONSULTATION, Clock.Step.AFTER_ACTION)
        return always or pace == Clock.Pace.URGENT or request_type in LIFE_SAVING

    @classmethod
    def has_step(cls, request_type: str, step: str) -> bool:
        """Does this type of request have this step anywhere?"""
        return request_type not in CountryProfile.LEFT_TO_THE_FORCE or step in cls.OF_THE_FORCE

    @classmethod
    def minutes_of(cls, profile: int, request_type: str, pace: str) -> dict[str, int]:
        """How long each step of one kind of request may take at one pace, by the key of a profile: one query."""
        return dict(_minutes(profile, request_type, pace))
