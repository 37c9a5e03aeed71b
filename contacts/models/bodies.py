"""Where do people meet, which seats has each body, and who sits in them? Cells, country teams, clusters and groups.

A body has a place among the others (its parent), a stage of life, and seats by function; a seat is taken by an
organisation, through one of its posts where that is named, or through a designate. Nobody sits here by name.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import AdminArea, Bilingual, Country, DutyStation
from contacts.models.force import Force
from contacts.models.posts import Post

T = Organisation.Type
FORCES = (T.UN_MILITARY, T.UN_POLICE, T.BILATERAL_FORCE, T.HOST_ARMY, T.GENDARMERIE, T.NATIONAL_POLICE)
OF_THE_STATE = (T.HOST_ARMY, T.GENDARMERIE, T.NATIONAL_POLICE)


class Category(models.TextChoices):
    """The categories of membership of a cell (CAR-CMC §10), and what the other bodies need beside them."""

    INGO = "ingo", _("INGO head of mission")
    NNGO = "nngo", _("National NGO")
    RED_CROSS = "red_cross", _("Red Cross and Red Crescent Movement")
    UN_AGENCY = "un_agency", _("UN agency, fund or programme")
    UNHAS = "unhas", _("UNHAS")
    INSO = "inso", _("INSO")
    CCO = "cco", _("INGO coordination committee")
    LOGISTICS = "logistics", _("Logistics cluster")
    PROTECTION = "protection", _("Protection cluster")
    MISSION_MILITARY = "mission_military", _("Military of the mission")
    MISSION_POLICE = "mission_police", _("Police of the mission (UNPOL, FPU)")
    MISSION_CIVILIAN = "mission_civilian", _("Civilian sections of the mission (JMAC, PoC)")
    EUTM = "eutm", _("EU training mission")
    BILATERAL = "bilateral", _("Bilateral detachment")
    ARMED_FORCES = "armed_forces", _("Armed forces in the country")
    DONOR = "donor", _("Humanitarian donor")
    UNDSS = "undss", _("UNDSS")
    OCHA = "ocha", _("OCHA")
    SECURITY_FORCES = "security_forces", _("Internal security forces")
    AUTHORITIES = "authorities", _("Local authorities")
    OTHER = "other", pgettext_lazy("category of members", "Other")


# Which types of organisation take a seat of a category; a category that is not named here takes every humanitarian.
TYPES: dict[str, tuple[str, ...]] = {
    Category.INGO: (T.INGO,),
    Category.NNGO: (T.NNGO,),
    Category.RED_CROSS: (T.RED_CROSS, T.OBSERVER),
    Category.UN_AGENCY: (T.UN_AGENCY, T.AIR_SERVICE),
    Category.UNHAS: (T.AIR_SERVICE, T.UN_AGENCY),
    Category.INSO: (T.SECURITY_NGO,),
    Category.CCO: (T.NGO_COORDINATION,),
    Category.MISSION_MILITARY: (T.UN_MILITARY,),
    Category.MISSION_POLICE: (T.UN_POLICE,),
    Category.MISSION_CIVILIAN: (T.UN_CIVILIAN,),
    Category.EUTM: (T.BILATERAL_FORCE,),
    Category.BILATERAL: (T.BILATERAL_FORCE,),
    Category.ARMED_FORCES: FORCES,
    Category.DONOR: (T.DONOR,),
    Category.UNDSS: (T.UNDSS,),
    Category.OCHA: (T.UN_AGENCY,),
    Category.SECURITY_FORCES: OF_THE_STATE,
    Category.AUTHORITIES: (T.LOCAL_AUTHORITY,),
}


class BodyQuerySet(models.QuerySet["Body"]):
    def standing(self):
        """Not closed."""
        return self.exclude(stage=Body.Stage.CLOSED)

    def meeting(self):
        """Those that meet: active."""
        return self.filter(stage=Body.Stage.ACTIVE)

    def cells(self):
        return self.filter(kind=Body.Kind.CELL)

    def with_seats(self):
        """With its place, and its open seats with who sits in them today (`seats_now`, `sittings_now`). A fixed
        number of queries, whatever there is."""
        return self.select_related("country", "station__place__area", "parent").prefetch_related(
            Prefetch("seats", Seat.objects.open().with_sittings(), to_attr="seats_now")
        )


class Body(Bilingual):
    """A cell, a country team, a cluster, a group: where it is, under which other one, and at which stage of its life.

    `rules` holds the switches of a body: `security_forces` and `authorities`, who may be seated in certain locations
    only (CAR-CMC §10). `cadence` is {"every": "week" | "two_weeks" | "month"}, or None where nobody has said it.
    """

    class Kind(models.TextChoices):
        CELL = "cell", _("CMCoord cell")
        HCT = "hct", _("Humanitarian Country Team")
        ICCG = "iccg", _("inter-cluster coordination group")
        COORDINATION = "coordination", _("general coordination")
        CLUSTER = "cluster", pgettext_lazy("body", "cluster")
        SUB_CLUSTER = "sub_cluster", _("sub-cluster")
        WORKING_GROUP = "working_group", _("working group")
        ACCESS_GROUP = "access_group", _("access working group")
        ADVISORY_GROUP = "advisory_group", _("strategic advisory group")

    class Stage(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("body", "proposed")
        ACTIVE = "active", pgettext_lazy("body", "active")
        DORMANT = "dormant", pgettext_lazy("body", "dormant")
        CLOSED = "closed", pgettext_lazy("body", "closed")

    class Every(models.TextChoices):
        WEEK = "week", _("every week")
        TWO_WEEKS = "two_weeks", _("twice a month")
        MONTH = "month", _("every month")

    SWITCHES = ("security_forces", "authorities")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    country = models.ForeignKey(Country, models.PROTECT, related_name="bodies", verbose_name=_("country"))
    station = models.ForeignKey(
        DutyStation, models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name=_("duty station"),
        help_text=_("Empty: national."),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.PROPOSED)
    rules = models.JSONField(_("switches"), default=dict, blank=True)
    cadence = models.JSONField(_("how often it meets"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: reference data
    created_at = models.DateTimeField(default=timezone.now)

    objects = BodyQuerySet.as_manager()

    activity_kind = "body"

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["kind", "name_en", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name_en"],
                condition=~Q(stage="closed"),
                name="body_one_per_name",
                violation_error_message=_("A body of this name stands in the country already."),
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(kind="cell") & ~Q(stage="closed"),
                name="body_one_cell_per_station",
                violation_error_message=_("This duty station has a cell already."),
            ),
            models.CheckConstraint(condition=~Q(kind="cell") | ~Q(station=None), name="body_cell_has_station"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="body_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(name_en="") & ~Q(name_fr=""), name="body_has_names"),
        ]
        indexes = [models.Index(fields=["country", "kind"], name="body_of_country")]

    def get_absolute_url(self):
        return reverse("contacts:body", args=[self.pk])

    @property
    def stream(self) -> str:
        return self.country_id

    @property
    def reference(self) -> str:
        return self.name_en

    @property
    def every(self) -> str:
        """How often it meets, in words; "" where nobody has said it."""
        return str(dict(self.Every.choices).get((self.cadence or {}).get("every", ""), ""))

    @property
    def open_seats(self) -> "list[Seat]":
        """The seats that stand, without those of a switch that is off; as `with_seats` read them."""
        seats = self.__dict__.get("seats_now")
        if seats is None:
            seats = list(self.seats.open().with_sittings())
        for seat in seats:
            seat.body = self
        return [seat for seat in seats if seat.is_foreseen]

    @property
    def vacant_seats(self) -> "list[Seat]":
        """Mandatory seats that nobody takes today."""
        return [seat for seat in self.open_seats if seat.mandatory and seat.is_vacant]

    def allows(self, switch: str) -> bool:
        return bool(self.rules.get(switch))

    def scope_facts(self) -> dict:
        """What accounts.scope needs to answer `may this person …` about this body."""
        return {"country": self.country_id, "stations": {self.station_id} - {None}}

    def clean(self):
        """Its place and its parent lie in its country, and no body belongs to one that belongs to it."""
        super().clean()
        if self.station and self.station.country_id != self.country_id:
            raise ValidationError({"station": gettext("This duty station lies in another country.")})
        if self.kind == self.Kind.CELL and self.station is None:
            raise ValidationError({"station": gettext("A cell is at a duty station.")})
        above, seen = self.parent, {self.pk}
        if above and above.country_id != self.country_id:
            raise ValidationError({"parent": gettext("This body is of another country.")})
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": gettext("A body cannot belong to one that belongs to it.")})
            seen.add(above.pk)
            above = above.parent
        if set(self.rules) - set(self.SWITCHES):
            raise ValidationError({"rules": gettext("This switch is not known.")})
        if self.cadence is not None and self.cadence.get("every") not in self.Every.values:
            raise ValidationError({"cadence": gettext("Say how often it meets.")})


class SeatQuerySet(models.QuerySet["Seat"]):
    def open(self):
        return self.filter(closed_at=None)

    def vacant(self, on: dt.date):
        """Those that nobody takes that day: is_vacant as a condition."""
        sittings = Sitting.objects.filter(seat=OuterRef("pk"), ends=None)
        return self.filter(~Exists(sittings.filter(Q(post=None, designate=None) | _somebody_is_there(on))))

    def with_sittings(self):
        """With who sits in them now (`sittings_now`): organisations and posts."""
        sittings = Sitting.objects.filter(ends=None).with_posts().order_by("starts", "id")
        return self.prefetch_related(Prefetch("sittings", sittings, to_attr="sittings_now"))


class Seat(models.Model):
    """A place at the table, by function: "Security". `several` organisations may share the seat of a category."""

    class Kind(models.TextChoices):
        CHAIR = "chair", _("chair")
        CO_CHAIR = "co_chair", _("co-chair")
        MEMBER = "member", _("member")
        OBSERVER = "observer", pgettext_lazy("seat", "observer")

    CHAIRS = (Kind.CHAIR, Kind.CO_CHAIR)

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("body"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MEMBER)
    function_en = models.CharField(_("function in English"), max_length=120)
    function_fr = models.CharField(_("function in French"), max_length=120)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices, default=Category.OTHER)
    mandatory = models.BooleanField(_("mandatory"), default=False, help_text=_("Its vacancy is shown as a gap."))
    several = models.BooleanField(_("several organisations share it"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    closed_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    activity_kind = "seat"

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "function_en"], condition=Q(closed_at=None), name="seat_one_per_function",
                violation_error_message=_("The body has this seat already."),
            ),
            models.UniqueConstraint(
                fields=["body", "kind"], condition=Q(closed_at=None, kind__in=("chair", "co_chair")),
                name="seat_two_chairs_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("chair", "co_chair")) | Q(several=False), name="seat_one_chairs"
            ),
            models.CheckConstraint(condition=~Q(function_en="") & ~Q(function_fr=""), name="seat_has_function"),
        ]  # fmt: skip

    def __str__(self):
        return self.function

    @property
    def function(self) -> str:
        return self.function_fr if (get_language() or "").startswith("fr") else self.function_en

    @property
    def stream(self) -> str:
        return self.body.country_id

    @property
    def is_foreseen(self) -> bool:
        """Not of a category whose switch is off in this body."""
        return self.category not in Body.SWITCHES or self.body.allows(self.category)

    @property
    def is_chair(self) -> bool:
        return self.kind in self.CHAIRS

    @property
    def is_vacant(self) -> bool:
        """Does nobody take it: no organisation, or only through posts that nobody holds?"""
        return not any(sitting.is_taken for sitting in self.now)

    @property
    def vacancy(self) -> str:
        """The sentence of the gap: "Security seat vacant"."""
        return gettext("%(function)s seat vacant") % {"function": self.function}

    @property
    def now(self) -> "list[Sitting]":
        """Who sits in it today; as `with_sittings` read them."""
        found = self.__dict__.get("sittings_now")
        return found if found is not None else list(self.sittings.filter(ends=None).with_posts())

    def takes(self, organisation: Organisation) -> bool:
        """Is an organisation of this type of the category of this seat?"""
        types = TYPES.get(self.category)
        if types is None:
            return self.category == Category.OTHER or organisation.org_type not in FORCES
        return organisation.org_type in types


def _somebody_is_there(on: dt.date | None = None) -> Exists:
    """Of a sitting: does somebody hold its post, or the designate's?"""
    return Exists(Post.objects.standing().held(on).filter(Q(pk=OuterRef("post")) | Q(pk=OuterRef("designate"))))


class SittingQuerySet(models.QuerySet["Sitting"]):
    def with_posts(self) -> "SittingQuerySet":
        """With the organisation, the post and the designate, and whether somebody holds either; all in one query."""
        return self.select_related("organisation", "post__organisation", "designate__organisation").annotate(
            is_held=_somebody_is_there()
        )


class Sitting(models.Model):
    """An organisation has a seat from one day on: through a post, a designate of somebody else's, or unnamed."""

    is_held: bool  # does somebody hold the post or the designate's? As with_posts() read it

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sittings", verbose_name=_("seat"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="sittings", verbose_name=_("through the post")
    )
    designate = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="designations", verbose_name=_("designate")
    )
    designate_reason = models.CharField(_("why a designate"), max_length=200, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sitting in a body")
        verbose_name_plural = _("sittings in bodies")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="sitting_dates_in_order"),
            models.UniqueConstraint(
                fields=["seat", "organisation"], condition=Q(ends=None), name="sitting_one_per_organisation"
            ),
            models.CheckConstraint(
                condition=(Q(designate=None) & Q(designate_reason=""))
                | (Q(designate__isnull=False) & ~Q(designate_reason="")),
                name="sitting_designate_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["post"], condition=Q(ends=None), name="sitting_of_post")]

    def __str__(self):
        return f"{self.organisation}: {self.seat}"

    @property
    def who(self) -> Post | None:
        """Through which post it is taken today: the designate before the post."""
        return self.designate or self.post

    @property
    def is_taken(self) -> bool:
        """Is somebody there: the designate, the holder of the post, or the organisation where no post was named?"""
        return self.who is None or self.is_held

    def covers(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class MissingLiaisonQuerySet(models.QuerySet["MissingLiaison"]):
    def open(self):
        return self.filter(settled_at=None)


class MissingLiaison(models.Model):
    """Where somebody is missing whom the dialogue needs: an officer of a force, a cell, or more life in a cell."""

    class Wanted(models.TextChoices):
        OFFICER = "officer", _("liaison officer of a force")
        CELL = "cell", _("new cell")
        STRONGER = "stronger", _("cell to consolidate")

    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    area = models.ForeignKey(AdminArea, models.PROTECT, related_name="+", verbose_name=_("area"))
    wanted = models.CharField(_("what is missing"), max_length=10, choices=Wanted.choices)
    force = models.ForeignKey(
        Force, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("of the force")
    )
    note = models.CharField(_("on what it rests"), max_length=300)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("what became of it"), max_length=300, blank=True)

    objects = MissingLiaisonQuerySet.as_manager()

    activity_kind = "liaison"

    class Meta:
        verbose_name = _("missing liaison")
        verbose_name_plural = _("missing liaisons")
        ordering = ["noted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, outcome="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="liaison_settled_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(wanted="officer") | Q(force=None), name="liaison_force_of_an_officer"
            ),
        ]  # fmt: skip

    def __str__(self):
        of = f" ({self.force})" if self.force_id else ""
        return f"{self.area} · {self.get_wanted_display()}{of}"

    @property
    def stream(self) -> str:
        return self.country_id
