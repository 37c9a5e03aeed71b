"""Whatever is done in whatever order: which requests never get there?

A machine makes chances: rows of the register, answers to them, the switch of the country, moves of everybody who could
make one. After each step it asks the properties of PROPERTIES; further ones are added there, with the rules that
could break them.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cmcoord.accounts.roles import Role
from contacts.models import Force, ForceStatus
from contacts.services import confirm_status, propose_status, reject_status
from requests_app import provider
from requests_app.services import Refused, act_on_register, make_move
from tests.factories import STEPS, case_at, fresh, limits_of
from tests.people import delegated

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AGREED = ("approved", "transmitted", "scheduled")
STARTS = ("draft", "clearing", "deciding", "approved", "accepted", "scheduled")
WORDS = {"basis": "Communiqué.", "clause": "ML-POS ¶7"}

# ── what may happen: (name of the rule, its chances) ─────────────────────────────────────────────────────────────────

FORCES = st.sampled_from(["MINUSCA", "MINUSCA", "FACA"])
statuses = st.tuples(
    st.just("propose"), st.sampled_from(["not_party", "disputed", "party", "in_combat"]),
    st.sampled_from(["country", "axis", "elsewhere"]), st.integers(-3, 25), st.sampled_from([None, 5, 60]), FORCES,
)  # fmt: skip
answers = st.tuples(st.sampled_from(["confirm", "reject"]), st.integers(0, 9))
decisions = st.tuples(
    st.just("approve"), st.sampled_from(["hc", "delegate", "recorded"]), st.booleans(),
    st.sampled_from(["MINUSCA", "FACA"]),
)  # fmt: skip
moves = st.tuples(
    st.just("move"),
    st.sampled_from(["submit", "review", "validate", "draft", "forward", "transmit", "accept", "schedule"]),
)  # fmt: skip
others = st.tuples(st.sampled_from(["resume", "sweep", "extend", "redecide"]))
chances = st.lists(st.one_of(statuses, statuses, decisions, moves, answers, others), min_size=3, max_size=9)


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


PROPERTIES = (
    no_stopped_provider_is_agreed,
    an_exception_is_the_coordinators_own,
    what_is_agreed_does_not_stay_with_a_stopped_provider,
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


def approve(stage, who, with_words, force):
    case = fresh(stage.case)
    said = {"person": stage.people.hc, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}
    by = {"hc": stage.people.hc, "delegate": stage.people.hoo, "recorded": stage.people.ocha_bgi}[who]
    make_move(
        case, "approve", by=by, exception_text="Wounded in immediate danger." if with_words else "",
        **limits_of(case, force=Force.objects.get(acronym=force)), **({"on_behalf": said} if who == "recorded" else {}),
    )  # fmt: skip


def move(stage, name):
    case, now = fresh(stage.case), timezone.now()
    code, who, facts = STEPS[name]
    make_move(case, code, by=case.created_by if who == "author" else getattr(stage.people, who), **facts(case, now))


def resume(stage):
    make_move(fresh(stage.case), "resume", by=stage.people.ocha_bria)


def redecide(stage):
    make_move(fresh(stage.case), "redecide", by=stage.people.ocha_bgi, reason="Anew.")


def extend(stage):
    case = fresh(stage.case)
    make_move(case, "request_extension", by=case.created_by, until=case.ends_at + DAY, rotations=1, reason="Rain.")
    make_move(fresh(case), "extend", by=stage.people.hc)


def sweep(stage):
    act_on_register(timezone.now())


RULES = {rule.__name__: rule for rule in (propose, confirm, reject, approve, move, resume, redecide, extend, sweep)}
REFUSED = (Refused, ValidationError, PermissionDenied, AttributeError)  # an end that is not there yet is no date


@pytest.fixture(scope="module")
def examples():
    return settings(
        max_examples=12, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


@pytest.mark.parametrize("switch", [False, True], ids=["off", "on"])
def test_nothing_gets_there_with_a_stopped_provider(switch, people, examples):
    stage = set_up(people, switch)

    @examples
    @example("deciding", [("propose", "party", "country", -1, None, "FACA"), ("approve", "hc", True, "FACA")])
    @example("deciding", [("propose", "party", "axis", 0, 5, "MINUSCA"), ("approve", "delegate", True, "MINUSCA")])
    @given(start=st.sampled_from(STARTS), steps=chances)
    def machine(start, steps):
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

    machine()


def set_up(people, switch: bool) -> SimpleNamespace:
    """A request to save lives in each state, of a country that lets the Coordinator except, or does not."""
    delegated(people.hoo, people.hc.appointments.get())
    cases = {start: case_at(start, people, urgency="immediate") for start in STARTS}
    profile = cases["draft"].profile
    type(profile).objects.filter(pk=profile.pk).update(life_saving_exception=switch)
    axis = cases["draft"].axis
    return SimpleNamespace(
        people=people, cases=cases, case=None, switch=switch, today=timezone.localdate(),
        on_axis=axis.stops.first().place.area,
        elsewhere=type(axis.stops.first().place.area).objects.current().get(country="CAF", name="Vakaga"),
    )  # fmt: skip
