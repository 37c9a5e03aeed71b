"""Does every kind of page fit a telephone and a desk, in both languages, open to everybody, and light?

LOOKS=<folder> keeps a picture of each page; `-s` prints what each page weighs.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test.testcases import LiveServerThread

from cmcoord.activity.delivery import deliver_due
from requests_app.models import Case
from tests.browser.looking import Line, axe_findings, overflows, unfold
from tests.factories import case_at, complete_draft, draft_case

# name of the picture, who looks (nobody: ""), address
PAGES = (
    ("sign-in", "", "/account/login/"),
    ("demonstration", "", "/demo/"),
    ("to-do-station", "ocha_bria", "/"),
    ("to-do-requester", "requester_bria", "/"),
    ("to-do-coordinator", "hc", "/"),
    ("register", "ocha_bgi", "/requests/"),
    ("take-the-register", "ocha_bgi", "/requests/export/"),
    ("check-a-paper", "force_u3", "/verify/"),
    ("start", "requester_bria", "/requests/new/"),
    ("need", "requester_bria", "/requests/{draft}/edit/1/"),
    ("alternatives", "requester_bria", "/requests/{draft}/edit/3/"),
    ("papers", "requester_bria", "/requests/{draft}/files/"),
    ("check-and-send", "requester_bria", "/requests/{full}/submit/"),
    ("request-of-requester", "requester_bria", "/requests/{submitted}/"),
    ("request-returned", "requester_bria", "/requests/{returned}/"),
    ("request-of-station", "ocha_bria", "/requests/{submitted}/"),
    ("request-of-coordinator", "hc", "/requests/{deciding}/"),
    ("request-closed", "ocha_bgi", "/requests/{closed}/"),
    ("approve", "hc", "/requests/{deciding}/approve/"),
    ("draft-decision", "ocha_bgi", "/requests/{clearing}/draft_decision/"),
    ("after-action", "requester_bria", "/requests/{reporting}/close/"),
    ("force-list", "force_u3", "/force/"),
    ("force-request", "force_u3", "/force/{force}/"),
    ("notifications", "requester_bria", "/notifications/"),
    ("preferences", "requester_bria", "/notifications/preferences/"),
    ("mailbox", "requester_bria", "/mailbox/"),
    ("me", "requester_bria", "/me/"),
    ("not-found", "requester_bria", "/requests/CAF-AE-2026-9999/"),
)
STATUSES = ("submitted", "returned", "clearing", "deciding", "transmitted", "reporting", "closed")

# Compressed bytes with headers, of one page (targets P12): with an empty memory, and with what the first one brought.
FIRST_PAGE, NEXT_PAGE = 60_000, 20_000


@pytest.fixture
def world(settings, people) -> SimpleNamespace:
    """A request in most of its statuses, two drafts, and the mails about all of them."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = "cmcoord.activity.demo_mail.EmailBackend"
    cases = {status: case_at(status, people, un_on_board=status == "deciding") for status in STATUSES}
    draft = draft_case(people.requester_bria, need="Food for 4,200 people displaced around Bria.", people=4200)
    deliver_due()
    references = {status: case.reference for status, case in cases.items()}
    references |= {"draft": draft.reference, "full": complete_draft(people.requester_bria).reference}
    references["force"] = Case.objects.get(pk=cases["transmitted"].pk).force_reference
    return SimpleNamespace(people=people, references=references)


@pytest.fixture
def portal_url(settings, world):
    """The portal as it is run: static files with a hash in their name, compressed beforehand, served by WhiteNoise."""
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    settings.ALLOWED_HOSTS = ["*"]
    call_command("collectstatic", interactive=False, ignore_patterns=["admin", "guardian", "mfa"], verbosity=0)
    server = LiveServerThread("localhost", static_handler=lambda handler: handler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://{server.host}:{server.port}"
    server.terminate()


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_page_fits_is_open_to_everybody_and_light(open_page, portal_url, world, locale):
    """At 320 and 1280 pixels nothing scrolls sideways and axe finds nothing; each page weighs what P12 allows."""
    pictures = Path(os.environ["LOOKS"]) if "LOOKS" in os.environ else None
    lines, faults = {}, []
    print(f"\n{'bytes over the line, ' + locale:34} first   next")
    for name, who, address in PAGES:
        if who not in lines:
            lines[who] = Line(open_page(getattr(world.people, who, None), locale=locale))
        line, page = lines[who], lines[who].page
        page.set_viewport_size({"width": 1280, "height": 900})
        status = line.goto(portal_url + address.format(**world.references)).status
        print(f"{name:32} {line.first:7} {line.following:6}")
        if status != (404 if name == "not-found" else 200):
            faults.append(f"{name}: {status}")
            continue
        if line.first > FIRST_PAGE or line.following > NEXT_PAGE:
            faults.append(f"{name}: {line.first} bytes at first, {line.following} afterwards")
        for width, height in ((1280, 900), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            if pictures:
                page.screenshot(path=pictures / f"{name}-{width}-{locale}.png", full_page=True)
            unfold(page)
            faults += [f"{name}, {width}: {fault}" for fault in (*axe_findings(page), *overflows(page))]
    assert not faults, "\n" + "\n".join(faults)


def test_a_further_page_brings_nothing_that_is_there_already(open_page, portal_url):
    """Style, script and icons are named after their content and stay in the browser."""
    page = open_page()
    page.goto(portal_url + "/account/login/", wait_until="networkidle")
    asked = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.loadingFinished", lambda event: asked.append(event["encodedDataLength"]))
    devtools.send("Network.enable")
    page.goto(portal_url + "/demo/", wait_until="networkidle")
    assert [size for size in asked if size > 0] == [max(asked)]
