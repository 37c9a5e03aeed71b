"""A paper goes along the chain of its force: each place acknowledges for itself, in the portal or by telephone."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cmcoord.accounts import reference_changes
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification
from contacts.models import Addressee, Force
from requests_app import chain as chains
from requests_app import ledger
from requests_app.models import Acknowledgement, Addressed, Receipt
from requests_app.services import Refused, current_clocks, make_move, remind_due
from tests.factories import CALL, RELEASED, case_at, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(people):
    """Sector with an account, operations centre without one, headquarters with an account."""
    force = Force.objects.get(organisation=people.force_u3.organisation, country="CAF")
    rows = [
        ("Sector liaison (G3)", "+236 00 00 06 01", people.force_sector),
        ("Operations centre", "+236 00 00 06 02", None),
        ("Civil-military cell (U9)", "+236 00 00 06 03", people.force_u3),
    ]
    return [
        Addressee.objects.create(force=force, place=place, function=function, telephone=number, account=account)
        for place, (function, number, account) in enumerate(rows, start=1)
    ]


def acknowledged(case):
    """The functions with a receipt of the newest paper, and who comes next."""
    case = fresh(case)
    upcoming = chains.next_to_call(case)
    return [link.row.function for link in chains.links(case) if link.receipt], upcoming and upcoming.function


def said(addressee, **more):
    """OCHA writes down what this place of the chain said by telephone."""
    return CALL | {"person": None, "person_function": addressee.function, "addressee": addressee} | more


def run_out(case):
    """The time for the receipt is over, and the sweep has seen it."""
    clock = next(clock for clock in current_clocks(case) if clock.step == "acknowledgement")
    remind_due(clock.due + dt.timedelta(minutes=1))


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_goes_to_the_chain_as_it_stands(people, chain):
    case = case_at("transmitted", people)
    rows = Addressed.objects.filter(case=case)
    assert list(rows.values_list("place", "function", "account")) == [
        (row.place, row.function, row.account_id) for row in chain
    ]
    chain[0].function = "Somebody else"
    chain[0].save()
    assert rows.first().function == "Sector liaison (G3)"


def test_ocha_chooses_the_addressees_and_later_papers_go_the_same_way(people, chain):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", reference="SEC-1")
    make_move(fresh(case), "transmit", by=people.ocha_bria, addressees=chain[1:], **RELEASED)
    make_move(fresh(case), "suspend", by=people.ocha_bria, reason="Fighting.")
    functions = [chain[1].function, chain[2].function]
    for paper in fresh(case).extracts.all():
        assert list(paper.addressees.values_list("function", flat=True)) == functions


def test_only_those_of_today_and_of_this_force_are_chosen(people, chain):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", reference="SEC-1")
    other = Force.objects.exclude(organisation=chain[0].force.organisation).first()
    stranger = Addressee.objects.create(force=other, place=1, function="Another force")
    chain[0].active_to = chain[0].force.country.today - dt.timedelta(days=1)
    chain[0].save()
    for wanted in ([stranger], [chain[0]], []):
        with pytest.raises(Refused):
            make_move(fresh(case), "transmit", by=people.ocha_bria, addressees=wanted, **RELEASED)
    make_move(fresh(case), "transmit", by=people.ocha_bria, **RELEASED)
    assert Addressed.objects.count() == 2


def test_a_force_without_a_chain_gets_its_papers_as_before(people):
    case = case_at("acknowledged", people)
    assert not Addressed.objects.exists()
    assert chains.links(fresh(case)) == []


def test_the_page_of_the_transmission_names_chain_and_language(people, chain, client):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", reference="SEC-1")
    client.force_login(people.ocha_bria)
    content = client.get(f"{case.get_absolute_url()}transmit/").content.decode()
    for row in chain:
        assert row.function in content
    assert content.count('name="addressees"') == 3
    assert not [row.telephone for row in chain if row.telephone and row.telephone in content]


# ── who acknowledged ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_place_acknowledges_for_itself(people, chain):
    case = case_at("transmitted", people)
    assert acknowledged(case) == ([], "Sector liaison (G3)")
    make_move(case, "acknowledge", by=people.force_u3)
    assert acknowledged(case) == (["Civil-military cell (U9)"], "Sector liaison (G3)")
    make_move(fresh(case), "receive", by=people.force_sector, seen=1)
    assert acknowledged(case)[0] == ["Sector liaison (G3)", "Civil-military cell (U9)"]
    assert Acknowledgement.objects.count() == 1
    with pytest.raises(Refused):
        make_move(fresh(case), "receive", by=people.force_sector, seen=1)


def test_a_place_without_account_is_answered_by_telephone(people, chain):
    case = case_at("transmitted", people)
    make_move(case, "acknowledge", by=people.ocha_bria, on_behalf=said(chain[1]))
    receipt = Receipt.objects.get()
    assert (receipt.addressed.addressee, receipt.by) == (chain[1], None)
    assert (receipt.on_behalf.witness, receipt.on_behalf.addressee) == (CALL["witness"], chain[1])
    assert fresh(case).status == "acknowledged"
    make_move(fresh(case), "receive", by=people.ocha_bria, on_behalf=said(chain[0]))
    assert acknowledged(case) == (["Sector liaison (G3)", "Operations centre"], "Civil-military cell (U9)")
    assert list(ledger.differences()) == []


def test_a_reply_acknowledges_for_its_own_place(people, chain):
    case = case_at("transmitted", people)
    make_move(case, "accept", by=people.force_sector, seen=1)
    assert acknowledged(case)[0] == ["Sector liaison (G3)"]


@pytest.mark.parametrize("by", ["requester_bria", "hc", "ocha_bko", "force_ml", "admin"])
def test_nobody_else_acknowledges_for_a_place(people, chain, by):
    case = case_at("transmitted", people)
    with pytest.raises(Refused):
        make_move(case, "acknowledge", by=getattr(people, by), on_behalf=said(chain[1]))
    with pytest.raises(Refused):
        make_move(case, "receive", by=getattr(people, by), seen=9)
    assert not Receipt.objects.exists()


def test_the_form_of_a_record_proposes_who_comes_next(people, chain, client):
    case = case_at("transmitted", people)
    client.force_login(people.ocha_bria)
    address = f"{case.get_absolute_url().rstrip('/')}/record/acknowledge/"
    content = client.get(address).content.decode()
    assert f'<option value="{chain[0].pk}" selected>Sector liaison (G3)</option>' in content
    data = {
        "client_key": "c0ffee00-0000-4000-8000-000000000002", "base_version": case.version,
        "said-addressee": chain[1].pk, "said-source": "telephone", "said-witness": "Radio operator",
        "said-received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert Receipt.objects.get().addressed.addressee == chain[1]


# ── the force's own page ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_force_sees_its_own_chain_by_function(people, chain, client):
    case = case_at("acknowledged", people)
    client.force_login(people.force_sector)
    content = client.get(f"/force/{case.force_reference}/").content.decode()
    for row in chain:
        assert row.function in content
        assert row.telephone not in content
    assert "/acknowledge/" in content
    assert client.post(f"/force/{case.force_reference}/acknowledge/", {"seen": "1"}).status_code == 302
    assert "/acknowledge/" not in client.get(f"/force/{case.force_reference}/").content.decode()
    assert set(acknowledged(case)[0]) == {"Sector liaison (G3)", "Civil-military cell (U9)"}


def test_another_force_sees_nothing_of_it(people, chain, client):
    case = case_at("acknowledged", people)
    client.force_login(people.force_ml)
    assert client.get(f"/force/{case.force_reference}/").status_code == 404
    assert client.post(f"/force/{case.force_reference}/acknowledge/", {"seen": "1"}).status_code == 404


# ── who is called next ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_passes_on_to_the_next_and_comes_round_again(people, chain):
    case = case_at("transmitted", people)
    seen = []
    for _each in range(4):
        upcoming = chains.next_to_call(fresh(case))
        seen.append(upcoming.place)
        make_move(fresh(case), "call", by=people.ocha_bria, whom=f"addressee.{upcoming.addressee_id}")
    assert seen == [1, 2, 3, 1]


def test_when_time_has_run_out_ocha_reads_whom_to_call_and_the_next_place_hears_of_it(people, chain):
    run_out(case_at("transmitted", people))
    event = Event.objects.filter(kind="case.escalate", data__clock="acknowledgement").first()
    assert event.data["call_next"] == {"function": "Sector liaison (G3)", "telephone": "+236 00 00 06 01"}
    told = Notification.objects.filter(event=event, recipient=people.force_sector)
    assert set(told.values_list("expects", flat=True)) <= {"act", "acknowledge"}
    assert told.exists()


def test_the_mail_names_the_next_to_call_to_ocha_and_not_to_the_force(people, chain):
    run_out(case_at("transmitted", people))
    rows = Notification.objects.filter(kind="case.escalate", channel="mail").select_related("event", "recipient")
    bodies = {row.recipient.side: message_for(row).body for row in rows}
    assert "+236 00 00 06 01" in bodies["humanitarian"]
    assert "+236 00 00 06" not in bodies["force"]


# ── reference data ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_account_and_telephone_wait_for_a_second_administrator(people):
    force = Force.objects.get(organisation=people.force_u3.organisation, country="CAF")
    row = Addressee(force=force, place=1, function="Cell", telephone="+236 00 00 06 09", account=people.force_u3)
    reference_changes.add(row, by=people.admin)
    row.refresh_from_db()
    assert (row.telephone, row.account) == ("", None)
    for proposal in reference_changes.waiting_for(row):
        reference_changes.confirm(proposal, by=people.admin2)
    row.refresh_from_db()
    assert (row.telephone, row.account) == ("+236 00 00 06 09", people.force_u3)


def test_no_paper_of_a_force_goes_to_another_ones_account(people):
    force = Force.objects.get(organisation=people.force_u3.organisation, country="CAF")
    row = Addressee(force=force, place=1, function="Cell", account=people.requester_bria)
    with pytest.raises(ValidationError):
        reference_changes.add(row, by=people.admin)
