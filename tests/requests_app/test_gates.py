"""May anything incomplete be filed, or anything that a hard stop forbids? Answers of every kind, and each gate alone.

What is required and what stops is written down here once more by hand, from domain.md §2.5 and §2.6.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cmcoord.places.models import AdminArea, Axis, Country, Place
from contacts.models import Force
from requests_app import facts, provider
from requests_app.guards import Asked, complete
from requests_app.models import Alternative, Case

NOW = timezone.now()
DAY = dt.timedelta(days=1)
CARRYING = {"truck", "heavy_truck", "helicopter_cargo", "fixed_wing", "boat"}
SEATING = {"4x4", "helicopter_pax", "fixed_wing", "boat", "medevac"}
# The text behind each statement that is to be justified, and the clause of each that stops.
JUSTIFIED = {
    "AE": {
        "imposed": "risk_imposed", "harm": "risk_harm", "perception": "neutrality", "objection": "risk_objection",
        "unasked": "risk_unasked", "authorities": "risk_authorities", "boarding": "risk_boarding",
        "dependency": "risk_dependency",
    },
    "MCDA": {
        "imposed": "risk_imposed", "harm": "risk_harm", "perception": "neutrality", "objection": "risk_objection",
        "unasked": "risk_unasked", "comparable": "risk_comparable", "replacing": "risk_replacing",
        "joint": "risk_joint",
    },
}  # fmt: skip
STOPPING = {
    "AE": {
        "not_civilian": "CAR-CMC §8.3", "mixed": "CAR-CMC §8.2", "not_lowered": "IASC-AE §V.3",
        "contradicts": "IASC-AE §V.3",
    },
    "MCDA": {"not_civilian": "CAR-CMC §8.3", "mixed": "CAR-CMC §8.2"},
}  # fmt: skip
TEXTS = sorted({*JUSTIFIED["AE"].values(), *JUSTIFIED["MCDA"].values()})
COMMON = (
    "need",
    "people",
    "critical_by",
    "departure_at",
    "window_to",
    "rotations",
    "un_on_board",
    "exit_plan",
)
OF_ESCORT = (*COMMON, "origin", "destination", "axis", "vehicles", "cargo", "why_safer")
OF_ASSET = (*COMMON, "asset_category", "asset_quantity", "capability_needed")


def family(kind: str) -> str:
    return "AE" if kind == "AE" else "MCDA"


def sound(kind: str = "AE", **changes) -> Case:
    """A request in memory that may be filed; the alternatives stand beside it as if they had been read."""
    tried = changes.pop("tried", ["refused", "late"])
    beside = changes.pop("beside", facts.Beside())
    values = {
        "pk": 1, "country": Country(pk=changes.pop("country_id", "CAF"), timezone="Africa/Bangui"),
        "request_type": kind, "created_at": NOW, "need": "Food", "people": 10, "critical_by": NOW + DAY * 9,
        "departure_at": NOW + DAY * 5, "window_to": NOW + DAY * 7, "rotations": 1, "un_on_board": False,
        "exit_plan": "It ends.", "no_weapons": True, "risks": ["none"], "force": Force(pk=1),
        "axis": Axis(pk=1), "origin": Place(pk=1), "destination": Place(pk=2), "cargo": "Rice",
    }  # fmt: skip
    if kind == "AE":
        values |= {"vehicles": 4, "why_safer": "Ambushes."}
    else:
        category = "truck" if kind == "MCDA-LOG" else "bridge"
        values |= {"asset_category": category, "asset_quantity": 1, "capability_needed": "Across the river."}
    case = Case(**(values | changes))
    rows = [Alternative(option="air", tried_on=NOW.date(), outcome=outcome) for outcome in tried]
    case._prefetched_objects_cache = {"alternatives": rows}
    facts.remember(case, beside)
    provider.remember(case, {1: [], 2: []})
    return case


def refused(case: Case) -> str:
    return complete(Asked(case=case, user=None, grant=None, now=NOW))


def is_blank(case: Case, name: str) -> bool:
    column = f"{name}_id" if name in ("force", "axis", "area", "origin", "destination") else name
    return getattr(case, column) in (None, "", [])


def lacks(case: Case) -> bool:
    """By hand: is a required answer missing?"""
    names = list(OF_ESCORT if case.request_type == "AE" else OF_ASSET)
    if case.request_type != "AE" and is_blank(case, "axis") and is_blank(case, "area"):
        return True
    if case.request_type == "MCDA-LOG":
        names += ["origin", "destination"] if case.asset_category in CARRYING | SEATING else []
        names += ["cargo"] if case.asset_category in CARRYING else []
        names += ["passenger_count"] if case.asset_category in SEATING else []
    said = JUSTIFIED[family(case.request_type)]
    names += ["risks", *(said[code] for code in case.risks if code in said)]
    names += ["mitigation"] if {"harm", "perception"} & set(case.risks) else []
    return not case.no_weapons or not case.alternatives.all() or any(is_blank(case, name) for name in names)


def is_stopped(case: Case) -> bool:
    """By hand: does a hard stop hit?"""
    outcomes = [row.outcome for row in case.alternatives.all()]
    return (
        len(outcomes) < 2
        or all(outcome == "available" for outcome in outcomes)
        or case.window_to - case.departure_at > DAY * 30
        or bool(set(case.risks) & set(STOPPING[family(case.request_type)]))
        or bool(case.force and case.force.active_to and case.force.active_to < case.departure_at.date())
    )


def is_past(case: Case) -> bool:
    return case.departure_at <= NOW or case.window_to <= case.departure_at


texts = st.sampled_from(["", "Words"])
moments = st.one_of(st.none(), st.integers(-2, 40).map(lambda days: NOW + DAY * days))
rows = {
    **dict.fromkeys(("need", "exit_plan", "cargo", "why_safer", "capability_needed", "mitigation", *TEXTS), texts),
    **dict.fromkeys(("critical_by", "departure_at", "window_to"), moments),
    **{name: st.sampled_from([None, 1, 3]) for name in ("people", "rotations", "vehicles", "asset_quantity")},
    "passenger_count": st.sampled_from([None, 0, 9]),
    "un_on_board": st.sampled_from([None, True, False]),
    "no_weapons": st.booleans(),
    "origin": st.sampled_from([None, Place(pk=1)]),
    "destination": st.sampled_from([None, Place(pk=2)]),
    "axis": st.sampled_from([None, Axis(pk=1)]),
    "area": st.sampled_from([None, AdminArea(pk=1)]),
    "force": st.sampled_from([None, Force(pk=1), Force(pk=2, active_to=NOW.date() + DAY)]),
    "asset_category": st.sampled_from(["", "truck", "4x4", "boat", "storage", "bridge"]),
    "tried": st.lists(st.sampled_from(["refused", "late", "available"]), max_size=3),
}


@st.composite
def cases(draw) -> Case:
    """Mostly sound, with some answers changed: else nearly nothing would ever pass."""
    kind = draw(st.sampled_from(["AE", "MCDA-LOG", "MCDA-INF"]))
    changed = draw(st.lists(st.sampled_from(sorted(rows)), max_size=4, unique=True))
    codes = [*JUSTIFIED[family(kind)], *STOPPING[family(kind)], *([] if kind == "AE" else ["armed"])]
    ticked = draw(st.one_of(st.just(["none"]), st.lists(st.sampled_from(codes), max_size=3, unique=True)))
    said = dict.fromkeys((*TEXTS, "mitigation"), "Words") if draw(st.booleans()) else {}
    return sound(kind, risks=ticked, **{**said, **{name: draw(rows[name]) for name in changed}})


@settings(max_examples=600, deadline=None)
@given(cases())
def test_what_may_be_filed_lacks_nothing_and_hits_no_stop(case):
    allowed = refused(case) == ""
    assert allowed == (not lacks(case) and not is_past(case) and not is_stopped(case))


@pytest.mark.parametrize("kind", ["AE", "MCDA-LOG", "MCDA-INF"])
def test_a_sound_request_may_be_filed(kind):
    assert refused(sound(kind)) == ""


def stops() -> list:
    """Each gate alone: the type, what is wrong, and the clause with which it stops."""
    found = []
    for kind in ("AE", "MCDA-LOG", "MCDA-INF"):
        found += [
            (kind, {"tried": ["refused"]}, "CAR-CMC §8.1"),
            (kind, {"tried": ["available", "available"]}, "CAR-CMC §8.1"),
            (kind, {"window_to": NOW + DAY * 36}, "CAR-CMC §8.6"),
            (kind, {"force": Force(pk=2, active_to=NOW.date())}, "CAR-CMC §4"),
        ]
        found += [(kind, {"risks": [code]}, clause) for code, clause in STOPPING[family(kind)].items()]
    return found


@pytest.mark.parametrize(("kind", "wrong", "clause"), stops(), ids=lambda each: str(each)[:40])
def test_each_hard_stop_stops_it_with_its_clause(kind, wrong, clause):
    sentence = refused(sound(kind, **wrong))
    assert sentence.endswith(f"({clause})"), sentence


# By hand: what the same stops cite in Mali, and where a country has no text of its own.
ELSEWHERE = [
    ("AE", {"tried": ["refused"]}, "ML-POS ¶6", "IASC-AE §IV"),
    ("MCDA-LOG", {"tried": ["refused"]}, "MCDA-2006 When to use", "MCDA-2006 When to use"),
    ("AE", {"window_to": NOW + DAY * 36}, "MCDA-2006 Key concepts", "MCDA-2006 Key concepts"),
    ("AE", {"force": Force(pk=2, active_to=NOW.date())}, "ML-POS ¶7", "MCDA-2006 Operational standards"),
    ("AE", {"risks": ["not_civilian"]}, "ML-POS ¶5", "MCDA-2006 Operational standards"),
    ("AE", {"risks": ["mixed"]}, "ML-POS ¶5", "MCDA-2006 Key concepts"),
    ("AE", {"risks": ["contradicts"]}, "ML-POS ¶6", "IASC-AE §V.3"),
]


@pytest.mark.parametrize(("kind", "wrong", "mali", "third"), ELSEWHERE, ids=lambda each: str(each)[:40])
def test_a_stop_cites_the_text_of_its_country_or_an_international_one(kind, wrong, mali, third):
    for country, clause in (("MLI", mali), ("TCD", third)):
        sentence = refused(sound(kind, country_id=country, **wrong))
        assert sentence.endswith(f"({clause})"), sentence


@pytest.mark.parametrize("kind", ["AE", "MCDA-LOG", "MCDA-INF"])
def test_organisations_that_were_not_asked_stop_in_mali_alone(kind):
    said = {"risks": ["unasked"], "risk_unasked": "None of them answered."}
    assert refused(sound(kind, country_id="CAF", **said)) == refused(sound(kind, country_id="TCD", **said)) == ""
    assert refused(sound(kind, country_id="MLI", **said)) == "Organisations that work there were not asked. (ML-POS ¶6)"
    objected = {"risks": ["objection"], "risk_objection": "Words"}
    assert refused(sound(kind, country_id="MLI", **objected)) == ""


@pytest.mark.parametrize("kind", ["AE", "MCDA-LOG", "MCDA-INF"])
def test_armed_people_are_a_missing_statement_and_a_stop(kind):
    assert refused(sound(kind, no_weapons=False))


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind in ("AE", "MCDA") for code in JUSTIFIED[kind]])
def test_a_risky_answer_asks_for_words_and_never_stops(kind, code):
    kind = "MCDA-LOG" if kind == "MCDA" else kind
    assert refused(sound(kind, risks=[code])) != ""
    words = {JUSTIFIED[family(kind)][code]: "Words", "mitigation": "Words"}
    assert refused(sound(kind, risks=[code], **words)) == ""
