"""Whom one calls about a step that waits, what one may read out, and how a call is written down: also to a force."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from cmcoord.accounts import limits
from cmcoord.activity import delivery
from cmcoord.activity.models import Event, Notification, Release
from cmcoord.activity.releases import digest
from requests_app import calling, ledger
from requests_app.case_page import duty_board
from requests_app.models import Call, Case
from requests_app.services import Refused, current_clocks, make_move
from tests.factories import case_at, fresh
from tests.requests_app.test_chain import chain  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db

ADDRESSEE = calling.ADDRESSEE


def whom(case, user):
    """(code, telephone) of each contact that the card of the first clock names to this reader."""
    case = fresh(case)
    clock = current_clocks(case)[0]
    return [(each.code, each.telephone) for each in calling.contacts(case, clock, duty_board(case), user)]


@pytest.fixture
def numbers(people, bria, car):
    """Duty telephones of everybody, each its own."""
    bria.telephone, car.national_unit_telephone = "+236 00 00 01 01", "+236 00 00 01 02"
    bria.save()
    car.save()
    for number, name in enumerate(("requester_bria", "hc", "log_cluster", "force_u3"), start=1):
        person = getattr(people, name)
        person.telephone = f"+236 00 00 05 0{number}"
        person.save()


OCHA_LINES = [("station", "+236 00 00 01 01"), ("national", "+236 00 00 01 02")]


# ── whom ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reader", ["requester_bria", "hc", "hoo", "log_cluster"])
def test_everybody_else_calls_ocha(people, numbers, reader):
    assert whom(case_at("deciding", people), getattr(people, reader)) == OCHA_LINES


def test_ocha_calls_who_holds_the_step(people, numbers):
    assert whom(case_at("deciding", people), people.ocha_bgi) == [("coordinator", "+236 00 00 05 02")]
    returned = case_at("returned", people)
    assert whom(returned, people.ocha_bria)[0] == ("requester", "+236 00 00 05 01")
    assert whom(case_at("approved", people), people.ocha_bria) == OCHA_LINES


def test_a_station_without_officer_is_answered_by_the_one_that_covers_it(people, numbers, bria):
    case = case_at("deciding", people)
    people.ocha_bria.appointments.update(ended_at=timezone.now(), ended_by=people.admin, end_reason="Left")
    assert whom(case, people.requester_bria) == [("national", "+236 00 00 01 02")]


def test_a_mail_names_the_duty_telephone_and_the_alternate(people, numbers):
    make_move(case_at("submitted", people), "review", by=people.ocha_bria)
    delivery.deliver_due()
    body = next(mail.body for mail in django_mail.outbox if mail.to == [people.requester_bria.email])
    assert "+236 00 00 01 01" in body
    assert "+236 00 00 01 02" in body
    assert "05 0" not in body


# ── the text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_holds_reference_and_link_only(people):
    case = case_at("transmitted", people)
    assert calling.ready_text(case) == f"{case.reference} http://127.0.0.1:8000/requests/{case.reference}/"
    own = case.force_reference
    assert calling.ready_text(case, for_force=True) == f"{own} http://127.0.0.1:8000/force/{own}/"


def test_of_class_s_the_text_is_the_reference_alone(people):
    case = case_at("transmitted", people)
    Case.objects.filter(pk=case.pk).update(sensitivity="S")
    assert calling.ready_text(fresh(case)) == case.reference
    assert calling.ready_text(fresh(case), for_force=True) == case.force_reference


def test_the_address_of_the_text_carries_no_other_number_than_the_one_typed(people):
    contact = calling.Contact("station", "OCHA", "", "+236 (0) 00-00&body=x", "A ref")
    assert contact.sms == "sms:+23600000?body=A%20ref"


# ── the call ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_is_a_contact_and_moves_nothing(people):
    case = case_at("submitted", people)
    before = (case.status, case.due_at, case.version)
    make_move(case, "call", by=people.requester_bria, whom="station", note="Nobody answered at first.")
    call, case = Call.objects.get(), fresh(case)
    assert (call.whom, call.function, call.by, call.addressee) == ("station", "OCHA Bria", people.requester_bria, None)
    assert (case.status, case.due_at, case.version) == before
    event = Event.objects.get(kind="case.call")
    assert event.data["called"] == "OCHA Bria"
    assert "Nobody answered" not in str(event.data)
    told = Notification.objects.filter(event=event).values_list("recipient__username", flat=True)
    assert set(told) == {people.ocha_bria.username}


@pytest.mark.parametrize(
    ("by", "to"),
    [("requester_bria", "coordinator"), ("requester_bria", "requester"), ("hc", "coordinator"), ("hc", "cluster:LOG"),
     ("ocha_bria", "cluster:PRO"), ("ocha_bria", "addressee.999"), ("ocha_bria", "force"), ("ocha_bria", "")],
)  # fmt: skip
def test_only_whom_one_may_call_is_logged(people, by, to):
    with pytest.raises(Refused) as refused:
        make_move(case_at("deciding", people), "call", by=getattr(people, by), whom=to)
    assert refused.value.kind == "need"
    assert not Call.objects.exists()


@pytest.mark.parametrize("by", ["requester_birao", "ocha_bko", "hc_ml", "donor", "admin", "nobody", "force_u3"])
def test_nobody_else_logs_a_call(people, by):
    with pytest.raises(Refused):
        make_move(case_at("deciding", people), "call", by=getattr(people, by), whom="station")


def test_a_call_lies_between_the_request_and_now(people):
    case, now = case_at("deciding", people), timezone.now()
    for moment in (now + dt.timedelta(minutes=5), case.submitted_at - dt.timedelta(minutes=1)):
        with pytest.raises(Refused):
            make_move(case, "call", by=people.ocha_bgi, whom="coordinator", called_at=moment)
    make_move(case, "call", by=people.ocha_bgi, whom="coordinator", called_at=now - dt.timedelta(minutes=5))
    assert Call.objects.get().at == now - dt.timedelta(minutes=5)


def test_the_same_click_twice_is_one_call(people, client):
    case = case_at("submitted", people)
    client.force_login(people.requester_bria)
    data = {"client_key": "c0ffee00-0000-4000-8000-000000000001", "base_version": case.version, "whom": "station"}
    for _each in range(2):
        assert client.post(f"{case.get_absolute_url()}call/", data).status_code == 302
    assert Call.objects.count() == 1


def test_one_person_does_not_write_down_calls_without_end(people, client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "call", limits.Limit(2, 3600))
    case = case_at("deciding", people)
    for _each in range(2):
        make_move(case, "call", by=people.ocha_bgi, whom="coordinator")
    with pytest.raises(Refused, match="many calls") as refused:
        make_move(case, "call", by=people.ocha_bgi, whom="coordinator")
    assert refused.value.kind == "need"
    client.force_login(people.ocha_bgi)
    data = {"client_key": "c0ffee00-0000-4000-8000-000000000002", "base_version": case.version, "whom": "coordinator"}
    answer = client.post(f"{case.get_absolute_url()}call/", data)
    assert answer.status_code == 422
    assert "many calls" in answer.content.decode()
    assert Call.objects.count() == 2
    make_move(case, "call", by=people.ocha_bria, whom="coordinator")
    assert Call.objects.count() == 3, "everybody has hours of their own"


def test_the_card_names_whom_to_call_and_what_was_logged(people, numbers, client):
    case = case_at("deciding", people)
    make_move(case, "call", by=people.ocha_bgi, whom="coordinator", note="Will look tonight.")
    client.force_login(people.ocha_bgi)
    content = client.get(case.get_absolute_url()).content.decode()
    assert 'href="tel:+23600000502"' in content
    assert f"sms:+23600000502?body={case.reference}" in content
    assert "Will look tonight." in content
    client.force_login(people.requester_bria)
    content = client.get(case.get_absolute_url()).content.decode()
    assert 'href="tel:+23600000101"' in content
    assert "0502" not in content


def test_each_person_stands_once_on_the_card(people, numbers, client):
    case = case_at("reviewing", people)
    client.force_login(people.requester_bria)
    page = client.get(case.get_absolute_url())
    assert len(page.context["others"]) > 0
    card = page.content.decode().partition('id="call"')[2].partition("</section>")[0]
    for number in ("+23600000101", "+23600000102"):
        assert card.count(f'href="tel:{number}"') == 1


# ── to a force ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_to_a_force_stands_in_the_ledger_as_its_reference(people, chain):  # noqa: F811
    case = case_at("transmitted", people)
    make_move(case, "call", by=people.ocha_bria, whom=f"{ADDRESSEE}{chain[1].pk}", note="Words that stay here.")
    row = Release.objects.get(what="call")
    assert (row.reference, row.function, row.recipient, row.organisation) == (
        case.force_reference, chain[1].function, None, chain[1].force.organisation
    )  # fmt: skip
    assert row.sha256 == digest(case.force_reference)
    assert list(ledger.differences()) == []
    assert not Notification.objects.filter(event__kind="case.call", recipient__organisation=row.organisation).exists()


def test_no_call_tells_a_force_its_reference_before_it_had_one(people, chain):  # noqa: F811
    case = case_at("transmitted", people)
    sent_at = case.extracts.get().sent_at
    told = {"by": people.ocha_bria, "whom": f"{ADDRESSEE}{chain[0].pk}", "now": sent_at + dt.timedelta(hours=1)}
    with pytest.raises(Refused, match="before the transmission"):
        make_move(case, "call", called_at=sent_at - dt.timedelta(minutes=1), **told)
    assert not Release.objects.filter(what="call").exists()
    make_move(case, "call", called_at=sent_at.replace(second=0, microsecond=0), **told)
    assert Call.objects.count() == 1


def test_the_ledger_misses_a_call(people, chain):  # noqa: F811
    case = case_at("transmitted", people)
    Call.objects.create(case=case, whom="addressee", function="x", addressee=chain[0], by=people.ocha_bria)
    assert ["is not in the ledger" in each for each in ledger.differences()] == [True]


@pytest.mark.parametrize("by", ["requester_bria", "hc", "hoo"])
def test_nobody_but_ocha_calls_a_force(people, chain, by):  # noqa: F811
    with pytest.raises(Refused):
        make_move(case_at("transmitted", people), "call", by=getattr(people, by), whom=f"{ADDRESSEE}{chain[0].pk}")


def test_before_the_transmission_no_force_is_called(people, chain):  # noqa: F811
    with pytest.raises(Refused):
        make_move(case_at("approved", people), "call", by=people.ocha_bria, whom=f"{ADDRESSEE}{chain[0].pk}")


def test_a_force_calls_ocha_and_not_the_convoy(people, numbers, client):
    case = case_at("scheduled", people)
    client.force_login(people.force_u3)
    content = client.get(f"/force/{case.force_reference}/").content.decode()
    road = next(
        paper.content["road_contact"] for paper in fresh(case).extracts.all() if "road_contact" in paper.content
    )
    card = content[content.index('class="expect') : content.index("</section>")]
    assert "+23600000101" in card
    assert road not in card
    assert 'href="tel:+23600000102"' in content
    assert 'href="tel:+23600000102"' in client.get("/force/").content.decode()


def test_a_force_without_a_chain_is_called_as_a_whole(people):
    case = case_at("transmitted", people)
    make_move(case, "call", by=people.ocha_bria, whom="force")
    row = Release.objects.get(what="call")
    assert (row.reference, row.recipient, row.organisation) == (
        case.force_reference, None, people.force_u3.organisation
    )  # fmt: skip
    assert list(ledger.differences()) == []


def test_a_call_without_a_note_keeps_no_empty_secret(people):
    make_move(case_at("submitted", people), "call", by=people.ocha_bria, whom="requester")
    assert "digests" not in Event.objects.get(kind="case.call").data
