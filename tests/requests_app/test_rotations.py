"""How do the logs of two sides become the end of a movement?"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from requests_app import rotations
from requests_app.models import RotationLog
from requests_app.services import Refused, make_move
from tests.factories import case_at, fresh

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
SIDES = {"c": "humanitarian", "f": "force"}
WHATS = {"s": "start", "e": "end", "a": "abort", "l": "end", "x": "abort"}


def logs(written: str) -> list:
    """ "c1s" = the convoy logged the start of rotation 1; "l" is an end and "x" an abort said to be the last."""
    return [
        SimpleNamespace(number=int(word[1]), side=SIDES[word[0]], what=WHATS[word[2]], is_last=word[2] in "lx")
        for word in written.split()
    ]


@pytest.mark.parametrize(
    ("allowed", "written", "verdict"),
    [
        (1, "", ""),
        (1, "c1s", ""),
        (1, "c1s f1s", ""),
        (1, "c1s f1s c1e", ""),
        (1, "c1s f1s f1e", ""),
        (1, "c1s f1s c1e f1e", "completed"),
        (1, "f1s f1e c1s c1e", "completed"),
        (1, "c1e f1e", "completed"),
        (1, "c1s c1a", "aborted"),
        (1, "c1s f1s f1a", "aborted"),
        (1, "c1s f1s f1a c1e", ""),
        (1, "c1s f1s c1e f1a", ""),
        (1, "c1a f1a", "aborted"),
        (2, "c1e f1a c2e f2e", ""),
        (3, "c1s f1s c1e f1e", ""),
        (3, "c1s f1s c1a", ""),
        (3, "c1s f1s c1e f1e c2s f2s c2a", ""),
        (3, "c1e f1e c2a c3e", ""),
        (3, "c1e f1e c2a c3e f3e", "completed"),
        (3, "c1a c2e f2e c3e f3e", "completed"),
        (3, "c1e f1e c2e f2e c3a", "aborted"),
        (3, "c3e f3e c2e f2e c1e f1e", "completed"),
        (3, "c1e f1e c3e f3e", ""),
        (3, "c1l f1e", "completed"),
        (3, "c1s c1x", "aborted"),
        (3, "c1e f1e c2l", ""),
        (3, "c1e f1e c2l f2e", "completed"),
        (2, "c1s f1s c1e f1e c2s f2s f2e c2e", "completed"),
    ],
)
def test_the_last_rotation_decides_how_a_movement_ends(allowed, written, verdict):
    assert rotations.verdict(logs(written), allowed) == verdict


@pytest.mark.parametrize(
    ("allowed", "written", "both", "convoy", "force"),
    [
        (2, "", 1, 1, 1),
        (2, "c1s", 1, 1, 1),
        (2, "c1s f1s f1e", 1, 1, 2),
        (2, "c1s f1s f1e c1e", 2, 2, 2),
        (2, "c1a", 2, 2, 2),
        (2, "c1e f1e c2e", 2, 3, 2),
        (2, "c1e f1e c2e f2e", 3, 3, 3),
        (3, "c1e f1e c3e f3e", 2, 2, 2),
    ],
)
def test_the_next_rotation_is_the_first_that_has_something_left(allowed, written, both, convoy, force):
    rows = logs(written)
    found = [rotations.next_number(rows, allowed, side) for side in ("", "humanitarian", "force")]
    assert found == [both, convoy, force]


@pytest.mark.parametrize(
    ("written", "side", "number", "step"),
    [("", "force", 1, "start"), ("c1s", "force", 1, "start"), ("f1s", "force", 1, "end"), ("f1e", "force", 1, "start")],
)
def test_a_side_logs_its_start_before_its_end(written, side, number, step):
    assert rotations.next_step(logs(written), number, side) == step


# ── through the service ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def on_the_road(people):
    """A movement of three rotations, the first of which both sides have started."""
    return case_at("underway", people, rotations=3)


def log(case, by, what, number=None, *, at=None, **facts):
    at = at or timezone.now()
    return make_move(case, "log", by=by, what=what, number=number, happened_at=at, now=max(at, timezone.now()), **facts)


def test_one_aborted_of_three_leaves_the_movement_under_way(on_the_road, people):
    log(on_the_road, people.force_u3, "abort", 1, note="The bridge is down.")
    assert fresh(on_the_road).status == "underway"
    log(on_the_road, people.requester_bria, "start", 2)
    assert fresh(on_the_road).status == "underway"


def test_the_last_one_aborted_ends_it_as_aborted(on_the_road, people):
    log(on_the_road, people.requester_bria, "abort", 1, note="Shots ahead.", is_last=True)
    assert fresh(on_the_road).status == "aborted"


def test_it_is_completed_when_the_second_side_has_logged_the_last_end(on_the_road, people):
    now = timezone.now()
    for number in (1, 2, 3):
        for by in (people.force_sector, people.requester_bria):
            assert fresh(on_the_road).status == "underway"
            log(on_the_road, by, "end", number, at=now + number * HOUR)
    assert fresh(on_the_road).status == "completed"


def test_only_the_convoy_says_that_no_further_rotation_takes_place(on_the_road, people):
    log(on_the_road, people.force_u3, "end", 1, is_last=True)
    assert not RotationLog.objects.filter(is_last=True).exists()


def test_both_sides_may_swap_their_order(people):
    case = case_at("scheduled", people)
    now = case.departure_at + HOUR
    make_move(case, "start", by=people.force_u3, happened_at=now, now=now)
    make_move(case, "log", by=people.force_u3, what="end", happened_at=now + HOUR, now=now + HOUR)
    make_move(case, "log", by=people.requester_bria, what="start", happened_at=now, now=now + 2 * HOUR)
    assert fresh(case).status == "underway"
    make_move(case, "log", by=people.requester_bria, what="end", happened_at=now + HOUR, now=now + 2 * HOUR)
    assert fresh(case).status == "completed"


@pytest.mark.parametrize(
    ("before", "what", "number", "hours", "sentence"),
    [
        ([], "start", 1, 0, "Your side has logged this already."),
        ([("end", 1)], "end", 1, 0, "Your side has logged this already."),
        ([("end", 1)], "abort", 1, 0, "Your side has logged the end of this rotation already."),
        ([], "end", 1, -60, "The end is earlier than the start."),
        ([], "end", 4, 0, "The approval allows 3 rotations."),
        ([], "end", 3, 0, "Rotation 2 has not been logged yet."),
        ([("end", 2)], "start", 2, 0, "The start is later than the end."),
        ([], "flew", 1, 0, "Say whether it started, ended or was aborted."),
        ([], "abort", 1, 0, "Say why in a sentence."),
    ],
)
def test_what_contradicts_the_road_is_refused(on_the_road, people, before, what, number, hours, sentence):
    at = timezone.now() - HOUR
    for earlier, of in before:
        log(on_the_road, people.force_u3, earlier, of, at=at)
    note = "" if sentence.startswith("Say why") else "Why."
    with pytest.raises(Refused) as refused:
        log(on_the_road, people.force_u3, what, number, at=at + hours * HOUR, note=note)
    assert (refused.value.kind, refused.value.sentence) == ("need", sentence)


def test_nothing_is_logged_for_the_future_or_before_the_transmission(on_the_road, people):
    with pytest.raises(Refused, match="future"):
        make_move(on_the_road, "log", by=people.force_u3, what="end", happened_at=timezone.now() + HOUR)
    with pytest.raises(Refused, match="earlier than the request"):
        log(on_the_road, people.force_u3, "end", 1, at=on_the_road.transmitted_at - HOUR)


def test_after_the_last_rotation_none_follows(on_the_road, people):
    log(on_the_road, people.requester_bria, "end", 1, is_last=True)
    with pytest.raises(Refused, match="as the last one"):
        log(on_the_road, people.force_u3, "start", 2)


def test_a_rotation_with_a_later_one_is_not_the_last(on_the_road, people):
    log(on_the_road, people.requester_bria, "start", 2)
    with pytest.raises(Refused, match="Rotation 2 has been logged already"):
        log(on_the_road, people.requester_bria, "end", 1, is_last=True)


def test_ocha_logs_for_the_force_that_telephoned(on_the_road, people):
    said = {"person": people.force_u3, "source": "radio", "received_at": timezone.now(), "witness": "Radio room"}
    make_move(on_the_road, "log", by=people.ocha_bria, what="end", number=1, happened_at=timezone.now(), on_behalf=said)
    row = RotationLog.objects.get(what="end")
    assert (row.side, row.by, row.on_behalf.recorded_by) == ("force", people.force_u3, people.ocha_bria)
