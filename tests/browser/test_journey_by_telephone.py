"""Does an escort come about when hardly anybody uses the portal: an organisation by radio, a force by telephone?

The organisation has no account and asks OCHA by radio; of the force nobody opens a page until it is told to. Every
word of theirs is written down by OCHA, with who said it, how, and who else heard it. Times are local; Monday is
2 March 2026.
"""

import re
from types import SimpleNamespace

import pytest
from django.core import mail

from cmcoord.activity.models import Notification, Release
from contacts.models import Addressee
from requests_app import ledger
from tests.activity.conftest import sms_sink, with_number  # noqa: F401  a fixture
from tests.browser.test_journey import PAPER
from tests.browser.walking import Walk, fill, posted_to
from tests.factories import TICKED

pytestmark = pytest.mark.usefixtures("clock")

CAST = ("ocha_bria", "ngosec", "ocha_bgi", "hc", "force_u3", "force_sector", "admin")
BYSTANDERS = (
    "requester_bria", "requester_birao", "ocha_birao", "log_cluster", "undss", "hoo", "donor", "ocha_bko", "force_ml",
)  # fmt: skip
ADDRESS = "presidence@afb.example"
CANARY = "Zibeline"  # stands in every word that is not for the force
TASK = "Escort six civilian trucks from Bambari to Bria, twice."

WITNESS = "Radio operator on duty"
PRESIDENT = {"person_function": "President of the association", "witness": WITNESS}
DRIVER = {"person_function": "Logistician, on the road", "witness": WITNESS}


@pytest.fixture
def cast(clock, request):
    return SimpleNamespace(**{name: request.getfixturevalue(name) for name in (*CAST, *BYSTANDERS)})


@pytest.fixture
def chain(cast, minusca):
    """Headquarters and sector have accounts, the battalion has none, the liaison is left out by OCHA."""
    rows = (
        ("Civil-military cell (U9)", "+236 00 00 06 01", cast.force_u3),
        ("Sector liaison (G3)", "+236 00 00 06 02", cast.force_sector),
        ("Battalion in Bambari", "+236 00 00 06 03", None),
        ("Liaison in Bangassou", "+236 00 00 06 04", None),
    )
    return [
        Addressee.objects.create(force=minusca, place=place, function=function, telephone=number, account=account)
        for place, (function, number, account) in enumerate(rows, start=1)
    ]


@pytest.fixture
def telephones(cast, sms_sink):  # noqa: F811
    """Everybody has confirmed a number for SMS."""
    for number, name in enumerate((*CAST, *BYSTANDERS), start=10):
        with_number(getattr(cast, name), f"+236000007{number}")
    return sms_sink


def test_what_is_said_by_radio_and_telephone_becomes_an_escort(
    open_page, clock, live_url, cast, chain, telephones, axis, bambari_town, bria_town, minusca
):
    walk = Walk(open_page, clock, live_url, locale="en")
    is_taken_down_from_the_radio(walk, cast, axis, bambari_town, bria_town, minusca)
    is_confirmed_by_the_organisation(walk, cast)
    is_reviewed(walk, cast)
    is_decided(walk, cast)
    goes_along_the_chain(walk, cast, chain)
    is_answered_by_telephone(walk, cast, chain)
    is_confirmed_by_the_force(walk, cast)
    is_scheduled(walk, cast, chain)
    is_carried_out(walk, cast, chain)
    is_closed(walk, cast)
    every_message_was_expected(cast, telephones)
    the_ledger_holds_what_the_force_was_told(walk, cast)


def is_taken_down_from_the_radio(walk, cast, axis, bambari_town, bria_town, minusca):
    """Every answer of the ask, as the caller gave it."""
    walk.at("2026-03-02 08:05")
    page = walk.page(cast.ocha_bria)
    page.goto("/requests/new/")
    fill(
        page, request_type="AE", org_name="Association des femmes de Bria", org_acronym="AFB", org_type="nngo",
        org_telephone="+236 70 00 00 02",
        source="radio", received_at="2026-03-02T07:50", **PRESIDENT,
    )  # fmt: skip
    page.locator("main form[method=post] .btn:not(.line)").click()
    page.wait_for_url("**/edit/1/")
    walk.reference = page.url.split("/requests/")[1].split("/")[0]
    fill(
        page, urgency="urgent", need=f"Food for 900 women and children in Bria; nothing is left on the 8th. {CANARY}",
        people="900", critical_by="2026-03-08T12:00",
    )  # fmt: skip
    page.click(".acts button[name=go]")
    page.wait_for_url("**/edit/2/")
    fill(
        page, origin=bambari_town, destination=bria_town, axis=axis, departure_at="2026-03-05T05:30",
        window_to="2026-03-09T18:00", rotations=2, vehicles=6, cargo="Food rations, 60 tonnes.", no_weapons=True,
        un_on_board="no", force=minusca,
    )  # fmt: skip
    page.click(".acts button[name=go]")
    page.wait_for_url("**/edit/3/")
    tried = {
        "option": ("patrol", "partner"),
        "asked_to": ("Cell of Bria", "Parish of Bria"),
        "tried_on": ("2026-02-24", "2026-02-27"),
        "outcome": ("refused", "inadequate"),
        "note": (f"No patrol this week. {CANARY}", f"The parish has no stock. {CANARY}"),
    }
    fill(page, **{f"alternatives-{row}-{name}": each for name, rows in tried.items() for row, each in enumerate(rows)})
    fill(
        page, why_safer=f"Two ambushes within a month; none on escorted convoys. {CANARY}",
        exit_plan=f"Ends with this convoy; the patrol resumes in three weeks. {CANARY}",
    )  # fmt: skip
    ticked = dict(TICKED["AE"])
    fill(page, risks=ticked.pop("risks"))
    fill(page, **{name: f"{words} {CANARY}" for name, words in ticked.items()})
    page.click("button[name=papers]")
    page.wait_for_url("**/files/")
    page.set_input_files("[name=file]", PAPER)
    page.click("button[name=attach]")
    page.wait_for_selector("main ul.rows")
    walk.at("2026-03-02 08:25")
    page.goto(f"/requests/{walk.reference}/submit/")
    assert page.input_value("[name=person_function]") == PRESIDENT["person_function"]
    assert page.input_value("[name=source]") == "radio"
    fill(page, shared=["consent_force", "consent_partners"])
    page.locator("main form[method=post] .btn:not(.line)").last.click()
    page.wait_for_url(f"**/requests/{walk.reference}/")
    case = walk.case
    assert (case.status, case.organisation.acronym, case.created_by) == ("submitted", "AFB", cast.ocha_bria)
    assert "" not in [getattr(case, name) for name in TICKED["AE"]]
    reads(page, "Filed by OCHA for", "Said by President of the association (Radio,", "witness: Radio operator on duty")
    walk.background()


def is_confirmed_by_the_organisation(walk, cast):
    """By its link, signed out, on a small telephone without script, in French: first corrected, then confirmed."""
    walk.at("2026-03-02 08:27")
    theirs = walk.open_page(width=320, height=640, javascript=False, locale="fr")
    asks_by_link(walk, cast, theirs)
    fill(theirs, text="Nous avons 950 femmes et enfants.")
    theirs.locator("form:has([name=text]) button").click()
    reads(theirs, "Merci", walk.reference)
    walk.background()

    walk.at("2026-03-02 08:30")
    page = walk.case_page(cast.ocha_bria)
    reads(page, "“Nous avons 950 femmes et enfants.”", "Work this in, then ask the organisation again.")
    walk.does(cast.ocha_bria, "return", reason="How many are they?")
    assert walk.case.status == "returned"
    page.goto(f"/requests/{walk.reference}/edit/1/")
    fill(page, people="950")
    page.click(".acts button[name=go]")
    page.wait_for_url("**/edit/2/")
    page.goto(f"/requests/{walk.reference}/resubmit/")
    fill(page, reason="950.", source="radio", received_at="2026-03-02T08:28", witness=WITNESS)
    page.locator("main form[method=post] .btn:not(.line)").last.click()
    page.wait_for_url(f"**/requests/{walk.reference}/")
    assert (walk.case.status, walk.case.people) == ("submitted", 950)
    walk.background()

    walk.at("2026-03-02 08:40")
    link = asks_by_link(walk, cast, theirs)
    reads(theirs, "950", "Food rations, 60 tonnes.", "President of the association")
    theirs.locator("button[name=choice][value=yes]").click()
    reads(theirs, "Merci", walk.reference)
    theirs.goto(link)
    assert walk.reference not in theirs.content()
    walk.background()
    assert [row.agrees for row in walk.case.confirmations.all()] == [False, True]
    reads(walk.case_page(cast.ocha_bria), "confirmed today 08:40")


def asks_by_link(walk, cast, theirs):
    """OCHA sends the link; the organisation opens it."""
    page = walk.case_page(cast.ocha_bria)
    page.locator('#filed-for a[href$="/confirmation/"]').click()
    fill(page, **{"ask-address": ADDRESS, "ask-language": "fr"})
    page.locator("button", has_text="Make the link or the code").click()
    page.wait_for_url(f"**/requests/{walk.reference}/")
    walk.background()
    message = [each for each in mail.outbox if each.to == [ADDRESS]][-1]
    link = re.search(r"https?://\S+?(/confirm/\S+)", message.body)[1]
    theirs.goto(link)
    assert theirs.evaluate("document.documentElement.scrollWidth") == 320
    reads(theirs, "Est-ce bien ce que vous avez demandé", walk.reference)
    return link


def is_reviewed(walk, cast):
    walk.at("2026-03-02 08:45")
    walk.does(cast.ocha_bria, "review")
    walk.does(cast.ngosec, "advise_ngo", value="measures", text=f"Two radios in each vehicle. {CANARY}")
    walk.records(cast.ocha_bria, "decide_security", PRESIDENT, value="favourable", analysis="SRM-7")
    walk.does(
        cast.ocha_bria, "assess", support_level="indirect", clusters=["LOG"], provider_kind="peacekeepers",
        escort_mode="distant", need_met="yes", authorities_met="partly", safety_met="yes", sustainability_met="yes",
        criteria_text=f"Nobody of the State is there. {CANARY}", risk_without="high", risk_with="medium",
    )  # fmt: skip
    walk.does(cast.ocha_bria, "validate")
    assert walk.case.status == "clearing"


def is_decided(walk, cast):
    walk.at("2026-03-02 08:55")
    walk.does(
        cast.ocha_bgi, "draft_decision", recommendation="approved", valid_from="2026-03-05T05:00",
        valid_to="2026-03-09T18:00", conditions=["area_only", "no_arms_on_board", "leader_stops"],
        note=f"Last resort. {CANARY}",
    )  # fmt: skip
    walk.does(cast.ocha_bgi, "forward")
    assert walk.case.status == "deciding"
    walk.at("2026-03-02 09:10")
    page = walk.page(cast.hc, width=390, height=844)
    page.goto(f"/requests/{walk.reference}/")
    page.locator("button[name=as_drafted]").click()
    page.wait_for_url(f"**/requests/{walk.reference}/")
    walk.background()
    assert walk.case.status == "approved"


def goes_along_the_chain(walk, cast, chain):
    """OCHA chooses three of four places. None of them opens its page; OCHA telephones along the chain."""
    walk.at("2026-03-02 09:15")
    walk.does(
        cast.ocha_bria, "transmit", addressees=[str(row.pk) for row in chain[:3]], task=TASK,
        cargo="Food rations only.", exit_plan="Two rotations; patrols follow.", task_released=True,
        cargo_released=True, exit_plan_released=True,
    )  # fmt: skip
    walk.force_reference = walk.case.force_reference
    assert walk.case.status == "transmitted"
    walk.at("2026-03-02 09:31")
    walk.at("2026-03-02 09:46")
    for row in chain[:3]:
        page = walk.case_page(cast.ocha_bria)
        first = page.locator("#call .contacts > div").first
        assert row.function in first.inner_text()
        first.locator("button").click()
        page.wait_for_url(f"**/requests/{walk.reference}/")
    reads(
        page, "Civil-military cell (U9) · call next · called today 09:46", "Battalion in Bambari · not yet · called",
        "MINUSCA: Battalion in Bambari · today 09:46 · CMCoord officer, Bria",
    )  # fmt: skip
    assert "Bangassou" not in page.content()
    assert walk.case.status == "transmitted"


def is_answered_by_telephone(walk, cast, chain):
    walk.at("2026-03-02 10:00")
    page = walk.records(cast.ocha_bria, "acknowledge", {"addressee": chain[2], "witness": WITNESS})
    assert walk.case.status == "acknowledged"
    reads(page, "today 10:00 · Battalion in Bambari (Telephone)")
    walk.at("2026-03-02 10:10")
    page = walk.records(
        cast.ocha_bria, "counter", {"addressee": chain[1], "witness": "CMCoord officer, Bangui"},
        text="An hour later, after the patrol.", departure_at="2026-03-05T06:30",
    )  # fmt: skip
    assert walk.case.status == "countered"
    reads(page, "Said by Sector liaison (G3) (Telephone, today 10:10); recorded by CMCoord officer, Bria, "
                "witness: CMCoord officer, Bangui. not confirmed yet")  # fmt: skip
    walk.at("2026-03-02 10:20")
    assert page.locator('#call a[href="tel:+23670000002"]').count() == 1
    page = walk.records(cast.ocha_bria, "agree", PRESIDENT, text="An hour later suits us.")
    reads(page, "The requesting organisation agrees", "Said by President of the association (Telephone, today 10:20)")
    assert walk.case.replies.get().agreement.text == "An hour later suits us."


def is_confirmed_by_the_force(walk, cast):
    walk.at("2026-03-02 10:25")
    page = walk.page(cast.force_sector)
    page.goto(f"/force/{walk.force_reference}/")
    reads(page, "Recorded in your name", "An hour later, after the patrol.", "Battalion in Bambari · today 10:00")
    reads(page, "020900Z MAR 26 · Battalion in Bambari · Telephone", "today 10:10 · G3 sector east · Telephone")
    page.locator('form[action$="/confirm/"] button').click()
    page.wait_for_load_state()
    assert page.locator('form[action$="/confirm/"]').count() == 0
    walk.background()
    assert walk.case.replies.get().on_behalf.confirmed_at
    reads(walk.case_page(cast.ocha_bria), "witness: CMCoord officer, Bangui. confirmed today 10:25")


def is_scheduled(walk, cast, chain):
    walk.at("2026-03-02 10:30")
    page = walk.page(cast.ocha_bria)
    parts = (
        {"convoy_name": "ALPHA ONE", "leaves_at": "2026-03-05T06:30", "arrives_at": "2026-03-05T15:00",
         "return_leg": "none"},
        {"convoy_vehicles-0-kind": "heavy_truck", "convoy_vehicles-0-plate": "AA 001 BG"},
        {"convoy_leader": "Logistician", "leader_telephone": "+236 70 00 00 01", "focal_point": "President",
         "focal_telephone": "+236 70 00 00 02", "staff-0-organisation": "AFB", "staff-0-count": "8",
         "names_needed": "no"},
        {"cargo_lines-0-description": "Food rations", "consignee": "Storekeeper"},
        {"comms_plan": "HF every two hours.", "casevac_plan": "Hospital of Bria.", "escort_rules": ["no_weapons"],
         "community_message": CANARY},
    )  # fmt: skip
    page.goto(f"/requests/{walk.reference}/sheet/")
    page.click('main a[href$="/sheet/1/#div_id_convoy_name"]')
    for number, answers in enumerate(parts, 2):
        fill(page, **answers)
        page.click(".acts button[name=go]")
        part = "" if number > len(parts) else f"{number}/"
        page.wait_for_url(re.compile(f"/sheet/{part}(#.*)?$"))
    assert walk.case.sheet.is_complete
    walk.at("2026-03-02 10:35")
    walk.does(
        cast.ocha_bria, "schedule", departure_at="2026-03-05T06:30", rendezvous_at="2026-03-05T05:45",
        rendezvous="Gate of the compound, Bambari", leader="Logistician", contact="+236 70 00 00 01",
        words_released=True,
    )  # fmt: skip
    assert walk.case.status == "scheduled"
    walk.at("2026-03-02 10:45")
    walk.records(cast.ocha_bria, "receive", {"addressee": chain[2], "witness": WITNESS})


def is_carried_out(walk, cast, chain):
    """Two rotations, each side's word by telephone; the convoy's own is written down for it, too."""
    battalion = {"addressee": chain[2], "witness": WITNESS}
    walk.at("2026-03-05 07:00")
    walk.records(cast.ocha_bria, "start", DRIVER, happened_at="2026-03-05T06:35", side="humanitarian")
    assert walk.case.status == "underway"
    for number, day in ((1, "2026-03-05"), (2, "2026-03-07")):
        walk.at(f"{day} 16:00")
        for what, hour in (("start", "06:35"), ("end", "15:10")):
            told = {"what": what, "number": number, "happened_at": f"{day}T{hour}"}
            walk.records(cast.ocha_bria, "log", battalion, side="force", **told)
            if (number, what) != (1, "start"):
                walk.records(cast.ocha_bria, "log", DRIVER, side="humanitarian", **told)
        assert walk.case.status == ("underway", "reporting")[number - 1]
    reads(
        walk.case_page(cast.ocha_bria), "Said by Battalion in Bambari (Telephone, today 16:00); recorded by CMCoord",
        "CMCoord officer, Bria, recording for Logistician, on the road, logged the end of rotation 2.",
    )  # fmt: skip


def is_closed(walk, cast):
    walk.at("2026-03-08 09:00")
    page = walk.records(
        cast.ocha_bria, "close", PRESIDENT, as_approved="yes", condition_0="yes", condition_1="yes",
        condition_2="yes", perception="People were glad.", civilian_option_now="no", lesson="Tell the parish before.",
    )  # fmt: skip
    assert walk.case.status == "closed"
    reads(page, "recording for President of the association, filed the after-action review; the request is closed.")
    reads(
        page,
        "President of the association, today 09:00\n\nSaid by President of the association (Telephone, today 09:00)",
    )


def every_message_was_expected(cast, telephones):
    """Each mail and SMS went to somebody on these lists; of the request an SMS says its reference and a link alone."""
    for name in (*CAST, *BYSTANDERS):
        person = getattr(cast, name)
        assert posted_to(person) == MAILS.get(name, []), name
        rows = Notification.objects.filter(channel="sms", recipient=person, status="sent").order_by("id")
        assert [row.kind.removeprefix("case.") for row in rows] == SMS.get(name, "").split(), name
    assert len(mail.outbox) == sum(map(len, MAILS.values())) + 2  # the links to the organisation
    assert len(telephones.taken) == sum(len(kinds.split()) for kinds in SMS.values())
    assert not any(word in taken["text"] for taken in telephones.taken for word in (CANARY, "Bria", "AFB"))
    assert not any(CANARY in message.message().as_string() for message in mail.outbox)


def the_ledger_holds_what_the_force_was_told(walk, cast):
    rows = Release.objects.order_by("id")
    assert {row.reference for row in rows} == {walk.force_reference}
    told = [(row.what, row.code) for row in rows if row.what in ("extract", "text")]
    assert told == [
        ("extract", "request"), ("text", "task"), ("text", "cargo"), ("text", "exit_plan"),
        ("extract", "schedule"), ("text", "rendezvous"), ("text", "leader"), ("text", "comms_plan"),
        ("text", "casevac_plan"),
    ]  # fmt: skip
    calls = [(row.function, row.recipient, row.by) for row in rows if row.what == "call"]
    assert calls == [
        ("Civil-military cell (U9)", cast.force_u3, cast.ocha_bria),
        ("Sector liaison (G3)", cast.force_sector, cast.ocha_bria),
        ("Battalion in Bambari", None, cast.ocha_bria),
    ]
    for name in ("force_u3", "force_sector"):
        own = [row for row in rows if row.recipient == getattr(cast, name)]
        assert len([row for row in own if row.what == "mail"]) == len(MAILS[name])
        assert [row.code.removeprefix("case.") for row in own if row.what == "sms"] == SMS[name].split()
    assert list(ledger.differences()) == []


def reads(page, *sentences):
    """The words stand on the page."""
    text = page.locator("main").inner_text().replace("\N{NARROW NO-BREAK SPACE}", " ")
    for sentence in sentences:
        assert sentence in text, text


MAILS = {
    "ocha_bria": [
        "please call the organisation (OCHA was called)",
        "please review (request submitted)",
        "please act (corrected by the organisation)",
        "please review (request submitted again)",
        "confirmed by the organisation, for your information",
        "security advice given, for your information",
        "request cleared for decision, for your information",
        "please transmit to the force (request approved)",
        "overdue, please act",
        "please weigh the reply (counter-proposal of the force)",
        "please schedule (the requester agrees)",
        "record confirmed, for your information",
    ],
    "ngosec": ["please give your opinion (request submitted)", "request approved, for your information"],
    "ocha_bgi": [
        "please call the organisation (OCHA was called)",
        "security advice given, for your information",
        "security decision of the organisation, for your information",
        "please clear and draft the decision (request validated by the station)",
        "please transmit to the force (request approved)",
        "request transmitted to the force, for your information",
        "overdue, please act",
        "receipt acknowledged by the force, for your information",
        "please weigh the reply (counter-proposal of the force)",
        "please schedule (the requester agrees)",
        "record confirmed, for your information",
        "escort scheduled, for your information",
        "receipt acknowledged by the force, for your information",
        "escort under way, for your information",
        *["rotation logged, for your information"] * 7,
        "escort completed, for your information",
        "request closed, for your information",
    ],
    "hc": ["please decide (request cleared for decision)", "request closed, for your information"],
    "force_u3": [
        "merci de répondre",
        *["merci d’accuser réception"] * 3,  # half of the time, all of it, then the schedule
        *["pour votre information"] * 2,  # under way, completed
    ],
    "force_sector": [
        "merci de répondre",
        *["merci d’accuser réception"] * 2,
        "merci de confirmer",
        "merci d’accuser réception",
        *["pour votre information"] * 2,
    ],
    "admin": ["organisation named, for your information"],
}
SMS = {
    "ocha_bria": "submit resubmit approve escalate counter agree",
    "ngosec": "submit approve",
    "ocha_bgi": "validate approve transmit escalate counter agree",
    "hc": "forward",
    "force_u3": "transmit remind escalate schedule",
    "force_sector": "transmit remind escalate counter schedule",
}
