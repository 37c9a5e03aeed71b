"""Does the first page tell each person what they have to do, by when, and whom to call? And the menu its pages?"""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from django.views.defaults import permission_denied

from cmcoord.accounts import services as rights
from cmcoord.accounts.models import Appointment, User
from cmcoord.accounts.roles import Role
from contacts import services as directory
from contacts.models import Holding, Person
from contacts.services import Holder, Mail, Number
from requests_app import figures, waiting, workflow
from requests_app.models import Case, DailyFigure
from requests_app.services import make_move
from tests.factories import case_at, complete_draft, draft_case, limits_of
from tests.people import appointed, person, standing_in

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

# status → who finds the case under which heading; everybody who is not named finds it nowhere
WAITS = {
    "draft": {"requester_bria": {"draft"}},
    "submitted": {"ocha_bria": {"review"}, "log_cluster": {"advise"}, "ngosec": {"advise"}},
    "reviewing": {"ocha_bria": {"review"}, "log_cluster": {"advise"}, "ngosec": {"advise"}},
    "returned": {"requester_bria": {"return"}, "colleague_bria": {"return"}, "log_cluster": {"advise"},
                 "ngosec": {"advise"}},
    "clearing": {"ocha_bgi": {"clear"}},
    "deciding": {"hc": {"decide"}},
    "approved": {"ocha_bria": {"transmit"}, "requester_bria": {"security"}, "colleague_bria": {"security"}},
    "transmitted": {},
    "acknowledged": {},
    "accepted": {"ocha_bria": {"schedule"}},
    "limited": {"ocha_bria": {"weigh"}, "requester_bria": {"agree"}, "colleague_bria": {"agree"}},
    "declined": {"ocha_bria": {"schedule"}},
    "countered": {"ocha_bria": {"weigh"}, "requester_bria": {"agree"}, "colleague_bria": {"agree"}},
    "underway": {"requester_bria": {"road"}, "colleague_bria": {"road"}},
    "reporting": {"requester_bria": {"after_action"}, "colleague_bria": {"after_action"}},
    "suspended": {"ocha_bria": {"suspended"}},
    "closed": {},
    "withdrawn": {},
    "denied": {},
}  # fmt: skip
READERS = ("requester_bria", "colleague_bria", "requester_birao", "ocha_bria", "ocha_birao", "ocha_bgi", "hc",
           "log_cluster", "undss", "ngosec", "force_u3", "donor", "admin", "ocha_bko", "hc_ml", "nobody")  # fmt: skip


def headings(user, now=None) -> dict[str, set[int]]:
    return {section.code: {case.pk for case in section.cases} for section in waiting.sections(user, now=now)}


@pytest.mark.parametrize("status", WAITS)
def test_each_status_waits_for_those_who_move_it(status, people):
    case = case_at(status, people)
    found = {}
    for name in READERS:
        codes = {code for code, keys in headings(getattr(people, name)).items() if case.pk in keys}
        found |= {name: codes - {"late"}} if codes - {"late"} else {}
    expected = {
        name: codes for name, codes in WAITS[status].items() if not (codes == {"advise"} and answered(case, name))
    }
    assert found == expected


def answered(case, name) -> bool:
    """Bodies that the walk to this status has let answer no longer wait."""
    body = {"log_cluster": "cluster:LOG", "ngosec": "ngo_adviser"}[name]
    return not case.consultations.filter(body=body, answered_at=None, lapsed_at=None).exists()


@pytest.mark.parametrize("status", ["submitted", "reviewing", "clearing", "deciding", "approved", "accepted"])
def test_a_late_case_is_told_to_those_above(status, people):
    case = case_at(status, people)
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    assert case.pk in headings(people.hoo)["late"]
    national = headings(people.ocha_bgi)
    assert (case.pk in national.get("late", ())) == (status not in ("clearing", "deciding"))


def test_the_national_unit_finds_what_no_officer_answers(people):
    case = case_at("submitted", people)
    for held in Appointment.objects.filter(role=Role.OCHA_OFFICER):
        Appointment.objects.filter(pk=held.pk).update(ends=timezone.localdate() - dt.timedelta(days=1))
    assert case.pk in headings(people.ocha_bgi)["uncovered"]


def test_main_moves_wait_for_the_person_who_may_make_them(people):
    case = case_at("deciding", people)
    for name in ("hc", "requester_bria", "ocha_bria", "ocha_bgi"):
        user = getattr(people, name)
        offered = any(choice.line.main and not choice.why_not for choice in workflow.choices(case, user))
        assert offered == any(case.pk in keys for keys in headings(user).values())


def test_urgent_comes_first_then_what_is_due_first(people):
    now = timezone.now()
    later, sooner, urgent = (
        case_at("submitted", people, urgency=urgency) for urgency in ("routine", "routine", "urgent")
    )
    for case, hours in ((later, 9), (sooner, 3), (urgent, 20)):
        Case.objects.filter(pk=case.pk).update(due_at=now + dt.timedelta(hours=hours))
    (section,) = waiting.sections(people.ocha_bria)
    assert [case.pk for case in section.cases] == [urgent.pk, sooner.pk, later.pk]


def test_an_adviser_sees_the_clock_of_their_own_body(people):
    case = case_at("submitted", people)
    own = timezone.now() + dt.timedelta(hours=5)
    case.consultations.filter(body="cluster:LOG").update(due_at=own)
    (section,) = waiting.sections(people.log_cluster)
    assert section.cases[0].due_at == own


def test_a_question_waits_for_the_national_unit_until_it_is_answered(people):
    from_hc = case_at("deciding", people)
    make_move(from_hc, "ask", by=people.hc, text="How many trucks are needed?")
    assert from_hc.pk in headings(people.ocha_bgi)["question"]
    make_move(from_hc, "answer", by=people.ocha_bgi, text="Six.")
    assert "question" not in headings(people.ocha_bgi)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("requester_bria", ["Drafts to finish", "OCHA, national unit", "tel:", "Armed escort, Bambari to Bria"]),
        ("ocha_bria", ["Nothing waits for you", "On duty now"]),
        ("ocha_bgi", ["urgent, waiting for the decision", "Humanitarian Coordinator"]),
        (
            "hc",
            [
                "median time to decide, 90 days; imported requests left out",
                "resolved without the military",
                "OCHA, national unit",
            ],
        ),
        ("hoo", ["routine, waiting for the decision"]),
        ("log_cluster", ["Nothing waits for you"]),
        ("admin", ["Nothing waits for you"]),
        ("donor", ["Your role reads figures only", "requests decided, 90 days"]),
        ("nobody", ["You have no role yet", "admin@example.org"]),
    ],
)
def test_each_role_has_a_first_page(client, people, name, words):
    complete_draft(people.requester_bria)
    client.force_login(getattr(people, name))
    page = client.get("/")
    assert page.status_code == 200
    for each in words:
        assert each in page.content.decode()


def test_a_force_goes_to_its_own_requests(client, force_u3):
    client.force_login(force_u3)
    assert client.get("/").headers["Location"] == "/force/"


def test_an_administrator_finds_rights_to_confirm_but_not_their_own(client, people):
    given = rights.appoint(
        by=people.admin2, user=people.nobody, role=Role.OBSERVER, country=people.hc.appointments.get().country
    )
    client.force_login(people.admin)
    assert "Without a role" in client.get("/").content.decode()
    client.force_login(people.admin2)
    assert "Rights to confirm" not in client.get("/").content.decode()
    assert given.confirmed_at is None


def test_a_stand_in_reads_for_whom_and_until_when(client, people):
    row = standing_in(people.ocha_bgi, people.ocha_bria.appointments.get())
    client.force_login(people.ocha_bgi)
    page = client.get("/").content.decode()
    assert f'{people.ocha_bgi} for {people.ocha_bria}, until <time datetime="{row.ends}">' in page
    assert page.count("until <time") == 1
    client.force_login(people.ocha_bria)
    assert "until <time" not in client.get("/").content.decode()


def test_a_stand_in_does_not_find_requests_of_their_own_organisation(people):
    case = case_at("submitted", people)
    officer = person(
        "ngo.officer", Role.OCHA_OFFICER, organisation=people.requester_bria.organisation, name="x", station="bria"
    )
    assert case.pk not in headings(officer).get("review", ())


def test_donors_read_no_small_numbers_and_nothing_of_this_month(client, people, car):
    today = car.today
    for days, count in ((0, 77), (31, 2)):
        for name in figures.ROLLING:
            day = today - dt.timedelta(days=days)
            DailyFigure.objects.create(
                country=car, day=day, figure=name, count=count, minutes=[count] * (3 if name == "ways_90" else 2)
            )
    client.force_login(people.donor)
    page = client.get("/").content.decode()
    assert not re.search(r"\b77\b", strip_tags(page))
    assert "<b>–</b><span>requests decided" in page


@pytest.mark.parametrize(
    "name", ["requester_bria", "ocha_bria", "ocha_bgi", "hc", "hoo", "log_cluster", "admin", "donor"]
)
def test_the_first_page_takes_twelve_queries_at_most_whatever_waits(client, people, name):
    user = getattr(people, name)
    client.force_login(user)
    client.get("/")
    counts = []
    for _round in range(2):
        for status in ("draft", "submitted", "clearing", "deciding", "approved", "reporting"):
            case_at(status, people)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_newcomers_and_stale_contacts_wait_for_those_who_answer_for_them(client, people, bria):
    """The officer of the station verifies at once, the national unit after six days; each confirms its own."""
    by = people.requester_bria
    post = directory.open_post(
        by=by, organisation=by.organisation, station=bria, function="Logistician", holder=Holder("Newcomer"),
        starts=bria.country.today,
    )  # fmt: skip
    seen = {name: _contacts(client, getattr(people, name)) for name in WAITING_FOR}
    assert seen == dict.fromkeys(WAITING_FOR, "") | {"ocha_bria": "newcomer to verify"}
    week, long_ago = (timezone.now() - dt.timedelta(days=days) for days in (7, 91))
    Holding.objects.update(recorded_at=week)
    assert _contacts(client, people.ocha_bgi) == "newcomer to verify"
    directory.verify(post.holder, by=people.ocha_bria)
    assert not any(_contacts(client, getattr(people, name)) for name in WAITING_FOR)
    Holding.objects.update(confirmed_at=long_ago)
    seen = {name: _contacts(client, getattr(people, name)) for name in WAITING_FOR}
    stale = dict.fromkeys(("requester_bria", "colleague_bria"), "not confirmed for 90 days")
    assert seen == dict.fromkeys(WAITING_FOR, "") | stale
    directory.leave(post, by=by)
    assert not _contacts(client, by)


@pytest.mark.parametrize("by_what", ["name", "address", "telephone", "account"])
def test_nobody_finds_themself_among_the_newcomers_to_verify(client, people, bria, by_what):
    """The page of the post would give them no button: another officer verifies."""
    own = people.ocha_bria
    own.telephone = "+236 72 00 00 77"
    own.save(update_fields=["telephone"])
    holder = {
        "name": Holder(own.name.upper()), "address": Holder("Other", addresses=(Mail(own.email),)),
        "telephone": Holder("Other", (Number("+23672000077"),)), "account": Holder("Other"),
    }[by_what]  # fmt: skip
    post = directory.open_post(
        by=own,
        organisation=own.organisation,
        station=bria,
        function="Officer",
        holder=holder,
        starts=bria.country.today,
    )
    if by_what == "account":
        Person.objects.filter(holdings__post=post).update(user=own)
    Holding.objects.update(verified_by=None, verified_at=None, recorded_at=timezone.now() - dt.timedelta(days=7))
    assert not _contacts(client, own)
    assert _contacts(client, people.ocha_bgi) == "newcomer to verify"


WAITING_FOR = (
    "requester_bria", "colleague_bria", "requester_birao", "ocha_bria", "ocha_birao", "ocha_bgi", "ocha_bko", "hc",
    "admin",
)  # fmt: skip


def _contacts(client, user) -> str:
    """What the card of contacts says to this person; "" without one."""
    client.force_login(user)
    _before, found, card = client.get("/").content.decode().partition('id="contacts"')
    card = card.partition("</section>")[0]
    return next((word for word in ("newcomer to verify", "not confirmed for 90 days") if word in card), found)


def test_rights_that_outlive_a_post_are_put_to_the_administrators(client, people, bria):
    by = people.requester_bria
    post = directory.open_post(
        by=by, organisation=by.organisation, station=bria, function="Logistician", holder=Holder("Somebody"),
        starts=bria.country.today,
    )  # fmt: skip
    Person.objects.update(user=people.colleague_bria)

    def proposed(user) -> bool:
        client.force_login(user)
        page = client.get("/").content.decode()
        return people.colleague_bria.get_absolute_url() in page.partition('id="left"')[2].partition("</section>")[0]

    assert not proposed(people.admin)
    directory.leave(post, by=by)
    assert proposed(people.admin) and proposed(people.admin2)
    assert not any(proposed(user) for user in (people.ocha_bgi, people.hc, by))
    rights.end_appointment(people.colleague_bria.appointments.get(), by=people.admin, reason="Left")
    assert not proposed(people.admin)


def test_several_roles_at_once_stay_within_twelve_queries(client, people):
    user = people.requester_bria
    appointed(user, Role.OCHA_OFFICER, station="bambari")
    appointed(user, Role.CLUSTER, cluster="LOG")
    appointed(user, Role.UNDSS)
    draft_case(user)
    case_at("submitted", people, un_on_board=True)
    client.force_login(user)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) <= 12


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("requester_bria", {"/", "/requests/", "/meetings/", "/directory/", "/fleet/", "/guidance/"}),
        ("force_u3", {"/force/", "/reverse/asked/", "/meetings/", "/directory/", "/guidance/"}),
        ("admin", {"/", "/requests/", "/guidance/", "/accounts/"}),
        ("donor", {"/", "/meetings/", "/directory/", "/guidance/"}),
        ("nobody", {"/", "/guidance/"}),
    ],
)
def test_the_menu_offers_what_the_person_may_open(client, people, name, links):
    client.force_login(getattr(people, name))
    page = client.get("/guidance/")
    assert {url for _label, url, _current in page.context["nav"]} == links
    for url in links:
        assert client.get(url).status_code == 200


def test_the_numbers_of_a_country_are_for_those_who_steer_that_country(client, people):
    appointed(people.hc_ml, Role.ICCG, country="CAF", starts=timezone.localdate() - dt.timedelta(days=60))
    held = people.hc_ml.appointments.get(country="MLI")
    held.delete()
    appointed(people.hc_ml, Role.HC, country="MLI")  # read after the one of the Central African Republic
    case_at("deciding", people)
    client.force_login(people.hc_ml)
    assert "waiting for the decision" not in client.get("/").content.decode()


def test_a_recorded_decision_waits_with_its_own_72_hours_and_not_with_the_clock_of_the_case(client, people):
    case = case_at("deciding", people)
    now = timezone.now()
    said = {"person": people.hc, "source": "telephone", "received_at": now, "witness": "Duty officer"}
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=said, **limits_of(case))
    own = now + dt.timedelta(hours=72)
    Case.objects.filter(pk=case.pk).update(due_at=now + dt.timedelta(hours=3))
    (section,) = waiting.sections(people.hc)
    assert section.code == "confirm"
    assert abs(section.cases[0].due_at - own) < dt.timedelta(minutes=1)
    client.force_login(people.hc)
    assert f"{own.astimezone(case.country.zone):%Y-%m-%dT%H:%M}" in client.get("/").content.decode()
    assert "To be confirmed" in client.get(case.get_absolute_url()).content.decode()


def test_other_recorded_words_wait_without_a_clock_and_leave_the_one_of_the_case_alone(people):
    case = case_at("reviewing", people)
    said = {"person": people.log_cluster, "source": "radio", "received_at": timezone.now(), "witness": "Duty officer"}
    make_move(case, "advise_cluster", by=people.ocha_bria, on_behalf=said, value="endorsed")
    (section,) = waiting.sections(people.log_cluster)
    assert (section.code, section.cases[0].due_at) == ("confirm", None)
    (other,) = waiting.sections(people.ocha_bria)
    assert other.cases[0].due_at is not None


@pytest.mark.parametrize(
    ("name", "whom"),
    [("admin", "ask another administrator"), ("ocha_bgi", "ask an administrator"), ("hc", "ask an administrator"),
     ("requester_bria", "ask your OCHA CMCoord officer"), ("donor", "ask your OCHA CMCoord officer")],
)  # fmt: skip
def test_a_refusal_names_whom_this_reader_can_ask(rf, people, settings, name, whom):
    settings.PORTAL_CONTACT = ""
    request = rf.get("/")
    request.user, request.session = getattr(people, name), {}
    answer = permission_denied(request, PermissionDenied("Not for you."))
    assert answer.status_code == 403 and whom in answer.content.decode()


def test_the_demonstration_says_why_a_held_account_cannot_sign_in(client, people, settings):
    settings.DEMO = True
    User.objects.filter(pk=people.hc.pk).update(username="hc.car", held_at=timezone.now())
    answer = client.post("/demo/hc.car/")
    assert answer.status_code == 403 and "This account is held" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    User.objects.filter(pk=people.hc.pk).update(held_at=None)
    assert client.post("/demo/hc.car/").status_code == 302
