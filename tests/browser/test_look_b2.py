"""Scratch: pictures of the case page."""
import os, pytest
from tests.factories import case_at
from tests.browser.looking import axe_findings, overflows
OUT="/tmp/build/shots_b2"
SHOTS=[s.split(":") for s in os.environ.get("SHOTS","deciding:hc,submitted:ocha_bria,underway:requester_bria").split(",")]
@pytest.mark.django_db(transaction=True)
def test_look(open_page, live_url, people):
    urgency=os.environ.get("URG","routine")
    made={}
    for spec in SHOTS:
        status, who, *rest = spec
        case = made.get(status) or case_at(status, people, un_on_board=os.environ.get("UN")=="1")
        made[status]=case
        path = f"/requests/{case.reference}/" + (rest[0] + "/" if rest else "")
        for width in [int(w) for w in os.environ.get("W","1280,320").split(",")]:
            page = open_page(getattr(people, who), width=width, height=900 if width>600 else 844, locale=os.environ.get("LANG_","en"))
            page.goto(live_url + path)
            name=f"{status}-{who}{'-'+rest[0].replace('/','_') if rest else ''}-{width}.png"
            page.screenshot(path=f"{OUT}/{name}", full_page=os.environ.get("FULL","1")=="1")
            print(name, page.title(), "OVERFLOW" if overflows(page) else "", overflows(page))
            b = page.locator("a[href$='/ask/']")
            if who == "hc" and b.count(): print("BUTTONS END AT", b.first.bounding_box())
            if width>600: print("AXE", axe_findings(page))
