"""What does each reader see on the page of a request, and at what cost?"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from requests_app.models import Comment, Consultation
from requests_app.services import make_move
from tests.factories import DAY, case_at, complete_draft, fresh, limits_of
from tests.people import appointed, delegated

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def page(client, person, case, **query) -> str:
    client.force_login(person)
    response = client.get(case.get_absolute_url(), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def shown(client, person, case):
    client.force_login(person)
    return client.get(case.get_absolute_url()).context


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("draft", {"requester_bria", "colleague_bria"}),
        ("submitted", {"requester_bria", "colleague_bria", "ocha_bria", "ocha_bgi", "hoo", "log_cluster", "ngosec"}),
        (
            "deciding",
            {"requester_bria", "colleague_bria", "ocha_bria", "ocha_bgi", "hoo", "log_cluster", "ngosec", "hc"},
        ),
        (
            "scheduled",
            {"requester_bria", "colleague_bria", "ocha_bria", "ocha_bgi", "hoo", "log_cluster", "ngosec", "hc"},
        ),
    ],
)
def test_whoever_may_not_see_a_request_finds_nothing(client, people, status, readers):
    case = case_at(status, people)
    found = set()
    for name, person in vars(people).items():
        client.force_login(person)
        answer = client.get(case.get_absolute_url()).status_code
        assert answer in (200, 404), name
        if answer == 200:
            found.add(name)
    assert found == readers


def test_an_unknown_reference_and_a_visitor_without_account(client, people):
    case = case_at("submitted", people)
    assert client.get(case.get_absolute_url()).status_code == 302
    client.force_login(people.ocha_bgi)
    assert client.get("/requests/CAF-AE-2026-9999/").status_code == 404
    assert client.post(case.get_absolute_url()).status_code == 405


@pytest.mark.parametrize("person", ["requester_bria", "ocha_bria", "ocha_bgi", "hc"])
@pytest.mark.parametrize("number", [20, 60])
def test_the_page_costs_twelve_queries_whatever_the_number_of_events(
    client, people, django_assert_max_num_queries, person, number
):
    case = case_at("scheduled", people)
    for each in range(number):
        make_move(case, "comment", by=people.ocha_bria, audience="everybody", text=f"Remark {each}")
    client.force_login(getattr(people, person))
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(12):
        content = client.get(case.get_absolute_url()).content.decode()
    assert f"Remark {number - 1}" in content


def test_the_head_names_reference_status_and_sensitivity(client, people):
    case = case_at("transmitted", people)
    content = page(client, people.requester_bria, case)
    assert "Armed escort, Bambari to Bria" in content
    assert case.reference in content
    assert case.force_reference in content
    assert "Transmitted to the force" in content
    assert "Confidential" in content
    assert "F-CAF" not in page(client, people.requester_bria, case_at("approved", people))


def test_the_track_tells_where_the_case_stands(client, people):
    def states(case):
        return [step["state"] for step in shown(client, people.requester_bria, case)["track"]]

    assert states(case_at("draft", people))[0] == "now"
    assert states(case_at("submitted", people)) == ["done", "waiting", "waiting", "now", "next", *["ahead"] * 4]
    assert states(case_at("deciding", people)) == ["done"] * 4 + ["now", "next", *["ahead"] * 3]
    assert states(case_at("scheduled", people)) == ["done"] * 7 + ["now", "next"]
    assert states(case_at("closed", people)) == ["done"] * 9
    assert states(case_at("denied", people)) == ["done"] * 4 + ["stopped"] + ["ahead"] * 4
    assert states(case_at("cancelled", people)) == ["done"] * 5 + ["stopped"] + ["ahead"] * 3
    assert "Step 5 of 9" in page(client, people.requester_bria, case_at("deciding", people))
    assert states(case_at("clearing", people, urgency="urgent"))[1] == "skipped"


@pytest.mark.parametrize("status", ["accepted", "limited", "countered"])
def test_the_clock_of_the_scheduling_stands_at_its_own_step(client, people, status):
    track = shown(client, people.requester_bria, case_at(status, people))["track"]
    here = next(step for step in track if step["state"] == "now")
    assert str(here["label"]) == "Scheduling" and "left" in here["detail"]
    assert [str(step["label"]) for step in track if step["state"] == "next"] == ["Under way"]


def test_every_running_clock_names_its_owner(client, people):
    case = case_at("submitted", people)
    context = shown(client, people.requester_bria, case)
    assert context["turn"].whose == "OCHA Bria"
    assert not context["turn"].yours
    assert {row.whose for row in context["others"]} == {"The Logistics cluster", "The security adviser of the NGOs"}
    own = shown(client, people.log_cluster, case)["turn"]
    assert own.yours
    assert own.whose == "The Logistics cluster"
    assert shown(client, people.ocha_bria, case)["turn"].yours


def test_a_case_past_its_end_reads_expired_before_the_sweep_has_written_it(client, people):
    case = case_at("approved", people, now=timezone.now() - 20 * DAY)
    context = shown(client, people.ocha_bria, case)
    assert case.status == "approved"
    assert context["status"] == "expired"
    assert context["turn"] is None
    assert not context["now_buttons"]


def test_who_sees_this_follows_from_status_and_consultations(client, people):
    case = case_at("submitted", people, un_on_board=True)
    content = page(client, people.requester_bria, case)
    assert "the Logistics cluster, UNDSS" in content
    assert "the Humanitarian Coordinator" not in shown(client, people.requester_bria, case)["readers"]
    assert "The force sees nothing until the Humanitarian Coordinator has decided" in content
    scheduled = shown(client, people.requester_bria, case_at("scheduled", people))
    assert "the Humanitarian Coordinator" in scheduled["readers"]
    assert scheduled["force_reads"] == "The force sees 2 numbered extracts and nothing else."
    draft = shown(client, people.requester_bria, case_at("draft", people))
    assert draft["readers"] == "AID-A (who asks)"


def test_every_reader_learns_why_they_see_it(client, people):
    case = case_at("deciding", people)
    make_move(case, "share", by=people.ocha_bgi, person=people.requester_un)
    reasons = {
        name: shown(client, getattr(people, name), case)["why_me"]
        for name in ("colleague_bria", "ocha_bria", "ocha_bgi", "hoo", "hc", "log_cluster", "ngosec", "requester_un")
    }
    assert reasons["colleague_bria"] == ["You file requests for AID-A."]
    assert reasons["hc"] == ["You decide on requests, and this one was forwarded for decision."]
    assert reasons["log_cluster"] == ["You were asked for an opinion."]
    assert reasons["requester_un"] == ["OCHA consulted you on this request."]
    assert all(reasons.values())


def test_findings_carry_their_clause_and_the_silent_rules_are_counted(client, people):
    case = case_at("submitted", people, rotations=5)
    content = page(client, people.ocha_bria, case)
    assert "More than three rotations" in content
    assert reverse("guidance:clauses") + "#" in content
    assert "other points: no concern" in content


def test_opinions_are_signed_and_silence_reads_no_answer(client, people):
    case = case_at("reviewing", people)
    make_move(case, "advise_cluster", by=people.log_cluster, value="not_priority", text="Next week is enough.")
    Consultation.objects.filter(body="ngo_adviser").update(lapsed_at=timezone.now())
    content = page(client, people.requester_bria, case)
    assert "Not a priority" in content
    assert "Next week is enough." in content
    assert "no answer" in content


def test_the_recommendation_is_for_ocha_and_the_coordinator_only(client, people):
    case = case_at("deciding", people)
    note = "Last resort, all tried."
    for name in ("ocha_bria", "ocha_bgi", "hc"):
        assert note in page(client, getattr(people, name), case)
    for name in ("requester_bria", "log_cluster", "hoo", "ngosec"):
        assert note not in page(client, getattr(people, name), case)


def test_the_coordinator_has_everything_on_one_card(client, people):
    earlier = case_at("denied", people)
    case = case_at("deciding", people)
    content = page(client, people.hc, case)
    card = content[content.index('class="card decide"') :]
    order = ["4,200 people", "OCHA recommends", "No armed person", "Endorsed", earlier.reference, "Approve as drafted"]
    places = [card.index(words) for words in order]
    assert places == sorted(places)
    assert "Change and approve" in card
    assert "decide" not in shown(client, people.ocha_bgi, case)["buttons"]
    assert 'class="card decide"' not in page(client, people.ocha_bgi, case)


def test_objections_stand_before_the_other_opinions(client, people):
    case = case_at("clearing", people, un_on_board=True)
    make_move(case, "advise_security", by=people.undss, value="unfavourable", text="Mines.")
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case))
    make_move(case, "forward", by=people.ocha_bgi)
    voices = shown(client, people.hc, case)["objections_first"]
    assert [voice.colour for voice in voices] == ["red", "green", "green"]


def test_the_coordinator_is_warned_of_their_own_organisation(client, people):
    case = case_at("deciding", people)
    warning = "This is a request of your own organisation."
    assert warning not in page(client, people.hc, case)
    people.hc.organisation = case.organisation
    people.hc.save()
    assert warning in page(client, people.hc, case)


def test_a_decision_shows_its_limits_and_its_signature(client, people):
    content = page(client, people.requester_bria, case_at("approved", people))
    for words in ("Approved with conditions", "as drafted by OCHA", "This area only", "MINUSCA"):
        assert words in content


def test_a_delegate_is_shown_with_who_delegated_the_decision(client, people, colleague_bria):
    case = case_at("deciding", people)
    deputy = people.hoo
    delegated(deputy, people.hc.appointments.get())
    make_move(case, "approve", by=deputy, **limits_of(case))
    content = page(client, people.requester_bria, case)
    assert (
        content.count(
            "OCHA Head of Office, for the Humanitarian Coordinator, by delegation of Humanitarian Coordinator"
        )
        >= 2
    )  # decision and timeline


def test_the_one_exception_of_own_organisation_is_shown(client, people):
    case = case_at("deciding", people)
    people.hc.organisation = case.organisation
    people.hc.save()
    make_move(case, "approve", by=people.hc, **limits_of(case))
    assert "decided in person for their own organisation" in page(client, people.requester_bria, case)


def test_papers_for_the_force_show_number_seal_and_receipt(client, people):
    case = case_at("scheduled", people)
    content = page(client, people.requester_bria, case)
    for extract in case.extracts.all():
        assert str(extract) in content
        assert extract.sha256[:12] in content
    assert "not yet" in content
    assert "U3 operations" in content


def test_both_sides_of_the_road_stand_beside_each_other(client, people):
    context = shown(client, people.ocha_bria, case_at("completed", people))
    (rotation,) = context["rotations"]
    assert [line["log"].what for line in rotation["humanitarian"]] == ["start", "end"]
    assert [line["log"].what for line in rotation["force"]] == ["start", "end"]
    closed = page(client, people.hc, case_at("closed", people))
    assert "After-action review" in closed
    assert "respected" in closed


def test_the_timeline_is_newest_first_and_grows_on_demand(client, people):
    case = case_at("reviewing", people)
    for number in range(25):
        make_move(case, "comment", by=people.ocha_bria, audience="everybody", text=f"Remark {number}")
    first = shown(client, people.ocha_bria, case)["events"]
    assert len(first["items"]) == 20
    assert first["more"]
    client.force_login(people.ocha_bria)
    every = client.get(case.get_absolute_url(), {"events": "all"}).context["events"]
    assert len(every["items"]) > 25
    assert not every["more"]
    moments = [item["at"] for item in every["items"]]
    assert moments == sorted(moments, reverse=True)


def test_words_between_ocha_and_the_coordinator_leave_no_trace_on_other_pages(client, people):
    case = case_at("deciding", people)
    make_move(case, "ask", by=people.hc, text="Why not the Thursday flight?")
    for name in ("requester_bria", "log_cluster", "ngosec"):
        content = page(client, getattr(people, name), case)
        assert "Thursday flight" not in content
        assert "asked a question" not in content
    assert "Thursday flight" in page(client, people.ocha_bgi, case)


def test_the_reason_of_a_return_is_on_the_page_of_the_requester(client, people):
    content = page(client, people.requester_bria, case_at("returned", people))
    assert "On which days can you leave?" in content
    assert "Please complete your request" in content


def test_on_duty_can_be_called_with_one_tap(client, people, bria):
    bria.telephone = "+236 00 00 09 09"
    bria.save()
    content = page(client, people.requester_bria, case_at("submitted", people))
    assert 'href="tel:+23600000909"' in content


def test_a_step_that_is_not_possible_says_why(client, people):
    case = case_at("clearing", people)
    context = shown(client, people.ocha_bgi, case)
    assert [button.code for button in context["refused"]] == ["forward"]
    assert "has not been drafted" in page(client, people.ocha_bgi, case)
    assert shown(client, people.ocha_bria, case)["refused"] == []


def test_an_answered_body_is_no_longer_expected(client, people):
    case = case_at("reviewing", people)
    assert [button.code for button in shown(client, people.log_cluster, case)["now_buttons"]] == ["advise_cluster"]
    make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
    after = shown(client, people.log_cluster, case)
    assert after["now_buttons"] == []
    assert "advise_cluster" in [button.code for button in after["other_buttons"]]


def test_a_request_with_everything_open_answers_on_demand(client, people):
    content = page(client, people.ocha_bria, case_at("submitted", people))
    for words in (
        "All answers",
        "Which threat is there, and why does an escort lower the risk?",
        "Two ambushes on this axis",
        "Refused",
    ):
        assert words in content


def test_times_are_those_of_the_station(client, people):
    leaves = dt.datetime(2027, 3, 2, 4, 30, tzinfo=dt.UTC)
    case = complete_draft(people.requester_bria, departure_at=leaves, window_to=leaves + DAY)
    assert "05:30" in page(client, people.requester_bria, case)


def test_french_readers_get_the_page_in_french(client, people):
    case = case_at("submitted", people)
    people.requester_bria.language = "fr"
    people.requester_bria.save()
    assert '<html lang="fr">' in page(client, people.requester_bria, case)


def test_a_second_appointment_elsewhere_changes_nothing(client, people):
    case = case_at("deciding", people)
    appointed(people.ocha_bria, "cluster", cluster="HEA")
    assert "advise_cluster" not in shown(client, people.ocha_bria, fresh(case))["buttons"]


def test_comments_are_counted_only_for_their_audience(client, people):
    case = case_at("reviewing", people)
    make_move(case, "comment", by=people.ocha_bria, audience="ocha", text="Between us")
    assert Comment.objects.count() == 1
    assert shown(client, people.requester_bria, case)["comments"] == []
    assert len(shown(client, people.ocha_bgi, case)["comments"]) == 1


def test_an_answer_is_offered_only_to_what_was_asked(client, people):
    case = case_at("approved", people)
    codes = {button.code for button in shown(client, people.hc, case)["buttons"].values()}
    assert not codes & {"extend", "refuse_extension"}
    make_move(
        case, "request_extension", by=people.requester_bria, until=case.ends_at + DAY, rotations=1, reason="Slow."
    )
    codes = {button.code for button in shown(client, people.hc, case)["buttons"].values()}
    assert codes >= {"extend", "refuse_extension"}
