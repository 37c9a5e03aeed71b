"""Who may do what with a reverse request in which status? Written by hand; every other step is refused."""

import datetime as dt

import pytest
from django.utils import timezone

from requests_app import reverse_workflow as workflow
from requests_app.models import ReverseRequest, ReverseStatus
from tests.people import person
from tests.requests_app.reverse_steps import reverse_at

pytestmark = pytest.mark.django_db

# The owner of the asset is the organisation of the two requesters in Bria; the request was filed at Bria.
OCHA = "ocha_bria ocha_bgi"
OWNER = "requester_bria colleague_bria"
FORCE = "force_u3 force_sector cimic"
OTHERS = (
    "requester_birao requester_un hoo log_cluster undss ngosec donor nobody admin ocha_birao_of_birao ocha_bko hc_ml "
    "force_ml police bilateral"
)
EVERYBODY = f"{OCHA} {OWNER} {FORCE} hc {OTHERS}".split()
ALLOWED: dict[str, dict[str, str]] = {
    "submitted": {"receive": OCHA, "reject": OCHA, "withdraw": FORCE},
    "refused": {},
    "consenting": {"consent": OWNER, "refuse": OWNER, "withdraw": FORCE},
    "testing": {"forward": OCHA, "decline": OCHA, "withdraw": FORCE},
    "deciding": {"validate": "hc", "deny": "hc", "withdraw": FORCE},
    "agreed": {
        "take_back": f"{OCHA} {OWNER} hc", "execute": f"{OCHA} {OWNER}", "report": FORCE, "withdraw": FORCE,
    },
    "declined": {},
    "executed": {"review": f"{OCHA} {OWNER}"},
    "closed": {},
    "withdrawn": {},
    "expired": {},
}  # fmt: skip
RECORDED = {"consenting": {"consent": OCHA, "refuse": OCHA}}  # of the owner who telephoned
BY_THE_PORTAL = {
    "submitted": ["screen", "expire"], "consenting": ["expire"], "testing": ["expire"], "deciding": ["expire"],
    "agreed": ["expire"],
}  # fmt: skip
MADE = {
    "cimic": ("cimic", "MINUSCA"),
    "police": ("police_liaison", "MINUSCA UNPOL"),
    "bilateral": ("bilateral", "EUTM RCA"),
}


@pytest.fixture
def cast(people, ocha_birao):
    """Everybody, with an officer of another station and people of a force who are not its operations."""
    for name, (role, organisation) in MADE.items():
        setattr(people, name, person(name, role, organisation=organisation, name=name))
    people.ocha_birao_of_birao = ocha_birao
    return people


def test_the_table_names_every_status_and_every_move():
    assert set(ALLOWED) == set(ReverseStatus.values)
    named = {code for moves in ALLOWED.values() for code in moves} | {"screen", "expire", "file"}
    assert named == {line.code for line in workflow.MOVES}


@pytest.mark.parametrize("status", ALLOWED)
def test_states_moves_and_roles(cast, status):
    reverse = reverse_at(status, cast)
    # while it lasts: it has begun and is not over, so that no move waits for its time
    now = reverse.starts_at + dt.timedelta(hours=1)
    ReverseRequest.objects.filter(pk=reverse.pk).update(ends_at=now + dt.timedelta(days=1))
    reverse.refresh_from_db()
    for code in workflow.LINES:
        for name in EVERYBODY:
            refused = workflow.refusal(reverse, code, getattr(cast, name), now=now)
            may = name in ALLOWED[status].get(code, "").split()
            assert (refused is None) == may, f"{status} {code} {name}: {refused}"
            told = workflow.refusal(reverse, code, getattr(cast, name), recorded=True, now=now)
            may = name in RECORDED.get(status, {}).get(code, "").split()
            assert (told is None) == may, f"recorded: {status} {code} {name}: {told}"
    after = reverse.ends_at + dt.timedelta(days=10)
    portal = [code for code in workflow.LINES if workflow.refusal(reverse, code, None, now=after) is None]
    assert portal == BY_THE_PORTAL.get(status, [])


def test_no_move_leads_out_of_an_automatic_refusal():
    assert [line.code for line in workflow.MOVES if "refused" in line.sources] == []


@pytest.mark.parametrize(
    ("status", "at_ocha", "at_owner", "at_hc"),
    [
        ("submitted", True, False, False),
        ("refused", True, False, False),
        ("consenting", True, True, False),
        ("testing", True, True, False),
        ("deciding", True, True, True),
        ("agreed", True, True, True),
        ("declined", True, True, False),  # the owner refused: the Humanitarian Coordinator was not asked
    ],
)
def test_who_sees_it_by_how_far_it_has_come(cast, status, at_ocha, at_owner, at_hc):
    reverse = reverse_at(status, cast)
    rows = ReverseRequest.objects

    def see(names):
        return {rows.visible_to(getattr(cast, name)).filter(pk=reverse.pk).exists() for name in names.split()}

    assert see(OCHA) == {at_ocha}
    assert see("hoo") == {True}
    assert see(OWNER) == {at_owner}
    assert see("hc") == {at_hc}
    assert see(f"{FORCE} {OTHERS.replace(' hoo', '')}") == {False}
    asking = {name for name in EVERYBODY if rows.asked_by(getattr(cast, name)).filter(pk=reverse.pk).exists()}
    assert asking == set(FORCE.split())


def test_what_ends_before_it_was_agreed_expires_and_what_was_agreed_a_little_later(people):
    reverse = reverse_at("agreed", people)
    assert workflow.expires_at(reverse) == reverse.ends_at + workflow.GRACE
    assert workflow.refusal(reverse, "execute", people.ocha_bria, now=timezone.now()).kind == "need"  # not begun
