import datetime as dt
import pytest
from django.utils import timezone
from tests.factories import case_at, fresh, limits_of
from tests.people import PASSWORD
from requests_app.services import make_move
from requests_app.models import ForceFile



@pytest.mark.parametrize("width", [1280, 320])
def test_look(live_server, people, open_page, width):
    cases = {}
    for st in ("transmitted", "acknowledged", "limited", "scheduled", "underway", "closed"):
        cases[st] = case_at(st, people, urgency="urgent" if st == "acknowledged" else "routine", rotations=3 if st=="underway" else 1)
    c = cases["scheduled"]
    make_move(c, "change", by=people.requester_bria, departure_at=c.departure_at + dt.timedelta(days=1))
    cases["suspended"] = case_at("scheduled", people)
    make_move(cases["suspended"], "suspend", by=people.hc, reason="SECRETREASON")
    cases["cancelled"] = case_at("accepted", people)
    make_move(cases["cancelled"], "cancel", by=people.ocha_bgi, reason="SECRETREASON")
    page = open_page(people.force_u3, width=width, locale="en")
    errors = []
    def shot(path, name):
        r = page.goto(live_server.url + path)
        print(name, r.status, page.evaluate("document.documentElement.scrollWidth"))
        from tests.browser.looking import axe_findings
        for f in axe_findings(page): print('   AXE', f)
        page.screenshot(path=f"/tmp/forceshots/{name}-{width}.png", full_page=True)
    shot("/force/", "list")
    for st, c in cases.items():
        ref = fresh(c).force_reference
        shot(f"/force/{ref}/", st)
    ref = fresh(cases["transmitted"]).force_reference
    for act in ("accept", "limit", "counter", "decline"):
        shot(f"/force/{ref}/{act}/", act)
    shot(f"/force/{fresh(cases['underway']).force_reference}/log/", "log")
    page.goto(live_server.url + f"/force/{ref}/counter/"); page.click("main form .acts button"); page.screenshot(path=f"/tmp/forceshots/counter-error-{width}.png", full_page=True)
    shot(f"/force/{ref}/log/", "conflict")
    from tests.browser.looking import overflows
    page.goto(live_server.url + f"/force/{ref}/counter/"); page.click("main form .acts button"); print(overflows(page))
