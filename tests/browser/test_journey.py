"""Does one escort request travel from the field to the Humanitarian Coordinator, to the force and back, in a browser?

Told twice: in English without script, and in French with it. Times are local; Monday is 2 March 2026. At the end every
mail that each person received is compared with a list written by hand.
"""

import re
from types import SimpleNamespace

import pytest
from django.core import mail

from cmcoord.accounts.models import User
from tests.browser.walking import Walk, fill, posted_to, step
from tests.people import PASSWORD

pytestmark = pytest.mark.usefixtures("clock")

RELEASED = ("task_released", "cargo_released", "exit_plan_released")
FOR_THE_FORCE = {"cargo": "Food rations only.", "exit_plan": "One convoy; patrols follow."}  # it reads English
CANARY = "Zibeline"  # stands in every word that is not for the force
PAPER = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}

CAST = ("requester_bria", "log_cluster", "ocha_bria", "undss", "ngosec", "ocha_bgi", "hc", "force_u3")
BYSTANDERS = ("requester_birao", "ocha_birao", "hoo", "donor", "ocha_bko", "admin", "admin2")


@pytest.fixture
def cast(clock, request):
    """Everybody in the story and around it; none of them was there before the story's first Monday."""
    return SimpleNamespace(**{name: request.getfixturevalue(name) for name in (*CAST, *BYSTANDERS)})


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", False), ("fr", True)],
    ids=["in English without script", "in French with script"],
)
def test_a_convoy_is_asked_for_decided_escorted_and_closed(
    open_page, clock, live_url, cast, axis, bambari_town, bria_town, minusca, language, script
):
    User.objects.exclude(username__startswith="force").update(language=language)
    walk = Walk(open_page, clock, live_url, locale=language, javascript=script)
    files_the_request(walk, cast, axis, bambari_town, bria_town, minusca)
    is_reviewed(walk, cast)
    is_cleared(walk, cast)
    is_decided(walk, cast)
    has_its_sheet(walk, cast)
    is_answered_by_the_force(walk, cast)
    is_put_off_by_a_day(walk, cast)
    is_carried_out(walk, cast)
    is_closed(walk, cast)
    every_mail_was_expected(cast, language)
    the_force_learned_no_more_than_it_was_sent(walk, cast)


def files_the_request(walk, cast, axis, bambari_town, bria_town, minusca):
    walk.at("2026-03-02 08:05")
    page = walk.open_page(**walk.browser)
    page.goto("/account/login/")
    fill(page, login="req.bria", password=PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    walk.pages["req.bria"] = "2026-03-02", page

    page.goto("/requests/new/")
    page.check("[name=request_type][value=AE]")
    page.locator("main form[method=post] .btn:not(.line)").click()
    page.wait_for_url("**/edit/1/")
    walk.reference = page.url.split("/requests/")[1].split("/")[0]
    assert walk.reference == "CAF-AE-2026-0001"
    fill(
        page,
        urgency="routine",
        need=f"Food for 4,200 people displaced around Bria; the stock ends on the 20th. {CANARY}",
        people="4 200",
        critical_by="2026-03-20T12:00",
    )
    page.click(".acts button[name=go]")
    page.wait_for_url("**/edit/2/")
    fill(
        page,
        origin=bambari_town,
        destination=bria_town,
        axis=axis,
        departure_at="2026-03-10T05:30",
        window_to="2026-03-13T18:00",
        rotations=1,
        vehicles=12,
        cargo="Food rations, 60 tonnes.",
        no_weapons=True,
        un_on_board="yes",
        force=minusca,
    )
    page.click(".acts button[name=go]")
    page.wait_for_url("**/edit/3/")
    alternatives = {
        "option": ("patrol", "acceptance"),
        "tried_on": ("2026-02-24", "2026-02-26"),
        "outcome": ("refused", "inadequate"),
        "note": (f"No patrol on this axis this week. {CANARY}", f"No guarantee was given. {CANARY}"),
    }
    for name, values in alternatives.items():
        for row, value in enumerate(values):
            fill(page, **{f"alternatives-{row}-{name}": value})
    page.check("[name=risks][value=perception]")
    fill(
        page,
        why_safer=f"Two ambushes on this axis within a month; none on escorted convoys. {CANARY}",
        mitigation="Communities are told before.",
        neutrality=f"Communities are told before; no soldier at the distribution. {CANARY}",
        exit_plan="Ends with this convoy; the patrol resumes in three weeks.",
    )
    page.click("button[name=papers]")
    page.wait_for_url("**/files/")
    page.set_input_files("[name=file]", PAPER)
    page.click("button[name=attach]")
    page.wait_for_selector("main ul.rows")
    page.goto(f"/requests/{walk.reference}/submit/")
    walk.at("2026-03-02 08:30")
    page.check("[name=shared][value=consent_force]")
    page.locator("main form[method=post] .btn:not(.line)").last.click()
    page.wait_for_url(f"**/requests/{walk.reference}/")
    assert walk.case.status == "submitted"
    assert walk.case.files.count() == 1
    walk.background()


def is_reviewed(walk, cast):
    """The cluster answers beside the review; the station asks once; the two security opinions are given in parallel."""
    walk.at("2026-03-02 08:45")
    walk.does(cast.log_cluster, "advise_cluster", value="endorsed", text=f"No trucks of ours are free. {CANARY}")
    walk.at("2026-03-02 09:00")
    walk.does(cast.ocha_bria, "review")
    walk.does(cast.ocha_bria, "return", reason=f"How do you travel afterwards? {CANARY}")
    assert walk.case.status == "returned"

    walk.at("2026-03-02 10:00")
    page = walk.case_page(cast.requester_bria)
    assert "How do you travel afterwards?" in page.locator("main").inner_text()
    page.locator('main a[href*="/edit/"]').first.click()
    page.goto(f"/requests/{walk.reference}/edit/3/")
    assert page.input_value("[name=alternatives-0-option]") == "patrol"
    fill(page, exit_plan="Ends with this convoy; the next one follows the patrol, in three weeks.")
    page.click(".acts button[name=go]")
    page.wait_for_url("**/resubmit/")
    walk.does(cast.requester_bria, "resubmit", reason=f"With the patrol, in three weeks. {CANARY}")

    walk.at("2026-03-02 10:10")
    walk.does(cast.ocha_bria, "review")
    walk.does(cast.undss, "advise_security", value="measures", text=f"Two radios in each vehicle. {CANARY}")
    walk.does(cast.requester_bria, "decide_security", value="favourable", analysis="SRM-0001")
    walk.does(
        cast.ocha_bria, "assess", support_level="indirect", clusters=["LOG"], provider_kind="peacekeepers",
        escort_mode="distant", need_met="yes", authorities_met="partly", safety_met="yes", sustainability_met="yes",
        criteria_text=f"Nobody of the State is there. {CANARY}", risk_without="high", risk_with="medium",
    )  # fmt: skip
    walk.does(cast.ocha_bria, "validate")
    assert walk.case.status == "clearing"
    assert set(walk.case.opinions.values_list("body", flat=True)) == {"cluster:LOG", "undss", "own_security"}


def is_cleared(walk, cast):
    walk.at("2026-03-02 11:00")
    walk.does(
        cast.ocha_bgi,
        "draft_decision",
        recommendation="approved",
        valid_from="2026-03-10T05:00",
        valid_to="2026-03-13T18:00",
        conditions=["area_only", "no_arms_on_board", "leader_stops"],
        note=f"Last resort; everything else was tried. {CANARY}",
    )
    walk.does(cast.ocha_bgi, "forward")
    assert walk.case.status == "deciding"


def is_decided(walk, cast):
    """The reminder at half of the coordinator's time goes out in the night; the decision is one tap on a telephone."""
    walk.at("2026-03-03 08:00")
    page = walk.page(cast.hc, width=390, height=844)
    page.goto("/")
    page.click(f'main a[href="/requests/{walk.reference}/"]')
    button = page.locator("button[name=as_drafted]")
    assert button.inner_text() == {"en": "Approve as drafted", "fr": "Approuver tel que rédigé"}[walk.browser["locale"]]
    button.click()
    walk.background()
    assert walk.case.status == "approved"
    assert len(walk.case.decision.conditions) == 3


def has_its_sheet(walk, cast):
    """Part by part, before the escort can be scheduled; the last part leads back to the whole sheet."""
    walk.at("2026-03-03 08:20")
    page = walk.page(cast.requester_bria)
    parts = (
        {"convoy_name": "ALPHA ONE", "leaves_at": "2026-03-10T05:30", "arrives_at": "2026-03-10T15:00",
         "return_leg": "none"},
        {"convoy_vehicles-0-kind": "heavy_truck", "convoy_vehicles-0-plate": "AA 001 BG"},
        {"convoy_leader": "Logistician", "leader_telephone": "+236 70 00 00 01", "focal_point": "Coordinator",
         "focal_telephone": "+236 70 00 00 02", "staff-0-organisation": "INGO A", "staff-0-count": "8",
         "names_needed": "no"},
        {"cargo_lines-0-description": "Food rations", "consignee": "Storekeeper"},
        {"comms_plan": "HF every two hours.", "casevac_plan": "Hospital of Bria.", "escort_rules": ["no_weapons"],
         "security_ref": f"TRIP-1 {CANARY}", "community_message": CANARY, "programme_criticality": "pc1"},
    )  # fmt: skip
    page.goto(f"/requests/{walk.reference}/sheet/")
    page.click('main a[href$="/sheet/1/#div_id_convoy_name"]')
    for number, answers in enumerate(parts, 2):
        fill(page, **answers)
        page.click(".acts button[name=go]")
        part = "" if number > len(parts) else f"{number}/"
        page.wait_for_url(re.compile(f"/sheet/{part}(#.*)?$"))  # without script the anchor of the link stays
    assert walk.case.sheet.is_complete


def is_answered_by_the_force(walk, cast):
    walk.at("2026-03-03 08:45")
    walk.does(cast.ocha_bria, "transmit", **FOR_THE_FORCE, **dict.fromkeys(RELEASED, True))
    walk.force_reference = walk.case.force_reference
    walk.at("2026-03-03 09:15")
    force_does(walk, cast, "acknowledge")
    assert walk.case.status == "acknowledged"
    force_does(walk, cast, "limit", text="De jour seulement.")
    assert walk.case.status == "limited"
    walk.at("2026-03-03 10:30")
    walk.does(
        cast.ocha_bria,
        "schedule",
        departure_at="2026-03-10T05:30",
        rendezvous_at="2026-03-10T04:45",
        rendezvous="Gate of the compound, Bambari",
        leader="Convoy leader",
        contact="+236 00 00 03 01",
        words_released=True,
    )
    assert walk.case.status == "scheduled"
    walk.at("2026-03-03 11:00")
    force_does(walk, cast, "acknowledge")


def is_put_off_by_a_day(walk, cast):
    walk.at("2026-03-04 09:00")
    walk.does(cast.requester_bria, "change", departure_at="2026-03-11T05:30")
    assert [paper.kind for paper in walk.case.extracts.order_by("number")] == ["request", "schedule", "supplement"]
    walk.at("2026-03-04 09:30")
    force_does(walk, cast, "acknowledge")
    assert not walk.case.extracts.filter(acknowledgement=None).exists()


def is_carried_out(walk, cast):
    walk.at("2026-03-11 05:45")
    walk.does(cast.requester_bria, "start", happened_at="2026-03-11T05:35")
    assert walk.case.status == "underway"
    force_does(walk, cast, "log", what="start", happened_at="2026-03-11T05:40")
    walk.at("2026-03-11 15:00")
    walk.does(cast.requester_bria, "log", what="end", happened_at="2026-03-11T14:30")
    assert walk.case.status == "underway"
    force_does(walk, cast, "log", what="end", happened_at="2026-03-11T14:40")
    assert walk.case.status == "reporting"


def is_closed(walk, cast):
    walk.at("2026-03-11 16:00")
    page = walk.case_page(cast.requester_bria)
    page.locator("button[name=nothing_to_report]").first.click()
    walk.background()
    assert walk.case.status == "closed"
    assert walk.case.after_action.nothing_to_report


def force_does(walk, cast, code, **answers):
    """A step of the force, on the force's own page."""
    page = walk.page(cast.force_u3)
    page.goto(f"/force/{walk.force_reference}/")
    step(page, code, **answers)
    assert page.url.endswith(f"/force/{walk.force_reference}/"), page.locator("main").inner_text()
    walk.background()


def every_mail_was_expected(cast, language):
    """The force reads French in each telling; nobody else hears of the request."""
    expected = {"en": ENGLISH, "fr": FRENCH}[language] | {"force_u3": FORCE}
    for name in (*CAST, *BYSTANDERS):
        assert posted_to(getattr(cast, name)) == expected.get(name, []), name
    assert len(mail.outbox) == sum(len(subjects) for subjects in expected.values())
    assert all(len(message.to) == 1 and not message.cc and not message.bcc for message in mail.outbox)


def the_force_learned_no_more_than_it_was_sent(walk, cast):
    """Neither its mails nor its pages hold the humanitarian reference or a word of need, reasons or opinions."""
    assert not any(CANARY in message.message().as_string() for message in mail.outbox)
    for message in mail.outbox:
        if message.to == [cast.force_u3.email]:
            said = message.subject + message.body + message.alternatives[0][0]
            assert walk.force_reference in message.subject
            assert walk.reference not in said
    page = walk.page(cast.force_u3)
    for address in ("/", "/force/", f"/force/{walk.force_reference}/", "/notifications/"):
        page.goto(address)
        assert CANARY not in page.content(), address
        assert walk.reference not in page.content(), address
    page.goto(f"/requests/{walk.reference}/")
    of_a_case = page.content()
    page.goto("/requests/CAF-AE-2026-9999/")
    assert of_a_case.replace(walk.reference, "CAF-AE-2026-9999") == page.content()


ENGLISH = {
    "requester_bria": [
        "opinion of the cluster given, for your information",
        "review started, for your information",
        "please answer the question (request returned for completion)",
        "review started, for your information",
        "security opinion given, for your information",
        "request validated by the station, for your information",
        "request cleared for decision, for your information",
        "request approved, for your information",
        "request transmitted to the force, for your information",
        "please agree or comment (accepted by the force with limits)",
        "escort scheduled, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "escort completed, for your information",
        "please file the after-action review (after-action review)",
    ],
    "log_cluster": [
        "please give your opinion (request submitted)",
        "request approved, for your information",
    ],
    "ocha_bria": [
        "please review (request submitted)",
        "opinion of the cluster given, for your information",
        "please review (request submitted again)",
        "security opinion given, for your information",
        "security decision of the organisation, for your information",
        "request cleared for decision, for your information",
        "please transmit to the force (request approved)",
        "receipt acknowledged by the force, for your information",
        "please weigh the reply (accepted by the force with limits)",
        "receipt acknowledged by the force, for your information",
        "details changed (supplement), for your information",
        "receipt acknowledged by the force, for your information",
        "escort under way, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "escort completed, for your information",
        "request closed, for your information",
    ],
    "undss": [
        "please give your opinion (request submitted)",
        "request approved, for your information",
    ],
    "ngosec": [
        "please give your opinion (request submitted)",
        "request approved, for your information",
    ],
    "ocha_bgi": [
        "opinion of the cluster given, for your information",
        "security opinion given, for your information",
        "security decision of the organisation, for your information",
        "please clear and draft the decision (request validated by the station)",
        "please transmit to the force (request approved)",
        "request transmitted to the force, for your information",
        "receipt acknowledged by the force, for your information",
        "please weigh the reply (accepted by the force with limits)",
        "escort scheduled, for your information",
        "receipt acknowledged by the force, for your information",
        "details changed (supplement), for your information",
        "receipt acknowledged by the force, for your information",
        "escort under way, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "rotation logged, for your information",
        "escort completed, for your information",
        "request closed, for your information",
    ],
    "hc": [
        "please decide (request cleared for decision)",
        "reminder, please decide",
        "request closed, for your information",
    ],
}
FRENCH = {
    "requester_bria": [
        "avis du cluster donné, pour votre information",
        "examen commencé, pour votre information",
        "merci de répondre à la question (demande renvoyée pour complément)",
        "examen commencé, pour votre information",
        "avis sécurité donné, pour votre information",
        "demande validée sur le terrain, pour votre information",
        "demande vérifiée, soumise à décision, pour votre information",
        "demande approuvée, pour votre information",
        "demande transmise à la Force, pour votre information",
        "merci d’accepter ou de commenter (acceptée par la Force avec réserves)",
        "escorte planifiée, pour votre information",
        "rotation signalée, pour votre information",
        "rotation signalée, pour votre information",
        "escorte réalisée, pour votre information",
        "merci de déposer le retour d’expérience (retour d’expérience)",
    ],
    "log_cluster": [
        "merci de donner votre avis (demande soumise)",
        "demande approuvée, pour votre information",
    ],
    "ocha_bria": [
        "merci d’examiner (demande soumise)",
        "avis du cluster donné, pour votre information",
        "merci d’examiner (demande soumise à nouveau)",
        "avis sécurité donné, pour votre information",
        "décision sécurité de l’organisation, pour votre information",
        "demande vérifiée, soumise à décision, pour votre information",
        "merci de transmettre à la Force (demande approuvée)",
        "accusé de réception de la Force, pour votre information",
        "merci d’examiner la réponse (acceptée par la Force avec réserves)",
        "accusé de réception de la Force, pour votre information",
        "détails modifiés (avenant), pour votre information",
        "accusé de réception de la Force, pour votre information",
        "escorte en cours, pour votre information",
        "rotation signalée, pour votre information",
        "rotation signalée, pour votre information",
        "rotation signalée, pour votre information",
        "escorte réalisée, pour votre information",
        "demande clôturée, pour votre information",
    ],
    "undss": [
        "merci de donner votre avis (demande soumise)",
        "demande approuvée, pour votre information",
    ],
    "ngosec": [
        "merci de donner votre avis (demande soumise)",
        "demande approuvée, pour votre information",
    ],
    "ocha_bgi": [
        "avis du cluster donné, pour votre information",
        "avis sécurité donné, pour votre information",
        "décision sécurité de l’organisation, pour votre information",
        "merci de vérifier et de rédiger le projet de décision (demande validée sur le terrain)",
        "merci de transmettre à la Force (demande approuvée)",
        "demande transmise à la Force, pour votre information",
        "accusé de réception de la Force, pour votre information",
        "merci d’examiner la réponse (acceptée par la Force avec réserves)",
        "escorte planifiée, pour votre information",
        "accusé de réception de la Force, pour votre information",
        "détails modifiés (avenant), pour votre information",
        "accusé de réception de la Force, pour votre information",
        "escorte en cours, pour votre information",
        "rotation signalée, pour votre information",
        "rotation signalée, pour votre information",
        "rotation signalée, pour votre information",
        "escorte réalisée, pour votre information",
        "demande clôturée, pour votre information",
    ],
    "hc": [
        "merci de décider (demande vérifiée, soumise à décision)",
        "rappel, merci de décider",
        "demande clôturée, pour votre information",
    ],
}
FORCE = ["merci de répondre", "merci d’accuser réception", "merci d’accuser réception", "pour votre information"]
