"""How does a request come to the status that a test needs? By the real moves, made by the people of tests/people.py.

`draft_case` and `complete_draft` write one; `case_at` walks it on, some days ago, so that it counts as of now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.places.models import AdminArea, Axis, Country, DutyStation, Place
from contacts.models import FleetRow, FleetVehicle, Force
from contacts.services import keep
from requests_app import last_resort
from requests_app.models import Assessment, CargoLine, Case, ExecutionSheet, SheetStaff, SheetVehicle
from requests_app.services import make_move, save_answers, start_case
from tests.cast import acted, assembled

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
CONDITIONS = ["area_only", "no_arms_on_board", "leader_stops"]
STATION_OF = {"CAF": "bria", "MLI": "mopti"}
# What OCHA tells the force, every text confirmed.
RELEASED = {
    "task": "Escort six civilian trucks from Bambari to Bria.",
    "confirmed": ["task", "capability_needed", "cargo", "exit_plan", "condition_text"],
}
CALL = {
    "person_function": "Logistician of the organisation",
    "source": "telephone",
    "received_at": dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC),
    "witness": "Radio operator on duty",
}
NAMES = (
    "admin", "admin2", "requester_bria", "colleague_bria", "requester_birao", "requester_un", "ocha_bria", "ocha_birao",
    "ocha_bgi", "hoo", "hc", "log_cluster", "undss", "ngosec", "force_u3", "force_sector", "donor", "ocha_bko", "hc_ml",
    "force_ml", "outsider", "nobody",
)  # fmt: skip


@pytest.fixture
def mali_cast(requester_mopti, ocha_mopti, ocha_bko, hc_ml, hct, force_ml) -> SimpleNamespace:
    """Whoever has a part in a request of Mali."""
    return SimpleNamespace(
        requester_mopti=requester_mopti, ocha_mopti=ocha_mopti, ocha_bko=ocha_bko, hc_ml=hc_ml, hct=hct,
        force_ml=force_ml,
    )  # fmt: skip


@pytest.fixture
def people(request, reference) -> Iterator[SimpleNamespace]:
    """Everybody at once, by the names of their fixtures: people.hc, people.requester_bria …"""

    def everybody() -> dict[str, User]:
        return {name: request.getfixturevalue(name) for name in NAMES}

    with assembled(everybody):
        yield SimpleNamespace(**everybody())


def alternatives(now: dt.datetime | None = None) -> list[dict[str, Any]]:
    """Two that were tried and were not enough, as save_answers takes them."""
    day = timezone.localdate(now or timezone.now()) - DAY * 3
    return [
        {
            "option": "patrol",
            "asked_to": "Cell of Bria",
            "tried_on": day,
            "outcome": "refused",
            "note": "No patrol on this axis this week.",
        },
        {
            "option": "acceptance",
            "asked_to": "",
            "tried_on": day,
            "outcome": "inadequate",
            "note": "No guarantee was given.",
        },
    ]


def answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """A complete request Bambari to Bria, leaving ten days after `now`."""
    leaves = (now or timezone.now()) + DAY * 10
    return {
        "urgency": "routine",
        "need": "Food for 4,200 people displaced around Bria; the stock ends soon.",
        "people": 4200,
        "critical_by": leaves + DAY * 5,
        "origin": Place.objects.get(name="Bambari"),
        "destination": Place.objects.get(name="Bria"),
        "axis": Axis.objects.get(code="bambari-bria"),
        "departure_at": leaves,
        "window_to": leaves + DAY * 3,
        "rotations": 1,
        "vehicles": 6,
        "cargo": "Food rations, 60 tonnes.",
        "no_weapons": True,
        "un_on_board": False,
        "force": Force.objects.get(acronym="MINUSCA"),
        "why_safer": "Two ambushes on this axis within a month; none on escorted convoys.",
        "risks": ["none"],
        "exit_plan": "Ends with this convoy; the patrol resumes in three weeks.",
        "consent_force": True,
    } | overrides


def mali_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """A complete request Mopti to Mondoro; the force is the army of the country, the only one present."""
    places = {
        "need": "Food for 4,200 people displaced around Mondoro; the stock ends soon.",
        "origin": Place.objects.get(country="MLI", name="Mopti"),
        "destination": Place.objects.get(country="MLI", name="Mondoro"),
        "axis": Axis.objects.get(code="mopti-mondoro"),
        "force": Force.objects.get(acronym="FAMa"),
    }
    return answers(now, **places | overrides)


# What the organisation says when it ticks that others may take it for a side.
PERCEIVED = {
    "risks": ["perception"],
    "neutrality": "Visible; communities are told before, no military presence at the distribution.",
    "mitigation": "Marked vehicles; the communities hear of it from us.",
}


def asset_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """A complete request for two trucks from Bambari to Bria."""
    shared = answers(now)
    kept = ("urgency", "need", "people", "critical_by", "origin", "destination", "axis", "departure_at", "window_to",
            "rotations", "cargo", "no_weapons", "un_on_board", "force", "exit_plan", "consent_force")  # fmt: skip
    return (
        {name: shared[name] for name in kept}
        | {
            "request_type": "MCDA-LOG",
            "asset_category": "truck",
            "asset_quantity": 2,
            "capability_needed": "Sixty tonnes of food to Bria before the rain.",
            "risks": ["none"],
        }
        | overrides
    )


def works_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """A complete request for the repair of a bridge in Ouaka."""
    found = asset_answers(now)
    gone = ("origin", "destination", "axis", "cargo")
    return (
        {name: value for name, value in found.items() if name not in gone}
        | {
            "request_type": "MCDA-INF",
            "asset_category": "bridge",
            "asset_quantity": 1,
            "capability_needed": "A bridge that bears trucks of twenty tonnes.",
            "area": AdminArea.objects.get(country="CAF", name="Ouaka", valid_to=None),
        }
        | overrides
    )


def rescue_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """The six answers of the urgent procedure, and the number to call back."""
    return {
        "request_type": "EVAC",
        "need": "Seven humanitarian workers and two pilots, stranded after a landing.",
        "no_weapons": True,
        "origin": Place.objects.get(name="Nzacko"),
        "passenger_count": 9,
        "why_safer": "Armed men around the landing place.",
        "civilian_within_hour": False,
        "force": Force.objects.get(acronym="MINUSCA"),
        "call_back": "+236 70 00 00 31",
        "consent_force": True,
        "alternatives": None,
    } | overrides


def medical_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """Two patients; of them nothing but the category and the number."""
    kept = {name: value for name, value in rescue_answers(now).items() if name != "need"}
    return kept | {"request_type": "MED", "passenger_count": 2, "patients": "staff", "triage": "urgent"} | overrides


def patrol_answers(now: dt.datetime | None = None, **overrides: Any) -> dict[str, Any]:
    """A patrol between Bambari and Bria for three days, ten days after `now`; nobody has agreed to anything."""
    leaves = (now or timezone.now()) + DAY * 10
    return {
        "request_type": "AREA",
        "axis": Axis.objects.get(code="bambari-bria"),
        "departure_at": leaves,
        "window_to": leaves + DAY * 3,
        "patrol_reason": "convoys",
        "movements_count": 4,
        "mixed_patrol": False,
        "force": Force.objects.get(acronym="MINUSCA"),
        "alternatives": None,
    } | overrides


# Every statement that may be ticked without a stop, with its words.
TICKED = {
    kind: {
        "risks": [risk.code for risk in last_resort.risks_of(kind) if risk.gate != last_resort.STOP],
        **{risk.text: f"Words to: {risk.code}." for risk in last_resort.risks_of(kind) if risk.text},
        "mitigation": "Marked vehicles; the communities hear of it from us.",
    }
    for kind in ("AE", "MCDA-LOG", "MCDA-INF")
}
ANSWERS_OF = {
    "AE": answers,
    "MCDA-LOG": asset_answers,
    "MCDA-INF": works_answers,
    "EVAC": rescue_answers,
    "MED": medical_answers,
    "AREA": patrol_answers,
}


def draft_case(by: User, *, now: dt.datetime | None = None, **overrides: Any) -> Case:
    """A draft with only these answers (and alternatives=[…]); station, organisation and language may be given too.

    OCHA writes for others: draft_case(ocha, organisation=ngo, on_behalf=CALL).
    """
    country = overrides.pop("country", None) or Country.objects.get(pk=_country_of(by))
    station = overrides.pop("station", None) or DutyStation.objects.get(code=_station_of(by, country))
    rows = overrides.pop("alternatives", None)
    case = start_case(
        by=by,
        country=country,
        station=station,
        organisation=overrides.pop("organisation", by.organisation),
        request_type=overrides.pop("request_type", "AE"),
        language=overrides.pop("language", "en"),
        on_behalf=overrides.pop("on_behalf", None),
        now=now,
    )
    if overrides or rows is not None:
        case = save_answers(case, by=by, base_version=case.version, answers=overrides, alternatives=rows, now=now)
    return case


def _country_of(by: User) -> str:
    row = by.appointments.exclude(country=None).first()
    return row.country_id if row else "CAF"


def _station_of(by: User, country: Country) -> str:
    row = by.appointments.exclude(station=None).select_related("station").first()
    return row.station.code if row else STATION_OF[country.pk]


def complete_draft(by: User, *, now: dt.datetime | None = None, **overrides: Any) -> Case:
    """A draft with every answer, ready to be submitted; overrides replace single answers."""
    kind = overrides.get("request_type", "AE")
    overrides = {"alternatives": alternatives(now)} | overrides
    write = mali_answers if kind == "AE" and _country_of(by) == "MLI" else ANSWERS_OF[kind]
    return draft_case(by, now=now, **write(now, **overrides))


def submitted_case(people, **overrides: Any) -> Case:
    return case_at("submitted", people, **overrides)


def limits_of(case: Case, **overrides: Any) -> dict[str, Any]:
    """Limits of an approval that fit the request."""
    return {
        "force": case.force,
        "axis": case.axis,
        "area": case.area,
        "valid_from": case.departure_at - DAY,
        "valid_to": case.window_to + DAY,
        "rotations": case.rotations,
        "conditions": CONDITIONS,
        "condition_text": "",
    } | overrides


def fleet_of(user: User, model: type[FleetRow]) -> FleetRow:
    """A vehicle, or a driver, that the organisation of this person keeps in the Central African Republic."""
    vehicle = {"kind": "heavy_truck", "plate": "AA 777 BG", "marking": "White, logo", "radio": "VHF 7"}
    driver = {"name": "Kept Driver", "id_number": "ID-777", "telephone": "+236 70 00 07 77"}
    row = vehicle if model is FleetVehicle else driver
    keep(model, by=user, organisation=user.organisation, country="CAF", rows=[row])
    return model.objects.get(key=model.key_of(row))


def write_sheet(case: Case, **overrides: Any) -> ExecutionSheet:
    """A complete execution sheet, written at once: one vehicle, three people, one line of cargo, nobody by name."""
    leaves = case.departure_at
    # A convoy that arrives on another day would say where it stays overnight.
    day_ends = leaves.astimezone(case.country.zone).replace(hour=23, minute=59, second=59, microsecond=999_999)
    sheet, _is_new = ExecutionSheet.objects.update_or_create(
        case=case,
        defaults={
            "version": 1,
            "is_complete": True,
            "updated_at": timezone.now(),
            "updated_by": case.created_by,
            "convoy_name": "Convoy One",
            "leaves_at": leaves,
            "arrives_at": min(
                leaves + dt.timedelta(minutes=5), day_ends
            ),  # later it would say where it stays overnight
            "return_leg": "none",
            "convoy_leader": "Logistician of the organisation",
            "leader_telephone": "+236 70 00 00 21",
            "focal_point": "Coordinator of the organisation",
            "focal_telephone": "+236 70 00 00 22",
            "names_needed": False,
            "consignee": "Storekeeper in Bria",
            "comms_plan": "HF every two hours with the base.",
            "casevac_plan": "Hospital of Bria; call OCHA first.",
            "escort_rules": ["no_weapons", "leader_stops"],
            "security_ref": "TRIP-0001" if case.un_on_board else "",
            "programme_criticality": "pc1" if case.un_on_board else "",
        }
        | overrides,
    )
    if not sheet.convoy_vehicles.exists():
        SheetVehicle.objects.create(sheet=sheet, kind="heavy_truck", plate="AA 001 BG", owner="INGO A", moss=True)
        SheetStaff.objects.create(sheet=sheet, organisation="INGO A", count=3)
        CargoLine.objects.create(sheet=sheet, description="Rice and beans", packaging="bags", weight_kg=60_000)
    return sheet


def write_review(case: Case, *, by: User, **overrides: Any) -> Assessment:
    """OCHA's findings, written at once: every criterion met, the risk lowered."""
    met = dict.fromkeys(Assessment.CRITERIA, "yes")
    kind = {"support_level": "indirect", "provider_kind": "peacekeepers", "escort_mode": "distant"}
    risk = {"risk_without": "high", "risk_with": "medium"}
    return Assessment.objects.create(case=case, by=by, clusters=["LOG"], **met | kind | risk | overrides)


# ── the moves, with what each needs: who, and which facts ────────────────────────────────────────────────────────────

Facts = Callable[[Case, dt.datetime], dict[str, Any]]


def _facts(**values: Any) -> Facts:
    return lambda _case, _now: values


def _security(case: Case, _now: dt.datetime) -> dict[str, Any]:
    return {"value": "favourable", "analysis": "SRM-0001"}


def sheet_as_read(case: Case) -> dict[str, int]:
    """OCHA has read the sheet as it stands and releases its words."""
    return {"sheet_version": getattr(ExecutionSheet.objects.filter(case=case).first(), "version", 0)}


def _scheduled(case: Case, _now: dt.datetime) -> dict[str, Any]:
    return {
        **sheet_as_read(case),
        "departure_at": case.departure_at,
        "rendezvous": "Gate of the compound, Bambari",
        "rendezvous_at": case.departure_at - HOUR,
        "leader": "Convoy leader",
        "contact": "+236 00 00 03 01",
    }


# name of the step → (code of the move, who makes it, its facts)
STEPS: dict[str, tuple[str, str, Facts]] = {
    "submit": ("submit", "author", _facts()),
    "review": ("review", "ocha_bria", _facts()),
    "return": ("return", "ocha_bria", _facts(reason="On which days can you leave?")),
    "reject": ("reject", "ocha_bria", _facts(reason="Commercial goods are not humanitarian cargo.")),
    "civilian": ("civilian", "ocha_bria", _facts(reason="A flight on Thursday takes the cargo.")),
    "validate": ("validate", "ocha_bria", _facts()),
    "draft": ("draft_decision", "ocha_bgi",
              lambda case, _now: {"recommendation": "approved", "note": "Last resort, all tried.", **limits_of(case)}),
    "forward": ("forward", "ocha_bgi", _facts()),
    "approve": ("approve", "hc", lambda case, _now: limits_of(case)),
    "approve orally": ("approve_orally", "hc",
                       lambda case, _now: limits_of(case, valid_from=case.departure_at, rotations=1)),
    "deny": ("deny", "hc", _facts(reason_code="civilian", reason="The flight takes the cargo.")),
    "cluster": ("advise_cluster", "log_cluster", _facts(value="endorsed")),
    "ngo": ("advise_ngo", "ngosec", _facts(value="favourable")),
    "undss": ("advise_security", "undss", _security),
    "own": ("decide_security", "author", _security),
    "transmit": ("transmit", "ocha_bria", _facts(**RELEASED)),
    "acknowledge": ("acknowledge", "force_u3", _facts()),
    "accept": ("accept", "force_u3", _facts()),
    "limit": ("limit", "force_u3", _facts(text="Daylight only.")),
    "decline": ("decline", "force_u3", _facts(decline_reason="capability", text="No vehicle free.")),
    "counter": ("counter", "force_u3",
                lambda case, _now: {"text": "One day later.", "departure_at": case.departure_at + DAY}),
    "schedule": ("schedule", "ocha_bria", _scheduled),
    "start": ("start", "author", lambda _case, now: {"happened_at": now}),
    "start by force": ("log", "force_u3", lambda _case, now: {"what": "start", "happened_at": now}),
    "end": ("log", "author", lambda _case, now: {"what": "end", "happened_at": now, "is_last": True}),
    "end by force": ("log", "force_u3", lambda _case, now: {"what": "end", "happened_at": now}),
    "abort": ("log", "author",
              lambda _case, now: {"what": "abort", "happened_at": now, "note": "Shots ahead.", "is_last": True}),
    "report": ("report", "portal", _facts()),
    "close": ("close", "author", _facts(nothing_to_report=True)),
    "expire": ("expire", "portal", _facts()),
    "withdraw": ("withdraw", "author", _facts()),
    "suspend": ("suspend", "hc", _facts(reason="Fighting on the axis.")),
    "cancel": ("cancel", "ocha_bgi", _facts(reason="The need has gone.")),
}  # fmt: skip

CLEARING = ("submit", "review", "cluster", "advice", "validate")
DECIDING = (*CLEARING, "draft", "forward")
APPROVED = (*DECIDING, "approve")
TRANSMITTED = (*APPROVED, "own", "transmit")
SCHEDULED = (*TRANSMITTED, "accept", "schedule")
UNDERWAY = (*SCHEDULED, "start", "start by force")
COMPLETED = (*UNDERWAY, "end", "end by force")

WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "reviewing": ("submit", "review"),
    "returned": ("submit", "review", "return"),
    "unreceivable": ("submit", "review", "reject"),
    "civilian": ("submit", "review", "civilian"),
    "clearing": CLEARING,
    "deciding": DECIDING,
    "approved": APPROVED,
    "denied": (*DECIDING, "deny"),
    "transmitted": TRANSMITTED,
    "acknowledged": (*TRANSMITTED, "acknowledge"),
    "accepted": (*TRANSMITTED, "accept"),
    "limited": (*TRANSMITTED, "limit"),
    "declined": (*TRANSMITTED, "decline"),
    "countered": (*TRANSMITTED, "counter"),
    "scheduled": SCHEDULED,
    "underway": UNDERWAY,
    "aborted": (*UNDERWAY, "abort"),
    "completed": COMPLETED,
    "reporting": (*COMPLETED, "report"),
    "closed": (*COMPLETED, "report", "close"),
    "expired": (*APPROVED, "expire"),
    "withdrawn": ("submit", "withdraw"),
    "suspended": (*APPROVED, "suspend"),
    "cancelled": (*APPROVED, "cancel"),
}
ON_THE_ROAD = ("underway", "aborted", "completed", "reporting", "closed")


def case_at(status: str, people, *, now: dt.datetime | None = None, by: User | None = None, **overrides: Any) -> Case:
    """A request in this status, brought there by every move on the way; `now` is the moment at which it is there.

    `by` files it (the requester in Bria). Overrides replace answers: un_on_board=True asks UNDSS, urgency="urgent"
    skips the cluster. Until the schedule it was filed two days ago; on the road twelve days ago, so that it left two
    days ago and its window is still open; "expired" twenty days ago.
    """
    author = by or people.requester_bria
    if now or not all(isinstance(value, str | bool | int | None) for value in overrides.values()):
        return _walked(status, people, author, now or timezone.now(), overrides)
    act = (status, author.pk, *sorted(overrides.items()))
    return fresh(Case(pk=acted(act, lambda: _walked(status, people, author, timezone.now(), overrides).pk)))


def _walked(status: str, people, author: User, now: dt.datetime, overrides: dict[str, Any]) -> Case:
    ago = 20 * DAY if status == "expired" else 12 * DAY if status in ON_THE_ROAD else 2 * DAY
    at = now - ago
    case = complete_draft(author, now=at, **overrides)
    if "approve" in WAYS[status]:
        write_sheet(case)
    for name in WAYS[status]:
        for step in _spelt_out(name, case):
            at += HOUR
            code, who, facts = STEPS[step]
            if step == "start":
                at = case.departure_at
            if step == "expire":
                at = case.ends_at + HOUR
            actor = author if who == "author" else None if who == "portal" else getattr(people, who)
            make_move(case, code, by=actor, now=at, **facts(case, at))
            if code == "review":
                write_review(case, by=actor)
            case = fresh(case)
    return case


def _spelt_out(name: str, case: Case) -> tuple[str, ...]:
    """The opinions that this case asks for stand behind "cluster", "advice" and "own"."""
    bodies = case.consulted_bodies()
    if name == "cluster":
        return ("cluster",) if "cluster:LOG" in bodies else ()
    if name == "advice":
        return tuple(step for step, body in (("undss", "undss"), ("ngo", "ngo_adviser")) if body in bodies)
    if name == "own":
        return () if case.un_on_board else ("own",)
    return (name,)


def cleared_case(cast, *, now: dt.datetime | None = None, **overrides: Any) -> Case:
    """A request in Mali that the national unit has drafted a decision on: next the country team is consulted.

    `cast` are the people of `mali_cast`.
    """
    at = (now or timezone.now()) - DAY
    case = complete_draft(cast.requester_mopti, now=at, consent_partners=True, **overrides)
    for code, by, facts in (
        ("submit", cast.requester_mopti, {}),
        ("review", cast.ocha_mopti, {}),
        ("validate", cast.ocha_mopti, {}),
        ("draft_decision", cast.ocha_bko,
         {"recommendation": "approved", "note": "Only by consensus.", **limits_of(case)}),
    ):  # fmt: skip
        at += HOUR
        make_move(case, code, by=by, now=at, **facts)
        if code == "review":
            write_review(case, by=by)
    at = case.consultations.order_by("-due_at").values_list("due_at", flat=True).first() or at
    case.consultations.update(lapsed_at=at)
    return fresh(case)


def consulted_case(cast, *, now: dt.datetime | None = None, **overrides: Any) -> Case:
    """The same, put to the country team at `now`."""
    now = now or timezone.now()
    case = cleared_case(cast, now=now, **overrides)
    make_move(case, "open_consultation", by=cast.ocha_bko, now=now)
    return fresh(case)


def fresh(case: Case) -> Case:
    """The case as the database has it now, without anything read before."""
    return Case.objects.get(pk=case.pk)
