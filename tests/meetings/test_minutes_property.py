"""Proof n: minutes are final if and only if both chairs signed the same text after its last edit, or a later meeting
that was held adopted that text, as both chairs say. Random edits, signatures, objections and adoptions, against a model
of a few lines."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from tests.meetings.making import chaired, held, planned, under_way
from tests.meetings.writing import again, minutes_of

pytestmark = pytest.mark.django_db

CHAIRS = {"ocha_bria": "chair", "ocha_bgi": "chair", "force_sector": "co_chair", "force_u3": "co_chair"}
OCHA, FORCE = "ocha_bria", "force_sector"
WHO = st.sampled_from([OCHA, OCHA, FORCE, FORCE, "ocha_bgi", "force_u3", "requester_bria"])
SIGN = st.tuples(st.just("sign"), WHO, st.sampled_from(["now", "now", "now", "seen"]))
STEPS = st.one_of(
    SIGN,
    SIGN,
    st.tuples(st.just("write"), WHO, st.integers(0, 2)),
    st.tuples(st.just("decide"), WHO, st.just(0)),
    st.tuples(st.just("object"), WHO, st.just("now")),
    st.tuples(st.just("adopt"), WHO, st.sampled_from(["later", "earlier", "coming"])),
)


@pytest.fixture
def scene(people):
    """Minutes of a meeting, with an earlier one, a later one that was held, and one to come."""
    body = chaired(people)
    minutes = minutes_of(body, people.ocha_bria, days_ago=5)
    others = {"earlier": held(body, people.ocha_bria, days_ago=9), "later": under_way(body, people.ocha_bria),
              "coming": planned(body, people.ocha_bria)}  # fmt: skip
    return SimpleNamespace(people=people, minutes=minutes, others=others, seen=minutes.digest)


@given(st.lists(STEPS, min_size=2, max_size=8))
@example([("sign", OCHA, "now"), ("write", FORCE, 1), ("sign", FORCE, "now"), ("sign", OCHA, "now")])
@example([("write", OCHA, 0), ("sign", OCHA, "now"), ("write", OCHA, 1), ("write", OCHA, 0), ("sign", FORCE, "now")])
@example([("sign", OCHA, "now"), ("sign", "ocha_bgi", "now"), ("adopt", FORCE, "later"), ("write", OCHA, 2)])
@example([("adopt", FORCE, "later"), ("adopt", "force_u3", "later"), ("write", OCHA, 1), ("adopt", OCHA, "later")])
@example([("adopt", OCHA, "later"), ("sign", OCHA, "now"), ("adopt", FORCE, "later"), ("sign", FORCE, "now")])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_final_if_and_only_if_both_signed_the_same_text_or_a_later_meeting_adopted_it(scene, steps):
    with transaction.atomic():
        signed: set[str] = set()  # the chairs whose side signed after the last edit
        said: set[str] = set()  # the chairs that recorded since that a later meeting adopted it
        final = ""
        for verb, name, how in steps:
            user, before = getattr(scene.people, name), again(scene.minutes)
            words = before.items.get(order=3).summary
            done = False
            with suppress(PermissionDenied, ValidationError):
                act(scene, verb, user, how, before)
                done = True
            now = again(scene.minutes)
            if final:
                assert not done and now.digest == final, "what is final stays as it is"
                continue
            if done and (verb == "decide" or (verb == "write" and words != f"Text {how}")):
                signed, said = set(), set()
            if done and verb == "sign":
                signed.add(CHAIRS[name])
            if done and verb == "adopt":
                assert how == "later" and CHAIRS[name] not in said
                said.add(CHAIRS[name])
            both = {"chair", "co_chair"}
            assert now.is_final == (signed == both or said == both)
            assert (now.meeting.number is not None) == now.is_final
            final = now.digest if now.is_final else ""
        transaction.set_rollback(True)


def act(scene, verb, user, how, minutes) -> None:
    digest = scene.seen if how == "seen" else minutes.digest
    item = minutes.items.get(order=3)
    if verb == "write":
        services.write_item(item, by=user, version=item.version, title=item.title, summary=f"Text {how}")
    elif verb == "decide":
        services.add_decision(item, by=user, text="Decided")
    elif verb == "sign":
        services.sign_minutes(minutes, by=user, digest=digest)
    elif verb == "object":
        services.object_to_minutes(minutes, by=user, digest=digest, text="No")
    else:
        services.adopt_minutes(minutes, by=user, digest=digest, by_meeting=Meeting.objects.get(pk=scene.others[how].pk))
