"""The fixed terms of a request: its types, the assets asked for, its urgencies and its states."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RequestType(models.TextChoices):
    ARMED_ESCORT = "AE", _("Armed escort")
    LOGISTICS = "MCDA-LOG", _("Military asset: transport, storage, supply")
    INFRASTRUCTURE = "MCDA-INF", _("Military asset: roads, bridges, airstrips")
    EVACUATION = "EVAC", _("Rescue or evacuation of staff")
    MEDICAL = "MED", _("Medical evacuation")
    PATROL = "AREA", _("Patrol on an axis")


RESCUES = (RequestType.EVACUATION, RequestType.MEDICAL)  # the urgent procedure (domain.md §2.8)
# Patrols are logged for so long after the period that was asked for; then the request has ended.
LOGGED_WITHIN = timedelta(days=2)


class AssetCategory(models.TextChoices):
    """What is asked of a force beside an escort (domain.md §3.1 asset_category)."""

    TRUCK = "truck", _("Truck")
    CAR = "4x4", _("4x4 vehicle")
    HEAVY = "heavy_truck", _("Heavy truck, low-bed")
    HELICOPTER_PEOPLE = "helicopter_pax", _("Helicopter for passengers")
    HELICOPTER_CARGO = "helicopter_cargo", _("Helicopter for cargo")
    PLANE = "fixed_wing", _("Aeroplane")
    BOAT = "boat", _("Boat")
    MEDEVAC = "medevac", _("Medical evacuation")
    STORAGE = "storage", _("Storage, secure parking")
    FUEL = "fuel", _("Fuel")
    GENERATOR = "generator", _("Generator")
    WATER = "water", _("Water treatment, water tanker")
    MEDICAL = "medical", _("Medical care, level 2")
    MANPOWER = "manpower", _("Hands for loading")
    COMMUNICATIONS = "communications", _("Communications")
    PLANT = "plant", _("Engineering plant")
    BRIDGE = "bridge", _("Bridge, ferry")
    AIRSTRIP = "airstrip", _("Airstrip repair")
    EXPERTISE = "expertise", _("Expertise, mine clearance")
    OTHER = "other", _("Something else")


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("Routine")
    URGENT = "urgent", _("Urgent")
    IMMEDIATE = "immediate", _("Immediate (life-saving)")


class Patients(models.TextChoices):
    """Who is to be evacuated, and nothing more of them: for others than staff the force decides case by case."""

    STAFF = "staff", _("Humanitarian workers")
    CIVILIANS = "civilians", _("Civilians, because nobody else can")


class Triage(models.TextChoices):
    """The category of the patient who can wait least (domain.md §9.4)."""

    IMMEDIATE = "immediate", _("Immediate")
    URGENT = "urgent", _("Urgent")
    CAN_WAIT = "can_wait", _("Can wait")


class PatrolReason(models.TextChoices):
    """Why a patrol is asked for (domain.md §3.6 reason)."""

    CONVOYS = "convoys", _("Several convoys are planned")
    INCIDENTS = "incidents", _("Recent incidents")
    MARKET = "market", _("Market day")
    OTHER = "other", _("Something else")


class Mixed(models.TextChoices):
    """May soldiers of the host state take part in a patrol? As the force reads it."""

    ACCEPTED = "accepted", _("Host-state forces may take part")
    UN_ONLY = "un_only", _("UN only: no host-state forces")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    REVIEWING = "reviewing", _("Under review")
    RETURNED = "returned", _("Returned for completion")
    UNRECEIVABLE = "unreceivable", _("Not receivable")
    CIVILIAN = "civilian", _("Resolved by civilian means")
    CLEARING = "clearing", _("With the national unit")
    CONSULTING = "consulting", _("Country team consulted")
    DECIDING = "deciding", _("Pending decision")
    APPROVED = "approved", _("Approved with conditions")
    DENIED = "denied", _("Denied")
    TRANSMITTED = "transmitted", _("Transmitted to the force")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged by the force")
    ACCEPTED = "accepted", _("Accepted")
    LIMITED = "limited", _("Accepted with limits")
    DECLINED = "declined", _("Declined")
    COUNTERED = "countered", _("Counter-proposal")
    SCHEDULED = "scheduled", _("Scheduled")
    UNDERWAY = "underway", _("Under way")
    ABORTED = "aborted", _("Aborted")
    COMPLETED = "completed", _("Completed")
    REPORTING = "reporting", _("After-action due")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")


UNDECIDED = ("submitted", "reviewing", "returned", "clearing", "consulting", "deciding")
RUNNING = (
    "approved",
    "transmitted",
    "acknowledged",
    "accepted",
    "limited",
    "declined",
    "countered",
    "scheduled",
)
ENDED = ("unreceivable", "civilian", "denied", "closed", "expired", "withdrawn", "cancelled")
OPEN = tuple(status for status in Status.values if status not in ENDED)
NOT_ENDED = ~Q(status__in=ENDED)  # the same in seven words: PostgreSQL proves an index by it without effort
