"""What does a force get when it asks for a humanitarian asset: the screen, the owner, the answer, and nothing more?"""

import datetime as dt
import json
import re
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse as url_for
from django.utils import timezone, translation

from cmcoord.accounts import kept_words
from cmcoord.accounts.models import Appointment
from cmcoord.activity import triggers
from cmcoord.activity.barrier import may_see
from cmcoord.activity.delivery import deliver_due
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification, Reminder
from cmcoord.activity.releases import Release
from cmcoord.places.models import Country, CountryProfile
from requests_app import ledger
from requests_app import reverse_workflow as workflow
from requests_app.models import ReverseAnswer, ReverseMove, ReverseRequest
from requests_app.services import expire_reverse, file_reverse, move_reverse, remind_reverse
from requests_app.services.made import Refused
from requests_app.views.reverse_asked import NEW
from tests.people import standing_in
from tests.requests_app.reverse_steps import CONDITIONS, DAY, answers, reverse_at

pytestmark = pytest.mark.django_db

PROHIBITED = ["weapons", "ammunition", "equipment", "uniformed", "detainees", "fuel"]


# ── the screen ───────────────────────────────────────────────────────────────────────────────────────────────────────


def profile(reverse_requests: str, prohibited=()) -> CountryProfile:
    return CountryProfile(reverse_requests=reverse_requests, prohibited_transports=list(prohibited))


@pytest.mark.parametrize("code", PROHIBITED)
def test_what_is_prohibited_is_refused_in_every_country_whatever_its_profile_says(code):
    for one, clause in ((profile("on"), "CAR-CMC §9.3"), (profile("no_transport"), "ML-POS ¶5")):
        found = workflow.screen(one, content=[code], asset="water")
        assert (found.found, found.clause) == ([code], clause)


def test_personnel_in_civilian_clothes_are_refused_where_nothing_military_travels():
    assert not workflow.screen(profile("on"), content=["plain_clothes"], asset="seat")
    assert workflow.screen(profile("on", ["plain_clothes"]), content=["plain_clothes"], asset="seat")
    found = workflow.screen(profile("no_transport"), content=["plain_clothes"], asset="water")
    assert (found.found, found.clause) == (["plain_clothes"], "ML-POS ¶5")


@pytest.mark.parametrize(("asset", "found"), [("seat", ["goods"]), ("cargo", ["goods"]), ("vehicle", ["goods"]),
                                              ("warehouse", []), ("data", [])])  # fmt: skip
def test_where_nothing_military_travels_a_seat_is_refused_whoever_would_sit_in_it(asset, found):
    assert workflow.screen(profile("no_transport"), content=["none"], asset=asset).found == found
    assert not workflow.screen(profile("on"), content=["none"], asset=asset)


def test_a_prohibited_request_ends_at_once_and_nobody_can_lead_it_out(people):
    reverse = reverse_at("refused", people, content=["uniformed", "plain_clothes"])
    assert (reverse.prohibited, reverse.clause, reverse.due_at) == (["uniformed"], "CAR-CMC §9.3", None)
    assert [move.code for move in reverse.moves.all()] == ["file", "screen"]
    for code in workflow.LINES:
        for name in ("ocha_bria", "ocha_bgi", "hc", "force_u3", "requester_bria"):
            with pytest.raises(Refused):
                move_reverse(reverse, code, by=getattr(people, name), reason="Override")
        with pytest.raises(Refused):
            move_reverse(reverse, code, by=None)
    answer = reverse.answers.get()
    assert (answer.kind, answer.content) == ("refused", {"prohibited": ["uniformed"], "clause": "CAR-CMC §9.3"})


def test_the_database_too_keeps_what_is_prohibited_refused(people):
    reverse = reverse_at("refused", people)
    move = {
        "reverse": reverse,
        "code": "receive",
        "from_status": "refused",
        "to_status": "agreed",
        "capacity": "portal",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        ReverseRequest.objects.filter(pk=reverse.pk).update(status="agreed")  # no move behind it
    with pytest.raises(IntegrityError), transaction.atomic():
        ReverseMove.objects.create(**move)
        ReverseRequest.objects.filter(pk=reverse.pk).update(status="agreed")  # with a move, and still prohibited
    with pytest.raises(IntegrityError), transaction.atomic():
        ReverseMove.objects.filter(reverse=reverse).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReverseAnswer.objects.update(kind="agreed")
    assert triggers.missing(connection) == []


def test_nothing_is_agreed_without_owner_and_coordinator(people):
    reverse = reverse_at("agreed", people)
    for changes in ({"owner_consent": "pending"}, {"hc_validation": "required"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReverseRequest.objects.filter(pk=reverse.pk).update(**changes)


# ── filing: what is refused ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "changed",
    [
        {"content": []},
        {"content": ["none", "weapons"]},
        {"content": ["goods"]},  # found by the portal, not declared
        {"content": ["something"]},
        {"asset_wanted": "tank"},
        {"purpose_kind": "revenge"},
        {"owner": "MINUSCA"},
        {"starts_at": -DAY},
        {"starts_at": 400 * DAY, "ends_at": 401 * DAY},
        {"ends_at": DAY / 2},
        {"ends_at": 40 * DAY},
    ],
)
def test_what_cannot_be_filed_leaves_nothing_behind(people, changed):
    now = timezone.now()
    changed = {name: now + value if isinstance(value, dt.timedelta) else value for name, value in changed.items()}
    owner = changed.pop("owner", people.requester_bria.organisation.acronym)
    with pytest.raises(Refused):
        file_reverse(by=people.force_u3, **answers(owner, **changed))
    assert not ReverseRequest.objects.exists()


@pytest.mark.parametrize("name", ["ocha_bgi", "requester_bria", "hc", "force_ml", "donor", "nobody", "admin"])
def test_only_a_force_asks_and_only_in_its_country(people, name):
    with pytest.raises(Refused) as refused:
        file_reverse(by=getattr(people, name), **answers(people.requester_bria.organisation.acronym))
    assert refused.value.kind == "right"


def test_where_it_is_switched_off_nothing_is_filed(people, client):
    Country.objects.get(pk="CAF").profiles.update(reverse_requests="off")
    with pytest.raises(Refused, match="cannot ask"):
        file_reverse(by=people.force_u3, **answers(people.requester_bria.organisation.acronym))
    client.force_login(people.force_u3)
    page = client.get("/reverse/asked/new/")
    assert page.status_code == 200 and b"<form method" not in page.content.split(b"<main")[1]
    assert client.post("/reverse/asked/new/", {}).status_code == 409


def test_the_same_form_twice_is_one_request_and_one_move(people):
    sent = answers(people.requester_bria.organisation.acronym)
    first, second = (file_reverse(by=people.force_u3, **sent) for _ in range(2))
    assert first == second and ReverseRequest.objects.count() == 1
    with pytest.raises(Refused, match="open this page again"):
        file_reverse(by=people.force_sector, **sent)
    key = uuid.uuid4()
    moves = {move_reverse(first, "receive", by=people.ocha_bria, client_key=key).pk for _ in range(2)}
    assert len(moves) == 1 and Event.objects.filter(kind="reverse.receive").count() == 1
    with pytest.raises(Refused):
        move_reverse(first, "consent", by=people.requester_bria, client_key=key)


def test_a_force_that_files_without_end_is_stopped(people):
    owner = people.requester_bria.organisation.acronym
    for _ in range(20):
        file_reverse(by=people.force_u3, **answers(owner))
    with pytest.raises(Refused, match="many"):
        file_reverse(by=people.force_u3, **answers(owner))
    assert ReverseRequest.objects.count() == 20


def test_each_force_has_its_own_numbers(people):
    owner = people.requester_bria.organisation.acronym
    found = [file_reverse(by=people.force_u3, **answers(owner)) for _ in range(2)]
    mali = file_reverse(by=people.force_ml, **answers("WFP", station="bamako", asset_wanted="data"))
    year = timezone.now().year
    assert [each.force_reference for each in found] == [f"R-CAF-{year}-001", f"R-CAF-{year}-002"]
    assert mali.force_reference == f"R-MLI-{year}-001" and mali.status == "submitted"


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_move_needs(people):
    reverse = reverse_at("testing", people, purpose_kind="operational")
    with pytest.raises(Refused, match="only be declined"):
        move_reverse(reverse, "forward", by=people.ocha_bria, aim="humanitarian")
    with pytest.raises(Refused, match="Say why"):
        move_reverse(reverse, "decline", by=people.ocha_bria)
    other = reverse_at("testing", people, purpose_kind="life_saving")
    for facts in ({}, {"aim": "x"}, {"aim": "other"}):
        with pytest.raises(Refused):
            move_reverse(other, "forward", by=people.ocha_bria, **facts)
    move_reverse(other, "forward", by=people.ocha_bria, aim="other", reason="A wounded soldier.")
    for facts in ({}, {"conditions": ["x"]}, {"conditions": [], "condition_text": " "}):
        with pytest.raises(Refused):
            move_reverse(other, "validate", by=people.hc, **facts)
    move_reverse(other, "validate", by=people.hc, **CONDITIONS)
    with pytest.raises(Refused, match="not begun"):
        move_reverse(other, "execute", by=people.ocha_bria)
    later = other.starts_at + dt.timedelta(hours=1)
    other.refresh_from_db()
    move_reverse(other, "report", by=people.force_u3, now=later)
    with pytest.raises(Refused, match="different"):
        move_reverse(other, "review", by=people.ocha_bria, as_agreed=False, conditions_respected=True, now=later)


def test_a_decline_for_its_purpose_informs_the_coordinator(people):
    reverse = reverse_at("testing", people, purpose_kind="administrative")
    move_reverse(reverse, "decline", by=people.ocha_bria, reason="An errand.")
    reverse.refresh_from_db()
    assert (reverse.status, reverse.hc_validation) == ("declined", "not_required")
    assert ReverseRequest.objects.visible_to(people.hc).exists()
    assert Notification.objects.filter(recipient=people.hc, kind="reverse.decline").exists()


def _declined_by(people, code):
    status, who = {
        "reject": ("submitted", "ocha_bria"),
        "refuse": ("consenting", "requester_bria"),
        "decline": ("testing", "ocha_bria"),
        "deny": ("deciding", "hc"),
    }[code]
    reverse = reverse_at(status, people)
    move_reverse(reverse, code, by=getattr(people, who), **({"reason": "SECRET-REASON"} if code != "refuse" else {}))
    reverse.refresh_from_db()
    return reverse


@pytest.mark.pages
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_force_cannot_tell_who_declined_or_why(people, client, language):
    """Page, mail and paper are the same to the letter, whoever said no and at whichever step."""
    told = set()
    people.force_u3.language = language
    people.force_u3.save()
    for code in ("reject", "refuse", "decline", "deny"):
        reverse = _declined_by(people, code)
        answer = reverse.answers.get()
        assert (answer.kind, answer.content) == ("declined", {})
        mail = Notification.objects.get(recipient=people.force_u3, kind=f"reverse.{code}", channel="mail",
                                        event__subject_id=reverse.pk)  # fmt: skip
        message = message_for(mail)
        client.force_login(people.force_u3)
        client.cookies["django_language"] = language
        page = client.get(reverse.force_url).content.decode().split("<main")[1].split("</main")[0]
        for text in (page, message.body):
            assert reverse.reference not in text and "SECRET-REASON" not in text
            assert "Humanitarian Coordinator declined" not in text
        same = [page, f"{message.subject} {message.body}"]
        told.add(tuple(_without_own(text, reverse, answer, client) for text in same))
        client.logout()
    assert len(told) == 1


def _without_own(text: str, reverse: ReverseRequest, answer: ReverseAnswer, client) -> str:
    text = text.replace(reverse.force_reference, "R").replace(answer.sha256, "")
    text = re.sub(r"<time[^>]*>[^<]*</time>", "", text)
    return re.sub(r'value="[^"]*"', "", text)


def test_what_a_force_may_see_of_its_own_request(people):
    reverse = reverse_at("deciding", people)
    for name in ("purpose_text", "owner", "content", "force_reference"):
        assert may_see(people.force_u3, reverse, name) and not may_see(people.force_ml, reverse, name)
    for name in ("status", "reference", "owner_consent", "hc_validation", "hc_from", "received_at", "due_at"):
        assert not may_see(people.force_u3, reverse, name), name
    assert not any(may_see(people.force_u3, move) for move in reverse.moves.all())
    assert may_see(people.ocha_bria, reverse, "owner_consent")
    note = reverse.moves.get(code="forward")
    assert may_see(people.hc, note, "reason") and not may_see(people.requester_bria, note, "reason")
    terms = reverse.moves.get(code="consent")
    assert may_see(people.requester_bria, terms, "reason") and may_see(people.hc, terms, "reason")


def test_while_it_is_weighed_the_force_hears_and_sees_nothing(people, client):
    client.force_login(people.force_u3)
    pages = set()
    for status in ("submitted", "consenting", "testing", "deciding"):
        reverse = reverse_at(status, people)
        assert not reverse.answers.exists()
        heard = Notification.objects.filter(recipient=people.force_u3, event__subject_id=reverse.pk)
        assert not heard.exclude(kind="reverse.file").exists()
        page = client.get(reverse.force_url).content.decode().split("<main")[1].split("</main")[0]
        pages.add(_without_own(page, reverse, ReverseAnswer(sha256="x"), client))
    assert len(pages) == 1


def test_each_answer_and_each_mail_to_the_force_stands_in_the_ledger(people, settings, mailoutbox):
    for status in ("refused", "agreed", "declined", "expired", "closed"):
        reverse_at(status, people)
    deliver_due()
    assert list(ledger.differences()) == []
    rows = Release.objects.filter(subject_kind="reverse")
    assert rows.filter(what="extract").count() == ReverseAnswer.objects.count() == 6
    assert rows.filter(what="mail").count() == Notification.objects.filter(
        channel="mail", status="sent", recipient__organisation=people.force_u3.organisation).count()  # fmt: skip
    assert rows.filter(what="mail").exists()
    with triggers.lifted(connection):
        ReverseAnswer.objects.filter(kind="agreed").update(sha256="0" * 64)
    assert len(list(ledger.differences())) == 4  # a paper and its row, of two requests


def test_the_owner_who_telephoned_is_written_down_with_function_and_time(people):
    reverse = reverse_at("consenting", people)
    now = timezone.now()
    said = {"said_by": "Logistics manager", "source": "telephone", "said_at": now}
    with pytest.raises(Refused, match="future"):
        move_reverse(reverse, "consent", by=people.ocha_bria, said=said | {"said_at": now + DAY}, now=now)
    with pytest.raises(Refused, match="before the owner was asked"):
        move_reverse(reverse, "consent", by=people.ocha_bria, said=said | {"said_at": now - DAY}, now=now)
    with pytest.raises(Refused):
        move_reverse(reverse, "validate", by=people.ocha_bria, said=said)
    for stranger in (people.hc, people.requester_bria, people.ocha_bko, people.force_u3):
        with pytest.raises(Refused):
            move_reverse(reverse, "consent", by=stranger, said=said)
    move = move_reverse(reverse, "consent", by=people.ocha_bria, said=said)
    assert (move.said_by, move.to_status) == ("Logistics manager", "testing")


def test_a_stand_in_of_the_owner_cannot_agree(people):
    reverse = reverse_at("deciding", people)
    held = Appointment.objects.get(user=people.hc, role="hc")
    standing_in(people.requester_bria, held)
    with pytest.raises(Refused):
        move_reverse(reverse, "validate", by=people.requester_bria, **CONDITIONS)


def test_an_agreement_is_taken_back_and_the_force_is_told_no_reason(people):
    reverse = reverse_at("agreed", people)
    with pytest.raises(Refused, match="Say why"):
        move_reverse(reverse, "take_back", by=people.hc)
    move_reverse(reverse, "take_back", by=people.requester_bria)  # the owner owes nobody a reason
    assert [answer.kind for answer in reverse.answers.all()] == ["agreed", "taken_back"]
    assert reverse.answers.last().content == {}


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_reminder_goes_once_and_the_late_one_goes_up(people):
    reverse = reverse_at("consenting", people)
    rows = Reminder.objects.open_for(reverse).order_by("due_at")
    assert [row.key.rpartition(".")[2] for row in rows] == ["half", "due"]
    assert reverse.due_at <= reverse.starts_at
    late = reverse.due_at + dt.timedelta(minutes=1)
    assert remind_reverse(late) == 1  # the worker stood still: half of the time is no news any more
    assert remind_reverse(late) == 0
    told = set(Notification.objects.filter(kind="reverse.escalate").values_list("recipient__username", "expects"))
    assert ("req.bria", "reverse_consent") in told and ("ocha.bgi", "act") in told
    assert not any(name.startswith("force") for name, _expects in told)
    move_reverse(reverse, "consent", by=people.requester_bria)
    assert {row.key.split(".")[0] for row in Reminder.objects.open_for(reverse)} == {"testing"}


def test_what_nobody_answered_expires_and_the_force_is_told_its_time_has_passed(people):
    reverse = reverse_at("testing", people)
    agreed = reverse_at("agreed", people)
    assert expire_reverse(reverse.ends_at - DAY) == 0
    assert expire_reverse(agreed.ends_at + dt.timedelta(minutes=1)) == 1
    assert expire_reverse(agreed.ends_at + workflow.GRACE) == 1
    assert {each.status for each in ReverseRequest.objects.all()} == {"expired"}
    assert reverse.answers.get().kind == "lapsed"


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hidden_and_absent_are_the_same_404(people, client):
    reverse = reverse_at("consenting", people)
    own = reverse_at("submitted", people)
    pages = {
        "ocha_birao": url_for("requests:reverse", args=[reverse.reference]),
        "ocha_bko": reverse.get_absolute_url(),
        "requester_un": reverse.get_absolute_url(),
        "hc": own.get_absolute_url(),
        "requester_bria": own.get_absolute_url(),  # not asked yet
        "force_u3": reverse.get_absolute_url(),
        "force_ml": reverse.force_url,
        "ocha_bria": reverse.force_url,
        "nobody": reverse.get_absolute_url(),
    }
    for name, page in pages.items():
        if name == "ocha_birao":
            continue
        client.force_login(getattr(people, name))
        absent = page.replace("0001", "0999").replace("-001/", "-999/").replace("0002", "0999")
        for method in (client.get, client.post):
            hidden, missing = method(page), method(absent)
            if hidden.status_code == 405:
                continue
            assert (hidden.status_code, missing.status_code) == (404, 404), name
        assert client.get(f"{page}withdraw/").status_code == 404 or name == "ocha_bria"


@pytest.mark.pages
def test_the_way_through_the_pages(people, client):
    people.force_u3.language = "en"
    people.force_u3.save()
    client.force_login(people.force_u3)
    assert client.get("/reverse/asked/").status_code == 200
    assert client.get("/reverse/asked/new/").status_code == 200
    now = timezone.localtime()
    sent = {
        "client_key": str(uuid.uuid4()), "component": "U4", "asset_wanted": "warehouse", "purpose_kind": "humanitarian",
        "station": answers()["station"].pk, "owner": people.requester_bria.organisation_id, "content": ["none"],
        "purpose_text": "Tents.", "starts_at": f"{now + DAY:%Y-%m-%dT%H:%M}", "place": "Bria",
        "ends_at": f"{now + 2 * DAY:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    huge = client.post("/reverse/asked/new/", sent | {"purpose_text": "x" * 100_000, "component": "y" * 999})
    assert huge.status_code == 422 and not ReverseRequest.objects.exists()
    for _twice in range(2):
        assert client.post("/reverse/asked/new/", sent).status_code == 302
    reverse = ReverseRequest.objects.get()
    for who, code, facts in (
        ("ocha_bria", "receive", {}),
        ("requester_bria", "consent", {}),
        ("ocha_bria", "forward", {"aim": "humanitarian"}),
        ("hc", "validate", {"conditions": ["window_only"]}),
    ):
        client.force_login(getattr(people, who))
        page = url_for("requests:reverse_move", args=[reverse.reference, code])
        assert client.get("/reverse/").status_code == 200
        assert page in client.get(reverse.get_absolute_url()).content.decode()
        assert client.get(page).status_code == 200
        key = {"client_key": str(uuid.uuid4())}
        assert client.post(page, facts | key).status_code == 302
        assert client.post(page, facts | key).status_code == 302  # the second click
        assert client.post(page, facts | {"client_key": str(uuid.uuid4())}).status_code == 409
    client.force_login(people.force_u3)
    page = client.get(reverse.force_url).content.decode()
    assert "Agreed" in page and "These dates only" in page and "It has not begun yet" in page
    client.logout()
    gone = client.post(f"{reverse.force_url}withdraw/", {})
    assert gone.status_code == 302 and "login" in gone["Location"]
    reverse.refresh_from_db()
    assert reverse.status == "agreed"


def test_the_refusal_cites_the_clause_and_the_library_opens_it_for_the_force(people, client):
    reverse = file_reverse(by=people.force_ml, **answers("WFP", station="bamako", content=["plain_clothes"]))
    client.force_login(people.force_ml)
    page = client.get(reverse.force_url).content.decode()
    assert "ML-POS ¶5" in page and "/guidance/#ml-pos-5" in page
    assert 'id="ml-pos-5"' in client.get("/guidance/").content.decode()
    with translation.override("fr"):
        assert client.get("/guidance/never-carried/").status_code == 200


def test_words_typed_after_the_session_ended_wait_for_their_author(people, client):
    client.force_login(people.force_u3)

    token = kept_words.token(people.force_u3, NEW)
    client.logout()
    client.post("/reverse/asked/new/", {"keeper": token, "purpose_text": "Tents for the school"})
    kept = json.dumps(dict(client.session.get("typed_words", {})))
    assert "Tents" in kept
