"""What does a force still read of a request that became strictly confidential after its transmission?"""

import pytest

from cmcoord.activity.models import Event, Notification
from cmcoord.activity.releases import Release, digest
from requests_app import ledger
from requests_app.models import ForceFile
from requests_app.services import make_move
from tests.factories import RELEASED, STEPS, case_at, fresh

pytestmark = pytest.mark.django_db
FACTS = (RELEASED["task"], "Food rations", "Bambari", "the patrol resumes", "Gate of the compound")
OPEN = "Open – this is recorded"


def english(user):
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def case(people):
    english(people.force_u3)
    case = case_at("scheduled", people)
    make_move(case, "raise_class", by=people.requester_bria, to="S")
    return fresh(case)


def text_of(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def url(case, end=""):
    return f"/force/{case.force_reference}/{end}"


# ── shut ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_its_pages_say_that_papers_are_there_and_nothing_of_them(client, people, case):
    client.force_login(people.force_u3)
    for address in ("/force/", url(case), url(case, "log/"), url(case, "papers/1/")):
        answer = client.get(address, follow=True)
        page = text_of(answer)
        assert answer.status_code == (409 if "log" in address else 200) and case.force_reference in page
        for fact in FACTS:
            assert fact not in page, (address, fact)
    page = text_of(client.get(url(case)))
    assert OPEN in page and "Schedule" in page and "Request" in page
    assert case.reference not in page and "tric" not in page.replace("restric", "")
    assert not Release.objects.filter(what__in=["reading", "download"]).exists()
    file = ForceFile.objects.get()
    assert (file.strict, file.origin, file.destination, file.departure_at) == (True, "", "", None)


def test_one_click_opens_it_for_one_answer_and_is_written_down(client, people, case):
    client.force_login(people.force_u3)
    answer = client.post(url(case, "open/"))
    page = text_of(answer)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert all(fact in page for fact in FACTS)
    event = Event.objects.get(kind="case.open_papers")
    assert (event.by, event.subject_id) == (people.force_u3, case.pk)
    row = Release.objects.get(what="reading")
    assert (row.event, row.recipient, row.sha256) == (event, people.force_u3, digest(answer.content))
    assert (row.reference, row.organisation_id) == (case.force_reference, people.force_u3.organisation_id)
    assert list(ledger.differences()) == []
    assert RELEASED["task"] not in text_of(client.get(url(case)))
    client.post(url(case, "open/"))
    assert Release.objects.filter(what="reading").count() == 2


def test_a_paper_is_saved_by_a_button_only(client, people, case):
    client.force_login(people.force_u3)
    assert client.get(url(case, "papers/1/")).status_code == 302
    assert not Event.objects.filter(kind="case.fetch_paper").exists()
    assert RELEASED["task"] in text_of(client.post(url(case, "papers/1/")))
    assert Release.objects.filter(what="download").count() == 1 and list(ledger.differences()) == []


def test_the_force_goes_on_answering(client, people, case):
    make_move(case, "suspend", by=people.hc, reason="Fighting on the axis.")
    client.force_login(people.force_u3)
    page = text_of(client.get(url(case)))
    assert "Suspended" in page and "Fighting" not in page
    newest = case.extracts.count()
    assert client.post(url(case, "acknowledge/"), {"seen": newest}).status_code == 302


@pytest.mark.parametrize("name", ["force_ml", "donor", "requester_bria", "ocha_bria", "nobody", "admin"])
def test_nobody_else_opens_it(client, people, case, name):
    client.force_login(getattr(people, name))
    assert client.post(url(case, "open/")).status_code == 404
    assert not Event.objects.filter(kind="case.open_papers").exists()


def test_a_get_opens_nothing(client, people, case):
    client.force_login(people.force_u3)
    answer = client.get(url(case, "open/"))
    assert answer.status_code == 405 and not Event.objects.filter(kind="case.open_papers").exists()


def test_lowered_again_its_page_is_open_as_before(client, people, case):
    make_move(case, "lower_class", by=people.ocha_bria, to="C", reason="It is known.")
    client.force_login(people.force_u3)
    assert RELEASED["task"] in text_of(client.get(url(case)))
    assert client.post(url(case, "open/")).status_code == 302
    assert not Release.objects.filter(what="reading").exists()
    assert ForceFile.objects.get().origin


def test_a_closed_file_opens_by_no_click(client, people, case):
    make_move(case, "withdraw_force", by=people.requester_bria)
    client.force_login(people.force_u3)
    answer = client.post(url(case, "open/"), follow=True)
    assert RELEASED["task"] not in text_of(answer)
    assert client.post(url(case, "papers/1/")).status_code == 404
    assert not Release.objects.filter(what__in=["reading", "download"]).exists()


def test_what_is_sent_to_it_later_is_shut_from_the_beginning(client, people):
    english(people.force_u3)
    case = case_at("approved", people, un_on_board=True)
    make_move(case, "raise_class", by=people.requester_bria, to="S")
    case = fresh(case)
    make_move(case, "transmit", by=people.ocha_bria, **STEPS["transmit"][2](case, None))
    client.force_login(people.force_u3)
    assert RELEASED["task"] not in text_of(client.get(url(fresh(case))))
    assert Notification.objects.filter(recipient=people.force_u3, event__kind="case.transmit").exists()


def test_ocha_reads_in_the_ledger_that_it_is_so(client, people, case):
    client.force_login(people.force_u3)
    client.post(url(case, "open/"))
    client.force_login(english(people.ocha_bria))
    page = text_of(client.get("/releases/"))
    assert "strictly confidential now: opened by a recorded click" in page and "papers opened by the force" in page
    opened = text_of(client.post(f"{case.get_absolute_url()}open/papers/"))
    assert "What was saved before stays with the force." in opened
    client.force_login(people.requester_bria)
    assert "papers opened by the force" not in text_of(client.post(f"{case.get_absolute_url()}open/papers/"))


# ── the reasons of steps, on the page of the humanitarians ───────────────────────────────────────────────────────────


@pytest.fixture
def talked(people):
    case = case_at("returned", people)
    make_move(case, "resubmit", by=people.requester_bria, reason="On any day of next week.")
    make_move(case, "reject", by=people.ocha_bria, reason="Commercial goods are not humanitarian cargo.")
    make_move(case, "raise_class", by=people.requester_bria, to="S")
    return fresh(case)


REASONS = ("On which days can you leave?", "On any day of next week.", "Commercial goods are not")


@pytest.mark.parametrize("name", ["requester_bria", "ocha_bria", "ocha_bgi", "hoo", "log_cluster"])
def test_reasons_of_steps_are_shut_on_a_strict_page(client, people, talked, name):
    client.force_login(english(getattr(people, name)))
    for address in ("", "?events=all"):
        page = text_of(client.get(talked.get_absolute_url() + address))
        assert [reason for reason in REASONS if reason in page] == []
        assert page.count("/open/reasons/") == 1


def test_they_open_by_one_click_for_the_named(client, people, talked):
    client.force_login(english(people.requester_bria))
    page = text_of(client.post(f"{talked.get_absolute_url()}open/reasons/"))
    assert [reason for reason in REASONS if reason not in page] == []
    assert Event.objects.get(kind="case.open_secret").data["field"] == "reasons"
    client.force_login(people.hoo)
    assert client.post(f"{talked.get_absolute_url()}open/reasons/").status_code == 403


def test_on_any_other_page_they_stand_as_before(client, people):
    case = case_at("returned", people)
    client.force_login(english(people.requester_bria))
    page = text_of(client.get(case.get_absolute_url()))
    assert REASONS[0] in page and "/open/reasons/" not in page
