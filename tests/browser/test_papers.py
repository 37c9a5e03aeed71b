"""Does a photograph get through a line that breaks, on a small telephone, with script and without?"""

import re
import struct
from base64 import b64decode

import pytest
from playwright.sync_api import expect

from tests.factories import draft_case
from tests.requests_app.test_uploads import PDF

PICTURE = {"name": "list.pdf", "mimeType": "application/pdf", "buffer": PDF.ljust(120_000, b" ")}

LATER = re.compile(r"offset=[1-9]\d*$")  # how large the first piece is depends on how fast the portal answers


@pytest.fixture
def draft(requester_bria, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return draft_case(requester_bria)


def opened(open_page, person, draft, **more):
    page = open_page(person, width=320, locale="fr", **more)
    page.goto(f"/requests/{draft.reference}/files/")
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_a_paper_is_attached(open_page, requester_bria, draft, javascript):
    page = opened(open_page, requester_bria, draft, javascript=javascript)
    page.set_input_files("[name=file]", PICTURE)
    page.click("button[name=attach]")
    expect(page.locator("main ul.rows")).to_contain_text("list.pdf")
    assert draft.files.get().file.read() == PICTURE["buffer"]


def test_it_goes_on_by_itself_when_the_link_is_back(open_page, requester_bria, draft):
    page = opened(open_page, requester_bria, draft)
    begun = []
    page.on("response", lambda answer: "offset" in answer.url and begun.append(1) or cut(page, begun))
    page.set_input_files("[name=file]", PICTURE)
    page.click("button[name=attach]")
    expect(page.locator("#arriving p")).to_contain_text("Pas de connexion")
    page.context.set_offline(False)
    expect(page.locator("main ul.rows")).to_contain_text("list.pdf")
    assert draft.files.get().file.read() == PICTURE["buffer"]


def cut(page, begun):
    if len(begun) == 1:
        begun.append(0)
        page.context.set_offline(True)


def test_after_a_reload_it_goes_on_where_it_stopped(open_page, requester_bria, draft):
    page = opened(open_page, requester_bria, draft)
    sent = []
    page.on("request", lambda request: "offset" in request.url and sent.append(request.url.partition("offset=")[2]))
    page.route(LATER, lambda route: route.abort())
    page.set_input_files("[name=file]", PICTURE)
    page.click("button[name=attach]")
    expect(page.locator("#arriving p")).to_contain_text("Pas de connexion")
    stopped_at = sent[-1]
    page.unroute(LATER)
    page.reload()
    expect(page.locator("main ul.rows")).to_contain_text(re.compile(r"[1-9]\d*\s%"))
    sent.clear()
    page.set_input_files("[name=file]", PICTURE)
    page.click("button[name=attach]")
    expect(page.locator("main ul.rows")).to_contain_text("Retirer")
    assert sent[0] == stopped_at, "what had arrived is not sent again"
    assert draft.files.get().file.read() == PICTURE["buffer"]


def test_a_photograph_is_shrunk_before_it_is_sent(open_page, requester_bria, draft):
    page = opened(open_page, requester_bria, draft)
    photograph = b64decode(page.evaluate(NOISE))
    assert len(photograph) > 400 * 1024
    page.set_input_files("[name=file]", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photograph})
    page.click("button[name=attach]")
    expect(page.locator("main ul.rows")).to_contain_text("IMG.jpg")
    assert draft.files.get().size < len(photograph)


def test_what_is_no_paper_is_said_after_its_first_piece(open_page, requester_bria, draft):
    page = opened(open_page, requester_bria, draft)
    archive = struct.pack("<I", 0x04034B50).ljust(200_000, b"z")
    page.set_input_files("[name=file]", {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": archive})
    page.click("button[name=attach]")
    expect(page.locator("#arriving p")).to_contain_text("PDF, JPEG")
    assert not draft.files.exists()


# A picture of nothing, as large as one of a telephone; in base64.
NOISE = """() => {
    const canvas = document.createElement("canvas");
    canvas.width = 2400; canvas.height = 1800;
    const pen = canvas.getContext("2d"), picture = pen.createImageData(2400, 1800);
    for (let place = 0; place < picture.data.length; place += 4) {
        picture.data[place] = place % 251 * (place % 7);
        picture.data[place + 3] = 255;
    }
    pen.putImageData(picture, 0, 0);
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""
