"""Lines of the field's list on meetings whose sentences no other test asks in both languages."""

import pytest
from django.urls import reverse

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import chairs, services
from cmcoord.meetings.models import Attendance, Meeting, Proposal
from cmcoord.meetings.services import points, preparing
from contacts.models import Body
from contacts.services import change_body, take_seat
from tests.factories import case_at
from tests.meetings.making import chaired, held, planned, speaking
from tests.meetings.test_pages import FORM, local, page, send, signed_in
from tests.meetings.test_points import overdue, raised

pytestmark = pytest.mark.django_db


def both(english: str, french: str):
    """The words of a page that the reader asks in each language."""
    return pytest.mark.parametrize(("language", "words"), [("en", english), ("fr", french)], ids=["en", "fr"])


def organisation(acronym: str) -> Organisation:
    return Organisation.objects.get(acronym=acronym)


def guest(client, meeting, **of):
    """Whoever holds no seat is written down as present; what comes back, as text."""
    answer = send(client, "attendance", meeting.uid, guest="1", presence="present", mode="in_person", **of)
    return answer.status_code, answer.content.decode().replace("\u202f", " ")


@both("1 waits for an answer.", "1 attend une réponse.")
def test_line_0_9_a_proposal_waits_for_ocha_and_for_nobody_of_the_force(people, language, words):
    case = case_at("submitted", people)
    meeting = planned(chaired(people), people.ocha_bria)
    facts = {"body": meeting.body_id, "title": "Escorts imposed"}
    url = f"{reverse('meetings:propose')}?case={case.reference}"
    assert signed_in(speaking(people.requester_bria, language)).post(url, facts).status_code == 302
    force = page(signed_in(speaking(people.force_sector, language)), "meeting", meeting.uid)
    assert words in page(signed_in(speaking(people.ocha_bria, language)), "meeting", meeting.uid)
    assert words not in force and "ropos" not in force
    preparing.take(Proposal.objects.get(), by=people.ocha_bria, meeting=meeting, title="Movement on the axis")
    force = page(signed_in(people.force_sector), "meeting", meeting.uid)
    assert "Movement on the axis" in force and "Escorts imposed" not in force


@both("Police of the mission (UNPOL, FPU)", "Police de la mission (UNPOL, UPC)")
def test_line_1_14_the_police_of_the_mission_come_to_a_cell_under_their_own_category(people, language, words):
    meeting = held(chaired(people), people.ocha_bria)
    client = signed_in(speaking(people.ocha_bria, language))
    assert guest(client, meeting, organisation=organisation("MINUSCA UNPOL").pk)[0] == 302
    assert words in page(client, "attendance", meeting.uid).partition("MINUSCA UNPOL</div>")[2].partition("</li>")[0]


@both("A military camp is no neutral place", "Un camp militaire n’est pas un lieu neutre")
def test_line_1_17_the_page_asks_why_a_meeting_is_in_a_military_camp(people, language, words):
    body = chaired(people)
    client = signed_in(speaking(people.ocha_bria, language))
    facts = FORM | {"starts": local(body, 3, 9), "ends": local(body, 3, 11), "venue": "military_camp"}
    answer = send(client, "plan", body.pk, **facts)
    assert answer.status_code == 422 and words in answer.content.decode() and "CAR-CMC §7" in answer.content.decode()
    assert send(client, "plan", body.pk, **facts, venue_reason="The only hall with power.").status_code == 302
    assert "The only hall with power." in page(client, "meeting", Meeting.objects.get().uid)


@both("“Internal security forces” is switched off", "« Forces de sécurité intérieure » n’est pas admis")
def test_line_1_26_the_page_refuses_forces_of_the_state_where_the_switch_is_off(people, language, words):
    meeting = held(chaired(people), people.ocha_bria)
    client, faca = signed_in(speaking(people.ocha_bria, language)), organisation("FACA")
    status, text = guest(client, meeting, organisation=faca.pk)
    assert status == 422 and words in text and not Attendance.objects.exists()
    change_body(meeting.body, by=people.ocha_bria, rules={"security_forces": True})
    assert guest(client, meeting, organisation=faca.pk)[0] == 302 and not faca.people.exists()


@both("Put to the strategic level", "Porté au niveau stratégique")
def test_line_1_29_what_a_cell_escalates_stands_before_the_coordinator_who_says_whom_they_consulted(
    people, language, words
):
    point = overdue(raised(chaired(people), people.ocha_bria, owner="OCHA"))
    row = points.escalate(point, by=people.ocha_bria, why="The headquarters is silent.")
    coordinator = signed_in(speaking(people.hc, language))
    text = coordinator.get("/").content.decode()
    assert words in text and "The headquarters is silent." in text
    answer = send(coordinator, "escalation", row.pk, answer="Raised with the head of mission.", consulted="both")
    assert answer.status_code == 302 and words not in coordinator.get("/").content.decode()
    row.refresh_from_db()
    assert row.get_consulted_display() in page(
        signed_in(speaking(people.ocha_bria, language)), "point", point.reference
    )


@both("OCHA (chair)", "OCHA (présidence)")
def test_line_3_2_ocha_chairs_an_inter_cluster_meeting_without_anybody_saying_so(people, language, words):
    body = Body.objects.get(country="CAF", kind="iccg")
    client = signed_in(speaking(people.ocha_bgi, language))
    times = {"starts": local(body, 3, 9), "ends": local(body, 3, 11)}
    assert send(client, "plan", body.pk, **FORM, **times).status_code == 302
    assert body.name in page(client, "meeting", Meeting.objects.get().uid)
    assert words in client.get(body.get_absolute_url()).content.decode()


@both("is switched off in this body", "n’est pas admis dans cette instance")
def test_lines_3_3_and_3_5_authorities_come_where_it_is_switched_on_and_no_force_does(people, language, words):
    body = Body.objects.get(country="MLI", kind="coordination")
    meeting, client = held(body, people.ocha_bko), signed_in(speaking(people.ocha_bko, language))
    governor = {"organisation_text": "Gouvernorat", "category": "authorities"}
    status, text = guest(client, meeting, **governor)
    assert status == 422 and words in text
    change_body(body, by=people.ocha_bko, rules={"authorities": True})
    assert guest(client, meeting, **governor, not_military="The governor is a civilian.")[0] == 302
    assert "Gouvernorat" in page(client, "meeting", meeting.uid) and not services.members(body)
    status, text = guest(client, meeting, organisation=organisation("FAMa").pk)
    assert status == 422 and "ML-POS ¶4" in text


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("cluster", {"en": "Protection cluster, Mopti", "fr": "Cluster Protection, Mopti"}),
        (
            "sub_cluster",
            {"en": "Sub-cluster on gender-based violence", "fr": "Sous-cluster Violences basées sur le genre"},
        ),
        ("working_group", {"en": "Working group on civil documentation", "fr": "Documentation civile"}),
    ],
)
def test_lines_3_4_4_11_and_4_12_what_meets_beyond_bamako_and_below_a_cluster_meets_under_its_name(people, kind, names):
    body = next(row for row in Body.objects.filter(country="MLI", kind=kind) if names["en"] in row.name_en)
    Body.objects.filter(pk=body.pk).update(stage="active")
    assert body.parent is not None
    planned(body, people.ocha_bko)
    for language, name in names.items():
        assert name in page(signed_in(speaking(people.ocha_bko, language)), "list"), language


@both("(observer)", "(observateur)")
def test_line_4_13_who_observes_is_marked_so_and_signs_nothing(people, language, words):
    body = Body.objects.get(country="MLI", kind="advisory_group")
    take_seat(body.seats.get(kind="observer", category="donor"), by=people.ocha_bko, organisation=organisation("ECHO"))
    meeting = held(body, people.ocha_bko)
    client = signed_in(speaking(people.ocha_bko, language))
    text = page(client, "attendance", meeting.uid)
    assert words in text.partition("ECHO")[2].partition("</label>")[0]
    send(client, "attendance", meeting.uid, save="1", **{f"of-{organisation('ECHO').pk}": "present/in_person"})
    assert Attendance.objects.get().as_observer
    assert chairs.seat_of(people.donor, body) is None
