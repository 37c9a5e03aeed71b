"""Whatever is done in whatever order: which requests never get there?

A machine makes chances: rows of the register, answers to them, the switch of the country, words of the country team,
limits of decisions and replies, moves of everybody who could make one, and of a colleague of the requester with all
their rights. After each step it asks the properties of PROPERTIES; further ones are added there, with the rules that
could break them.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cmcoord.accounts.roles import Role
from contacts.models import Force, ForceStatus
from contacts.services import confirm_status, propose_status, reject_status
from requests_app import consensus, provider
from requests_app.models import Decision, Move, Position
from requests_app.services import Refused, act_on_register, make_move
from tests.factories import RELEASED, STEPS, case_at, consulted_case, fresh, limits_of
from tests.people import appointed, delegated

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AGREED = ("approved", "transmitted", "scheduled")
STARTS = ("draft", "clearing", "deciding", "approved", "transmitted", "scheduled")
CONSULTING = "consulting"  # in Mali, where the country team decides by consensus
DECIDING = ("review", "validate", "assess", "draft_decision", "forward", "approve")
WORDS = {"basis": "Communiqué.", "clause": "ML-POS ¶7"}

# ── what may happen: (name of the rule, its chances) ─────────────────────────────────────────────────────────────────

FORCES = st.sampled_from(["MINUSCA", "MINUSCA", "FACA"])
statuses = st.tuples(
    st.just("propose"), st.sampled_from(["not_party", "disputed", "party", "in_combat"]),
    st.sampled_from(["country", "axis", "elsewhere"]), st.integers(-3, 25), st.sampled_from([None, 5, 60]), FORCES,
)  # fmt: skip
answers = st.tuples(st.sampled_from(["confirm", "reject"]), st.integers(0, 9))
decisions = st.tuples(
    st.just("approve"), st.sampled_from(["hc", "delegate", "recorded", "own"]), st.booleans(),
    st.sampled_from(["MINUSCA", "FACA"]), st.sampled_from(["asked", "asked", "other"]), st.sampled_from([0, 0, 40]),
)  # fmt: skip
moves = st.tuples(
    st.just("move"), st.sampled_from(["submit", "review", "validate", "draft", "forward", "transmit", "accept"]),
    st.sampled_from(["usual", "usual", "own"]),
)  # fmt: skip
days = st.tuples(
    st.sampled_from(["counter", "counter_elsewhere", "schedule", "change"]), st.sampled_from([-3, 0, 1, 40])
)
others = st.tuples(st.sampled_from(["resume", "sweep", "extend", "redecide", "agree", "transmit_late"]))
escorts = st.lists(st.one_of(statuses, statuses, decisions, moves, days, answers, others), min_size=3, max_size=9)
words = st.tuples(st.sampled_from(["say", "record"]), st.integers(0, 3), st.sampled_from(["support", "object"]))
team = st.lists(
    st.one_of(words, words, st.tuples(st.sampled_from(["all_support", "establish", "consult_again"]))), max_size=5
)
chances = st.one_of(
    *[st.tuples(st.sampled_from(STARTS), escorts)] * 4,
    st.tuples(st.just(CONSULTING), team.map(lambda steps: [("all_support",), *steps, ("establish",)])),
)


# ── what never happens ───────────────────────────────────────────────────────────────────────────────────────────────


def no_stopped_provider_is_agreed(stage, before: str) -> str:
    """Nothing *gets* to approved, transmitted or scheduled with a stopped force but by the Coordinator's own words."""
    case = fresh(stage.case)
    if case.status == before or case.status not in AGREED:
        return ""
    stopped = provider.stop(case)
    return f"{before} → {case.status} with {stopped}" if stopped else ""


def an_exception_is_the_coordinators_own(stage, before: str) -> str:
    decision = fresh(stage.case).decision
    if decision is None or not decision.exception_text:
        return ""
    in_person = decision.capacity == Role.HC and decision.acting_for_id is None and decision.on_behalf_id is None
    return "" if stage.switch and in_person and decision.decided_by == stage.people.hc else "an exception by another"


def what_is_agreed_does_not_stay_with_a_stopped_provider(stage, before: str) -> str:
    case = fresh(stage.case)
    return f"{case.status} stays" if case.status in AGREED and provider.stop(case) else ""


def nobody_decides_for_their_own_organisation(stage, before: str) -> str:
    own = {"case": stage.case, "by__organisation": stage.case.organisation_id}
    if Move.objects.filter(code__in=DECIDING, **own).exists():
        return "a step of the review by the own organisation"
    own["decided_by__organisation"] = own.pop("by__organisation")
    return "a decision by the own organisation" if Decision.objects.filter(**own).exists() else ""


def nothing_is_agreed_outside_what_was_asked(stage, before: str) -> str:
    """Another axis than was asked for or proposed by the force, or none of the days."""
    case = fresh(stage.case)
    if case.status == before or case.status not in AGREED:
        return ""
    decision, (axis, leaves, window) = case.decision, stage.asked[case.pk]
    if decision.axis_id not in {axis, *case.replies.values_list("other_axis", flat=True)}:
        return f"{case.status} on another axis"
    outside = decision.valid_to < leaves or decision.valid_from > window
    return f"{case.status} on other days" if outside else ""


def nothing_goes_on_outside_the_approval(stage, before: str) -> str:
    """Neither after its end, nor on another day or axis than was approved, whatever the force proposed."""
    case = fresh(stage.case)
    if case.status not in ("transmitted", "scheduled"):
        return ""
    decision, reply = case.decision, case.replies.order_by("pk").last()
    if case.moves.order_by("pk").last().at > decision.valid_to:
        return f"{case.status} after the end"
    if case.status == "transmitted":
        return ""
    proposed = reply.departure_at if reply and reply.departure_at else case.departure_at
    if not all(decision.valid_from <= leaves <= decision.valid_to for leaves in (case.departure_at, proposed)):
        return "scheduled on a day that was not approved"
    return "scheduled elsewhere" if reply and reply.other_axis_id not in (None, decision.axis_id) else ""


def no_consensus_over_an_objection(stage, before: str) -> str:
    """Silence is no support; what OCHA wrote down lifts no objection (nobody confirms it here)."""
    case = fresh(stage.case)
    if case.team_consultation_id is None or case.status not in AGREED:
        return ""
    stands: dict[int, str] = {}
    for row in Position.objects.filter(case=case).order_by("pk"):
        if not (row.on_behalf_id and stands.get(row.seat.organisation_id) == "object"):
            stands[row.seat.organisation_id] = row.value
    now = Position.objects.filter(seat__consultation=case.team_consultation_id).values("seat").distinct().count()
    return f"approved with {stands}" if "object" in stands.values() or now < 3 else ""


PROPERTIES = (
    no_stopped_provider_is_agreed,
    an_exception_is_the_coordinators_own,
    what_is_agreed_does_not_stay_with_a_stopped_provider,
    nobody_decides_for_their_own_organisation,
    nothing_is_agreed_outside_what_was_asked,
    nothing_goes_on_outside_the_approval,
    no_consensus_over_an_objection,
)


# ── the machine ──────────────────────────────────────────────────────────────────────────────────────────────────────


def propose(stage, status, where, starts, length, force):
    area = {"country": None, "axis": stage.on_axis, "elsewhere": stage.elsewhere}[where]
    first = stage.today + starts * DAY
    until = first + length * DAY if length else None
    named = Force.objects.get(acronym=force)
    propose_status(named, by=stage.people.ocha_bgi, status=status, area=area, valid_from=first, valid_to=until, **WORDS)


def _answered(stage, number):
    rows = list(ForceStatus.objects.filter(answer=None).order_by("pk"))
    return rows[number % len(rows)] if rows else None


def confirm(stage, number):
    if row := _answered(stage, number):
        confirm_status(row, by=stage.people.hc)


def reject(stage, number):
    if row := _answered(stage, number):
        reject_status(row, by=stage.people.hc, reason="Not so.")


def approve(stage, who, with_words, force, axis, later):
    case = fresh(stage.case)
    said = {"person": stage.people.hc, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}
    by = {"hc": stage.people.hc, "delegate": stage.people.hoo, "recorded": stage.people.ocha_bgi, "own": stage.own}[who]
    limits = limits_of(case, force=Force.objects.get(acronym=force))
    limits |= {name: limits[name] + later * DAY for name in ("valid_from", "valid_to")}
    make_move(
        case, "approve", by=by, exception_text="Wounded in immediate danger." if with_words else "",
        **limits | ({"axis": stage.other_axis} if axis == "other" else {}),
        **({"on_behalf": said} if who == "recorded" else {}),
    )  # fmt: skip


def move(stage, name, whose):
    case, now = fresh(stage.case), timezone.now()
    code, who, facts = STEPS[name]
    usual = case.created_by if who == "author" else getattr(stage.people, who)
    make_move(case, code, by=stage.own if whose == "own" else usual, **facts(case, now))


def counter(stage, later, **elsewhere):
    case = fresh(stage.case)
    leaves = case.departure_at + later * DAY
    make_move(case, "counter", by=stage.people.force_u3, text="Not then.", departure_at=leaves, **elsewhere)


def counter_elsewhere(stage, later):
    counter(stage, later, other_axis=stage.other_axis)


def agree(stage):
    case = fresh(stage.case)
    newest = case.replies.order_by("pk").last()
    make_move(case, "agree", by=case.created_by, reply=newest.pk if newest else None)


def schedule(stage, later):
    case = fresh(stage.case)
    _code, _who, facts = STEPS["schedule"]
    leaves = case.departure_at + later * DAY
    make_move(case, "schedule", by=stage.people.ocha_bria, **facts(case, timezone.now()) | {"departure_at": leaves})


def change(stage, later):
    case = fresh(stage.case)
    make_move(case, "change", by=case.created_by, departure_at=case.departure_at + later * DAY)


def transmit_late(stage):
    case = fresh(stage.case)
    if case.ends_at is None:
        return
    make_move(case, "transmit", by=stage.people.ocha_bria, now=case.ends_at + DAY, **RELEASED)


def say(stage, number, value):
    make_move(fresh(stage.case), "take_position", by=stage.team.hct[number], value=value, words="For a reason.")


def record(stage, number, value):
    said = {"person": stage.team.hct[number], "source": "telephone", "received_at": timezone.now(), "witness": "Clerk"}
    words = {"value": value, "words": "For a reason."}
    make_move(fresh(stage.case), "take_position", by=stage.team.ocha_bko, on_behalf=said, **words)


def all_support(stage):
    for number in range(1, 4):
        say(stage, number, "support")


def establish(stage):
    case = fresh(stage.case)
    facts = {"statement": "All were heard.", "seen": consensus.last_position(case)}
    make_move(case, "establish_consensus", by=stage.team.hc_ml, now=timezone.now() + 3 * DAY, **facts)


def consult_again(stage):
    make_move(fresh(stage.case), "take_back", by=stage.team.ocha_bko, reason="One more fact.")
    make_move(fresh(stage.case), "open_consultation", by=stage.team.ocha_bko)


def resume(stage):
    make_move(fresh(stage.case), "resume", by=stage.people.ocha_bria)


def redecide(stage):
    make_move(fresh(stage.case), "redecide", by=stage.people.ocha_bgi, reason="Anew.")


def extend(stage):
    case = fresh(stage.case)
    if case.ends_at is None:
        return
    make_move(case, "request_extension", by=case.created_by, until=case.ends_at + DAY, rotations=1, reason="Rain.")
    make_move(fresh(case), "extend", by=stage.people.hc)


def sweep(stage):
    act_on_register(timezone.now())


RULES = {
    rule.__name__: rule for rule in (
        propose, confirm, reject, approve, move, counter, counter_elsewhere, agree, schedule, change, transmit_late,
        say, record, all_support, establish, consult_again, resume, redecide, extend, sweep,
    )
}  # fmt: skip
REFUSED = (Refused, ValidationError, PermissionDenied)


@pytest.fixture(scope="module")
def examples():
    return settings(
        max_examples=10, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


# For each property one way on which nothing but its guard stands.
KNOWN = (
    ("deciding", [("propose", "party", "country", -1, None, "FACA"), ("approve", "hc", True, "FACA", "asked", 0)]),
    ("deciding", [("propose", "party", "axis", 0, 5, "MINUSCA"), ("approve", "delegate", True, "MINUSCA", "asked", 0)]),
    ("deciding", [("approve", "own", False, "MINUSCA", "asked", 0)]),
    ("draft", [("move", "submit", "usual"), ("move", "review", "own")]),
    ("deciding", [("approve", "hc", False, "MINUSCA", "other", 0), ("approve", "hc", False, "MINUSCA", "asked", 40)]),
    ("approved", [("transmit_late",)]),
    ("transmitted", [("counter", 40), ("agree",), ("schedule", 0)]),
    ("transmitted", [("counter_elsewhere", 0), ("agree",), ("schedule", 0)]),
    ("scheduled", [("change", -3), ("change", 40)]),
    (CONSULTING, [("all_support",), ("say", 0, "object"), ("record", 0, "support"), ("establish",)]),
    (CONSULTING, [("say", 0, "object"), ("consult_again",), ("all_support",), ("establish",)]),
)


@pytest.mark.parametrize("switch", [False, True], ids=["off", "on"])
def test_nothing_hard_gives_way(switch, people, mali_cast, examples):
    stage = set_up(people, mali_cast, switch)

    def machine(chance):
        start, steps = chance
        with transaction.atomic():
            stage.case = stage.cases[start]
            for name, *facts in steps:
                before = fresh(stage.case).status
                try:
                    with transaction.atomic():
                        RULES[name](stage, *facts)
                except REFUSED:
                    pass
                wrong = list(filter(None, (holds(stage, before) for holds in PROPERTIES)))
                assert not wrong, wrong
            transaction.set_rollback(True)

    for chance in () if switch else KNOWN[2:]:
        machine(chance)
    examples(example(KNOWN[0])(example(KNOWN[1])(given(chances)(machine))))()


def set_up(people, team, switch: bool) -> SimpleNamespace:
    """A request to save lives in each state, of a country that lets the Coordinator except, or does not; and one of
    Mali."""
    delegated(people.hoo, people.hc.appointments.get())
    cases = {start: case_at(start, people, urgency="immediate") for start in STARTS}
    own = people.colleague_bria
    appointed(own, Role.OCHA_OFFICER, station="bria")
    appointed(own, Role.OCHA_NATIONAL)
    delegated(own, people.hc.appointments.get())
    for start in ("deciding", "approved"):
        make_move(cases[start], "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    profile = cases["draft"].profile
    type(profile).objects.filter(pk=profile.pk).update(life_saving_exception=switch)
    axis = cases["draft"].axis
    cases[CONSULTING] = consulted_case(team)
    asked = {case.pk: (case.axis_id, case.departure_at, case.window_to) for case in cases.values()}
    return SimpleNamespace(
        people=people, team=team, own=own, cases=cases, asked=asked, case=None, switch=switch,
        today=timezone.localdate(), on_axis=axis.stops.first().place.area,
        elsewhere=type(axis.stops.first().place.area).objects.current().get(country="CAF", name="Vakaga"),
        other_axis=type(axis).objects.get(code="bria-birao"),
    )  # fmt: skip
