"""Does each organisation of a convoy see its own part and the way, and nothing of the others or of what is advised?"""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cmcoord.accounts import limits
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Role
from cmcoord.activity.barrier import may_see
from cmcoord.activity.models import Event, Notification
from contacts.services import Holder, Number, open_post
from requests_app import convoy, listing
from requests_app.models import Case, Participation
from requests_app.services import Refused, make_move
from requests_app.services.joining import ask_to_join, join, step_out, take_back
from tests.factories import STEPS, case_at, fresh, limits_of, write_review
from tests.pdf_text import text
from tests.people import delegated, made_up_organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
PART = {"vehicles": 3, "staff": 7, "cargo": "Twelve tents", "consent_force": True, "focal_post": None}
SENT = {"vehicles": "3", "staff": "7", "cargo": "Twelve tents", "focal_post": "", "consent_force": "on"}


@pytest.fixture
def joiner(other_ngo):
    return person("joiner", Role.REQUESTER, organisation=other_ngo, name="Logistician of B", station="birao")


@pytest.fixture
def third(reference):
    organisation = made_up_organisation("AID-D", "Aid Organisation D", Organisation.Type.INGO)
    return person("third", Role.REQUESTER, organisation=organisation, name="Logistician of D", station="bria")


@pytest.fixture
def case(people):
    return case_at("submitted", people)


@pytest.fixture
def asked(case, people, joiner):
    return ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)


def with_part(people, joiner, status="submitted") -> Participation:
    """A request in this status which the other organisation joined while it was written."""
    case = case_at("submitted", people)
    row = ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)
    join(row, by=joiner, **PART)
    go_on(
        people, case, {"submitted": (), "approved": APPROVED, "transmitted": TRANSMITTED, "accepted": ACCEPTED}[status]
    )
    row.refresh_from_db()
    row.case = fresh(case)
    return row


def go_on(people, case, names) -> None:
    """The steps of these names, each by whom it belongs to."""
    for name in names:
        code, who, facts = STEPS[name]
        actor = people.requester_bria if who == "author" else getattr(people, who)
        now = dt.datetime.now(dt.UTC)
        make_move(fresh(case), code, by=actor, **facts(fresh(case), now))
        if code == "review":
            write_review(fresh(case), by=actor)


APPROVED = ("review", "cluster", "ngo", "validate", "draft", "forward", "approve")
TRANSMITTED = (*APPROVED, "own", "transmit")
ACCEPTED = (*TRANSMITTED, "accept")


# ── asked, joined, left ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_other_organisation_is_told_and_joins_with_its_part(client, people, case, joiner):
    client.force_login(people.requester_bria)
    page = reverse("requests:join_ask", args=[case.reference])
    assert client.post(page, {"organisation": ""}).status_code == 422
    assert client.post(page, {"organisation": joiner.organisation_id}).status_code == 302
    row = Participation.objects.get()
    note = Notification.objects.get(recipient=joiner, channel="portal")
    assert (note.expects, note.event.data["url"]) == ("join", row.get_absolute_url())
    client.force_login(joiner)
    assert case.reference in client.get(reverse("requests:joining")).content.decode()
    assert client.post(row.get_absolute_url(), SENT | {"consent_force": ""}).status_code == 422
    assert client.post(row.get_absolute_url(), SENT | {"vehicles": "0"}).status_code == 422
    assert client.post(row.get_absolute_url(), SENT).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.vehicles, row.staff, row.answered_by) == ("joined", 3, 7, joiner)
    event = Event.objects.get(kind="case.join")
    assert "tents" not in str(event.data) and "7" not in str(event.data.get("staff", ""))
    assert Notification.objects.filter(kind="case.join", recipient=people.ocha_bria).exists()
    assert client.post(row.get_absolute_url(), SENT | {"vehicles": "4"}).status_code == 302
    assert client.post(row.get_absolute_url(), {"out": "1"}).status_code == 302
    assert client.post(row.get_absolute_url(), {"out": "1"}).status_code == 409
    row.refresh_from_db()
    assert row.state == "left"
    assert convoy.totals(fresh(case)).organisations == ()


def test_the_invitation_stands_under_to_do_until_it_is_answered(client, people, asked, joiner, third):
    client.force_login(third)
    assert asked.case.reference not in client.get("/").content.decode()
    client.force_login(joiner)
    page = client.get("/").content.decode()
    assert f'href="{asked.get_absolute_url()}"' in page
    assert "1 matter waits for you" in page and "Nothing waits for you" not in page
    join(asked, by=joiner, **PART)
    assert asked.case.reference not in client.get("/").content.decode()


@pytest.mark.parametrize("how", ["declined", "taken back", "too late", "expired", "strict"])
def test_and_no_longer_when_nothing_is_left_to_answer(client, people, case, asked, joiner, how):
    if how == "declined":
        step_out(asked, by=joiner)
    elif how == "taken back":
        take_back(asked, by=people.requester_bria)
    elif how == "too late":
        go_on(people, case, APPROVED)
    elif how == "expired":
        hour = dt.timedelta(hours=1)
        now = dt.datetime.now(dt.UTC)
        Case.objects.filter(pk=case.pk).update(departure_at=now - hour, window_to=now - hour / 2)
    else:
        make_move(fresh(case), "raise_class", by=people.requester_bria, to="S", reason="Threats.")
    client.force_login(joiner)
    assert asked.case.reference not in client.get("/").content.decode()


# ── a UN organisation in the convoy of an NGO ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def un_joiner(reference):
    return person("un-joiner", Role.REQUESTER, organisation="WFP", name="Logistics officer, WFP", station="bria")


def un_joins(people, un_joiner, case):
    row = ask_to_join(fresh(case), by=people.requester_bria, organisation=un_joiner.organisation)
    return join(row, by=un_joiner, **PART)


def test_with_a_un_organisation_undss_is_asked_once(people, un_joiner, case):
    assert "undss" not in fresh(case).consulted_bodies()
    row = un_joins(people, un_joiner, case)
    asked = fresh(case).consultations.get(body="undss")
    assert asked.due_at is not None and asked.is_waiting
    note = Notification.objects.get(recipient=people.undss, kind="case.join", channel="portal")
    assert note.expects == "advise"
    assert case.reference in [one.reference for one in Case.objects.visible_to(people.undss)]
    step_out(row, by=un_joiner)
    un_joins(people, un_joiner, case)
    assert fresh(case).consultations.filter(body="undss").count() == 1


def test_another_ngo_calls_for_no_opinion_of_undss(people, joiner, case, asked):
    join(asked, by=joiner, **PART)
    assert "undss" not in fresh(case).consulted_bodies()


def test_one_that_joined_the_draft_is_counted_when_it_is_sent(people, un_joiner):
    draft = case_at("draft", people)
    un_joins(people, un_joiner, draft)
    assert not fresh(draft).consultations.exists()
    make_move(fresh(draft), "submit", by=people.requester_bria)
    assert "undss" in fresh(draft).consulted_bodies()


def test_nothing_is_transmitted_before_both_have_signed(people, un_joiner, case):
    un_joins(people, un_joiner, case)
    make_move(fresh(case), "advise_security", by=people.undss, value="favourable")
    go_on(people, case, APPROVED)
    with pytest.raises(Refused, match="its own security decision"):
        go_on(people, case, ("transmit",))
    go_on(people, case, ("own", "transmit"))
    assert fresh(case).status == "transmitted"


def test_nor_without_undss(people, un_joiner, case):
    un_joins(people, un_joiner, case)
    go_on(people, case, ("review", "cluster", "ngo", "validate", "draft"))
    fresh(case).consultations.filter(body="undss").update(lapsed_at=dt.datetime.now(dt.UTC))
    go_on(people, case, ("forward", "approve", "own"))
    with pytest.raises(Refused, match="security opinion of UNDSS is missing"):
        go_on(people, case, ("transmit",))


def test_who_declined_can_be_asked_again(people, asked, joiner, case):
    step_out(asked, by=joiner)
    assert Participation.objects.get().state == "declined"
    with pytest.raises(Refused, match="not asked"):
        join(asked, by=joiner, **PART)
    ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)
    assert Participation.objects.get().state == "asked"
    with pytest.raises(Refused, match="in the convoy already"):
        ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)


@pytest.mark.parametrize("answer", ["none", "declined", "left"])
def test_who_does_not_travel_reads_neither_way_nor_decision(client, people, joiner, answer):
    row = with_part(people, joiner, "approved") if answer == "left" else None
    if row is None:
        case = case_at("submitted", people)
        row = ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)
        if answer == "declined":
            step_out(row, by=joiner)
        go_on(people, case, APPROVED)
    else:
        step_out(row, by=joiner)
    client.force_login(joiner)
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200
    case = fresh(row.case)
    ends = (str(case.origin), str(case.destination), case.get_status_display())
    for word in ("MINUSCA", "Departure", "Decision", "Approved until", str(case.axis), *ends):
        assert word not in page.content.decode()
    listed = client.get(reverse("requests:joining")).content.decode()
    assert case.reference in listed and "<time" not in listed
    assert not any(end in listed for end in ends)


def test_whoever_is_no_longer_asked_finds_nothing(client, people, asked, joiner):
    take_back(asked, by=people.requester_bria)
    with pytest.raises(Refused):
        take_back(asked, by=people.requester_bria)
    client.force_login(joiner)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert asked.case.reference not in client.get(reverse("requests:joining")).content.decode()


@pytest.mark.parametrize("which", ["own", "force", "elsewhere", "closed", "donor"])
def test_who_cannot_be_asked(people, case, minusca, which):
    organisation = {
        "own": people.requester_bria.organisation,
        "force": minusca.organisation,
        "elsewhere": made_up_organisation("MALI-X", "Organisation in Mali", Organisation.Type.INGO, country="MLI"),
        "closed": made_up_organisation("GONE", "Gone", Organisation.Type.INGO),
        "donor": Organisation.objects.get(acronym="ECHO"),
    }[which]
    if which == "closed":
        Organisation.objects.filter(pk=organisation.pk).update(active=False)
    with pytest.raises(Refused, match="cannot be asked"):
        ask_to_join(case, by=people.requester_bria, organisation=organisation)


@pytest.mark.parametrize("who", ["ocha_bria", "ocha_bgi", "hc", "requester_birao", "log_cluster", "force_u3", "admin"])
def test_nobody_but_the_requester_asks_and_takes_back(client, people, case, asked, other_ngo, who):
    user = getattr(people, who)
    with pytest.raises(Refused) as refused:
        ask_to_join(case, by=user, organisation=Organisation.objects.get(acronym="WFP"))
    assert refused.value.kind in ("right", "state")
    with pytest.raises(Refused):
        take_back(asked, by=user)
    client.force_login(user)
    assert client.get(reverse("requests:join_ask", args=[case.reference])).status_code in (403, 404)
    withdrawn = client.post(reverse("requests:join_withdraw", args=[case.reference, asked.pk]))
    assert withdrawn.status_code in (403, 404, 409)
    assert Participation.objects.get().state == "asked"


@pytest.mark.parametrize("who", ["requester_bria", "ocha_bria", "third", "hc", "force_u3", "nobody"])
def test_nobody_else_answers_for_it(request, client, people, asked, who):
    user = request.getfixturevalue(who)
    for act in (lambda: join(asked, by=user, **PART), lambda: step_out(asked, by=user)):
        with pytest.raises(Refused, match="Only AID-B"):
            act()
    client.force_login(user)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert client.post(asked.get_absolute_url(), SENT).status_code == 404


def test_it_is_known_who_travels_before_the_decision(people, joiner, third):
    row = with_part(people, joiner, "approved")
    with pytest.raises(Refused, match="before the Humanitarian Coordinator decides"):
        ask_to_join(row.case, by=people.requester_bria, organisation=third.organisation)
    with pytest.raises(Refused, match="before the Humanitarian Coordinator decides"):
        join(row, by=joiner, **PART | {"vehicles": 50})
    step_out(row, by=joiner)


def test_nobody_leaves_once_it_is_scheduled(client, people, joiner):
    row = with_part(people, joiner)
    Participation.objects.filter(pk=row.pk).update(case=case_at("scheduled", people))
    row = Participation.objects.get()
    with pytest.raises(Refused, match="scheduled or has ended"):
        step_out(row, by=joiner)
    with pytest.raises(Refused, match="scheduled or has ended"):
        take_back(row, by=people.requester_bria)


def test_a_focal_point_is_a_post_of_ones_own(people, asked, joiner, bria):
    holder = Holder("Somebody", telephones=(Number("+23672000001"),))
    posts = [
        open_post(by=by, organisation=by.organisation, station=bria, function="Focal point", holder=holder,
                  starts=dt.date(2026, 1, 1))
        for by in (people.requester_bria, joiner)
    ]  # fmt: skip
    with pytest.raises(Refused, match="your own organisation"):
        join(asked, by=joiner, **PART | {"focal_post": posts[0]})
    assert join(asked, by=joiner, **PART | {"focal_post": posts[1]}).focal_post == posts[1]


def test_the_database_lets_nobody_join_without_a_part(asked):
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Participation.objects.filter(pk=asked.pk).update(state="joined")


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_part_tells_the_way_and_nothing_of_the_rest(client, people, joiner, third):
    row = with_part(people, joiner, "approved")
    case = row.case
    secrets = {
        "need": "zqx-need", "cargo": "zqx-cargo", "why_safer": "zqx-why", "neutrality": "zqx-neutral",
        "exit_plan": "zqx-exit", "leader": "zqx-leader",
    }  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**secrets)
    make_move(fresh(case), "comment", by=people.ocha_bria, audience="everybody", text="zqx-comment")
    other = Participation.objects.create(
        case=case, organisation=third.organisation, state="joined", vehicles=91, staff=93, cargo="zqx-part",
        consent_force=True, asked_by=people.requester_bria, answered_by=third,
    )  # fmt: skip
    client.force_login(joiner)
    page = client.get(row.get_absolute_url()).content.decode()
    for word in ("Bambari", "Bria", "Approved", "MINUSCA", "No armed person or weapon", "Twelve tents"):
        assert word in page
    assert "zqx" not in page and not re.search(r"\b91\b", strip_tags(page)) and "AID-D" not in page
    for words in ("Last resort, all tried.", "Two ambushes", str(case.people)):
        assert words not in page
    assert client.get(case.get_absolute_url()).status_code == 404
    assert listing.page_for(joiner).rows == []
    assert client.get(other.get_absolute_url()).status_code == 404
    assert may_see(joiner, row, "cargo") and not may_see(joiner, other, "cargo")


def test_the_one_who_asks_reads_names_and_sums_ocha_and_the_coordinator_every_part(client, people, joiner):
    row = with_part(people, joiner, "approved")
    pages = {}
    for who in ("requester_bria", "ocha_bria", "ocha_bgi", "hc", "log_cluster"):
        client.force_login(getattr(people, who))
        pages[who] = client.get(row.case.get_absolute_url()).content.decode()
        assert "AID-B (the way and the days only)" in pages[who]
    assert {who for who, page in pages.items() if "Twelve tents" in page} == {"ocha_bria", "ocha_bgi", "hc"}
    assert "Together 9 vehicles; 7 people" in pages["requester_bria"]
    assert "Together" not in pages["log_cluster"]
    assert {who for who in pages if may_see(getattr(people, who), row, "cargo")} == {"ocha_bria", "ocha_bgi", "hc"}


def test_a_strict_request_is_closed_to_all_who_join(client, people, asked, joiner, case):
    make_move(fresh(case), "raise_class", by=people.ocha_bria, to="S")
    client.force_login(joiner)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert case.reference not in client.get(reverse("requests:joining")).content.decode()
    with pytest.raises(Refused, match="strictly confidential"):
        join(asked, by=joiner, **PART)


# ── the force ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_force_gets_the_names_and_the_sums(people, joiner):
    row = with_part(people, joiner, "transmitted")
    content = row.case.extracts.get().content
    assert (content["vehicles"], content["other_organisations"], content["staff_of_others"]) == (9, "AID-B", 7)
    assert "tents" not in str(content)


def test_without_others_nothing_is_said_of_them(people):
    content = case_at("transmitted", people).extracts.get().content
    assert content["vehicles"] == 6
    assert "other_organisations" not in content


def test_who_left_after_the_transmission_is_gone_from_the_next_paper(people, joiner):
    row = with_part(people, joiner, "accepted")
    step_out(row, by=joiner)
    found = convoy.paper_facts(fresh(row.case))
    assert found == {"vehicles": 6, "other_organisations": "–", "staff_of_others": 0}


def test_the_letter_names_the_others(client, people, joiner):
    row = with_part(people, joiner, "approved")
    client.force_login(people.requester_bria)
    answer = client.post(reverse("requests:issue", args=[row.case.reference, "letter"]))
    assert "Other organisations covered" in text(b"".join(answer.streaming_content))


def test_one_organisation_is_not_mailed_by_asking_again_and_again(client, case, people, joiner, third):
    """Asked, taken back and asked anew: each time its people get a mail."""
    for _time in range(3):
        take_back(
            ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation), by=people.requester_bria
        )
    told = Notification.objects.filter(recipient=joiner).count()
    with pytest.raises(Refused, match="several times") as refused:
        ask_to_join(case, by=people.colleague_bria, organisation=joiner.organisation)
    assert refused.value.kind == "need"
    client.force_login(people.requester_bria)
    answer = client.post(reverse("requests:join_ask", args=[case.reference]), {"organisation": joiner.organisation_id})
    assert answer.status_code == 409
    assert "several times" in answer.content.decode()
    assert Notification.objects.filter(recipient=joiner).count() == told
    assert ask_to_join(case, by=people.requester_bria, organisation=third.organisation), "others are asked as before"


def test_one_person_does_not_ask_without_end(case, people, joiner, third, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "ask_to_join", limits.Limit(1, 3600))
    ask_to_join(case, by=people.requester_bria, organisation=joiner.organisation)
    with pytest.raises(Refused, match="many organisations"):
        ask_to_join(case, by=people.requester_bria, organisation=third.organisation)
    assert Participation.objects.count() == 1


def test_a_delegate_of_an_organisation_that_joined_does_not_decide(people, joiner):
    case = with_part(people, joiner).case
    go_on(people, case, APPROVED[:-1])
    delegated(joiner, people.hc.appointments.get())
    joiner = User.objects.get(pk=joiner.pk)  # with the right that was given
    with pytest.raises(Refused, match="travels in this convoy"):
        make_move(fresh(case), "approve", by=joiner, **limits_of(case))
    said = {"person": joiner, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}
    with pytest.raises(Refused, match="travels in this convoy"):
        make_move(fresh(case), "approve", by=people.ocha_bgi, on_behalf=said, **limits_of(case))
    step_out(Participation.objects.get(case=case), by=joiner)
    make_move(fresh(case), "approve", by=joiner, **limits_of(case))
    assert fresh(case).decision.decided_by == joiner
