"""Proof n: minutes are final if and only if both chairs signed the same text after its last edit, or a later meeting
that was held adopted that text. Random edits, signatures, objections and adoptions, against a model of three lines."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from tests.meetings.making import chaired, held, planned
from tests.meetings.writing import again, minutes_of

pytestmark = pytest.mark.django_db

CHAIRS = {"ocha_bria": "chair", "ocha_bgi": "chair", "force_sector": "co_chair", "force_u3": "co_chair"}
WHO = st.sampled_from([*CHAIRS, "requester_bria", "hc"])
STEPS = st.one_of(
    st.tuples(st.just("write"), WHO, st.integers(0, 2)),
    st.tuples(st.just("decide"), WHO, st.just(0)),
    st.tuples(st.just("sign"), WHO, st.sampled_from(["now", "now", "seen"])),
    st.tuples(st.just("object"), WHO, st.just("now")),
    st.tuples(st.just("adopt"), WHO, st.sampled_from(["later", "earlier", "coming"])),
)


@pytest.fixture
def scene(people):
    """Minutes of a meeting, with an earlier one, a later one that was held, and one to come."""
    body = chaired(people)
    minutes = minutes_of(body, people.ocha_bria, days_ago=5)
    others = {"earlier": held(body, people.ocha_bria, days_ago=9), "later": held(body, people.ocha_bria, days_ago=1),
              "coming": planned(body, people.ocha_bria)}  # fmt: skip
    return SimpleNamespace(people=people, minutes=minutes, others=others, seen=minutes.digest)


@given(st.lists(STEPS, min_size=1, max_size=9))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_final_if_and_only_if_both_signed_the_same_text_or_a_later_meeting_adopted_it(scene, steps):
    with transaction.atomic():
        signed: dict[str, set[str]] = {}  # digest → the chairs whose side signed it
        final = ""
        for verb, name, how in steps:
            user, before = getattr(scene.people, name), again(scene.minutes)
            done = False
            with suppress(PermissionDenied, ValidationError):
                act(scene, verb, user, how, before)
                done = True
            now = again(scene.minutes)
            if final:
                assert not done and now.digest == final, "what is final stays as it is"
                continue
            if done and verb in ("sign",):
                signed.setdefault(before.digest, set()).add(CHAIRS[name])
            adopted = done and verb == "adopt"
            assert not adopted or (how == "later" and name in CHAIRS)
            both = signed.get(now.digest, set()) == {"chair", "co_chair"}
            assert now.is_final == (both or adopted)
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
