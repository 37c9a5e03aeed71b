"""Which class has a record, who raises and lowers it, and who reads what is strictly confidential?"""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from cmcoord.accounts import limits
from cmcoord.activity import barrier
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import ErasableValue, Event, Notification
from requests_app import classes, listing
from requests_app.models import Case, CaseFile, Classification
from requests_app.questions import BY_FIELD
from requests_app.services import Refused, make_move
from tests.factories import STEPS, answers, case_at, draft_case, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
SEEING = "requester_bria colleague_bria ocha_bria ocha_bgi hoo hc log_cluster undss ngosec"
NAMED = "requester_bria colleague_bria ocha_bria ocha_bgi hc"
SECRETS = {
    "why_safer": "Two ambushes on this axis within a month; none on escorted convoys.",
    "neutrality": "Visible; communities are told before, no military presence at the distribution.",
}


def raised(case, by, *, record="case", row=None):
    make_move(case, "raise_class", by=by, record=record, row=row, to="S")
    return fresh(case)


def post(client, case, move, **facts):
    facts = {"client_key": uuid.uuid4(), "base_version": fresh(case).version, **facts}
    return client.post(f"/requests/{case.reference}/{move}/", facts)


def opened(client, case, what, **data):
    return client.post(f"/requests/{case.reference}/open/{what}/", data)


# ── the class of a record ────────────────────────────────────────────────────────────────────────────────────────────


def test_each_record_has_the_class_of_its_form(people):
    case = case_at("closed", people)
    make_move(case, "comment", by=people.ocha_bria, audience="everybody", text="Who unloads?")
    assert classes.class_of(case, case) == "C"
    for record in ("comment", "opinion", "log", "report"):
        rows = classes.rows_of(fresh(case), record)
        assert rows and all(classes.class_of(case, row) == barrier.floor_of(row) == "C" for row in rows)


def test_a_record_is_never_less_than_its_request(people):
    case = case_at("clearing", people)
    opinion = case.opinions.first()
    assert classes.class_of(raised(case, people.requester_bria), opinion) == "S"


def test_the_class_stands_on_the_page_and_in_the_list(client, people):
    case = case_at("clearing", people)
    client.force_login(people.ocha_bria)
    for language, word in (("en", "Confidential"), ("fr", "Confidentiel")):
        client.cookies["django_language"] = language
        people.ocha_bria.language = language
        people.ocha_bria.save()
        assert word in client.get(case.get_absolute_url()).content.decode()
        assert word in client.get("/requests/").content.decode()


def test_a_force_reads_the_class_of_its_papers_and_not_that_of_the_request(client, people):
    case = raised(case_at("transmitted", people), people.requester_bria)
    people.force_u3.language = "en"
    people.force_u3.save()
    client.force_login(people.force_u3)
    for method, page in (("get", ""), ("post", "open/"), ("post", "papers/1/")):
        answer = getattr(client, method)(f"/force/{case.force_reference}/{page}")
        words = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode().lower()
        assert "confidenti" in words and "stric" not in words.replace("restrict", "")


# ── raising ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SEEING.split())
def test_whoever_sees_it_raises_it_with_one_post(client, people, name):
    case = case_at("deciding", people, un_on_board=True)
    client.force_login(getattr(people, name))
    assert post(client, case, "raise_class", record="case", to="S").status_code == 302
    assert fresh(case).sensitivity == "S"
    event = Event.objects.filter(kind="case.raise_class").get()
    assert event.data["class"] == {"old": "C", "new": "S"} and event.by == getattr(people, name)
    row = Classification.objects.get()
    assert (row.record, row.row, row.sensitivity) == ("case", case.pk, "S")


@pytest.mark.parametrize(
    "name", ["requester_birao", "ocha_birao", "ocha_bko", "hc_ml", "donor", "admin", "force_u3", "force_sector"]
)
def test_nobody_else_raises_anything(client, people, name):
    case = case_at("transmitted", people)
    client.force_login(getattr(people, name))
    assert post(client, case, "raise_class", record="case", to="S").status_code == 404
    assert fresh(case).sensitivity == "C"
    with pytest.raises(Refused) as refused, transaction.atomic():
        raised(case, getattr(people, name))
    assert refused.value.kind == "right"


def test_raising_twice_or_to_less_is_refused(people):
    case = raised(case_at("clearing", people), people.requester_bria)
    for to in ("S", "C", "P"):
        with pytest.raises(Refused, match="already"), transaction.atomic():
            make_move(case, "raise_class", by=people.requester_bria, to=to)
    assert Classification.objects.count() == 1


def test_a_comment_that_one_does_not_read_is_not_there_to_be_raised(people):
    case = case_at("clearing", people)
    make_move(case, "comment", by=people.ocha_bria, audience="ocha", text="Between us")
    inner = case.comments.get()
    with pytest.raises(Refused, match="not there") as refused, transaction.atomic():
        raised(case, people.requester_bria, record="comment", row=inner.pk)
    assert refused.value.kind == "need"
    raised(case, people.ocha_bgi, record="comment", row=inner.pk)
    assert Event.objects.get(kind="case.raise_class").data["audience"] == "ocha"


@pytest.mark.parametrize(("record", "row"), [("comment", 999_999), ("opinion", None), ("nonsense", 1), ("case", 5)])
def test_a_record_of_nothing_is_refused(client, people, record, row):
    case = case_at("clearing", people)
    client.force_login(people.requester_bria)
    facts = {"record": record, "to": "S", **({"row": row} if row else {})}
    answer = post(client, case, "raise_class", **facts)
    assert answer.status_code == (302 if record == "case" else 422)  # of a request there is only the one row
    assert Classification.objects.count() == (1 if record == "case" else 0)


def test_the_rows_are_never_changed(people):
    raised(case_at("clearing", people), people.requester_bria)
    for change in (
        lambda: Classification.objects.update(sensitivity="C"),
        lambda: Classification.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# ── lowering ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["ocha_bria", "ocha_bgi"])
def test_ocha_lowers_with_a_reason(client, people, name):
    case = raised(case_at("clearing", people), people.requester_bria)
    client.force_login(getattr(people, name))
    assert post(client, case, "lower_class", record="case", to="C").status_code == 422  # no reason
    assert post(client, case, "lower_class", record="case", to="C", reason="The threat is over.").status_code == 302
    assert fresh(case).sensitivity == "C"
    event = Event.objects.get(kind="case.lower_class")
    assert event.data["class"] == {"old": "S", "new": "C"} and "threat" not in str(event.data)
    assert ErasableValue.objects.get(event=event, field="reason").value == "The threat is over."


@pytest.mark.parametrize(
    ("name", "status"),
    [("requester_bria", 403), ("hc", 404), ("log_cluster", 403), ("hoo", 403), ("ocha_birao", 404), ("ocha_bko", 404),
     ("force_u3", 404), ("admin", 404)],
)  # fmt: skip
def test_nobody_else_lowers(client, people, name, status):
    case = raised(case_at("clearing", people), people.requester_bria)
    client.force_login(getattr(people, name))
    answer = post(client, case, "lower_class", record="case", to="C", reason="I want to read it.")
    assert answer.status_code == status
    assert fresh(case).sensitivity == "S"


def test_lowering_twice_below_the_form_or_below_the_request_is_refused(people):
    case = case_at("clearing", people)
    lower = {"by": people.ocha_bria, "reason": "It is known."}
    for to, sentence in (("P", "cannot be less"), ("C", "already"), ("S", "already"), ("X", "Choose")):
        with pytest.raises(Refused, match=sentence), transaction.atomic():
            make_move(case, "lower_class", to=to, **lower)
    opinion = case.opinions.first()
    raised(case, people.ocha_bria, record="opinion", row=opinion.pk)
    raised(case, people.ocha_bria)
    with pytest.raises(Refused, match="Strictly confidential"), transaction.atomic():
        make_move(case, "lower_class", record="opinion", row=opinion.pk, to="C", **lower)
    make_move(case, "lower_class", to="C", **lower)
    make_move(case, "lower_class", record="opinion", row=opinion.pk, to="C", **lower)
    assert classes.class_of(fresh(case), opinion) == "C"


# ── what S means: list, search, mails ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sensitivity", ["C", "S"])
def test_it_is_listed_for_those_who_need_to_know_and_the_count_is_the_list(people, sensitivity):
    case = case_at("deciding", people, un_on_board=True)
    if sensitivity == "S":
        raised(case, people.requester_bria)
    for name in (*SEEING.split(), "requester_birao", "ocha_birao", "ocha_bko", "hc_ml", "donor", "admin", "force_u3"):
        page = listing.page_for(getattr(people, name))
        listed = [row.pk for row in page.rows]
        assert listed == ([case.pk] if name in SEEING.split() else []), name
        assert page.count == len(listed)


def test_what_is_strict_is_not_searched_and_is_found_again_when_lowered(people):
    case = case_at("transmitted", people)
    words = ("Bambari", case.reference, case.reference[-4:], case.force_reference, "rations", "displaced")
    for word in words:
        assert listing.page_for(people.ocha_bria, query=word).count == 1, word
    raised(case, people.requester_bria)
    assert fresh(case).search_text == ""
    for word in words:
        page = listing.page_for(people.ocha_bria, query=word)
        assert (page.count, page.rows) == (0, []), word
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT search_vector::text FROM requests_app_case WHERE id = %s", [case.pk])
            assert cursor.fetchone() == ("",)
    make_move(case, "lower_class", by=people.ocha_bria, to="C", reason="It is known.")
    for word in words:
        assert listing.page_for(people.ocha_bria, query=word).count == 1, word


def test_no_later_step_brings_it_back_into_the_search(people):
    draft = draft_case(people.requester_bria, **answers())
    raised(draft, people.requester_bria)
    assert fresh(draft).search_text == ""
    case = raised(case_at("approved", people, un_on_board=True), people.ocha_bria)
    make_move(case, "transmit", by=people.ocha_bria, **STEPS["transmit"][2](case, None))
    assert fresh(case).force_reference and fresh(case).search_text == ""


def test_mails_say_the_class_and_of_what_is_strict_nothing_more(people):
    case = case_at("approved", people, un_on_board=True)
    mail = Notification.objects.filter(channel="mail", event__kind="case.approve", recipient=people.ocha_bria).get()
    for language, word, open_headline in (("en", "Class: Confidential", "approved"), ("fr", "Confidentiel", "approuv")):
        people.ocha_bria.language = language
        people.ocha_bria.save()
        mail = Notification.objects.get(pk=mail.pk)
        message = message_for(mail)
        assert word in message.body and open_headline in message.subject.lower()
    for reader in (people.ocha_bria, people.requester_bria, people.force_u3):
        reader.language = "en"
        reader.save()
    raised(case, people.ocha_bria)
    make_move(case, "transmit", by=people.ocha_bria, **STEPS["transmit"][2](case, None))
    for kind, person, reference in (
        ("case.approve", people.ocha_bria, case.reference),
        ("case.transmit", people.requester_bria, case.reference),
        ("case.transmit", people.force_u3, fresh(case).force_reference),
    ):
        message = message_for(Notification.objects.get(channel="mail", event__kind=kind, recipient=person))
        whole = " ".join([message.subject, message.body, message.alternatives[0].content]).lower()
        assert reference.lower() in whole and "something waits for you" in whole
        for word in ("approved", "transmit", "escort request", "whose turn", "by when", "bambari", "acknowledge"):
            assert word not in whole, word
        assert ("strictly confidential" in whole) == (person.side == "humanitarian")


def test_the_earlier_decisions_of_another_request_do_not_name_it(client, people):
    secret = raised(case_at("approved", people), people.ocha_bria)
    case = case_at("deciding", people)
    client.force_login(people.hc)
    page = client.get(case.get_absolute_url()).content.decode()
    assert secret.reference not in page


# ── what is closed, and opened ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def secret(people):
    """A strictly confidential request with a word of every kind in it."""
    case = case_at("closed", people, un_on_board=True)
    make_move(case, "comment", by=people.ocha_bria, audience="everybody", text="The chief asked for money.")
    CaseFile.objects.create(
        case=case, file=ContentFile(b"%PDF-1.7 route", name="plan.pdf"), name="manifest.pdf",
        content_type="application/pdf", size=14, uploaded_by=people.requester_bria,
    )  # fmt: skip
    return raised(case, people.requester_bria)


@pytest.mark.parametrize("name", SEEING.split())
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_strict_request_shows_no_confidential_word(client, people, secret, name, language):
    reader = getattr(people, name)
    reader.language = language
    reader.save()
    client.force_login(reader)
    answer = client.get(secret.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    for word in (
        *SECRETS.values(),
        "chief asked",
        "manifest.pdf",
        "SRM-0001",
        "Last resort, all tried",
        "Favourable",
        "Favorable",
        "Endorsed",
    ):
        assert word not in page, word
    assert str(secret.axis) not in page
    assert page.count("/open/why_safer/") == page.count("/open/comment/") == page.count("/open/paper/") == 1
    assert "4200" in page.replace(",", "").replace("\u202f", "").replace("\xa0", "")  # what is restricted stays open


@pytest.mark.parametrize("name", NAMED.split())
def test_named_roles_open_one_thing_at_a_time_and_it_is_recorded(client, people, secret, name):
    client.force_login(getattr(people, name))
    answer = opened(client, secret, "why_safer")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert SECRETS["why_safer"] in page and SECRETS["neutrality"] not in page
    event = Event.objects.get(kind="case.open_secret")
    assert event.data["field"] == "why_safer" and event.by == getattr(people, name)
    assert SECRETS["why_safer"] not in client.get(secret.get_absolute_url()).content.decode()  # for that answer only
    assert Event.objects.filter(kind="case.open_secret").count() == 1


@pytest.mark.parametrize("name", ["hoo", "log_cluster", "undss", "ngosec"])
def test_who_only_sees_the_request_opens_nothing(client, people, secret, name):
    client.force_login(getattr(people, name))
    assert opened(client, secret, "why_safer").status_code == 403
    assert opened(client, secret, "comment", row=secret.comments.get().pk).status_code == 403
    assert opened(client, secret, "paper", row=secret.files.get().pk).status_code == 403
    assert not Event.objects.filter(kind="case.open_secret").exists()


@pytest.mark.parametrize("name", ["requester_birao", "ocha_birao", "ocha_bko", "hc_ml", "force_u3", "donor", "admin"])
def test_for_everybody_else_it_is_not_there(client, people, secret, name):
    client.force_login(getattr(people, name))
    assert opened(client, secret, "why_safer").status_code == 404


def test_a_security_opinion_is_opened_by_the_security_adviser_too(client, people, secret):
    opinion = secret.opinions.get(body="undss")
    cluster = secret.opinions.get(body="cluster:LOG")
    client.force_login(people.undss)
    assert "SRM-0001" in opened(client, secret, "opinion", row=opinion.pk).content.decode()
    assert opened(client, secret, "opinion", row=cluster.pk).status_code == 403
    client.force_login(people.log_cluster)
    assert opened(client, secret, "opinion", row=opinion.pk).status_code == 403


def test_every_part_opens(client, people, secret):
    client.force_login(people.ocha_bria)
    words = {
        "comment": ("chief asked", secret.comments.get().pk),
        "opinion": ("SRM-0001", secret.opinions.get(body="undss").pk),
        "log": ("Started", secret.rotation_logs.first().pk),
        "report": ("after-action", secret.after_action.pk),
        "recommendation": ("Last resort, all tried", None),
        "decision": (str(secret.axis), None),
        "papers": ("numbered and frozen", None),
        "axis": (str(secret.axis), None),
        "departure_at": (str(secret.departure_at.year), None),
    }
    for what, (word, row) in words.items():
        answer = opened(client, secret, what, **({"row": row} if row else {}))
        assert answer.status_code == 200, what
        assert word.lower() in answer.content.decode().lower(), what
    paper = opened(client, secret, "paper", row=secret.files.get().pk)
    assert b"".join(paper.streaming_content) == b"%PDF-1.7 route" and "no-store" in paper["Cache-Control"]
    recorded = list(Event.objects.filter(kind="case.open_secret").order_by("id").values_list("data__field", flat=True))
    assert recorded == [*words, "paper"]


def test_a_strict_paper_is_not_fetched_by_its_address(client, people, secret):
    client.force_login(people.ocha_bria)
    answer = client.get(f"/requests/{secret.reference}/files/{secret.files.get().pk}/")
    assert answer.status_code == 302 and answer.url == secret.get_absolute_url()


def test_what_is_not_closed_or_not_there_is_not_opened(client, people, secret):
    other = case_at("submitted", people)
    client.force_login(people.ocha_bria)
    assert client.get(f"/requests/{secret.reference}/open/why_safer/").status_code == 405
    for case, what, row in (
        (other, "why_safer", None), (secret, "need", None), (secret, "search_text", None), (secret, "comment", None),
        (secret, "comment", "999999"), (secret, "comment", "x"), (secret, "opinion", "1" * 40), (secret, "id", None),
    ):  # fmt: skip
        assert opened(client, case, what, **({"row": row} if row else {})).status_code == 404, what
    assert not Event.objects.filter(kind="case.open_secret").exists()


def test_a_comment_for_ocha_stays_unknown_to_others(client, people, secret):
    make_move(secret, "comment", by=people.ocha_bria, audience="ocha", text="Between us")
    inner = secret.comments.order_by("id").last()
    client.force_login(people.requester_bria)
    assert opened(client, secret, "comment", row=inner.pk).status_code == 404


def test_nobody_opens_without_end(client, people, secret, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "open_secret", limits.Limit(2, 3600))
    client.force_login(people.ocha_bria)
    assert [opened(client, secret, "why_safer").status_code for _each in range(3)] == [200, 200, 429]
    assert Event.objects.filter(kind="case.open_secret").count() == 2


def test_one_raised_comment_is_closed_on_an_open_page(client, people):
    case = case_at("clearing", people)
    make_move(case, "comment", by=people.ocha_bria, audience="everybody", text="The chief asked for money.")
    raised(case, people.requester_bria, record="comment", row=case.comments.get().pk)
    client.force_login(people.ocha_bria)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "chief asked" not in page and SECRETS["why_safer"] in page
    assert "chief asked" in opened(client, case, "comment", row=case.comments.get().pk).content.decode()
    client.force_login(people.log_cluster)
    assert opened(client, case, "comment", row=case.comments.get().pk).status_code == 403


def test_a_form_that_prints_strict_answers_is_a_reading(client, people):
    case = raised(case_at("approved", people, un_on_board=True), people.requester_bria)
    client.force_login(people.ocha_bria)
    page = client.get(f"/requests/{case.reference}/change/")
    assert page.status_code in (200, 302)
    if page.status_code == 200:
        assert Event.objects.get(kind="case.open_secret").data["field"] == "form.change"
    draft = raised(draft_case(people.requester_bria, **answers()), people.requester_bria)
    client.force_login(people.requester_bria)
    client.get(f"/requests/{draft.reference}/edit/3/")
    assert Event.objects.filter(kind="case.open_secret", subject_id=draft.pk).get().data["field"] == "form.edit"


def test_the_portal_speaks_french_of_it(client, people, secret):
    people.requester_bria.language = "fr"
    people.requester_bria.save()
    client.force_login(people.requester_bria)
    with translation.override("fr"):
        page = client.get(secret.get_absolute_url()).content.decode()
    assert "Strictement confidentiel" in page and "Ouvrir – ceci est enregistré" in page


# ── other ways to the words ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_copy_of_a_strict_request_is_strict_and_a_reading_of_it(client, people):
    case = raised(case_at("submitted", people), people.requester_bria)
    client.force_login(people.requester_bria)
    key = str(uuid.uuid4())
    for _click in range(2):
        assert client.post(f"/requests/{case.reference}/copy/", {"client_key": key}).status_code == 302
    copied = Case.objects.get(client_key=key)
    assert (copied.sensitivity, copied.search_text) == ("S", "")
    assert Event.objects.about(case).filter(kind="case.open_secret", data__field="form.copy").exists()
    assert Event.objects.about(copied).filter(kind="case.raise_class").count() == 1


def test_two_versions_of_a_strict_draft_are_a_reading_of_it(client, people):
    case = raised(draft_case(people.requester_bria, **answers(**SECRETS)), people.requester_bria)
    client.force_login(people.colleague_bria)
    step = BY_FIELD["why_safer"].step
    page = client.post(f"/requests/{case.reference}/edit/{step}/", {"base_version": "0", "marks": ""})
    assert (page.status_code, SECRETS["why_safer"] in page.content.decode()) == (409, True)
    assert Event.objects.about(case).filter(kind="case.open_secret", data__field="form.edit").count() == 1
