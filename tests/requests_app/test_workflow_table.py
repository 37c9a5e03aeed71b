"""Who may make which move from which status? Written by hand from the practice, compared with the table."""

import pytest
from django.utils import timezone

from requests_app import moves, workflow
from requests_app.models import Case, Status
from tests.factories import case_at, consulted_case
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REQUESTER = "requester_bria colleague_bria"
STATION = "ocha_bria"
NATIONAL = "ocha_bgi"
OCHA = "ocha_bria ocha_bgi"
FORCE = "force_u3 force_sector"
HC = "hc"
PORTAL = "portal"
INSIDERS = "requester_bria colleague_bria ocha_bria ocha_bgi hoo hc log_cluster undss ngosec"
OUTSIDERS = "requester_birao requester_un ocha_obo food_cluster donor admin nobody ocha_bko hc_ml force_ml"

BEFORE_DECISION = "submitted reviewing returned clearing consulting deciding"
RUNNING = "approved transmitted acknowledged accepted limited declined countered scheduled"
AFTER_TRANSMISSION = "transmitted acknowledged accepted limited declined countered scheduled"
UNDER_APPROVAL = f"{RUNNING} underway"
FINISHED = "completed aborted reporting"
EVERYWHERE = " ".join(status for status in Status.values)
FILED = " ".join(status for status in Status.values if status != "draft")

# move → lines of (statuses, people). Whether something is still missing is another question, asked by the guards.
ALLOWED: dict[str, list[tuple[str, str]]] = {
    "edit": [("draft returned", f"{REQUESTER} {OCHA}")],
    "sheet": [(f"draft {BEFORE_DECISION} {UNDER_APPROVAL}", f"{REQUESTER} {OCHA}")],
    "take_over": [("draft returned", REQUESTER)],
    "submit": [("draft", f"{REQUESTER} {OCHA}")],
    "recall": [("submitted", REQUESTER)],
    "resubmit": [("returned", f"{REQUESTER} {OCHA}")],
    "withdraw": [(f"draft {BEFORE_DECISION} {RUNNING} suspended", REQUESTER)],
    "appeal": [("denied", REQUESTER)],
    "review": [("submitted", OCHA)],
    "return": [("submitted reviewing", OCHA), ("clearing", NATIONAL)],
    "reject": [("submitted reviewing", OCHA)],
    "civilian": [("submitted reviewing clearing consulting deciding", OCHA), ("draft returned", REQUESTER)],
    "assess": [("submitted reviewing clearing", OCHA)],
    "validate": [("reviewing", OCHA)],
    "consult": [("submitted reviewing clearing", OCHA)],
    "share": [(f"{BEFORE_DECISION} {UNDER_APPROVAL} suspended", OCHA)],
    "advise_cluster": [(BEFORE_DECISION, "log_cluster")],
    "advise_security": [(f"{BEFORE_DECISION} approved", "undss")],
    "advise_ngo": [(f"{BEFORE_DECISION} approved", "ngosec")],
    "decide_security": [(f"{BEFORE_DECISION} approved", REQUESTER)],
    "draft_decision": [("clearing", NATIONAL)],
    "forward": [("clearing", NATIONAL)],
    "take_back": [("deciding consulting", NATIONAL)],
    "open_consultation": [],  # of Mali, see below
    "take_position": [],
    "put_question": [],
    "answer_question": [("consulting", OCHA)],
    "send_back": [("consulting", HC)],
    "establish_consensus": [],
    "ask": [("deciding consulting", HC)],
    "answer": [("deciding consulting", NATIONAL)],
    "approve": [("deciding", HC)],
    "deny": [("deciding consulting suspended", HC)],
    "approve_orally": [("submitted reviewing clearing deciding", HC)],
    "deny_orally": [("submitted reviewing clearing deciding", HC)],
    "confirm_in_writing": [(FILED, HC)],
    "file_form": [(FILED, f"{REQUESTER} {OCHA}")],
    "transmit": [("approved", OCHA)],
    "retransmit": [("declined", OCHA)],
    "redecide": [("declined countered limited", OCHA)],
    "acknowledge": [("transmitted", FORCE)],
    "accept": [("transmitted acknowledged", FORCE)],
    "limit": [("transmitted acknowledged", FORCE)],
    "decline": [("transmitted acknowledged", FORCE)],
    "counter": [("transmitted acknowledged", FORCE)],
    "agree": [("countered limited", REQUESTER)],
    "refuse_counter": [("countered", f"{REQUESTER} {OCHA}")],
    "schedule": [("accepted limited countered", OCHA)],
    "send_sheet": [("scheduled underway", OCHA)],
    "receive": [(FILED, FORCE)],  # a stand-down may come at any time after the transmission
    "change": [(f"approved {AFTER_TRANSMISSION} underway", f"{REQUESTER} {OCHA}")],
    "request_extension": [(UNDER_APPROVAL, REQUESTER)],
    "extend": [(UNDER_APPROVAL, HC)],
    "refuse_extension": [(UNDER_APPROVAL, HC)],
    "start": [("scheduled", f"{REQUESTER} {OCHA} {FORCE}")],
    "log": [("underway", f"{REQUESTER} {OCHA} {FORCE}")],
    "correct_log": [(f"underway {FINISHED}", f"{REQUESTER} {FORCE}")],
    "complete": [("underway", f"{REQUESTER} {OCHA} {FORCE}")],
    "abort": [("underway", f"{REQUESTER} {OCHA} {FORCE}")],
    "report": [("completed aborted", PORTAL)],
    "close": [(FINISHED, REQUESTER)],
    "log_patrol": [],  # of a patrol, see below
    "correct_patrol": [],
    "end_patrols": [],
    "give_feedback": [],
    "waive": [(FINISHED, OCHA)],
    "suspend": [(UNDER_APPROVAL, f"{OCHA} {HC}")],
    "suspend_provider": [(RUNNING, PORTAL)],
    "alarm": [("underway", PORTAL)],
    "answer_alarm": [("underway", OCHA)],
    "resume": [("suspended", f"{OCHA} {HC}")],
    "cancel": [(f"{UNDER_APPROVAL} suspended", OCHA)],
    "expire": [(f"{BEFORE_DECISION} {RUNNING} suspended", PORTAL)],
    "import": [("draft", NATIONAL)],
    "comment": [(FILED, INSIDERS)],
    "call": [(f"{BEFORE_DECISION} {UNDER_APPROVAL} suspended {FINISHED}", INSIDERS)],
    "consent": [(f"{BEFORE_DECISION} {UNDER_APPROVAL} suspended", REQUESTER)],
    "withdraw_consent": [(FILED, REQUESTER)],
    "withdraw_force": [(FILED, REQUESTER)],
    "raise_class": [(EVERYWHERE, INSIDERS)],
    "lower_class": [(EVERYWHERE, OCHA)],
    "confirm_record": [],
    "dispute_record": [],
}

# from → to, for the moves that change the status
TARGETS = {
    "submit": "submitted",
    "recall": "draft",
    "resubmit": "submitted",
    "withdraw": "withdrawn",
    "appeal": "reviewing",
    "review": "reviewing",
    "return": "returned",
    "reject": "unreceivable",
    "civilian": "civilian",
    "validate": "clearing",
    "forward": "deciding",
    "take_back": "clearing",
    "open_consultation": "consulting",
    "send_back": "clearing",
    "establish_consensus": "approved",
    "approve": "approved",
    "deny": "denied",
    "approve_orally": "approved",
    "deny_orally": "denied",
    "transmit": "transmitted",
    "retransmit": "transmitted",
    "redecide": "deciding",
    "acknowledge": "acknowledged",
    "accept": "accepted",
    "limit": "limited",
    "decline": "declined",
    "counter": "countered",
    "refuse_counter": "declined",
    "schedule": "scheduled",
    "start": "underway",
    "complete": "completed",
    "abort": "aborted",
    "report": "reporting",
    "close": "closed",
    "waive": "closed",
    "suspend": "suspended",
    "suspend_provider": "suspended",
    "resume": "back",
    "cancel": "cancelled",
    "expire": "expired",
    "withdraw_force": "approved",
    "import": "told",
}


@pytest.fixture
def ocha_obo(reference):
    """The officer of another duty station, which covers nothing."""
    return person("ocha.obo", "ocha_officer", organisation="OCHA", name="OCHA Obo", station="obo")


@pytest.fixture
def food_cluster(reference):
    """A cluster that was not asked."""
    return person("food.cluster", "cluster", organisation="WFP", name="Food security cluster", cluster="FSC")


@pytest.fixture
def everybody(request):
    names = f"{INSIDERS} {FORCE} {OUTSIDERS}".split()
    return {**{name: request.getfixturevalue(name) for name in names}, PORTAL: None}


@pytest.fixture
def approved_case(everybody, people):
    """A case with everything a status may need: opinions asked of all bodies, a decision, an extract sent."""
    return case_at("transmitted", people, un_on_board=True)


@pytest.mark.parametrize("code", sorted(ALLOWED))
def test_only_the_people_and_states_written_by_hand_may_make_the_move(code, everybody, approved_case):
    case = Case.objects.select_related("decision__force", "force", "organisation").get(pk=approved_case.pk)
    expected = {
        (status, name) for statuses, names in ALLOWED[code] for status in statuses.split() for name in names.split()
    }
    found = set()
    for status in Status.values:
        case.status = status
        for name, user in everybody.items():
            refused = workflow.refusal(case, code, user, now=timezone.now())
            if refused is None or refused.kind == "need":
                found.add((status, name))
    assert found == expected


def test_every_move_of_the_table_is_written_by_hand_and_no_other():
    assert set(moves.CODES) == set(ALLOWED)
    targets = {(line.code, line.target) for line in moves.MOVES if line.target}
    by_others = {("redecide", "clearing"), *OF_PATROLS_TARGETS}  # by the country team, and of patrols: see below
    assert targets == {*TARGETS.items(), *by_others}


# Where the country team decides by consensus (an escort in Mali), and where it is consulted (an asset in Mali): the
# moves that differ from the above, by (statuses, people); [] for what does not exist.
MALI_HC, MALI_NATIONAL, TEAM = "hc_ml", "ocha_bko", "member"
OF_THE_TEAM = {
    "forward": [],
    "open_consultation": [("clearing", MALI_NATIONAL)],
    "take_position": [("consulting", TEAM)],
    "put_question": [("consulting", TEAM)],
    "answer_question": [("consulting", "ocha_mopti ocha_bko")],
    "take_back": [("deciding consulting", MALI_NATIONAL)],
    "send_back": [("consulting", MALI_HC)],
    "deny": [("deciding consulting suspended", MALI_HC)],
    "redecide": [("declined countered limited", "ocha_mopti ocha_bko")],
}
BY_CONSENSUS = OF_THE_TEAM | {
    "establish_consensus": [("consulting", MALI_HC)],
    "approve": [],
    "request_extension": [],
    "extend": [],
    "refuse_extension": [],
}
CONSULTED = OF_THE_TEAM | {
    "establish_consensus": [],
    "approve": [("consulting", MALI_HC)],
    "request_extension": [(UNDER_APPROVAL, "requester_mopti")],
    "extend": [(UNDER_APPROVAL, MALI_HC)],
    "refuse_extension": [(UNDER_APPROVAL, MALI_HC)],
}


@pytest.mark.parametrize(
    ("kind", "code"),
    [("AE", code) for code in sorted(BY_CONSENSUS)] + [("MCDA-LOG", code) for code in sorted(CONSULTED)],
)
def test_where_the_country_team_decides_or_is_consulted(kind, code, mali_cast, hc, ocha_bgi, log_cluster, nobody):
    case = consulted_case(mali_cast)
    case.request_type = kind
    names = ("requester_mopti", "ocha_mopti", "ocha_bko", "hc_ml", "force_ml")
    everybody = {name: getattr(mali_cast, name) for name in names}
    everybody |= {TEAM: mali_cast.hct[0], "hc": hc, "ocha_bgi": ocha_bgi, "cluster": log_cluster, "nobody": nobody}
    written = (BY_CONSENSUS if kind == "AE" else CONSULTED)[code]
    expected = {(status, name) for statuses, who in written for status in statuses.split() for name in who.split()}
    found, kinds = set(), set()
    for status in Status.values:
        case.status = status
        for name, user in everybody.items():
            refused = workflow.refusal(case, code, user, now=timezone.now())
            kinds.add(refused.kind if refused else "")
            if refused is None or refused.kind == "need":
                found.add((status, name))
    assert found == expected
    assert written or kinds == {"undeclared"}  # not refused: not there


# A patrol is left to the force: what differs from an escort of the same country. Whatever stands in ALLOWED and not
# here does not exist for it, but for what is the same for every request.
SAME = (
    "edit take_over submit recall resubmit withdraw review return reject civilian share take_back answer_question",
    "send_back put_question take_position ask answer acknowledge receive suspend resume cancel expire waive import",
    "comment call consent withdraw_consent withdraw_force raise_class lower_class confirm_record dispute_record",
)
PATROL = {
    "transmit": [("reviewing", OCHA)],
    "retransmit": [("declined", OCHA)],
    "accept": [("transmitted acknowledged", FORCE)],
    "limit": [("transmitted acknowledged", FORCE)],
    "decline": [("transmitted acknowledged", FORCE)],
    "log_patrol": [("accepted limited underway", FORCE)],
    "end_patrols": [("underway", PORTAL)],
    "correct_patrol": [("underway reporting", FORCE)],
    "give_feedback": [("reporting", REQUESTER)],
    "suspend_provider": [(UNDER_APPROVAL, PORTAL)],
}
OF_PATROLS_TARGETS = {
    ("log_patrol", "underway"),
    ("end_patrols", "reporting"),
    ("give_feedback", "closed"),
    ("withdraw_force", "reviewing"),
}


@pytest.mark.parametrize("code", sorted(set(ALLOWED) - set(" ".join(SAME).split())))
def test_of_a_patrol(code, everybody, approved_case):
    case = Case.objects.select_related("decision__force", "force", "organisation").get(pk=approved_case.pk)
    case.request_type = "AREA"
    written = PATROL.get(code, [])
    expected = {(status, name) for statuses, who in written for status in statuses.split() for name in who.split()}
    found, kinds = set(), set()
    for status in Status.values:
        case.status = status
        for name, user in everybody.items():
            refused = workflow.refusal(case, code, user, now=timezone.now())
            kinds.add(refused.kind if refused else "")
            if refused is None or refused.kind == "need":
                found.add((status, name))
    assert found == expected
    assert written or kinds == {"undeclared"}


def test_a_move_that_is_not_declared_does_not_exist(approved_case, everybody):
    refused = workflow.refusal(approved_case, "authorise", everybody["hc"])
    assert refused.kind == "undeclared"


def test_every_status_is_reached_and_left():
    reached = {line.target for line in moves.MOVES if line.moves_status}
    assert not set(Status.values) - reached
    left = {status for line in moves.MOVES if line.moves_status for status in line.sources}
    ended = {"unreceivable", "civilian", "closed", "expired", "withdrawn", "cancelled"}
    assert set(Status.values) - left == ended
