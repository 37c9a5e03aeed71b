"""The rescue at Nzacko of 15 August 2020, as it would go: by telephone first, decided orally, written the day after.

A humanitarian mission was stranded there after a fault of its helicopter. People and functions are made up. Times are
local; whoever hears of what is written here by hand, mail by mail and SMS by SMS.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from cmcoord.activity import kinds, sms_delivery
from cmcoord.activity.delivery import deliver_due
from cmcoord.activity.models import Event, Notification
from requests_app import waiting
from requests_app.services import current_clocks, make_move, start_case
from requests_app.services.filing import save_answers
from requests_app.tasks import sweep_cases
from tests.activity.conftest import sms_sink, with_number  # noqa: F401  a fixture
from tests.browser.conftest import clock  # noqa: F401  a fixture
from tests.browser.walking import posted_to
from tests.factories import fresh, limits_of, rescue_answers

pytestmark = pytest.mark.django_db

CAST = ("requester_bria", "ocha_bria", "ocha_bgi", "hc", "hoo", "ngosec", "force_u3", "force_sector")
BYSTANDERS = ("requester_birao", "ocha_birao", "log_cluster", "undss", "donor", "ocha_bko", "force_ml")
PILOTS = {"person_function": "Head of mission, on the spot", "source": "telephone", "witness": "Radio operator, Bria"}


@pytest.fixture
def cast(clock, request):  # noqa: F811
    clock.set("2020-08-15 09:00")
    people = {name: request.getfixturevalue(name) for name in (*CAST, *BYSTANDERS)}
    for number, person in enumerate(people.values(), start=10):
        with_number(person, f"+236000007{number}")
    return SimpleNamespace(**people)


@pytest.fixture
def at(clock):  # noqa: F811
    def moment(local: str):
        """It is this time in Bangui; what is due by then is done and sent."""
        clock.set(local)
        background()
        return timezone.now()

    return moment


def background():
    sweep_cases()
    deliver_due()
    sms_delivery.deliver_due()


def clocks_of(case) -> dict[str, str]:
    """Each running clock, and until when it runs."""
    zone = case.country.zone
    return {each.key: f"{each.due.astimezone(zone):%d %H:%M}" for each in current_clocks(fresh(case))}


def is_taken_down(at, cast, car, bria, ngo):
    """10:05: the head of mission calls; OCHA writes down six answers and sends them."""
    now = at("2020-08-15 10:05")
    said = {**PILOTS, "received_at": now}
    case = start_case(by=cast.ocha_bria, country=car, station=bria, organisation=ngo, request_type="EVAC",
                      language="en", on_behalf=said)  # fmt: skip
    answers = {key: value for key, value in rescue_answers().items() if key not in ("request_type", "alternatives")}
    case = save_answers(case, by=cast.ocha_bria, base_version=case.version, answers=answers)
    make_move(case, "submit", by=cast.ocha_bria, on_behalf={**said, "person": cast.requester_bria})
    background()
    assert clocks_of(case) == {
        "station": "15 11:05", "security.ngo_adviser": "15 11:05", "hc": "15 12:05", "form": "16 10:05",
    }  # fmt: skip
    return case


def is_decided(at, cast, case):
    """10:20: the Humanitarian Coordinator says yes on the telephone; somebody else in the room heard it."""
    now = at("2020-08-15 10:20")
    said = {"person": cast.hc, "source": "telephone", "received_at": now, "witness": "Access officer, Bangui"}
    case = fresh(case)
    limits = limits_of(case, valid_from=case.departure_at, valid_to=case.window_to)
    make_move(case, "approve_orally", by=cast.ocha_bria, on_behalf=said, witness="Awa Ngbaro", **limits)
    background()
    assert clocks_of(case) == {"transmission": "15 10:50", "form": "16 10:05", "writing": "16 10:20"}


def is_flown(at, cast, case):
    """Transmitted at once, answered within the half hour, flown the same afternoon."""
    at("2020-08-15 10:25")
    task = "Bring nine people from Nzacko to Bria by helicopter."
    make_move(fresh(case), "transmit", by=cast.ocha_bria, task=task, confirmed=["task"])
    background()
    assert clocks_of(case) == {
        "acknowledgement": "15 10:55", "reply": "15 12:25", "form": "16 10:05", "writing": "16 10:20",
    }  # fmt: skip
    at("2020-08-15 10:40")
    make_move(fresh(case), "acknowledge", by=cast.force_u3)
    at("2020-08-15 11:00")
    make_move(fresh(case), "accept", by=cast.force_u3)
    background()
    assert clocks_of(case) == {"scheduling": "15 12:00", "form": "16 10:05", "writing": "16 10:20"}
    leaves = at("2020-08-15 11:10") + dt.timedelta(minutes=40)
    make_move(fresh(case), "schedule", by=cast.ocha_bria, departure_at=leaves, rendezvous="Landing place, Nzacko",
              rendezvous_at=leaves, leader="Head of mission", contact="+236 70 00 00 31", sheet_version=0)  # fmt: skip
    at("2020-08-15 11:20")
    make_move(fresh(case), "receive", by=cast.force_u3)
    now = at("2020-08-15 12:00")
    make_move(fresh(case), "start", by=cast.force_u3, happened_at=now)
    now = at("2020-08-15 14:30")
    make_move(fresh(case), "log", by=cast.force_u3, what="end", happened_at=now)
    make_move(fresh(case), "log", by=cast.requester_bria, what="end", happened_at=now, is_last=True)
    background()


def is_written(at, cast, case):
    """The day after, before the 24 hours are over."""
    at("2020-08-15 22:30")  # half of the time has passed: both are reminded, once
    at("2020-08-16 08:00")
    assert clocks_of(case)["writing"] == "16 10:20"
    make_move(fresh(case), "confirm_in_writing", by=cast.hc)
    background()
    at("2020-08-16 09:00")
    make_move(fresh(case), "file_form", by=cast.requester_bria, destination=case.origin, un_on_board=False,
              risk_comparable="UNHAS: no second aircraft that day.", exit_plan="They fly on by UNHAS.")  # fmt: skip
    background()
    at("2020-08-16 12:00")  # nothing is late
    assert set(clocks_of(case)) == {"after_action"}


def test_a_stranded_mission_is_brought_out_and_the_papers_follow(at, cast, car, bria, ngo, sms_sink):  # noqa: F811
    case = is_taken_down(at, cast, car, bria, ngo)
    is_decided(at, cast, case)
    is_flown(at, cast, case)
    is_written(at, cast, case)
    for name in (*CAST, *BYSTANDERS):
        person = getattr(cast, name)
        assert posted_to(person) == MAILS.get(name, []), name
        rows = Notification.objects.filter(channel="sms", recipient=person, status="sent").order_by("id")
        assert [row.kind.removeprefix("case.") for row in rows] == SMS.get(name, "").split(), name
    assert len(mail.outbox) == sum(map(len, MAILS.values()))
    assert len(sms_sink.taken) == sum(len(each.split()) for each in SMS.values())


def test_a_decision_that_is_not_written_in_a_day_goes_up_and_comes_back(at, cast, car, bria, ngo):
    case = is_taken_down(at, cast, car, bria, ngo)
    is_decided(at, cast, case)
    at("2020-08-16 10:15")
    assert "overdue, please confirm in writing" not in posted_to(cast.hc)
    at("2020-08-16 10:25")
    at("2020-08-16 10:30")  # once
    assert posted_to(cast.hc)[-1] == "overdue, please confirm in writing"
    assert posted_to(cast.hc).count("overdue, please confirm in writing") == 1
    assert posted_to(cast.hoo)[-1] == "overdue, please act"
    escalated = [row.data["clock"] for row in Event.objects.about(case).filter(kind="case.escalate").order_by("id")]
    assert escalated[-1] == "writing"
    assert kinds.is_mandatory("case.escalate", "write")
    make_move(fresh(case), "withdraw", by=cast.requester_bria)  # the decision stays to be written
    assert [each.code for each in waiting.sections(cast.hoo)] == ["late"]
    assert [each.code for each in waiting.sections(cast.hc)] == ["write"]


MAILS = {
    "requester_bria": [
        "please confirm (request submitted)",
        "approved by word of mouth, for your information",
        "request transmitted to the force, for your information",
        "accepted by the force, for your information",
        "escort scheduled, for your information",
        "escort under way, for your information",
        "rotation logged, for your information",
        "please file the after-action review (after-action review)",
        "reminder, please file the full form",
        "decision confirmed in writing, for your information",
    ],
    "ocha_bria": [
        "please review (request submitted)",
        "please transmit to the force (approved by word of mouth)",
        "receipt acknowledged by the force, for your information",
        "please schedule (accepted by the force)",
        "receipt acknowledged by the force, for your information",
        "escort under way, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "escort completed, for your information",
        "decision confirmed in writing, for your information",
        "full form filed, for your information",
    ],
    "ocha_bgi": [
        "please transmit to the force (approved by word of mouth)",
        "request transmitted to the force, for your information",
        "receipt acknowledged by the force, for your information",
        "please schedule (accepted by the force)",
        "escort scheduled, for your information",
        "receipt acknowledged by the force, for your information",
        "escort under way, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "escort completed, for your information",
        "decision confirmed in writing, for your information",
        "full form filed, for your information",
    ],
    "hc": [
        "please decide (request submitted)",
        "please confirm in writing (approved by word of mouth)",
        "reminder, please confirm in writing",
    ],
    "ngosec": ["please give your opinion (request submitted)", "approved by word of mouth, for your information"],
    "force_u3": ["merci de répondre", "merci d’accuser réception", "pour votre information"],
    "force_sector": [
        "merci de répondre", "merci d’accuser réception", "pour votre information", "pour votre information",
    ],
}  # fmt: skip
# Everything that presses, within minutes; nobody is woken for what is written the day after.
SMS = {
    "requester_bria": "submit approve_orally transmit accept",
    "ocha_bria": "submit approve_orally accept",
    "ocha_bgi": "approve_orally transmit accept",
    "hc": "submit approve_orally",
    "ngosec": "submit approve_orally",
    "force_u3": "transmit schedule",
    "force_sector": "transmit schedule",
}
