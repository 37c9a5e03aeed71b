"""What happens when several people act at the same moment? One wins, the others read who it was."""

import datetime as dt
import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from cmcoord.accounts.roles import Role
from cmcoord.places.models import DutyStation
from contacts.models import Post
from contacts.services import Holder, open_post
from requests_app import consensus
from requests_app.models import Case, Decision, ImportFile, Move
from requests_app.services import Refused, import_past, keep_for_preview, make_move, save_answers
from tests.factories import case_at, complete_draft, consulted_case
from tests.people import person
from tests.requests_app.test_importing import row as past
from tests.requests_app.test_importing import text

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = 50
DECIDERS = 8


def at_once(acts):
    """Run all of these in threads of their own that start together; what each returned or raised, in their order."""
    gate = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(index, act):
        gate.wait()
        try:
            results[index] = act()
        except Exception as error:  # the test looks at each of them
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def limits_of(case):
    latest = case.drafts.latest("id")
    fields = ("force", "axis", "valid_from", "valid_to", "rotations", "conditions", "condition_text")
    return {name: getattr(latest, name) for name in fields}


def test_eight_coordinators_decide_one_case_fifty_times_and_one_wins_each_time(people):
    deciders = [
        person(f"hc.{number}", "hc", organisation="RC/HC", name=f"Coordinator {number}") for number in range(DECIDERS)
    ]
    cases = [case_at("deciding", people) for _round in range(ROUNDS)]
    for case in cases:
        acts = [partial(make_move, case, "approve", by=decider, **limits_of(case)) for decider in deciders[::2]]
        acts += [
            partial(make_move, case, "deny", by=decider, reason_code="area", reason="Too wide.")
            for decider in deciders[1::2]
        ]
        results = at_once(acts)
        won = [result for result in results if isinstance(result, Move)]
        lost = [result for result in results if isinstance(result, Refused)]
        assert (len(won), len(lost)) == (1, DECIDERS - 1), results
        assert {refused.kind for refused in lost} == {"state"}
        assert all(str(won[0].by) in refused.sentence for refused in lost)
    assert Decision.objects.filter(case__in=cases).count() == ROUNDS
    assert Move.objects.filter(case__in=cases, code__in=["approve", "deny"]).count() == ROUNDS


def test_an_objection_and_the_signature_at_once_never_both_stand(mali_cast):
    for _round in range(5):
        case = consulted_case(mali_cast)
        for member in mali_cast.hct:
            make_move(case, "take_position", by=member, value="support")
        seen = consensus.last_position(Case.objects.get(pk=case.pk))
        signs = {"statement": "All were heard.", "seen": seen}
        objects = {"value": "object", "words": "Not on this axis."}
        results = at_once(
            [
                partial(make_move, case, "establish_consensus", by=mali_cast.hc_ml, **signs),
                partial(make_move, case, "take_position", by=mali_cast.hct[0], **objects),
            ]
        )
        won = [result.code for result in results if isinstance(result, Move)]
        assert len(won) == 1, results
        now = Case.objects.get(pk=case.pk)
        assert (now.status, bool(consensus.objections(now))) == (
            ("approved", False) if won == ["establish_consensus"] else ("consulting", True)
        )


def test_the_same_post_twice_at_once_makes_one_move(people):
    case = case_at("submitted", people)
    key = "5f3f6a0e-6f5f-4f0a-9a51-0c8f2d1f9b11"
    results = at_once([lambda: make_move(case, "review", by=people.ocha_bria, client_key=key)] * 4)
    assert len({result.pk for result in results}) == 1
    assert case.moves.filter(code="review").count() == 1


def test_two_people_writing_at_once_lose_nothing_silently(people):
    case = complete_draft(people.requester_bria)
    texts = ["First text", "Second text"]
    results = at_once(
        [
            lambda text=text, by=by: save_answers(case, by=by, base_version=case.version, answers={"need": text})
            for text, by in zip(texts, (people.requester_bria, people.colleague_bria), strict=True)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Case", "Refused"]


def test_the_sweep_in_two_workers_expires_a_case_once(people):
    case = case_at("approved", people)
    later = case.ends_at + dt.timedelta(minutes=1)
    results = at_once([lambda: make_move(case, "expire", by=None, now=later)] * 3)
    assert sum(isinstance(result, Move) for result in results) == 1
    assert Case.objects.get(pk=case.pk).status == "expired"


def test_the_database_itself_refuses_a_status_without_its_move(people):
    case = case_at("submitted", people)
    with pytest.raises(Exception, match="status of a request"), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_case SET status = 'approved' WHERE id = %s", [case.pk])
    assert Case.objects.get(pk=case.pk).status == "submitted"


class TestNothingIsMadeTwice:
    """Who comes second reads a sentence, not that the portal is broken."""

    @pytest.fixture
    def colleague(self, people):
        return person(
            "ocha.bgi.2", Role.OCHA_NATIONAL, organisation="OCHA", name="National unit, second", country="CAF"
        )

    def test_two_people_take_the_same_list_over_and_it_comes_once(self, people, ngo, colleague):
        station = DutyStation.objects.get(code="bria")
        for attempt in range(5):
            content = text(past(Reference=f"ESC/{attempt}", Filed_on=f"2021-03-0{attempt + 1}"))
            kept = [
                keep_for_preview(by=by, station=station, name="list.csv", content=content)
                for by in (people.ocha_bgi, colleague)
            ]
            results = at_once([partial(import_past, file, by=file.by, alike_too=True) for file in kept])
            assert sorted(str(getattr(one, "kind", one)) for one in results) == ["1", "state"], results
        assert Case.objects.count() == 5

    def test_the_same_list_sent_twice_by_one_person_is_one_preview(self, people, ngo):
        station = DutyStation.objects.get(code="bria")
        send = partial(keep_for_preview, by=people.ocha_bgi, station=station, name="list.csv")
        results = at_once([partial(send, content=text(past(Reference=f"{number}"))) for number in range(4)])
        assert all(isinstance(one, ImportFile) for one in results), results
        assert ImportFile.objects.count() == 1

    def test_the_same_new_post_twice_is_one_post(self, people, bria):
        by = people.requester_bria
        for attempt in range(5):
            post = partial(
                open_post, by=by, organisation=by.organisation, station=bria, function=f"Logistician {attempt}",
                holder=Holder("Somebody"), starts=bria.country.today,
            )  # fmt: skip
            results = at_once([post] * 4)
            assert [type(one) for one in results].count(Post) == 1, results
            assert [type(one) for one in results].count(ValidationError) == 3, results
