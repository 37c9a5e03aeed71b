"""Can anybody tell what is hidden from what is absent? Every address with an object in it, every kind of account."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cmcoord.accounts.models import Organisation, SignIn
from cmcoord.activity import numbers
from cmcoord.activity.models import Notification
from cmcoord.guidance.positions import enter
from cmcoord.meetings.models import Escalation, InternalPoint, LiaisonContact, Proposal
from cmcoord.places.models import AdminArea
from contacts.models import Body, FleetDriver, FleetVehicle, Force
from contacts.services import note_liaison, propose_status, take_seat
from requests_app.models import AccessIncident, ArrivingFile, CaseFile
from tests.canary import ARGUMENT, patterns
from tests.contacts.lists import ROW, merged, sent, table, two_alike
from tests.factories import case_at, fleet_of
from tests.meetings.table import arguments as arguments_of
from tests.meetings.table import laid_table
from tests.people import person
from tests.requests_app.reverse_steps import reverse_at
from tests.requests_app.test_policies import proposed

pytestmark = pytest.mark.django_db

# Per request: the token of the form, the nonce of the page.
CHANGING = re.compile(r'(csrfmiddlewaretoken" value="|nonce[=-]"?)[\w+/=-]+')
READERS = (
    None, "requester_birao", "ocha_birao", "ocha_bko", "hc_ml", "nobody", "donor", "admin", "force_u3", "force_ml",
    "mission",
)  # fmt: skip
ON_BOTH = (None, "ocha_birao", "donor", "force_u3")  # one of each side; all of them on SQLite
# Addresses of the libraries, of reference data, and of what an administrator alone manages: refused before any row is
# read, whatever stands there. A person with the right to manage sees every one of them.
APART = ("/account/", "/admin/", "/demo/", "/invitation/")
# To whom nothing of this is hidden: accounts, the policy of their country with what was proposed, the register, and for
# everybody who works in the country which posts there are.
BODIES = tuple(f"/directory/{part}/" for part in ("bodies", "seats", "sittings", "liaison"))
POSTS = "/directory/posts/"
MEETINGS = ("/meetings/<uuid:uid>/", "/meetings/bodies/")
OPEN_TO = {
    "admin": ("/accounts/", "/countries/"),
    "requester_birao": ("/countries/", *BODIES, POSTS, *MEETINGS),
    "ocha_birao": ("/countries/", "/register/", *BODIES, POSTS, "/meetings/"),
    **dict.fromkeys(("donor", "mission"), (POSTS,)),
    "force_u3": (POSTS, *MEETINGS),
}
# Of a meeting that they see, what those beside them note is hidden from them all the same.
BESIDE_IT = tuple(f"/meetings/bodies/<int:pk>/{part}/" for part in ("internal", "contacts", "week", "proposals"))
BESIDE = ("Location", "Content-Length", "Expires")  # compared apart, or told by the clock
NONCE = r"nonce-[\w+/=-]+"
SHORT = 6
PARTS = ("status", "target", "headers", "body")
ABSENT = {
    "reference": "CAF-AE-1999-0001", "pk": "999999", "number": "1", "move": "comment", "act": "accept", "step": "1",
    "kind": "letter", "what": "why_safer", "key": "00000000-0000-4000-8000-000000000000",
    "part": "1", "code": "CAF", "other": "999998", "uid": "00000000-0000-4000-8000-000000000000", "order": "1",
    "place": "1", "form": "pdf", "day": "2001-01-01", "word": "guessed",
}  # fmt: skip


@pytest.fixture
def hidden(people):
    """Arguments that lead to something: of a case in Bria, of a force's file, of another person."""
    case = case_at("transmitted", people, un_on_board=True)
    paper = CaseFile.objects.create(
        case=case, file=ContentFile(b"%PDF-1.7", name="plan.pdf"), name="plan.pdf", content_type="application/pdf",
        size=8, uploaded_by=people.requester_bria,
    )  # fmt: skip
    arriving = ArrivingFile.objects.create(case=case, by=people.requester_bria, name="map.jpg", size=9, sha256="0" * 64)
    note = Notification.objects.filter(recipient=people.ocha_bria, channel="portal").first()
    session = SignIn.objects.create(user=people.hc, session_key="x" * 32)
    status = propose_status(
        Force.objects.get(acronym="FACA"), by=people.ocha_bgi, status="party", basis="Communiqué.", clause="ML-POS ¶7",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    position = enter(
        by=people.ocha_bgi, country=case.country, text_en="No escorts.", text_fr="Sans escorte.",
        agreed_by="Country team", valid_from=timezone.localdate(), against=[],
    )  # fmt: skip
    policy = proposed(people.ocha_bgi, case.country, clocks={"AE/routine/national": 90})
    AccessIncident.objects.create(case=case, kind="AMRF-3")
    asked = reverse_at("deciding", people)
    team = Body.objects.get(country="CAF", kind="hct").seats.get(kind="chair")
    sitting = take_seat(team, by=people.ocha_bgi, organisation=Organisation.objects.get(acronym="RC/HC"))
    missing = note_liaison(
        by=people.ocha_bgi, area=AdminArea.objects.current().get(name="Vakaga"), wanted="officer", note="No officer."
    )
    one, other = two_alike(people)
    held = one.holdings.get()
    cell = laid_table(people)
    inner = InternalPoint.objects.filter(body=cell).first()
    laid = {name: values[0] for name, values in arguments_of(cell).items()} | {"reference": inner.reference}
    keys = {
        "/meetings/bodies/": cell.pk,
        "/meetings/escalations/": Escalation.objects.filter(answered_at=None).get().pk,
        "/meetings/proposals/": Proposal.objects.get().pk,
        "/meetings/posts/": held.post_id,
        "/meetings/contacts/": LiaisonContact.objects.get(body=cell).pk,
        "/directory/people/": one.pk,
        "/directory/posts/": held.post_id,
        "/directory/terms/": held.pk,
        "/register/status/": status.pk,
        "/register/": status.force_id,
        "/positions/": position.pk,
        "/proposals/": policy.pk,
        "/me/sessions/": session.pk,
        "/files/": paper.pk,
        "/accounts/people/": people.hc.pk,
        "/notifications/": note.pk,
        "/appointments/": people.hc.appointments.get().pk,
        "/directory/bodies/": sitting.seat.body_id,
        "/directory/seats/": sitting.seat_id,
        "/directory/sittings/": sitting.pk,
        "/directory/liaison/": missing.pk,
        "/directory/merges/": merged(people).pk,
        "/directory/import/": sent(people.requester_bria, table(ROW)).pk,
        "/fleet/vehicles/": fleet_of(people.requester_bria, FleetVehicle).pk,
        "/fleet/drivers/": fleet_of(people.requester_bria, FleetDriver).pk,
    }

    def arguments(route: str, who: str | None) -> dict[str, str] | None:
        reference = case.reference
        if route.startswith("/reverse/asked/"):
            reference = asked.reference if who == "force_u3" else asked.force_reference
        elif route.startswith("/reverse/"):
            reference = asked.reference
        elif route.startswith("/force/"):
            reference = case.reference if who == "force_u3" else case.force_reference
        pk = next((key for part, key in keys.items() if part in route), 1)
        if route.startswith("/meetings/incidents/"):
            return ABSENT | {"reference": case.reference}
        if route.startswith("/meetings/"):
            return ABSENT | laid | ({"pk": str(pk)} if pk != 1 else {})
        return ABSENT | {"reference": reference, "pk": str(pk), "other": str(other.pk), "key": str(arriving.key)}

    return arguments


def routes() -> list[str]:
    """Those that lead to one object: with a reference or a key in them."""
    found = [route for route in patterns() if re.search(r"<(slug:reference|int:pk|hidden:pk|uuid:uid)>", route)]
    return [route for route in found if not route.startswith(APART)]


def filled(route: str, arguments: dict[str, str]) -> str:
    if "<hidden:pk>" in route:
        arguments = arguments | {"pk": numbers.hidden(int(arguments["pk"]))}
    return ARGUMENT.sub(lambda match: arguments[match[1]], route)


def answer(client, method: str, path: str) -> tuple:
    """What the asker learns: status, target, headers that tell of content, body; and how many queries it took."""
    cache.clear()  # what counts refusals begins anew, so that each of the two is the first
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        found = getattr(client, method)(path, {"sent": "1"})
        transaction.set_rollback(True)
    body = CHANGING.sub("", found.content.decode()).replace(path, "")
    for value in path.strip("/").split("/"):
        body = body.replace(value, "") if len(value) > SHORT else body
    target = found.headers.get("Location", "").replace(path, "")
    kept = {name: re.sub(NONCE, "", value) for name, value in found.headers.items() if name not in BESIDE}
    return (found.status_code, target, kept, body), len(queries)


@pytest.mark.parametrize(
    "who", [who if who in ON_BOTH else pytest.param(who, marks=pytest.mark.once) for who in READERS], ids=str
)
def test_hidden_and_absent_answer_the_same(people, hidden, caplog, who):
    caplog.set_level("CRITICAL", logger="django.request")
    client = Client()
    if who == "mission":
        user = person("mission", "mission_civilian", organisation="MINUSCA civilian", name="Civilian section")
    else:
        user = getattr(people, who) if who else None
    if user:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    for method in ("get", "post"):
        for first in (routes()[0], "/requests/<slug:reference>/"):
            answer(client, method, filled(first, ABSENT))  # what first requests of a session cost is not the matter
    different = []
    for route in routes():
        if route.startswith(OPEN_TO.get(who or "", ())) and (who == "ocha_birao" or not route.startswith(BESIDE_IT)):
            continue
        there, absent = filled(route, hidden(route, who)), filled(route, ABSENT)
        for method in ("get", "post"):
            one, its_queries = answer(client, method, there)
            other, other_queries = answer(client, method, absent)
            if one != other:
                parts = [PARTS[number] for number in range(4) if one[number] != other[number]]
                different.append(f"{method} {route}: {one[:2]} and {other[:2]}, {parts}")
            elif one[0] == 404 and its_queries != other_queries:
                different.append(f"{method} {route}: {its_queries} and {other_queries} queries")
    assert "\n".join(different) == ""


def test_the_comparison_finds_a_difference(people, hidden):
    client = Client()
    client.force_login(people.requester_bria, backend=settings.AUTHENTICATION_BACKENDS[0])
    route = "/requests/<slug:reference>/"
    one, _queries = answer(client, "get", filled(route, hidden(route, None)))
    other, _queries = answer(client, "get", filled(route, ABSENT))
    assert one[0] == 200 and other[0] == 404 and len(routes()) > 15
