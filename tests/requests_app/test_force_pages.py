"""What a person of a force can open, read and do; and that no word of the humanitarian side ever reaches them."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import kept_words
from cmcoord.accounts.models import User
from cmcoord.activity.models import Notification, Reminder
from cmcoord.activity.numbers import hidden
from cmcoord.activity.tasks import deliver_pending
from cmcoord.ui import typed
from contacts.models import Force
from requests_app import services
from requests_app.models import Case, ForceFile, ForceReply, Move, RotationLog
from requests_app.services import make_move
from tests.factories import DAY, RELEASED, case_at, fresh, limits_of, sheet_as_read, write_sheet
from tests.people import PASSWORD, made_up_organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
HOUR = dt.timedelta(hours=1)
ACTS = ("acknowledge", "accept", "limit", "counter", "decline", "log", "confirm", "dispute")


def page_of(case, act=""):
    reference = fresh(case).force_reference
    return reverse("requests:force_act", args=[reference, act]) if act else f"/force/{reference}/"


def as_person(client, user):
    client.force_login(user)
    return client


def key(**facts):
    return {"client_key": str(uuid.uuid4()), "seen": 1} | facts


# ── who may open them ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["force_u3", "force_sector"])
def test_both_officers_of_the_force_read_what_was_sent_to_it(client, people, who):
    case = case_at("transmitted", people)
    as_person(client, getattr(people, who))
    assert case.force_reference not in ("", case.reference)
    assert case.force_reference in client.get("/force/").content.decode()
    answer = client.get(page_of(case))
    assert answer.status_code == 200
    assert "Escort six civilian trucks from Bambari to Bria." in answer.content.decode()


OTHERS = (
    "force_ml", "requester_bria", "ocha_bria", "ocha_bgi", "hc", "undss", "log_cluster", "donor", "admin", "nobody"
)  # fmt: skip


def test_nobody_else_finds_the_pages_of_a_force(client, people):
    case = case_at("transmitted", people)
    for who in OTHERS:
        as_person(client, getattr(people, who))
        absent = client.get("/force/F-CAF-2020-999/")
        for path in (page_of(case), *(page_of(case, act) for act in ACTS)):
            answer = client.get(path)
            assert (who, answer.status_code, answer.content) == (who, 404, absent.content)
        for act in ACTS:
            assert client.post(page_of(case, act), key()).status_code == 404
        if who != "force_ml":
            assert client.get("/force/").status_code == 404


def test_the_officer_of_another_force_has_an_empty_list(client, people):
    case_at("transmitted", people)
    page = as_person(client, people.force_ml).get("/force/").content.decode()
    assert "F-CAF" not in page


def test_another_force_of_the_same_country_finds_nothing(client, people, reference):
    organisation = made_up_organisation("EU-X", "Made-up European force", "bilateral_force")
    Force.objects.create(
        organisation=organisation, country_id="CAF", name_en="X", name_fr="X", acronym="EU-X", category="bilateral"
    )
    other = person("force.eu", "force_ops", organisation=organisation, name="J3 operations")
    case = case_at("transmitted", people)
    as_person(client, other)
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case, "accept"), key()).status_code == 404
    assert not ForceReply.objects.exists()


def test_somebody_not_signed_in_is_asked_to_sign_in(client, people):
    case = case_at("transmitted", people)
    for path in ("/force/", page_of(case), page_of(case, "accept")):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("who", ["force_u3", "force_sector"])
def test_a_force_cannot_open_a_request_nor_anything_under_it(client, people, who):
    case = case_at("underway", people)
    as_person(client, getattr(people, who))
    absent = client.get("/requests/CAF-AE-2020-9999/")
    assert absent.status_code == 404
    paths = ["", "edit/", "edit/1/", "comment/", "approve/", "transmit/", "files/1/", "log/", "record/accept/"]
    for path in paths:
        answer = client.get(f"/requests/{case.reference}/{path}")
        assert (path, answer.status_code) == (path, 404)
        assert answer.content == client.get(f"/requests/CAF-AE-2020-9999/{path}").content
        post = client.post(f"/requests/{case.reference}/{path}", key(text="x", audience="everybody"))
        assert post.status_code in (403, 404, 405)
    assert not case.comments.exists()


@pytest.mark.parametrize("status", ["submitted", "clearing", "deciding", "approved", "denied", "withdrawn"])
def test_before_the_transmission_there_is_nothing(client, people, status):
    case_at(status, people)
    page = as_person(client, people.force_u3).get("/force/").content.decode()
    assert "F-CAF" not in page
    assert not Notification.objects.filter(recipient=people.force_u3).exists()


# ── what they do ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_is_one_button(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    assert client.post(page_of(case, "acknowledge"), key()).status_code == 302
    assert fresh(case).status == "acknowledged"
    page = client.get(page_of(case)).content.decode()
    assert str(people.force_u3) in page


@pytest.mark.parametrize(
    ("act", "facts", "status"),
    [
        ("accept", {}, "accepted"),
        ("accept", {"text": "With pleasure."}, "accepted"),
        ("limit", {"text": "By daylight."}, "limited"),
        ("decline", {"decline_reason": "weather", "text": "Rain."}, "declined"),
    ],
)
def test_the_force_answers(client, people, act, facts, status):
    case = case_at("transmitted", people)
    as_person(client, people.force_sector)
    assert client.get(page_of(case, act)).status_code == 200
    assert client.post(page_of(case, act), key(**facts)).status_code == 302
    reply = ForceReply.objects.get()
    assert (fresh(case).status, reply.by, reply.text) == (status, people.force_sector, facts.get("text", ""))


def test_a_counter_proposal_names_what_is_different(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    police = Force.objects.get(acronym="UNPOL")
    leaves = timezone.localtime(case.departure_at + DAY, case.country.zone)
    facts = {"text": "One day later, with the police.", "other_force": police.pk}
    facts["departure_at"] = leaves.strftime("%Y-%m-%dT%H:%M")
    assert client.post(page_of(case, "counter"), key(**facts)).status_code == 302
    reply = ForceReply.objects.get()
    assert (reply.other_force, reply.departure_at) == (police, leaves.replace(second=0, microsecond=0))


def test_the_force_of_another_country_cannot_be_proposed(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    facts = {"text": "Them.", "other_force": Force.objects.filter(country="MLI").first().pk}
    assert client.post(page_of(case, "counter"), key(**facts)).status_code == 422


@pytest.mark.parametrize(
    ("act", "facts", "sentence"),
    [
        ("limit", {}, "This field is required."),
        ("limit", {"text": "x" * 1001}, "at most 1000 characters"),
        ("decline", {"text": "No."}, "This field is required."),
        ("decline", {"decline_reason": "bored"}, "Select a valid choice"),
        ("counter", {"text": "Otherwise."}, "Say what is different"),
        ("counter", {"text": "Then.", "departure_at": "2020-01-01T08:00"}, "Choose a date in the coming months."),
        ("counter", {"text": "Then.", "window_to": "2126-01-01T08:00"}, "Choose a date in the coming months."),
        ("counter", {"text": "Then.", "departure_at": "soon"}, "Enter a valid date/time."),
        ("accept", {"client_key": "x"}, "Enter a valid UUID."),
    ],
)
def test_bad_input_gets_its_sentence_and_keeps_what_was_typed(client, people, act, facts, sentence):
    case = case_at("transmitted", people)
    people.force_u3.language = "en"
    people.force_u3.save()
    as_person(client, people.force_u3)
    answer = client.post(page_of(case, act), key(**facts))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert facts.get("text", "") in page
    assert fresh(case).status == "transmitted"


def test_two_clicks_are_one_answer(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    once = key()
    assert [client.post(page_of(case, "accept"), once).status_code for _each in range(2)] == [302, 302]
    assert Move.objects.filter(code="accept").count() == 1


def test_the_second_of_two_officers_reads_who_answered(client, people):
    case = case_at("transmitted", people)
    make_move(case, "decline", by=people.force_u3, decline_reason="late")
    as_person(client, english(people.force_sector))
    answer = client.post(page_of(case, "limit"), key(text="As far as Ippy."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Your force has answered already: Declined (U3 operations)." in page
    assert "As far as Ippy." in page


def english(user):
    user.language = "en"
    user.save()
    return user


def test_a_paper_that_came_meanwhile_is_read_first(client, people):
    case = case_at("transmitted", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    as_person(client, english(people.force_u3))
    answer = client.post(page_of(case, "accept"), key())
    assert (answer.status_code, "paper no. 2" in answer.content.decode()) == (409, True)
    answer = client.post(page_of(case, "acknowledge"), key())
    assert (answer.status_code, fresh(case).status) == (409, "transmitted")
    assert client.post(page_of(case, "accept"), key(seen=2)).status_code == 302


def test_papers_are_acknowledged_singly_or_together(client, people):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    as_person(client, people.force_u3)
    assert client.post(page_of(case, "acknowledge"), key(number=3)).status_code == 302
    waiting = case.extracts.filter(acknowledgement=None)
    assert [paper.number for paper in waiting] == [2]
    assert client.post(page_of(case, "acknowledge"), key(seen=3)).status_code == 302
    assert not waiting.all().exists()
    assert client.post(page_of(case, "acknowledge"), key(seen=3)).status_code == 409


def test_a_change_is_shown_with_what_stood_before(client, people):
    case = case_at("scheduled", people)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    page = as_person(client, english(people.force_u3)).get(page_of(case)).content.decode()
    assert "changed by paper no. 3" in page
    assert case.extracts.last().sha256 in page


def test_times_are_local_and_zulu(client, people):
    case = case_at("transmitted", people)
    utc = case.departure_at.astimezone(dt.UTC)
    local = timezone.localtime(case.departure_at, case.country.zone)
    page = as_person(client, english(people.force_u3)).get(page_of(case)).content.decode()
    assert f"{utc:%d%H%M}Z {utc:%b %y}".upper() in page
    assert local.isoformat(timespec="minutes") in page


def test_both_sides_log_the_movement(client, people):
    case = case_at("underway", people, rotations=2)
    as_person(client, people.force_u3)
    page = client.get(page_of(case, "log"))
    assert page.context["form"].initial["number"] == 1
    assert page.context["form"].initial["what"] == "end"
    now = timezone.localtime(timezone=case.country.zone).strftime("%Y-%m-%dT%H:%M")
    facts = {"what": "end", "number": 1, "happened_at": now, "note": "Calm."}
    assert client.post(page_of(case, "log"), key(**facts)).status_code == 302
    assert RotationLog.objects.get(what="end").note == "Calm."
    assert client.get(page_of(case, "log")).context["form"].initial["number"] == 2


def test_the_first_log_of_all_starts_the_movement_once_the_period_has_begun(client, people):
    case = case_at("scheduled", people)
    as_person(client, english(people.force_u3))
    answer = client.get(page_of(case, "log"))
    assert (answer.status_code, "has not begun yet" in answer.content.decode()) == (409, True)
    begun = case_at("scheduled", people, now=timezone.now() - 9 * DAY)
    form = client.get(page_of(begun, "log")).context["form"]
    assert [code for code, _label in form.fields["what"].choices] == ["start"]
    now = timezone.localtime(timezone=case.country.zone).strftime("%Y-%m-%dT%H:%M")
    facts = {"what": "start", "number": 1, "happened_at": now}
    assert client.post(page_of(begun, "log"), key(**facts)).status_code == 302
    assert fresh(begun).status == "underway"


@pytest.mark.parametrize("act", ["accept", "limit", "counter", "decline"])
@pytest.mark.parametrize("status", ["accepted", "scheduled", "underway", "closed"])
def test_after_the_answer_there_is_no_other(client, people, status, act):
    case = case_at(status, people)
    as_person(client, people.force_u3)
    assert client.get(page_of(case, act)).status_code == 409
    facts = {"text": "x", "decline_reason": "late", "departure_at": "2026-12-31T08:00"}
    assert client.post(page_of(case, act), key(**facts)).status_code in (409, 422)
    assert ForceReply.objects.count() == 1


@pytest.mark.parametrize(("end", "word"), [("suspend", "suspended"), ("cancel", "has ended"), ("expire", "has ended")])
def test_after_an_end_only_the_end_is_said(client, people, end, word):
    case = case_at("transmitted", people, now=timezone.now() - (60 * DAY if end == "expire" else DAY * 0))
    if end != "expire":
        make_move(case, end, by=people.ocha_bgi, reason="REASONCANARY")
    as_person(client, english(people.force_u3))
    answer = client.post(page_of(case, "accept"), key(seen=9))
    assert (answer.status_code, word in answer.content.decode()) == (409, True)
    page = client.get(page_of(case)).content.decode()
    assert "REASONCANARY" not in page
    assert page_of(case, "accept") not in page


def test_what_ocha_wrote_down_is_confirmed_or_disputed_by_the_person(client, people):
    case = case_at("transmitted", people)
    said = {"person": people.force_u3, "source": "telephone", "received_at": timezone.now(), "witness": "Duty officer"}
    make_move(case, "limit", by=people.ocha_bria, text="By daylight.", on_behalf=said)
    as_person(client, english(people.force_sector))
    of_a_colleague = client.get(page_of(case)).content.decode()
    assert page_of(case, "confirm") not in of_a_colleague
    assert f"{people.force_u3} · Telephone" in of_a_colleague
    as_person(client, english(people.force_u3))
    page = client.get(page_of(case)).content.decode()
    assert page_of(case, "confirm") in page
    assert "Accepted with limits: By daylight." in page
    assert client.get(page_of(case, "dispute")).status_code == 200
    assert client.post(page_of(case, "confirm"), key()).status_code == 302
    assert case.records_on_behalf.get().confirmed_at
    assert client.post(page_of(case, "confirm"), key()).status_code in (404, 409)


def test_what_was_not_said_is_disputed(client, people):
    case = case_at("transmitted", people)
    said = {"person": people.force_u3, "source": "radio", "received_at": timezone.now(), "witness": "Radio room"}
    make_move(case, "acknowledge", by=people.ocha_bria, on_behalf=said)
    as_person(client, people.force_u3)
    assert client.post(page_of(case, "dispute"), key(reason="I was not on the radio.")).status_code == 302
    assert case.records_on_behalf.get().dispute == "I was not on the radio."


def test_the_first_of_two_forces_reads_its_stand_down_and_no_more(client, people):
    case = case_at("limited", people)
    first = page_of(case)
    make_move(case, "redecide", by=people.ocha_bgi, reason="REASONCANARY")
    as_person(client, english(people.force_u3))
    assert "Accepted with limits" in client.get(first).content.decode()
    police = Force.objects.get(acronym="UNPOL")
    make_move(case, "approve", by=people.hc, **limits_of(fresh(case), force=police))
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED | {"task": "TASKCANARY"})
    page = client.get(first).content.decode()
    assert "Stood down" in page
    assert "CANARY" not in page
    assert client.post(first + "accept/", key(seen=2)).status_code == 409
    assert client.post(first + "acknowledge/", key(seen=2)).status_code == 302
    assert not case.extracts.filter(organisation=people.force_u3.organisation, acknowledgement=None).exists()
    assert fresh(case).status == "transmitted"


def test_an_unknown_act_does_not_exist(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    for act in ("approve", "receive", "cancel", "schedule"):
        assert client.get(page_of(case, act)).status_code == 404
        assert client.post(page_of(case, act), key()).status_code == 404


def test_no_state_is_changed_by_reading(client, people):
    case = case_at("transmitted", people)
    as_person(client, people.force_u3)
    for act in ACTS:
        client.get(page_of(case, act))
    assert not case.extracts.get().replies.exists()
    assert fresh(case).status == "transmitted"


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def many_files(case, count):
    file = case.force_files.get()
    for number in range(count):
        place = number % 3
        ForceFile.objects.create(
            case=case, organisation=file.organisation, country=file.country, force_reference=f"F-T-{number:03d}",
            stage="scheduled", urgency="routine", origin="Bambari", destination="Bria", place=place,
            departure_at=timezone.now(), sort_key=number if place < 2 else -number,
        )  # fmt: skip


def test_the_list_tells_what_waits_first_and_goes_on_by_pages(client, people):
    many_files(case_at("transmitted", people), 60)
    as_person(client, people.force_u3)
    seen, path = [], "/force/"
    for _page in range(3):
        answer = client.get(path)
        seen += [row["file"].pk for section in answer.context["sections"] for row in section["rows"]]
        last = answer.context["older"].rpartition(".")[2]
        assert last != str(seen[-1]), "the number of a row tells how many files all forces together have"
        path = f"/force/?after={answer.context['older']}"
    assert seen == list(ForceFile.objects.order_by("place", "sort_key", "id").values_list("pk", flat=True))
    assert answer.context["older"] == ""
    assert client.get("/force/?after=nonsense").status_code == 200
    for odd in ("1.2", "1.99999999999999999999999.1", "-1.-1.-1", "1e9.1.1", "2.1.99999999999999999999999"):
        assert client.get(f"/force/?after={odd}").status_code == 200


@pytest.mark.parametrize("count", [5, 60])
def test_a_list_asks_the_same_few_queries(client, people, count, django_assert_max_num_queries):
    many_files(case_at("transmitted", people), count)
    as_person(client, people.force_u3)
    with django_assert_max_num_queries(6):
        client.get("/force/")


def test_a_page_asks_few_queries_whatever_was_sent(client, people, django_assert_max_num_queries):
    case = case_at("underway", people, rotations=3)
    for vehicles in range(7, 20):
        make_move(case, "change", by=people.requester_bria, vehicles=vehicles)
    as_person(client, people.force_u3)
    with django_assert_max_num_queries(12):
        client.get(page_of(case))


# ── canaries: a word in everything that a force may not see ─────────────────────────────────────────────────────────

NAMES = (
    "requester_bria", "colleague_bria", "ocha_bria", "ocha_bgi", "hoo", "hc", "log_cluster", "undss", "ngosec", "donor"
)  # fmt: skip


LIVES = [("", "fr"), ("cancel", "en"), ("withdraw", "fr"), ("deny", "en")]


def word(name):
    return f"CANARY-{name.upper().replace('_', '-')}"


@pytest.fixture
def told(people):
    """Everybody on the humanitarian side has a telling name and function."""
    for name in NAMES:
        user = getattr(people, name)
        user.name, user.function_title = f"{word(name)}-NAME", f"{word(name)}-FUNCTION"
        user.save()
        user.refresh_from_db()
    return people


def secret_answers():
    hidden = ("need", "why_safer", "neutrality", "mitigation")
    return {name: f"{word(name)} text" for name in hidden} | {"risks": ["perception"]}


def say_everything(case, people):
    """Comments for every audience, a question, opinions: all with a word of their own."""
    for audience, by in (
        ("ocha", people.ocha_bria),
        ("requester", people.requester_bria),
        ("everybody", people.ocha_bgi),
    ):
        make_move(case, "comment", by=by, audience=audience, text=f"{word(audience)} comment")


def eventful_case(people, end=""):
    """A request with words of deliberation all along, transmitted, answered, scheduled, changed, suspended, resumed."""
    case = case_at("deciding", people, un_on_board=True, **secret_answers())
    Case.objects.filter(pk=case.pk).update(people=987123)
    say_everything(case, people)
    make_move(case, "ask", by=people.hc, text=f"{word('question')}")
    make_move(case, "answer", by=people.ocha_bgi, text=f"{word('answer')}")
    make_move(case, "take_back", by=people.ocha_bgi, reason=word("take_back"))
    limits = limits_of(fresh(case))
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", note=word("note"), **limits)
    make_move(case, "forward", by=people.ocha_bgi)
    make_move(case, "approve", by=people.hc, reason=word("approval"), **limits)
    make_move(
        case, "advise_security", by=people.undss, value="measures", text=word("opinion"), analysis=word("analysis")
    )
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    make_move(case, "limit", by=people.force_u3, text="By daylight.")
    say_everything(case, people)
    departure = fresh(case).departure_at
    write_sheet(fresh(case))
    meeting = {"rendezvous": "Gate", "rendezvous_at": departure - HOUR, "contact": "+236 00 00 03 01"}
    meeting |= sheet_as_read(case)
    make_move(case, "schedule", by=people.ocha_bria, departure_at=departure, leader="Convoy leader", **meeting)
    make_move(case, "change", by=people.requester_bria, vehicles=8)
    until = fresh(case).ends_at + DAY
    make_move(case, "request_extension", by=people.requester_bria, until=until, rotations=1, reason=word("extension"))
    make_move(case, "extend", by=people.hc, reason=word("extended"))
    make_move(case, "suspend", by=people.hc, reason=word("suspension"))
    make_move(case, "resume", by=people.ocha_bgi, reason=word("resumption"))
    make_move(case, "share", by=people.ocha_bgi, person=people.hoo)
    if end == "cancel":
        make_move(case, "cancel", by=people.ocha_bgi, reason=word("cancellation"))
    if end == "withdraw":
        make_move(case, "withdraw", by=people.requester_bria, reason=word("withdrawal"))
    if end == "deny":
        make_move(case, "suspend", by=people.hc, reason=word("again"))
        make_move(case, "deny", by=people.hc, reason_code="perception", reason=word("denial"))
        make_move(case, "appeal", by=people.requester_bria, reason=word("appeal"))
        make_move(case, "reject", by=people.ocha_bria, reason=word("rejection"))
    half = Reminder.objects.open_for(case).filter(key__startswith="receive.", key__endswith=".half").earliest("due_at")
    services.remind_due(half.due_at)
    services.remind_due(timezone.now() + 3 * DAY)
    return fresh(case)


def clean(text, case):
    found = [line for line in text.splitlines() if "CANARY" in line or case.reference in line or "987123" in line]
    assert found == []
    assert "CAF-AE-" not in text
    assert "/requests/" not in text


@pytest.mark.parametrize(("end", "language"), LIVES)
def test_no_mail_to_a_force_and_no_page_of_it_holds_a_word_of_the_humanitarian_side(client, told, end, language):
    officers = (told.force_u3, told.force_sector)
    User.objects.filter(pk__in=[user.pk for user in officers]).update(language=language)
    case = eventful_case(told, end)
    deliver_pending()
    addresses = {user.email for user in officers}
    letters = [letter for letter in mail.outbox if set(letter.to) & addresses]
    assert len(letters) >= 12
    for letter in letters:
        assert len(letter.recipients()) == 1
        for text in (letter.subject, letter.body, letter.alternatives[0][0]):
            clean(text, case)
            assert case.force_reference in text
    everything = " ".join(letter.body for letter in mail.outbox)
    assert case.reference in everything  # the humanitarian side was told, by its own reference

    for user in officers:
        as_person(client, User.objects.get(pk=user.pk))
        paths = ["/force/", "/notifications/", page_of(case), *(page_of(case, act) for act in ACTS), "/force/F-X-1/"]
        paths += [f"/requests/{case.reference}/", "/requests/?q=CANARY", "/"]
        for path in paths:
            for answer in (client.get(path, follow=True), client.post(path, key(text="x"), follow=True)):
                text = answer.content.decode()
                clean(text.replace(path, "").replace(f"/requests/{case.reference}", ""), case)


def test_the_canaries_are_there_for_those_who_may_read_them(client, told):
    case = eventful_case(told)
    page = as_person(client, told.ocha_bria).get(case.get_absolute_url()).content.decode()
    for name in ("need", "neutrality", "ocha", "everybody", "opinion", "ocha_bgi"):
        assert word(name) in page


def test_every_event_told_to_a_force_carries_its_own_reference_and_page(told):
    case = eventful_case(told, "cancel")
    rows = Notification.objects.filter(recipient__in=[told.force_u3, told.force_sector]).select_related("event")
    kinds = {row.kind for row in rows}
    assert kinds == {
        "case.transmit", "case.schedule", "case.change", "case.extend", "case.suspend", "case.resume", "case.cancel",
        "case.remind", "case.escalate",
    }  # fmt: skip
    for row in rows:
        assert row.event.data["force_reference"] == case.force_reference
        assert row.event.data["force_url"] == page_of(case)


def test_what_ocha_records_for_a_force_names_no_officer(told):
    case = case_at("transmitted", told)
    said = {"person": told.force_u3, "source": "telephone", "received_at": timezone.now(), "witness": word("witness")}
    make_move(case, "accept", by=told.ocha_bria, on_behalf=said)
    deliver_pending()
    letters = [letter for letter in mail.outbox if letter.to == [told.force_u3.email]]
    assert any("confirm" in letter.subject for letter in letters) or letters
    for letter in letters:
        clean(letter.body + letter.subject + letter.alternatives[0][0], case)


# ── what the clock asks ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "word"), [("transmitted", "Receipt due"), ("acknowledged", "Answer due"), ("scheduled", "Receipt due")]
)
def test_the_clock_of_the_list_says_what_is_due(client, people, status, word):
    people.force_u3.language = "en"
    people.force_u3.save()
    case_at(status, people)
    content = as_person(client, people.force_u3).get("/force/").content.decode()
    assert [each for each in ("Receipt due", "Answer due") if each in content] == [word]


def test_a_line_without_clock_asks_nothing(client, people):
    people.force_u3.language = "en"
    people.force_u3.save()
    case_at("accepted", people)
    content = as_person(client, people.force_u3).get("/force/").content.decode()
    assert "Receipt due" not in content and "Answer due" not in content


def test_a_proposal_not_taken_up_asks_for_the_receipt_and_nothing_else(client, people):
    people.force_u3.language = "en"
    people.force_u3.save()
    case = case_at("countered", people)
    make_move(case, "refuse_counter", by=people.requester_bria, reason="Too late for us.")
    content = as_person(client, people.force_u3).get(page_of(case)).content.decode()
    assert "Please acknowledge what was sent; nothing more is expected from you." in content
    make_move(fresh(case), "receive", by=people.force_u3)
    content = client.get(page_of(case)).content.decode()
    assert "Nothing more is expected from you." in content and "Please acknowledge what was sent" not in content


def test_after_the_movement_no_receipt_is_asked_beside_the_words_that_nothing_is_expected(client, people):
    people.force_u3.language = "en"
    people.force_u3.save()
    content = as_person(client, people.force_u3).get(page_of(case_at("completed", people))).content.decode()
    assert "Nothing more is expected from you." in content and "Please acknowledge what was sent" not in content


# ── what was typed when the session ended, and what is asked after the end ───────────────────────────────────────────


def typed_as(client, user, act, **words):
    """The form of an act as its page was sent, with the token of its reader, and the session over meanwhile."""
    as_person(client, user)
    token = re.search(r'name="keeper" value="([^"]+)"', client.get(act).content.decode())[1]
    client.logout()
    return key(keeper=token, **words)


@pytest.mark.parametrize(("act", "field"), [("limit", "text"), ("counter", "text"), ("decline", "text")])
def test_words_typed_while_the_session_ended_come_back_to_their_author(client, people, act, field):
    path = page_of(case_at("transmitted", people), act)
    sent = typed_as(client, people.force_u3, path, **{field: "By daylight, as far as Ippy."})
    answer = client.post(path, sent)
    assert answer.url == f"/account/login/?next={path}"
    client.post("/account/login/", {"login": people.force_u3.username, "password": PASSWORD})
    page = client.get(path)
    assert page.status_code == 200 and "By daylight, as far as Ippy." in page.content.decode()
    assert not ForceReply.objects.exists()


def test_another_officer_on_the_same_device_never_reads_them(client, people):
    path = page_of(case_at("transmitted", people), "limit")
    client.post(path, typed_as(client, people.force_u3, path, text="Only for its author."))
    client.post("/account/login/", {"login": people.force_sector.username, "password": PASSWORD})
    assert "Only for its author." not in client.get(path).content.decode()
    assert not client.session.get(typed.KEPT), "dropped unread"


def test_words_without_the_token_of_the_page_are_not_kept_for_a_force(client, people):
    path = page_of(case_at("transmitted", people), "limit")
    client.post(path, key(text="Planted.", keeper="forged"))
    assert not client.session.get(typed.KEPT)


def test_what_was_kept_is_gone_once_it_was_sent(client, people):
    path = page_of(case_at("transmitted", people), "limit")
    client.post(path, typed_as(client, people.force_u3, path, text="By daylight."))
    client.post("/account/login/", {"login": people.force_u3.username, "password": PASSWORD})
    assert client.post(path, key(text="By daylight.")).status_code == 302
    assert not client.session.get(typed.KEPT)


def test_the_token_tells_a_force_no_row_number(client, people):
    token = kept_words.token(people.force_u3, "F-CAF-2026-001")
    assert signing.loads(token, salt=kept_words.SALT)[0] == hidden(people.force_u3.pk)


def test_after_an_abort_nothing_is_asked_loudly_and_the_convoys_abort_is_a_fact(client, people):
    case = case_at("underway", people)
    make_move(fresh(case), "log", by=people.requester_bria, what="abort", happened_at=timezone.now(), note="A secret.")
    assert fresh(case).status == "aborted"
    as_person(client, people.force_u3)
    client.cookies["django_language"] = "en"
    content = client.get(page_of(case)).content.decode()
    assert "Nothing more is expected from you." in content
    assert '<button class="link">Acknowledge' in content and '<button class="btn">' not in content
    assert "The convoy logged that rotation 1 was aborted." in content and "A secret." not in content


def test_a_paper_that_waits_is_still_asked_loudly(client, people):
    as_person(client, people.force_u3)
    client.cookies["django_language"] = "en"
    content = client.get(page_of(case_at("cancelled", people))).content.decode()
    assert '<button class="link">Acknowledge' not in content
