"""Can anything be approved in Mali over an open objection, or without enough members? Any order of words and clicks."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app import consensus
from requests_app.models import Case, OnBehalf
from requests_app.services import Refused, make_move
from tests.factories import HOUR, consulted_case, fresh

pytestmark = pytest.mark.django_db

VALUES = st.sampled_from(["support", "accept", "object", "abstain"])
MEMBER = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("says"), MEMBER, VALUES),
    st.tuples(st.just("is recorded"), MEMBER, VALUES),
    st.tuples(st.sampled_from(["confirms", "disputes"]), MEMBER),
    st.tuples(st.just("an hour passes"), st.integers(1, 60)),
    st.tuples(st.sampled_from(["establish", "approve", "forward", "extend"])),
)


class Member:
    """What a reader of the rules would note down of one member, word by word."""

    def __init__(self):
        self.said: list[list] = []  # [value, recorded and waiting]

    def stands(self):
        """The value that counts: what OCHA wrote down lifts no objection until it is confirmed."""
        found = None
        for value, waiting in self.said:
            if not (found == "object" and value != "object" and waiting):
                found = value
        return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=6, max_size=22))
def test_no_order_of_things_approves_over_an_objection(mali_cast, steps):
    with transaction.atomic():
        case, now = consulted_case(mali_cast), timezone.now()
        opened, notes = now, [Member() for _member in mali_cast.hct]
        for step in [*steps, ("establish",)]:
            if case.status != "consulting":
                break
            now = _do(case, mali_cast, step, notes, now)
            case = fresh(case)
        if case.status == "approved":
            stands = [member.stands() for member in notes]
            assert "object" not in stands
            assert sum(value is not None for value in stands) >= 3
            assert None not in stands or now >= opened + dt.timedelta(hours=48)
        transaction.set_rollback(True)


def _do(case: Case, cast, step: tuple, notes: list[Member], now: dt.datetime) -> dt.datetime:
    what, *rest = step
    if what == "an hour passes":
        return now + HOUR * rest[0]
    try:
        if what == "establish":
            facts = {"statement": "All were heard.", "seen": consensus.last_position(fresh(case))}
            make_move(case, "establish_consensus", by=cast.hc_ml, now=now, **facts)
        elif what in ("approve", "forward", "extend"):
            for person in (cast.hc_ml, cast.ocha_bko):
                with pytest.raises(Refused):
                    make_move(case, what, by=person, now=now)
        else:
            _speak(case, cast, what, notes, now, *rest)
    except Refused:
        return now
    return now


def _speak(case: Case, cast, what: str, notes: list[Member], now: dt.datetime, number: int, value: str = "") -> None:
    member = cast.hct[number]
    words = {"value": value, "words": "For a reason."}
    if what == "says":
        make_move(case, "take_position", by=member, now=now, **words)
        notes[number].said.append([value, False])
    elif what == "is recorded":
        said = {"person": member, "source": "telephone", "received_at": now, "witness": "Secretary"}
        make_move(case, "take_position", by=cast.ocha_bko, on_behalf=said, now=now, **words)
        notes[number].said.append([value, True])
    else:
        waiting = [row for row in notes[number].said if row[1]]
        code = "confirm_record" if what == "confirms" else "dispute_record"
        make_move(case, code, by=member, now=now, reason="Otherwise.")
        assert waiting, "only what was recorded can be confirmed"
        waiting[0][1] = False
        if what == "disputes":
            notes[number].said.remove(waiting[0])
    assert OnBehalf.objects.filter(case=case, person=member, confirmed_at=None, disputed_at=None).count() == sum(
        row[1] for row in notes[number].said
    )
