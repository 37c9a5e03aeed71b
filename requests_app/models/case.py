"""What is a request, and which requests may a person see?"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from cmcoord.accounts.roles import CLUSTERS
from cmcoord.activity.barrier import Sensitivity
from cmcoord.places.models import telephone_format
from requests_app.models.terms import (
    ENDED,
    NOT_ENDED,
    OPEN,
    RESCUES,
    AssetCategory,
    Patients,
    PatrolReason,
    RequestType,
    Status,
    Triage,
    Urgency,
)
from requests_app.visibility import OPENED, SHARED, TOUCHED, by_class, few_branches, is_humanitarian, shared_q

# What the database itself wants of a request that was sent; what depends on a further answer, services ask.
UNFILED = ("draft", "withdrawn", "civilian")  # a civilian means may be found before anything was sent
UNCHECKED = Q(status__in=UNFILED) | Q(imported=True)  # what was taken over from elsewhere is as it was there
FILED = (
    ~Q(need="")
    & ~Q(exit_plan="")
    & ~Q(risks=[])
    & Q(
        people__isnull=False,
        critical_by__isnull=False,
        departure_at__isnull=False,
        window_to__isnull=False,
        rotations__gte=1,
        un_on_board__isnull=False,
        submitted_at__isnull=False,
        no_weapons=True,
    )
)
# What the urgent procedure asks before anybody leaves: six questions and a number to call back (domain.md §2.8).
_RESCUE = ~Q(why_safer="") & Q(
    passenger_count__gte=1,
    origin__isnull=False,
    civilian_within_hour__isnull=False,
    departure_at__isnull=False,
    window_to__isnull=False,
    un_on_board__isnull=False,
    submitted_at__isnull=False,
    no_weapons=True,
)
_CALLED = ~Q(call_back="")
_ASSET = ~Q(asset_category="") & ~Q(capability_needed="") & Q(asset_quantity__gte=1)
_AREA = Q(axis__isnull=False) | Q(area__isnull=False)
COMPLETE = {
    RequestType.ARMED_ESCORT: ~Q(cargo="")
    & ~Q(why_safer="")
    & Q(origin__isnull=False, destination__isnull=False, axis__isnull=False, vehicles__gte=1),
    RequestType.LOGISTICS: _ASSET & _AREA,
    RequestType.INFRASTRUCTURE: _ASSET & _AREA,
    RequestType.EVACUATION: _RESCUE & _CALLED & ~Q(need=""),
    RequestType.MEDICAL: _RESCUE & _CALLED & ~Q(patients="") & ~Q(triage=""),
    # A patrol goes without a decision: the segment and the period that were asked for are its limits (domain.md §3.6).
    RequestType.PATROL: ~Q(patrol_reason="")
    & Q(
        axis__isnull=False,
        departure_at__isnull=False,
        window_to__isnull=False,
        movements_count__gte=1,
        mixed_patrol__isnull=False,
        submitted_at__isnull=False,
    ),
}
OWN_RULE = Q(request_type__in=(*RESCUES, RequestType.PATROL))  # complete by the line of their type alone
# What a force has was approved; of a patrol it was asked for, with an end.
LEFT_TO_THE_FORCE = Q(request_type=RequestType.PATROL, ends_at__isnull=False)

# What visibility.near compares stands in the index of the organisation itself: a list is counted without its rows.
NEAR = ("country", "created_by", *TOUCHED)

BODY_NAMES = {
    "undss": _("UNDSS"),
    "ngo_adviser": _("the security adviser of the NGOs"),
    "own_security": _("the organisation's own security decision"),
}


def body_name(body: str) -> str:
    """A consulted body in the reader's language: "the Logistics cluster", "UNDSS"."""
    if body.startswith("cluster:"):
        code = body.partition(":")[2]
        return _("the %(name)s cluster") % {"name": CLUSTERS.get(code, code)}
    return str(BODY_NAMES.get(body, body))


def title_of(request_type: str, asset: str, places: list[str]) -> str:
    """ "Armed escort, Bambari to Bria", "Bridge, ferry: Ouaka": what is asked for and where, as the reader's words."""
    places = [place for place in places if place]
    if request_type == RequestType.ARMED_ESCORT:
        what = str(RequestType.ARMED_ESCORT.label)
    else:
        what = str(dict(AssetCategory.choices).get(asset) or RequestType(request_type).label)
    if len(places) > 1:
        return _("%(what)s, %(origin)s to %(destination)s") % {
            "what": what,
            "origin": places[0],
            "destination": places[1],
        }
    return _("%(what)s, %(place)s") % {"what": what, "place": places[0]} if places else what


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user) -> CaseQuerySet:
        """What this person needs to know and sees whole; chains. Lists are listing.page_for, by walking indexes.

        Conditions on the row itself: a subquery of keys would be read whole before the first row is compared with it.
        """
        return self.filter(self.visible_q(user)) if is_humanitarian(user) else self.none()

    def visible_q(self, user) -> Q:
        """The same as a condition, for people of the humanitarian side."""
        asked = self.model._meta.get_field("consultations").related_model.objects.filter(case=OuterRef("pk"))
        allowed: Any = shared_q(user, Case)
        for way in few_branches(user):
            if way.body:
                allowed |= SHARED & Exists(asked.filter(body=way.body, country=way.country))
            else:
                allowed |= way.where
        return allowed

    def listed_for(self, user) -> CaseQuerySet:
        """What lists and searches show this person: the same, and of class R what their stations are told of."""
        if not is_humanitarian(user):
            return self.none()
        allowed = self.visible_q(user)
        for way in by_class(user):
            allowed |= way.where
        return self.filter(allowed)

    def open(self) -> CaseQuerySet:
        return self.filter(status__in=OPEN)


class Case(models.Model):
    """One request, from its first line to its after-action (domain.md §2.2, §3.1, §3.2).

    Everything the requester fills may be empty while it is a draft; the constraint below and the
    questionnaire say what must stand once it is submitted. Only services.make_move writes `status`.
    """

    activity_kind = "case"
    seen_by: int | None = None  # whose page found this case through visible_to
    listed_by: int | None = None  # whose list found it by its class alone

    reference = models.CharField(_("reference"), max_length=24, unique=True)
    force_reference = models.CharField(_("reference of the force"), max_length=24, blank=True)
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey("places.Country", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile = models.ForeignKey("places.CountryProfile", on_delete=models.PROTECT, related_name="+", db_index=False)
    request_type = models.CharField(_("type of request"), max_length=8, choices=RequestType.choices)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.DRAFT, editable=False)
    sensitivity = models.CharField(
        _("sensitivity"), max_length=1, choices=Sensitivity.choices, default=Sensitivity.CONFIDENTIAL
    )
    version = models.PositiveIntegerField(default=1)
    imported = models.BooleanField(_("taken over from a list"), default=False, editable=False)
    station = models.ForeignKey("places.DutyStation", on_delete=models.PROTECT, related_name="+", db_index=False)
    origin_station = models.ForeignKey(
        "places.DutyStation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    destination_station = models.ForeignKey(
        "places.DutyStation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")], default="fr")

    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, default=Urgency.ROUTINE)
    need = models.TextField(_("humanitarian need"), max_length=600, blank=True)
    people = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    critical_by = models.DateTimeField(_("becomes critical on"), null=True, blank=True)
    origin = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    destination = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    axis = models.ForeignKey("places.Axis", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    departure_at = models.DateTimeField(_("window from"), null=True, blank=True)
    window_to = models.DateTimeField(_("window to"), null=True, blank=True)
    rotations = models.PositiveSmallIntegerField(_("rotations"), null=True, blank=True)
    vehicles = models.PositiveSmallIntegerField(_("vehicles"), null=True, blank=True)
    leader = models.CharField(_("convoy leader (function)"), max_length=120, blank=True)
    cargo = models.TextField(_("cargo"), max_length=400, blank=True)
    no_weapons = models.BooleanField(_("no weapon, military item or armed person"), default=False)
    un_on_board = models.BooleanField(_("UN staff or assets on board"), null=True)
    force = models.ForeignKey("contacts.Force", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    asset_category = models.CharField(_("asset"), max_length=20, choices=AssetCategory.choices, blank=True)
    asset_quantity = models.PositiveSmallIntegerField(_("quantity"), null=True, blank=True)
    capability_needed = models.TextField(_("task, effect needed"), max_length=600, blank=True)
    area = models.ForeignKey("places.AdminArea", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    passenger_count = models.PositiveSmallIntegerField(_("passengers"), null=True, blank=True)
    why_safer = models.TextField(_("why an escort lowers the risk"), max_length=600, blank=True)
    neutrality = models.TextField(_("effect on neutrality"), max_length=600, blank=True)
    exit_plan = models.TextField(_("exit plan"), max_length=600, blank=True)
    # The last-resort test: what is true of this request, as codes of questions.RISKS ("none" is an answer), and what is
    # said to each; the words on perception are `neutrality`.
    risks = models.JSONField(_("last-resort test"), default=list, blank=True)
    risk_imposed = models.TextField(_("who presses or imposes"), max_length=400, blank=True)
    risk_harm = models.TextField(_("harm or retaliation"), max_length=400, blank=True)
    risk_authorities = models.TextField(_("authority responsible"), max_length=400, blank=True)
    risk_boarding = models.TextField(_("staff in military vehicles"), max_length=400, blank=True)
    risk_dependency = models.TextField(_("dependency"), max_length=400, blank=True)
    risk_comparable = models.TextField(_("comparable civilian means"), max_length=400, blank=True)
    risk_replacing = models.TextField(_("civilian means replaced"), max_length=400, blank=True)
    risk_objection = models.TextField(_("organisations consulted"), max_length=400, blank=True)
    risk_unasked = models.TextField(_("organisations not asked"), max_length=400, blank=True)
    risk_joint = models.TextField(_("joint mission"), max_length=400, blank=True)
    mitigation = models.TextField(_("mitigation"), max_length=400, blank=True)
    # The urgent procedure: of patients the category and the number, nothing else that concerns their health.
    call_back = models.CharField(_("telephone to call back"), max_length=40, blank=True, validators=[telephone_format])
    civilian_within_hour = models.BooleanField(_("civilian means within the hour"), null=True)
    patients = models.CharField(_("patients"), max_length=12, choices=Patients.choices, blank=True)
    triage = models.CharField(_("triage category"), max_length=12, choices=Triage.choices, blank=True)
    # A patrol in place of an escort: of the movements their number, never whose they are.
    patrol_reason = models.CharField(_("why a patrol"), max_length=12, choices=PatrolReason.choices, blank=True)
    movements_count = models.PositiveSmallIntegerField(_("movements planned"), null=True, blank=True)
    mixed_patrol = models.BooleanField(_("host-state forces may take part"), null=True)
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="patrols_wanted")
    form_due_at = models.DateTimeField(_("full form due"), null=True)
    writing_due_at = models.DateTimeField(_("confirmation in writing due"), null=True)

    consent_partners = models.BooleanField(_("shared with humanitarian partners"), default=True)
    consent_force = models.BooleanField(_("shared with the named force"), default=False)
    consent_public = models.BooleanField(_("counted in public figures"), default=False)

    submitted_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    transmitted_at = models.DateTimeField(null=True)
    decision = models.ForeignKey("Decision", on_delete=models.PROTECT, null=True, related_name="+")
    team_consultation = models.ForeignKey("TeamConsultation", on_delete=models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(_("approval ends"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    deviated = models.BooleanField(default=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="case_complete_once_submitted", condition=UNCHECKED | OWN_RULE | FILED),
            *(
                models.CheckConstraint(
                    name=f"case_{kind.lower().replace('-', '_')}_complete",
                    condition=UNCHECKED | ~Q(request_type=kind) | complete,
                )
                for kind, complete in COMPLETE.items()
            ),
            models.CheckConstraint(
                name="case_window_in_order",
                condition=Q(departure_at__isnull=True)
                | Q(window_to__isnull=True)
                | Q(window_to__gt=models.F("departure_at")),
            ),
            models.CheckConstraint(
                name="case_approved_with_decision",
                condition=~Q(
                    status__in=[
                        "approved",
                        "transmitted",
                        "acknowledged",
                        "accepted",
                        "limited",
                        "countered",
                        "scheduled",
                        "underway",
                        "completed",
                    ]
                )
                | Q(decision__isnull=False, ends_at__isnull=False)
                | LEFT_TO_THE_FORCE,
            ),
        ]
        indexes = [
            *(
                index
                for column, beside in (("organisation", NEAR), *((name, ()) for name in (*TOUCHED, "country")))
                for index in (
                    models.Index(fields=[column, "-created_at", "-id", *beside], name=f"case_{column[:12]}_new"),
                    models.Index(
                        fields=[column, "status", "-created_at", "-id", *beside], name=f"case_{column[:12]}_status"
                    ),
                    models.Index(
                        fields=[column, "due_at", "id"],
                        name=f"case_{column[:12]}_due",
                        condition=Q(due_at__isnull=False),
                    ),
                )
            ),
            # Requests that have not ended are few: one index finds them all, and each more costs planning every list.
            models.Index(fields=["country", "-created_at", "-id"], name="case_country_open", condition=NOT_ENDED),
            models.Index(
                fields=["country", "-created_at", "-id"],
                name="case_forwarded_new",
                condition=Q(forwarded_at__isnull=False),
            ),
            models.Index(
                fields=["country", "-created_at", "-id", "status", *TOUCHED],
                name="case_restricted_new",
                condition=SHARED & OPENED,
            ),
            models.Index(fields=["created_by", "-created_at"], name="case_author_drafts", condition=Q(status="draft")),
            # Oral decisions that nobody has confirmed in writing yet are few.
            models.Index(
                fields=["country", "writing_due_at"],
                name="case_writing_due",
                condition=Q(writing_due_at__isnull=False),
            ),
            models.Index(fields=["status", "due_at"], name="case_open_due", condition=~Q(status__in=["draft", *ENDED])),
            # What a week brought: of a cell, of a country.
            *(
                models.Index(fields=[name], name=f"case_{name[:-3]}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("submitted_at", "transmitted_at")
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("requests:case", args=[self.reference])

    @property
    def stream(self) -> str:
        """The chain of the trail in which this case's events stand."""
        return self.country_id

    @property
    def title(self) -> str:
        """As lists and heads print it. The axis is confidential: it stands in the title of a request of that class,
        not of a restricted one, which others find too, and not of one whose answers are closed.
        """
        places = [str(self.origin), str(self.destination)] if self.origin_id and self.destination_id else []
        if self.is_rescue and self.origin_id:
            places = [str(self.origin)]
        where = self.where if self.sensitivity == Sensitivity.CONFIDENTIAL or not self.axis_id else self.area
        return title_of(self.request_type, self.asset_category, places or [str(where or "")])

    @property
    def is_escort(self) -> bool:
        return self.request_type == RequestType.ARMED_ESCORT

    @property
    def is_exception(self) -> bool:
        """Can it be asked for though the policy it was filed under does not foresee it? (ML-POS ¶6)"""
        return self.profile.offers(self.request_type) and not self.profile.foresees(self.request_type)

    @property
    def is_rescue(self) -> bool:
        """Does it go by the urgent procedure, in hours and round the clock? (domain.md §2.8)"""
        return self.request_type in RESCUES

    @property
    def is_patrol(self) -> bool:
        """A patrol on an axis, in place of an escort: the force plans it, nobody decides (domain.md §2.1)."""
        return self.request_type == RequestType.PATROL

    @property
    def where(self):
        """The axis or the administrative area to which the request is limited (CAR-CMC §8.6)."""
        return (self.axis if self.axis_id else None) or (self.area if self.area_id else None)

    @property
    def is_urgent(self) -> bool:
        """Urgent and immediate requests share the urgent clocks (domain.md §2.10)."""
        return self.urgency != Urgency.ROUTINE

    def station_ids(self) -> set[int]:
        return {pk for pk in (self.station_id, self.origin_station_id, self.destination_station_id) if pk}

    def provider(self):
        """The force that the decision names, else the one asked for."""
        return self.decision.force if self.decision_id else self.force

    def scope_facts(self) -> dict:
        """What accounts.scope needs to answer `may this person …` about this case."""
        return {
            "country": self.country_id,
            "stations": {self.station_id},
            "touches": {self.station_id, self.origin_station_id, self.destination_station_id},
            "author": self.created_by_id,
            "organisation": self.organisation_id,
            "request_type": self.request_type,
            "urgent": self.is_urgent,
            "forces": self.extracts.values_list("organisation", flat=True),  # read only when a force asks
            "clusters": {body.partition(":")[2] for body in self.consulted_bodies() if body.startswith("cluster:")},
        }

    def consulted_bodies(self) -> set[str]:
        """Bodies asked for their opinion: nobody before it is sent. Read once for each reading of the case."""
        if self.submitted_at is None:
            return set()
        models.prefetch_related_objects([self], "consultations")
        return {row.body for row in self.consultations.all()}

    def forget_rows(self, name: str) -> None:
        """Rows beside the case were written in bulk: read them again when next asked."""
        getattr(self, "_prefetched_objects_cache", {}).pop(name, None)


class Alternative(models.Model):
    """One civilian alternative that was tried: what, when, with which result (CAR-CMC §8.1; IASC-AE §IV)."""

    class Option(models.TextChoices):
        ACCEPTANCE = "acceptance", _("Negotiation with communities and armed actors")
        ROUTE = "route", _("Another route")
        TIMING = "timing", _("Another time")
        LOW_PROFILE = "low_profile", _("Low profile")
        AIR = "air", _("By air (UNHAS)")
        PARTNER = "partner", _("Delivery by a partner on site")
        NOTIFICATION = "notification", _("Movement notification")
        PATROL = "patrol", _("Patrol on the axis")
        CLEARANCE = "clearance", _("Security of the whole area")
        TRANQUILLITY = "tranquillity", _("Days of tranquillity")
        TRUCKS = "trucks", _("Trucks of another organisation or commercial")
        OWN_FLEET = "own_fleet", _("Our own means")
        AGENCIES = "agencies", _("Means of another organisation")
        LOGISTICS = "logistics", _("Logistics cluster")
        COMMERCIAL = "commercial", _("Commercial provider")
        POOLED = "pooled", _("Pooled transport of the NGOs")
        OTHER = "other", _("Other")

    class Outcome(models.TextChoices):
        REFUSED = "refused", _("Refused")
        UNAVAILABLE = "unavailable", _("Not available")
        LATE = "late", _("Too late")
        UNSAFE = "unsafe", _("Not safe enough")
        COST = "cost", _("Too costly")
        INADEQUATE = "inadequate", _("Not adequate")
        AVAILABLE = "available", _("Available")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="alternatives")
    option = models.CharField(_("what was tried"), max_length=16, choices=Option.choices)
    asked_to = models.CharField(_("asked to"), max_length=120, blank=True)
    tried_on = models.DateField(_("when"))
    outcome = models.CharField(_("result"), max_length=16, choices=Outcome.choices)
    note = models.CharField(_("why it was not enough"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_option_display()}: {self.get_outcome_display()}"


class CaseFile(models.Model):
    """A paper attached to a case; served only through the case's own visibility.

    One that a reviewer could read is never removed: it is withdrawn, with a reason, and stays readable.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="cases/%Y/%m/")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    notes_stay = models.BooleanField(default=False)  # what a program wrote into it (author, times) could not be removed
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="casefile_withdrawn_by_at_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
            ),
            models.UniqueConstraint(
                fields=["case", "sha256"],
                name="casefile_attached_once",
                condition=Q(withdrawn_at=None) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CaseUserPermission(UserObjectPermissionBase):
    """One case shared with one person for consultation (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class ReferenceCounter(models.Model):
    """The last running number given out for a series, e.g. "CAF-AE-2026"."""

    series = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:04d}"
