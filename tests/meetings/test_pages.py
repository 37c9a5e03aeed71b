"""Do the pages of meetings work without script, for each side as far as it goes, and what do they refuse?"""

import datetime as dt

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import services
from cmcoord.meetings.models import Attendance, Meeting, Proposal
from contacts.models import Body
from contacts.services import change_body
from requests_app.models import AccessIncident
from tests.factories import case_at
from tests.meetings.making import cell_of, chaired, held, planned, seat
from tests.pdf_text import text

pytestmark = pytest.mark.django_db
FORM = {"modality": "in_person", "place": "Hall", "venue": "neutral", "languages": ["fr"], "kind": "ad_hoc"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(client, name, *args, status=200, **data) -> str:
    answer = client.get(reverse(f"meetings:{name}", args=args), data)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def send(client, name, *args, **data):
    return client.post(reverse(f"meetings:{name}", args=args), data)


def local(body: Body, days: int, hour: int) -> str:
    day = body.country.today + dt.timedelta(days=days)
    return f"{day.isoformat()}T{hour:02d}:00"


def test_ocha_plans_invites_moves_and_cancels_on_pages(people):
    body = chaired(people)
    client = signed_in(people.ocha_bria)
    assert body.name in page(client, "choose") and "Bambari" not in page(client, "choose")
    times = {"starts": local(body, 3, 9), "ends": local(body, 3, 11)}
    answer = send(client, "plan", body.pk, **FORM, **times)
    meeting = Meeting.objects.get()
    assert answer.status_code == 302 and answer.url == f"/meetings/{meeting.uid}/"
    assert meeting.local_start.hour == 9 and meeting.created_by == people.ocha_bria
    shown = page(client, "meeting", meeting.uid)
    assert shown.index("Invite the members") < shown.index(">Agenda<") and shown.count('class="btn"') == 1
    assert 'value="Hall"' in page(client, "plan", body.pk), "as last time"
    send(client, "invite", meeting.uid)
    assert "Invite again" in page(client, "meeting", meeting.uid)
    send(client, "move", meeting.uid, **FORM, starts=local(body, 4, 9), ends=local(body, 4, 11))
    send(client, "cancel", meeting.uid)
    meeting.refresh_from_db()
    assert (meeting.stage, meeting.sequence) == ("cancelled", 2)
    assert send(client, "cancel", meeting.uid).status_code == 409


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"ends": 8}, "ends before it begins"), ({"days": -2}, "This time has passed"), ({"venue": "military_camp"}, "§7"),
     ({"place": ""}, "Say where people meet"), ({"starts": "nonsense"}, "for example 2026-11-28 05:30")],
)  # fmt: skip
def test_a_wrong_answer_keeps_what_was_typed(people, change, sentence):
    body = cell_of()
    days, end = change.pop("days", 3), change.pop("ends", 11)
    sent = FORM | {"starts": local(body, days, 9), "ends": local(body, days, end), "call_link": "https://x.example/1"}
    answer = send(signed_in(people.ocha_bria), "plan", body.pk, **(sent | change))
    content = answer.content.decode()
    assert answer.status_code == 422 and sentence in content and "https://x.example/1" in content
    assert not Meeting.objects.exists()


def test_a_series_without_an_end_gets_a_sentence_and_is_planned_changed_and_ended(people):
    body = cell_of()
    client = signed_in(people.ocha_bria)
    day = body.country.today + dt.timedelta(days=1)
    sent = FORM | {"every": "week", "first_day": day.isoformat(), "at": "09:00", "minutes": "90", "until": ""}
    answer = send(client, "plan_series", body.pk, **sent)
    assert answer.status_code == 422 and "never without an end" in answer.content.decode()
    sent["until"] = (day + dt.timedelta(days=20)).isoformat()
    assert send(client, "plan_series", body.pk, **sent).status_code == 302
    meeting = Meeting.objects.order_by("starts").first()
    assert Meeting.objects.count() == 3 and "Change the series" in page(client, "meeting", meeting.uid)
    assert send(client, "series", meeting.uid, **(sent | {"at": "15:00"})).status_code == 302
    assert {row.local_start.hour for row in Meeting.objects.all()} == {15}
    meeting = Meeting.objects.order_by("starts").first()
    send(client, "series", meeting.uid, end="1")
    assert not Meeting.objects.exists()


def test_the_list_shows_what_comes_and_what_was_page_by_page(people):
    body = chaired(people)
    first = timezone.now().replace(microsecond=0) + dt.timedelta(days=1)
    rows = [planned(body, people.ocha_bria, starts=first + dt.timedelta(days=number)) for number in range(27)]
    past = held(body, people.ocha_bria)
    for user in (people.ocha_bria, people.force_sector):
        client = signed_in(user)
        content = page(client, "list")
        assert content.count('class="row"') == 25 and str(rows[25].uid) in content
        assert str(rows[26].uid) in page(client, "list", **{"from": rows[25].uid})
        assert str(past.uid) in page(client, "list", past="")
        assert page(client, "list", **{"from": "nonsense"}).count('class="row"') == 25


def test_a_list_costs_six_queries_at_most_whatever_its_length(people, django_assert_max_num_queries):
    body = chaired(people)
    first = timezone.now() + dt.timedelta(days=1)
    for number in range(5):
        planned(body, people.ocha_bria, starts=first + dt.timedelta(days=number))
    for user in (people.ocha_bgi, people.force_sector, people.requester_bria):
        client = signed_in(user)
        page(client, "list")
        with django_assert_max_num_queries(6):
            page(client, "list")


def test_a_meeting_page_costs_twelve_queries_at_most(people, django_assert_max_num_queries):
    body = chaired(people)
    meeting = planned(body, people.ocha_bria)
    for user in (people.ocha_bgi, people.force_sector, people.requester_bria):
        client = signed_in(user)
        page(client, "meeting", meeting.uid)
        with django_assert_max_num_queries(12):
            page(client, "meeting", meeting.uid)


def test_a_co_chair_of_the_force_changes_agenda_and_attendance_of_its_cell_and_plans_nothing(people):
    body = chaired(people)
    meeting, elsewhere = planned(body, people.ocha_bria), planned(cell_of("bambari"), people.ocha_bgi)
    client = signed_in(people.force_sector)
    assert reverse("meetings:agenda", args=[meeting.uid]) in page(client, "meeting", meeting.uid)
    send(client, "agenda", meeting.uid, add="1", title="Patrols on the axis", lead="G3")
    assert meeting.agenda.order_by("-order")[1].title == "Patrols on the axis"
    minusca = Organisation.objects.get(acronym="MINUSCA")
    send(client, "attendance", meeting.uid, save="1", **{f"of-{minusca.pk}": "present/in_person"})
    assert meeting.attendance.get().organisation == minusca
    for name in ("move", "not_held", "cancel", "invite"):
        assert send(client, name, meeting.uid).status_code == 403, name
    for name in ("meeting", "agenda", "attendance", "agenda_paper", "sign_in_sheet"):
        page(client, name, elsewhere.uid, status=404)
    for name, args in (("choose", ()), ("plan", (body.pk,)), ("plan_series", (body.pk,)), ("propose", ()),
                       ("proposals", (body.pk,))):  # fmt: skip
        page(client, name, *args, status=404)


def test_items_go_up_down_and_away_without_script(people):
    meeting = planned(cell_of(), people.ocha_bria)
    client = signed_in(people.ocha_bria)

    def titles():
        return [item.code for item in meeting.agenda.all()]

    before = titles()
    third = meeting.agenda.all()[2]
    send(client, "agenda", meeting.uid, up=third.pk)
    assert titles()[:3] == [before[0], before[2], before[1]]
    send(client, "agenda", meeting.uid, down=third.pk)
    assert titles() == before
    send(client, "agenda", meeting.uid, remove=third.pk)
    assert titles() == before[:2] + before[3:]
    send(client, "item", meeting.uid, 1, title="Adoption", minutes_planned="5")
    assert meeting.agenda.first().minutes_planned == 5
    other = planned(cell_of("bambari"), people.ocha_bgi).agenda.first()
    assert send(client, "agenda", meeting.uid, up=other.pk).status_code == 404
    services.start_minutes(meeting, by=people.ocha_bria, language="en")
    answer = send(client, "agenda", meeting.uid, remove=meeting.agenda.first().pk)
    assert answer.status_code == 409 and "minutes hold this item" in answer.content.decode()


def test_attendance_is_written_in_a_grid_and_as_last_time(people):
    body = chaired(people)
    seat(body, "member", "AID-A", by=people.ocha_bgi, function="Heads of mission of INGOs")
    last, meeting = held(body, people.ocha_bria, days_ago=8), held(body, people.ocha_bria, days_ago=1)
    client = signed_in(people.ocha_bria)
    keys = {row.acronym: row.pk for row in Organisation.objects.filter(acronym__in=("OCHA", "MINUSCA", "AID-A"))}
    assert send(client, "attendance", meeting.uid, same="1").status_code == 409
    sent = {f"of-{keys['OCHA']}": "present/in_person", f"of-{keys['MINUSCA']}": "present/remote",
            f"of-{keys['AID-A']}": "excused", "of-999999": "present/in_person"}  # fmt: skip
    send(client, "attendance", last.uid, save="1", **sent)
    found = {row.organisation.acronym: (row.presence, row.mode, row.category) for row in last.attendance.all()}
    assert found == {
        "OCHA": ("present", "in_person", "ocha"), "MINUSCA": ("present", "remote", "mission_military"),
        "AID-A": ("excused", "", "ingo"),
    }  # fmt: skip
    send(client, "attendance", meeting.uid, same="1")
    assert meeting.attendance.count() == 3
    send(client, "attendance", meeting.uid, save="1", **{f"of-{keys['AID-A']}": "", f"was-{keys['AID-A']}": "excused"})
    assert meeting.attendance.count() == 2
    assert "MINUSCA" in page(client, "meeting", meeting.uid)


def test_two_who_write_the_grid_at_once_lose_nothing(people):
    meeting = held(chaired(people), people.ocha_bria)
    ocha, minusca = (Organisation.objects.get(acronym=name).pk for name in ("OCHA", "MINUSCA"))
    opened = {f"was-{ocha}": "", f"was-{minusca}": ""}
    send(signed_in(people.ocha_bria), "attendance", meeting.uid, save="1",
         **opened, **{f"of-{ocha}": "present/in_person", f"of-{minusca}": ""})  # fmt: skip
    send(signed_in(people.force_sector), "attendance", meeting.uid, save="1",
         **opened, **{f"of-{ocha}": "", f"of-{minusca}": "present/remote"})  # fmt: skip
    assert set(meeting.attendance.values_list("organisation", "mode")) == {(ocha, "in_person"), (minusca, "remote")}


def test_a_name_stays_with_the_humanitarians(people):
    body = chaired(people)
    meeting = held(body, people.ocha_bria)
    client = signed_in(people.ocha_bria)
    guest = {"guest": "1", "organisation_text": "Radio Bria", "category": "other", "name": "Zara Canari"}
    client.post(
        reverse("meetings:attendance", args=[meeting.uid]), guest | {"presence": "present", "mode": "in_person"}
    )
    assert "Zara Canari" in page(client, "meeting", meeting.uid)
    force = signed_in(people.force_sector)
    assert "Zara Canari" not in page(force, "meeting", meeting.uid) + page(force, "attendance", meeting.uid)
    assert "Radio Bria" in page(force, "meeting", meeting.uid)


# ── lines of domain.md §8 ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["hct", "iccg", "coordination", "cluster", "sub_cluster"])
def test_line_0_5_no_military_actor_comes_to_a_humanitarian_or_cluster_meeting_in_mali(people, kind):
    body = Body.objects.filter(country="MLI", kind=kind).first()
    Body.objects.filter(pk=body.pk).update(stage="active")
    meeting = held(body, people.ocha_bko)
    client = signed_in(people.ocha_bko)
    for acronym in ("FAMa", "MINUSMA"):
        force = Organisation.objects.get(acronym=acronym)
        answer = send(client, "attendance", meeting.uid, guest="1", organisation=force.pk, presence="present",
                      mode="in_person")  # fmt: skip
        assert answer.status_code == 422 and "ML-POS ¶4" in answer.content.decode()
    for category in ("mission_military", "armed_forces", "bilateral"):
        answer = send(client, "attendance", meeting.uid, guest="1", organisation_text="A force", category=category,
                      presence="present", mode="in_person")  # fmt: skip
        assert answer.status_code == 422, category
    civilian = Organisation.objects.filter(countries="MLI", org_type="un_civilian").first()
    if civilian is None:
        civilian = Organisation.objects.create(acronym="MIN-CIV", name="Civilian section", org_type="un_civilian")
        civilian.countries.add("MLI")
    assert services.add_guest(meeting, by=people.ocha_bko, organisation=civilian).category == "mission_civilian"
    assert not Attendance.objects.filter(category__in=("mission_military", "security_forces")).exists()


def test_line_0_5_a_force_comes_to_the_cell_of_bamako(people):
    cell = Body.objects.get(country="MLI", kind="cell")
    change_body(cell, by=people.ocha_bko, rules={"security_forces": True})
    cell.refresh_from_db()
    assert services.add_guest(
        held(cell, people.ocha_bko), by=people.ocha_bko, organisation=Organisation.objects.get(acronym="FAMa")
    )


def test_line_1_26_the_switch_says_whether_forces_of_the_state_come(people):
    body = chaired(people)
    meeting = held(body, people.ocha_bria)
    faca = Organisation.objects.get(acronym="FACA")
    with pytest.raises(ValidationError, match="switched off"):
        services.add_guest(meeting, by=people.ocha_bria, organisation=faca)
    with pytest.raises(ValidationError, match="switched off"):
        services.add_guest(meeting, by=people.ocha_bria, organisation_text="Gendarmes", category="security_forces")
    change_body(body, by=people.ocha_bria, rules={"security_forces": True})
    services.add_guest(meeting, by=people.ocha_bria, organisation=faca)
    assert meeting.attendance.get().category == "security_forces" and not faca.people.exists()


def test_lines_3_3_and_3_5_authorities_come_to_the_general_coordination_where_it_is_switched_on_without_account(people):
    body = Body.objects.get(country="MLI", kind="coordination")
    meeting = held(body, people.ocha_bko)
    with pytest.raises(ValidationError, match="switched off"):
        services.add_guest(meeting, by=people.ocha_bko, organisation_text="Governorate", category="authorities")
    change_body(body, by=people.ocha_bko, rules={"authorities": True})
    row = services.add_guest(meeting, by=people.ocha_bko, organisation_text="Governorate", category="authorities",
                             not_military="The governor’s office")  # fmt: skip
    assert row.organisation is None and not services.members(body)


def test_line_0_9_what_is_proposed_from_a_case_reaches_the_joint_agenda_only_in_ochas_words(people):
    case = case_at("submitted", people)
    body = chaired(people)
    meeting = planned(body, people.ocha_bria)
    requester, force = signed_in(people.requester_bria), signed_in(people.force_sector)
    url = f"{reverse('meetings:propose')}?case={case.reference}"
    assert case.reference in requester.get(url).content.decode()
    answer = requester.post(url, {"body": body.pk, "title": "Zanzibar imposes escorts", "why": "Third time."})
    assert answer.status_code == 302 and answer.url == case.get_absolute_url()
    proposal = Proposal.objects.get()
    assert proposal.case == case and proposal.proposed_by == people.requester_bria
    unseen = "".join(page(force, name, meeting.uid) for name in ("meeting", "agenda")) + page(force, "list")
    assert "Zanzibar" not in unseen and "ropos" not in unseen
    page(force, "answer_proposal", proposal.pk, status=404)
    assert send(requester, "answer_proposal", proposal.pk, take="1").status_code == 404
    ocha = signed_in(people.ocha_bria)
    assert "Zanzibar" in page(ocha, "proposals", body.pk)
    answer = send(ocha, "answer_proposal", proposal.pk, take="1", meeting=meeting.uid, title="Movement on the axis")
    assert answer.status_code == 302
    content = page(force, "meeting", meeting.uid)
    assert "Movement on the axis" in content and "Zanzibar" not in content and case.reference not in content
    assert meeting.agenda.last().case is None, "the request went to no force"
    proposal.refresh_from_db()
    assert proposal.state == "taken"
    assert send(ocha, "answer_proposal", proposal.pk, take="1", meeting=meeting.uid, title="Again").status_code == 422


NONSENSE = ("", " ", "nonsense", "-1", "99999999999999999999", "\x00", "x" * 5000, "ⅷ", "2026-13-45T99:99")


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_any_field_is_answered_with_a_page(people, text):
    """No field of any form of a meeting makes the portal fail, whatever a browser sends."""
    body = chaired(people)
    meeting = held(body, people.ocha_bria)
    proposal = services.propose(body, by=people.requester_bria, title="Axis")
    client = signed_in(people.ocha_bria)
    names = [
        "kind",
        "starts",
        "ends",
        "modality",
        "place",
        "venue",
        "venue_reason",
        "call_link",
        "languages",
        "every",
        "first_day",
        "at",
        "minutes",
        "until",
        "reason",
        "remark",
        "title",
        "lead",
        "minutes_planned",
        "organisation",
        "organisation_text",
        "category",
        "name",
        "presence",
        "mode",
        "body",
        "why",
        "meeting",
        "took_place",
    ]
    sent = dict.fromkeys(names, text)
    for name, args, press in (
        ("plan", (body.pk,), {}), ("plan_series", (body.pk,), {}), ("move", (meeting.uid,), {}),
        ("not_held", (meeting.uid,), {}), ("agenda", (meeting.uid,), {"add": "1"}), ("item", (meeting.uid, 1), {}),
        ("agenda", (meeting.uid,), {"up": text}), ("attendance", (meeting.uid,), {"guest": "1"}),
        ("attendance", (meeting.uid,), {"remove": text}), ("attendance", (meeting.uid,), {"save": "1", "of-1": text}),
        ("propose", (), {}), ("answer_proposal", (proposal.pk,), {"take": "1"}),
    ):  # fmt: skip
        answer = client.post(reverse(f"meetings:{name}", args=args), sent | press)
        assert answer.status_code in (200, 302, 404, 409, 422), (name, answer.status_code)
    for name, query in (("list", "from"), ("propose", "case"), ("propose", "incident")):
        assert client.get(reverse(f"meetings:{name}"), {query: text}).status_code in (200, 404)


def test_line_0_9_an_incident_leads_to_a_proposal_that_no_force_learns_of(people):
    case = case_at("transmitted", people, un_on_board=True)
    incident = AccessIncident.objects.create(case=case, kind="AMRF-3")
    body, ocha = chaired(people), signed_in(people.ocha_bria)
    url = f"{reverse('meetings:propose')}?incident={case.reference}"
    assert url in ocha.get(incident.get_absolute_url()).content.decode()
    assert f"?case={case.reference}" in ocha.get(case.get_absolute_url()).content.decode()
    ocha.post(url, {"body": body.pk, "title": "Escort imposed"})
    assert Proposal.objects.get().incident == incident
    assert signed_in(people.requester_birao).get(url).status_code == 404
    assert signed_in(people.force_sector).get(url).status_code == 404


def test_a_request_is_named_on_the_agenda_where_it_went_to_every_force_of_the_body(people):
    case = case_at("transmitted", people, un_on_board=True)
    body = chaired(people)
    meeting = planned(body, people.ocha_bria)
    item = services.add_item(meeting, by=people.ocha_bria, title="Escort", case=case)
    assert item.case == case
    content = page(signed_in(people.force_sector), "meeting", meeting.uid)
    assert "Escort" in content and case.reference not in content
    change_body(body, by=people.ocha_bria, rules={"security_forces": True})
    seat(body, "member", "FACA", by=people.ocha_bgi, function="Internal security forces")
    with pytest.raises(ValidationError, match="FACA"):
        services.add_item(meeting, by=people.ocha_bria, title="Escort", case=case)


def test_line_1_23_each_of_the_thirteen_cells_has_a_page_with_a_map_point_and_its_next_meeting(people):
    client, cells = signed_in(people.ocha_bgi), list(Body.objects.cells().filter(country="CAF"))
    assert len(cells) == 13
    for body in cells:
        meeting = planned(body, people.ocha_bgi)
        assert meeting.get_absolute_url() in page(client, "body", body.pk), body
        assert body.station.place.position is not None, body
        assert body.seats.open().filter(kind__in=("chair", "co_chair"), mandatory=True).count() == 2


@pytest.mark.parametrize(("language", "words"), [("en", "No force sits in this body"), ("fr", "Aucune force ne siège")])
def test_line_0_5_is_refused_in_both_languages(people, language, words):
    body = Body.objects.filter(country="MLI", kind="cluster").first()
    client = signed_in(people.ocha_bko)
    people.ocha_bko.language = language
    people.ocha_bko.save()
    force = Organisation.objects.get(acronym="FAMa")
    answer = send(client, "attendance", held(body, people.ocha_bko).uid, guest="1", organisation=force.pk,
                  presence="present", mode="in_person")  # fmt: skip
    content = answer.content.decode()
    assert answer.status_code == 422 and words in content and "ML-POS ¶4" in content


@pytest.mark.parametrize("language", ["en", "fr"])
def test_papers_hold_the_agenda_and_a_list_to_sign_for_both_sides(people, language):
    body = chaired(people)
    meeting = planned(body, people.ocha_bria)
    services.add_item(meeting, by=people.ocha_bria, title="Nɔ̀ŋ ɛ ç")
    titles = [(row.code, row.title) for row in meeting.agenda.all()]
    assert titles[-1][0] == "any_other" and titles[-2] == ("", "Nɔ̀ŋ ɛ ç")
    for user in (people.ocha_bria, people.force_sector):
        client = signed_in(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for name, words in (("agenda_paper", "Nɔ̀ŋ ɛ ç"), ("sign_in_sheet", "MINUSCA")):
            answer = client.get(reverse(f"meetings:{name}", args=[meeting.uid]))
            content = b"".join(answer.streaming_content)
            assert answer.headers["Content-Type"] == "application/pdf" and content.startswith(b"%PDF")
            assert words in text(content)


def test_the_address_of_a_calendar_is_shown_once(people):
    client = signed_in(people.requester_bria)
    made = send(client, "feed", make="1").content.decode()
    assert "/meetings/feed/" in made and ".ics" in made
    assert ".ics" not in page(client, "feed")
    assert send(client, "feed", revoke="1").status_code == 302 and "No address is open" in page(client, "feed")
