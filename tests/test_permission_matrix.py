"""Every address × every role: what does each person get? Written by hand; an address without a line fails."""

import uuid

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from cmcoord.accounts import reference_changes
from cmcoord.activity.models import Notification
from cmcoord.guidance.positions import enter
from cmcoord.meetings.services import add_note, propose
from cmcoord.meetings.services.points import escalate
from cmcoord.places.models import AdminArea, Country, DutyStation
from contacts.models import FleetDriver, FleetVehicle, Force, Handover, Sitting
from contacts.services import Holder, note_liaison, open_post, propose_status
from requests_app.models import AccessIncident, CaseFile
from tests.contacts.lists import ROW, merged, sent, table, two_alike
from tests.factories import case_at, fleet_of
from tests.meetings.making import chaired, planned
from tests.meetings.test_liaison import logged
from tests.meetings.test_points import raised
from tests.meetings.writing import minutes_of
from tests.people import person
from tests.requests_app.reverse_steps import reverse_at
from tests.requests_app.test_policies import proposed

pytestmark = pytest.mark.django_db

ANON = "anonymous"
SEEING = "requester_bria colleague_bria ocha_bria ocha_bgi hoo hc log_cluster undss ngosec"
ELSEWHERE = "requester_birao ocha_obo ocha_bko hc_ml nobody"
DONOR = "donor"
ADMINS = "admin admin2"
FORCE_HERE = "force_u3 force_sector"
FORCES = f"{FORCE_HERE} force_ml"
HUMANITARIANS = f"{SEEING} {ELSEWHERE} {ADMINS}"
SIGNED_IN = f"{HUMANITARIANS} {DONOR} {FORCES}"
EVERYBODY = f"{ANON} {SIGNED_IN}"
OF_EACH_KIND = f"{ANON} requester_bria ocha_bgi hc undss admin {DONOR} force_sector ocha_bko"
NOT_ADMINS = f"{SEEING} {ELSEWHERE} {DONOR} {FORCES}"
NOT_SEEING = f"{ELSEWHERE} {ADMINS} {DONOR} {FORCES}"
FILERS = "requester_bria colleague_bria requester_birao ocha_bria ocha_obo ocha_bgi ocha_bko"
OWN = "requester_bria colleague_bria"
OCHA = "ocha_bria ocha_bgi"
REVERSE = f"{OWN} {OCHA} hoo hc"
JOINERS = "requester_bria colleague_bria requester_birao"
IMPORTERS = "ocha_bgi ocha_bko"
LEDGER = "ocha_bria ocha_bgi ocha_obo ocha_bko hoo hc hc_ml"
REGISTER = "ocha_bria ocha_bgi ocha_obo hoo hc"
PROPOSING = "ocha_bria ocha_bgi ocha_obo"
CAR = f"{SEEING} requester_birao ocha_obo {ADMINS}"
CELL_READERS = f"{SEEING} requester_birao ocha_obo {DONOR} {FORCE_HERE}"
OCHA_ALL = "ocha_bria ocha_obo ocha_bgi ocha_bko"
WORKERS = f"{SEEING} requester_birao ocha_obo ocha_bko hc_ml"
OUTSIDE_CAR = f"ocha_bko hc_ml nobody {DONOR} {FORCES}"
INSIDE = f"{SEEING} requester_birao ocha_obo"
WORKING = f"{INSIDE} {DONOR} {FORCE_HERE}"
MEETING = f"{SEEING} requester_birao ocha_obo {FORCE_HERE}"
CHAIRING = f"{OCHA} {FORCE_HERE}"
NOTING = f"{OCHA} ocha_obo hoo hc"
READS_NOTHING = f"nobody ocha_bko hc_ml force_ml {DONOR} {ADMINS}"

NOTED = "ocha_bria ocha_bgi ocha_obo hoo hc"
LEADING = f"{OCHA} {FORCE_HERE}"


def rest(*lines):
    """Everybody who stands in none of these lists."""
    named = {name for line in lines for name in line.split()}
    return " ".join(name for name in EVERYBODY.split() if name not in named)


# address → (what GET answers, what POST without the fields of its form answers), each {status: people}; 302 for those
# signed out is the way to the sign-in page. The case is with the force, filed at Bria with UN staff on board.
LOGIN = {302: ANON}
OPEN = {200: EVERYBODY}
MEMBERS = LOGIN | {200: SIGNED_IN}
NOT_MEETING = rest(ANON, f"{SEEING} requester_birao ocha_obo")
ADMIN_PAGE = LOGIN | {200: ADMINS, 403: NOT_ADMINS}
ADMIN_FORM = LOGIN | {422: ADMINS, 403: NOT_ADMINS}
NO_POST, NO_GET = {405: EVERYBODY}, {405: EVERYBODY}
NO_POST_SIGNED_IN = LOGIN | {405: SIGNED_IN}
ABSENT = {404: EVERYBODY}
DONE = {302: EVERYBODY}
SEEN = LOGIN | {200: SEEING, 404: NOT_SEEING}
KEPT_CELL = {403: f"{CELL_READERS}".replace("ocha_bria ocha_bgi ", ""), 404: rest(ANON, CELL_READERS)}
FORCE_ONLY = LOGIN | {200: FORCE_HERE, 404: rest(FORCE_HERE, ANON)}

MET = LOGIN | {200: MEETING, 404: rest(ANON, MEETING)}
WRITING = f"{OCHA} {FORCE_HERE}"
SITS_BACK = " ".join(name for name in MEETING.split() if name not in WRITING.split())
NOT_WRITING = {403: SITS_BACK, 404: rest(ANON, MEETING)}
RELEASING = LOGIN | {409: OCHA, 403: " ".join(name for name in MEETING.split() if name not in OCHA.split()),
                     404: rest(ANON, MEETING)}  # fmt: skip
NOTING = f"{OCHA} ocha_obo hoo hc"
# Who sees a meeting and does not plan, or not prepare, it.
PLANNED = LOGIN | {403: " ".join(set(MEETING.split()) - set(OCHA.split())), 404: rest(ANON, MEETING)}
PREPARED = LOGIN | {403: " ".join(set(MEETING.split()) - set(CHAIRING.split())), 404: rest(ANON, MEETING)}

# Functions are for everybody who works in the country, of whatever side.
NO_DIRECTORY = f"nobody {ADMINS}"
MALI = "ocha_bko hc_ml force_ml"
READS_DIRECTORY = LOGIN | {200: rest(ANON, NO_DIRECTORY), 404: NO_DIRECTORY}

LINES: dict[str, tuple[dict, dict]] = {
    "home": ({302: f"{ANON} {FORCES}", 200: f"{HUMANITARIANS} {DONOR}"}, NO_POST_SIGNED_IN),
    "healthz": (OPEN, NO_POST),
    "readyz": (OPEN, NO_POST),
    "demo": (ABSENT, NO_POST),
    "demo_be": (NO_GET, ABSENT),
    "set_language": (DONE, DONE),
    "ui:gallery": (ABSENT, ABSENT),
    "activity:mailbox": (ABSENT, NO_POST),
    "activity:demo_gateway": (NO_GET, ABSENT),
    "activity:notifications": (MEMBERS, NO_POST),
    "activity:read": (NO_GET, LOGIN | {302: f"{ANON} ocha_bria", 404: rest(ANON, "ocha_bria")}),
    "activity:read_all": (NO_GET, DONE),
    "activity:preferences": (MEMBERS, DONE),
    "activity:sms": (MEMBERS, LOGIN | {422: SIGNED_IN}),
    "activity:sms_code": (LOGIN | {405: SIGNED_IN}, LOGIN | {422: SIGNED_IN}),
    "activity:sms_stop": (LOGIN | {405: SIGNED_IN}, DONE),
    "guidance:clauses": (MEMBERS, NO_POST_SIGNED_IN),
    "guidance:never_carried": (MEMBERS, NO_POST_SIGNED_IN),
    # Of the reader's own countries; entered by the national unit. This one is of the Central African Republic.
    "guidance:positions": (
        LOGIN | {200: HUMANITARIANS, 404: f"{DONOR} {FORCES}"},
        LOGIN | {422: IMPORTERS, 403: rest(ANON, IMPORTERS, DONOR, FORCES), 404: f"{DONOR} {FORCES}"},
    ),
    "guidance:position_endorse": (
        NO_POST_SIGNED_IN,
        LOGIN | {302: f"{ANON} hc", 403: "ocha_bgi", 404: rest(ANON, "hc ocha_bgi")},
    ),
    "guidance:position_end": (
        NO_POST_SIGNED_IN,
        LOGIN | {302: f"{ANON} hc", 403: "ocha_bgi", 404: rest(ANON, "hc ocha_bgi")},
    ),
    "guidance:document": (MEMBERS, NO_POST_SIGNED_IN),
    # For the own organisation, where the document holds: the guidelines of the Central African Republic.
    "guidance:confirm": (
        NO_POST_SIGNED_IN,
        {302: rest(READS_NOTHING), 403: READS_NOTHING},
    ),
    "accounts:me": (MEMBERS, LOGIN | {422: SIGNED_IN}),
    "accounts:people": (ADMIN_PAGE, ADMIN_PAGE),
    # A person's own address leads to the own profile; anybody else's does not exist for those who do not manage.
    "accounts:person": (
        {302: f"{ANON} donor", 200: ADMINS, 404: rest(ANON, DONOR, ADMINS)},
        {302: f"{ANON} donor", 200: ADMINS, 404: rest(ANON, DONOR, ADMINS)},
    ),
    "accounts:appoint": (ADMIN_PAGE, ADMIN_FORM),
    "accounts:deactivate": (ADMIN_PAGE, ADMIN_FORM),
    "accounts:activate": (NO_GET, LOGIN | {403: SIGNED_IN}),
    "accounts:confirmations": (ADMIN_PAGE, ADMIN_PAGE),
    "accounts:confirm": (NO_GET, LOGIN | {403: SIGNED_IN}),
    "accounts:refuse": (LOGIN | {403: SIGNED_IN}, LOGIN | {403: SIGNED_IN}),
    "accounts:end": (ADMIN_PAGE, ADMIN_FORM),
    "accounts:sessions": (MEMBERS, LOGIN | {405: SIGNED_IN}),
    "accounts:session_end": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "accounts:telephone_taken": (
        LOGIN | {200: f"{ADMINS} ocha_bgi ocha_bko", 403: rest(ANON, ADMINS, "ocha_bgi ocha_bko")},
        LOGIN | {422: f"{ADMINS} ocha_bgi ocha_bko", 403: rest(ANON, ADMINS, "ocha_bgi ocha_bko")},
    ),
    "accounts:release": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "accounts:factor_ask": (LOGIN | {403: SIGNED_IN}, LOGIN | {403: SIGNED_IN}),
    "accounts:factor_confirm": (NO_GET, LOGIN | {404: ADMINS, 403: NOT_ADMINS}),
    "accounts:factor_refuse": (NO_GET, LOGIN | {404: ADMINS, 403: NOT_ADMINS}),
    "accounts:stand_in_give": (
        LOGIN | {200: "ocha_bria", 404: rest(ANON, "ocha_bria")},
        LOGIN | {422: "ocha_bria", 404: rest(ANON, "ocha_bria")},
    ),
    # No such page but for the Humanitarian Coordinator's own appointment; here it is another one.
    "requests:delegate": (LOGIN | {404: SIGNED_IN}, LOGIN | {404: SIGNED_IN}),
    "requests:delegation_end": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "accounts:stand_in_end": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "accounts:changes": (ADMIN_PAGE, ADMIN_PAGE),
    # Proposed by the first administrator: the second one confirms; either may refuse it.
    "accounts:change_confirm": (NO_GET, LOGIN | {302: f"{ANON} admin2", 403: rest(ANON, "admin2")}),
    "accounts:change_refuse": (ADMIN_PAGE, ADMIN_FORM),
    "accounts:mails": (ADMIN_PAGE, ADMIN_PAGE),
    "accounts:mail_send": (NO_GET, LOGIN | {302: f"{ANON} {ADMINS}", 403: NOT_ADMINS}),
    "accounts:invitations": (ADMIN_PAGE, ADMIN_PAGE),
    "accounts:invite": (ADMIN_PAGE, ADMIN_FORM),
    "accounts:invitation_renew": (NO_GET, LOGIN | {404: ADMINS, 403: NOT_ADMINS}),
    "accounts:invitation_revoke": (NO_GET, LOGIN | {404: ADMINS, 403: NOT_ADMINS}),
    "accounts:accept": ({410: EVERYBODY}, {410: EVERYBODY}),
    "contacts:directory": (READS_DIRECTORY, NO_POST_SIGNED_IN),
    "contacts:duty": (READS_DIRECTORY, NO_POST_SIGNED_IN),
    "contacts:duty_worker": (OPEN, NO_POST),
    "contacts:exports": (READS_DIRECTORY, READS_DIRECTORY),
    "contacts:flyer": (NO_POST_SIGNED_IN, LOGIN | {200: rest(ANON, NO_DIRECTORY, MALI), 404: f"{NO_DIRECTORY} {MALI}"}),
    "contacts:posts": (LOGIN | {200: FILERS, 403: rest(ANON, FILERS)}, NO_POST_SIGNED_IN),
    "contacts:new": (LOGIN | {200: FILERS, 403: rest(ANON, FILERS)}, LOGIN | {422: FILERS, 403: rest(ANON, FILERS)}),
    "contacts:post": (LOGIN | {200: WORKING, 404: rest(ANON, WORKING)}, NO_POST_SIGNED_IN),
    **dict.fromkeys(
        ("contacts:holder", "contacts:hand_over", "contacts:depart"),
        (
            LOGIN | {200: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
            LOGIN | {422: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
        ),
    ),
    "contacts:person": (LOGIN | {200: INSIDE, 404: rest(ANON, INSIDE)}, NO_POST_SIGNED_IN),
    **dict.fromkeys(
        ("contacts:consent", "contacts:describe"),
        (
            LOGIN | {200: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
            {302: f"{ANON} {OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
        ),
    ),
    # Nobody is named yet to whom it could be passed on.
    "requests:handover": (
        LOGIN | {200: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
        LOGIN | {409: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
    ),
    "contacts:link_account": (NO_POST_SIGNED_IN, LOGIN | {404: SIGNED_IN}),
    "contacts:act": (NO_POST_SIGNED_IN, {302: f"{ANON} {OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)}),
    "contacts:link": ({410: EVERYBODY}, {410: EVERYBODY}),
    "contacts:end": (NO_POST_SIGNED_IN, {302: f"{ANON} {OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)}),
    # Of the Central African Republic: its cells are shared with every side that works there.
    **dict.fromkeys(
        ("contacts:station", "contacts:body"),
        (LOGIN | {200: CELL_READERS, 404: rest(ANON, CELL_READERS)}, NO_POST_SIGNED_IN),
    ),
    "contacts:bodies": (
        LOGIN | {200: f"{CELL_READERS} ocha_bko hc_ml force_ml", 404: f"nobody {ADMINS}"},
        NO_POST_SIGNED_IN,
    ),
    **dict.fromkeys(
        ("contacts:gaps", "contacts:forces"), (LOGIN | {200: WORKERS, 404: rest(ANON, WORKERS)}, NO_POST_SIGNED_IN)
    ),
    "contacts:liaison": (
        LOGIN | {200: WORKERS, 404: rest(ANON, WORKERS)},
        LOGIN
        | {
            422: OCHA_ALL,
            403: " ".join(sorted(set(WORKERS.split()) - set(OCHA_ALL.split()))),
            404: rest(ANON, WORKERS),
        },
    ),
    "contacts:settle": (
        NO_POST_SIGNED_IN,
        LOGIN
        | {
            409: PROPOSING,
            403: " ".join(sorted(set(f"{SEEING} requester_birao".split()) - set(PROPOSING.split()))),
            404: rest(ANON, SEEING, "requester_birao ocha_obo"),
        },
    ),
    "contacts:new_body": (
        LOGIN | {200: OCHA_ALL, 403: rest(ANON, OCHA_ALL)},
        LOGIN | {422: OCHA_ALL, 403: rest(ANON, OCHA_ALL)},
    ),
    **dict.fromkeys(
        ("contacts:edit_body", "contacts:new_seat", "contacts:take_seat"),
        (LOGIN | KEPT_CELL | {200: OCHA}, LOGIN | KEPT_CELL | {422: OCHA}),
    ),
    "contacts:step_body": (
        NO_POST_SIGNED_IN,
        KEPT_CELL | {302: f"{ANON} ocha_bgi", 403: f"{KEPT_CELL[403]} ocha_bria"},
    ),
    **dict.fromkeys(
        ("contacts:close_seat", "contacts:leave_seat"), (NO_POST_SIGNED_IN, KEPT_CELL | {302: f"{ANON} {OCHA}"})
    ),
    "contacts:duplicates": (LOGIN | {200: FILERS, 403: rest(ANON, FILERS)}, NO_POST_SIGNED_IN),
    "contacts:merge": (
        LOGIN | {200: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
        LOGIN | {422: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)},
    ),
    "contacts:unmerge": (NO_POST_SIGNED_IN, {302: f"{ANON} {OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)}),
    "contacts:import": (
        LOGIN | {200: FILERS, 403: rest(ANON, FILERS)},
        LOGIN | {422: FILERS, 403: rest(ANON, FILERS)},
    ),
    "contacts:import_template": (LOGIN | {200: FILERS, 403: rest(ANON, FILERS)}, NO_POST_SIGNED_IN),
    # The list that the requester in Bria sent, about a post that somebody holds: not even a colleague opens it.
    "contacts:import_look": (
        LOGIN | {200: "requester_bria", 404: rest(ANON, "requester_bria")},
        LOGIN | {422: "requester_bria", 404: rest(ANON, "requester_bria")},
    ),
    **dict.fromkeys(
        ("contacts:import_choose", "contacts:import_cancel"),
        (NO_POST_SIGNED_IN, {302: f"{ANON} requester_bria", 404: rest(ANON, "requester_bria")}),
    ),
    # A meeting of the cell of Bria, in which OCHA and the force have the two chairs.
    # A point of the table that the force owes, put to the strategic level; what only humanitarians note stays theirs.
    "meetings:points": (MEMBERS, NO_POST_SIGNED_IN),
    "meetings:point": (
        LOGIN | {200: MEETING, 404: rest(ANON, MEETING)},
        LOGIN | {422: MEETING, 404: rest(ANON, MEETING)},
    ),
    "meetings:escalate": (
        LOGIN | {200: OCHA, 403: rest(ANON, OCHA, NOT_MEETING), 404: NOT_MEETING},
        LOGIN | {422: OCHA, 403: rest(ANON, OCHA, NOT_MEETING), 404: NOT_MEETING},
    ),
    "meetings:escalation": (
        LOGIN | {200: "hc", 403: f"{OCHA} ocha_obo hoo", 404: rest(ANON, NOTED)},
        LOGIN | {422: "hc", 403: f"{OCHA} ocha_obo hoo", 404: rest(ANON, NOTED)},
    ),
    "meetings:post_points": (LOGIN | {200: f"{OWN} {OCHA}", 404: rest(ANON, OWN, OCHA)}, NO_POST_SIGNED_IN),
    "meetings:regularity": (
        LOGIN | {200: f"{MEETING} ocha_bko hc_ml", 404: rest(ANON, MEETING, "ocha_bko hc_ml")},
        NO_POST_SIGNED_IN,
    ),
    **dict.fromkeys(
        ("meetings:body", "meetings:attendance_by_category", "meetings:body_points"),
        (LOGIN | {200: MEETING, 404: rest(ANON, MEETING)}, NO_POST_SIGNED_IN),
    ),
    **dict.fromkeys(
        ("meetings:new_point", "meetings:correct", "meetings:owner"),
        (
            LOGIN | {200: LEADING, 403: rest(ANON, LEADING, rest(MEETING)), 404: rest(ANON, MEETING)},
            LOGIN | {422: LEADING, 403: rest(ANON, LEADING, rest(MEETING)), 404: rest(ANON, MEETING)},
        ),
    ),
    "meetings:new_internal": (
        LOGIN | {200: NOTED, 404: rest(ANON, NOTED)},
        LOGIN | {422: NOTED, 404: rest(ANON, NOTED)},
    ),
    **dict.fromkeys(
        ("meetings:new_contact", "meetings:settle"),
        (
            LOGIN | {200: OCHA, 403: "ocha_obo hoo hc", 404: rest(ANON, NOTED)},
            LOGIN | {422: OCHA, 403: "ocha_obo hoo hc", 404: rest(ANON, NOTED)},
        ),
    ),
    "meetings:escalate_incident": (
        LOGIN | {200: OCHA, 404: rest(ANON, OCHA)},
        LOGIN | {422: OCHA, 404: rest(ANON, OCHA)},
    ),
    **dict.fromkeys(
        ("meetings:week", "meetings:summary"),
        (
            LOGIN | {200: NOTED, 404: rest(ANON, NOTED)},
            {302: f"{ANON} {OCHA}", 403: "ocha_obo hoo hc", 404: rest(ANON, NOTED)},
        ),
    ),
    # Its minutes, not signed yet: written and signed by OCHA of Bria and by the force.
    "meetings:minutes": (MET, LOGIN | {302: f"{ANON} {MEETING}", 404: rest(ANON, MEETING)}),
    "meetings:minutes_paper": (MET, NO_POST_SIGNED_IN),
    **dict.fromkeys(
        ("meetings:minutes_item", "meetings:minutes_translation"),
        (LOGIN | {200: WRITING} | NOT_WRITING, LOGIN | {422: WRITING} | NOT_WRITING),
    ),
    "meetings:minutes_sign": (LOGIN | {200: WRITING} | NOT_WRITING, LOGIN | {422: WRITING} | NOT_WRITING),
    "meetings:minutes_object": (LOGIN | {200: WRITING} | NOT_WRITING, LOGIN | {422: WRITING} | NOT_WRITING),
    **dict.fromkeys(
        ("meetings:minutes_adopt", "meetings:minutes_amend"),
        (LOGIN | {409: WRITING} | NOT_WRITING, LOGIN | {409: WRITING} | NOT_WRITING),
    ),
    "meetings:minutes_addendum": (
        LOGIN | {404: rest(ANON, SITS_BACK), 403: SITS_BACK},
        LOGIN | {404: rest(ANON, SITS_BACK), 403: SITS_BACK},
    ),
    "meetings:minutes_release": (RELEASING, RELEASING),
    **dict.fromkeys(
        ("meetings:minutes_add", "meetings:minutes_decide"),
        (NO_POST_SIGNED_IN, LOGIN | {409: WRITING} | NOT_WRITING),
    ),
    "meetings:minutes_remove": (NO_POST_SIGNED_IN, {302: f"{ANON} {WRITING}"} | NOT_WRITING),
    "meetings:minutes_undecide": (NO_POST_SIGNED_IN, LOGIN | {404: rest(ANON, SITS_BACK), 403: SITS_BACK}),
    "meetings:notes": (LOGIN | {200: NOTING, 404: rest(ANON, NOTING)}, LOGIN | {422: NOTING, 404: rest(ANON, NOTING)}),
    "meetings:note": (LOGIN | {200: NOTING, 404: rest(ANON, NOTING)}, LOGIN | {422: NOTING, 404: rest(ANON, NOTING)}),
    **dict.fromkeys(
        ("meetings:meeting", "meetings:agenda_paper", "meetings:sign_in_sheet"),
        (LOGIN | {200: MEETING, 404: rest(ANON, MEETING)}, NO_POST_SIGNED_IN),
    ),
    "meetings:list": (READS_DIRECTORY, NO_POST_SIGNED_IN),
    "meetings:choose": (LOGIN | {200: OCHA_ALL, 404: rest(ANON, OCHA_ALL)}, NO_POST_SIGNED_IN),
    "meetings:propose": (
        LOGIN | {200: WORKERS, 404: rest(ANON, WORKERS)},
        LOGIN | {422: WORKERS, 404: rest(ANON, WORKERS)},
    ),
    "meetings:feed": (MEMBERS, MEMBERS),
    "meetings:calendar": (ABSENT, NO_POST),
    **dict.fromkeys(
        ("meetings:plan", "meetings:plan_series"),
        (LOGIN | {200: OCHA, 404: rest(ANON, OCHA)}, LOGIN | {422: OCHA, 404: rest(ANON, OCHA)}),
    ),
    "meetings:proposals": (LOGIN | {200: NOTING, 404: rest(ANON, NOTING)}, NO_POST_SIGNED_IN),
    "meetings:answer_proposal": (
        LOGIN | {200: OCHA, 403: "ocha_obo hoo hc", 404: rest(ANON, NOTING)},
        LOGIN | {422: OCHA, 403: "ocha_obo hoo hc", 404: rest(ANON, NOTING)},
    ),
    **dict.fromkeys(("meetings:move", "meetings:not_held"), (PLANNED | {200: OCHA}, PLANNED | {422: OCHA})),
    "meetings:series": (PLANNED | {404: rest(ANON, MEETING) + f" {OCHA}"},) * 2,  # this one is of no series
    "meetings:invite_series": (NO_POST_SIGNED_IN, PLANNED | {404: rest(ANON, MEETING) + f" {OCHA}"}),  # of no series
    **dict.fromkeys(("meetings:invite", "meetings:cancel"), (NO_POST_SIGNED_IN, PLANNED | {302: f"{ANON} {OCHA}"})),
    "meetings:hold": (NO_POST_SIGNED_IN, PREPARED | {409: CHAIRING}),  # it has not begun
    **dict.fromkeys(("meetings:agenda", "meetings:attendance"), (PREPARED | {200: CHAIRING},) * 2),
    "meetings:item": (PREPARED | {200: CHAIRING}, PREPARED | {422: CHAIRING}),
    "fleet:vehicles": (
        LOGIN | {200: JOINERS, 403: rest(ANON, JOINERS)},
        LOGIN | {422: JOINERS, 403: rest(ANON, JOINERS)},
    ),
    "fleet:drivers": (
        LOGIN | {200: JOINERS, 403: rest(ANON, JOINERS)},
        LOGIN | {422: JOINERS, 403: rest(ANON, JOINERS)},
    ),
    **dict.fromkeys(
        ("fleet:correct_vehicle", "fleet:correct_driver"),
        (LOGIN | {200: OWN, 404: rest(ANON, OWN)}, LOGIN | {422: OWN, 404: rest(ANON, OWN)}),
    ),
    "fleet:remove_vehicle": (NO_POST_SIGNED_IN, {302: f"{ANON} {OWN}", 404: rest(ANON, OWN)}),
    "fleet:remove_driver": (NO_POST_SIGNED_IN, {302: f"{ANON} {OWN}", 404: rest(ANON, OWN)}),
    "register:forces": (
        LOGIN | {200: f"{REGISTER} ocha_bko hc_ml", 404: rest(ANON, REGISTER, "ocha_bko hc_ml")},
        NO_POST_SIGNED_IN,
    ),
    "register:force": (LOGIN | {200: REGISTER, 404: rest(ANON, REGISTER)}, NO_POST_SIGNED_IN),
    "register:propose": (
        LOGIN | {200: PROPOSING, 404: rest(ANON, PROPOSING)},
        LOGIN | {422: PROPOSING, 404: rest(ANON, PROPOSING)},
    ),
    "register:answer": (LOGIN | {200: "hc", 404: rest(ANON, "hc")}, LOGIN | {422: "hc", 404: rest(ANON, "hc")}),
    # Of the Central African Republic; the proposed policy is one of Mali.
    **dict.fromkeys(
        ("policy:country", "policy:version"), (LOGIN | {200: CAR, 404: rest(ANON, CAR)}, NO_POST_SIGNED_IN)
    ),
    "policy:propose": (
        LOGIN | {200: "ocha_bgi", 403: rest(ANON, "ocha_bgi", OUTSIDE_CAR), 404: OUTSIDE_CAR},
        LOGIN | {422: "ocha_bgi", 403: rest(ANON, "ocha_bgi", OUTSIDE_CAR), 404: OUTSIDE_CAR},
    ),
    "policy:confirm": (
        NO_POST_SIGNED_IN,
        {302: f"{ANON} hc_ml", 403: f"ocha_bko {ADMINS}", 404: rest(ANON, "hc_ml ocha_bko", ADMINS)},
    ),
    "policy:refuse": (
        LOGIN | {200: "hc_ml ocha_bko", 403: ADMINS, 404: rest(ANON, "hc_ml ocha_bko", ADMINS)},
        LOGIN | {422: "hc_ml ocha_bko", 403: ADMINS, 404: rest(ANON, "hc_ml ocha_bko", ADMINS)},
    ),
    "requests:list": (LOGIN | {200: HUMANITARIANS, 403: f"{DONOR} {FORCES}"}, NO_POST_SIGNED_IN),
    "requests:new": (
        LOGIN | {200: FILERS, 403: rest(ANON, FILERS)},
        LOGIN | {422: FILERS, 403: rest(ANON, FILERS)},
    ),
    # With nothing ticked it asks nothing: the file is there.
    "requests:export": (
        LOGIN | {200: HUMANITARIANS, 403: f"{DONOR} {FORCES}"},
        LOGIN | {200: HUMANITARIANS, 403: f"{DONOR} {FORCES}"},
    ),
    "requests:import": (
        LOGIN | {200: IMPORTERS, 403: rest(ANON, IMPORTERS)},
        LOGIN | {422: IMPORTERS, 403: rest(ANON, IMPORTERS)},
    ),
    "requests:import_template": (LOGIN | {200: IMPORTERS, 403: rest(ANON, IMPORTERS)}, NO_POST_SIGNED_IN),
    # Another person's list (test_importing.py has one's own).
    "requests:import_look": (LOGIN | {404: SIGNED_IN}, LOGIN | {404: SIGNED_IN}),
    "requests:case": (SEEN, NO_POST_SIGNED_IN),
    "requests:edit_first": ({302: f"{ANON} {SEEING}", 404: NOT_SEEING}, NO_POST_SIGNED_IN),
    # With the force: nobody edits any more; those who could are told so, the others have no right to.
    "requests:edit": (
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:sheet": (SEEN, NO_POST_SIGNED_IN),
    # Of OCHA only the officer who took the request down writes the sheet for an organisation.
    "requests:sheet_part": (
        LOGIN | {200: OWN, 403: rest(ANON, OWN, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {409: OWN, 403: rest(ANON, OWN, NOT_SEEING), 404: NOT_SEEING},
    ),
    # No name is written: there is nothing to read.
    "requests:sheet_names": (NO_POST_SIGNED_IN, LOGIN | {302: f"{ANON} {SEEING}", 404: NOT_SEEING}),
    "requests:submit": (
        {302: f"{ANON} {SEEING}", 404: NOT_SEEING},
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:resubmit": (
        {302: f"{ANON} {SEEING}", 404: NOT_SEEING},
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:copy": (
        NO_POST_SIGNED_IN,
        {302: f"{ANON} {OWN}", 409: OCHA, 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:paper": (SEEN, NO_POST_SIGNED_IN),
    "requests:papers": (
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    # Announced without size and digest: nothing is begun for whoever sees the request. A script is sent to no sign-in.
    "requests:begin_file": (NO_GET, {401: ANON, 422: SEEING, 404: NOT_SEEING}),
    "requests:piece": (NO_GET, {401: ANON, 404: SIGNED_IN}),
    "requests:withdraw_paper": (
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {409: f"{OWN} {OCHA}", 403: rest(ANON, OWN, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:move": (
        LOGIN | {200: f"{OCHA} hc", 403: rest(ANON, OCHA, "hc", NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {422: f"{OCHA} hc", 403: rest(ANON, OCHA, "hc", NOT_SEEING), 404: NOT_SEEING},
    ),
    # Nothing of this request is strictly confidential: there is nothing to open (test_classes.py has one).
    "requests:open": (NO_POST_SIGNED_IN, LOGIN | {404: SIGNED_IN}),
    "requests:issue": (NO_POST_SIGNED_IN, LOGIN | {200: SEEING, 404: NOT_SEEING}),
    "requests:record": (
        LOGIN | {200: OCHA, 403: rest(ANON, OCHA, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {422: OCHA, 403: rest(ANON, OCHA, NOT_SEEING), 404: NOT_SEEING},
    ),
    # It was not filed for an organisation without an account (test_confirming.py has one).
    "requests:confirmation": (LOGIN | {404: SIGNED_IN}, LOGIN | {404: SIGNED_IN}),
    "requests:consultation": (LOGIN | {404: SIGNED_IN}, NO_POST_SIGNED_IN),  # the country team is not consulted in CAR
    "requests:meeting": (LOGIN | {404: SIGNED_IN}, LOGIN | {404: SIGNED_IN}),
    # With the force: it is too late to ask anybody (test_joining.py has it in time).
    # Nothing asks for the same here; test_duplicates.py has two requests that do.
    "requests:link": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "requests:join_ask": (
        LOGIN | {409: OWN, 403: rest(ANON, OWN, NOT_SEEING), 404: NOT_SEEING},
        LOGIN | {409: OWN, 403: rest(ANON, OWN, NOT_SEEING), 404: NOT_SEEING},
    ),
    "requests:join_withdraw": (NO_GET, LOGIN | {404: SIGNED_IN}),
    "requests:joining": (LOGIN | {200: JOINERS, 403: rest(ANON, JOINERS)}, NO_POST_SIGNED_IN),
    "requests:joining_part": (LOGIN | {404: SIGNED_IN}, LOGIN | {404: SIGNED_IN}),
    "requests:confirm_code": (OPEN, {422: EVERYBODY}),
    "requests:confirm": ({410: EVERYBODY}, {410: EVERYBODY}),
    "requests:verify": (MEMBERS, LOGIN | {422: SIGNED_IN}),
    # A reverse request that waits for the Humanitarian Coordinator; its owner is the organisation in Bria.
    "requests:reverse_list": (LOGIN | {200: HUMANITARIANS, 404: f"{DONOR} {FORCES}"}, NO_POST_SIGNED_IN),
    "requests:reverse": (LOGIN | {200: REVERSE, 404: rest(ANON, REVERSE)}, NO_POST_SIGNED_IN),
    "requests:reverse_move": (
        LOGIN | {200: "hc", 403: f"{OWN} {OCHA} hoo", 404: rest(ANON, REVERSE)},
        LOGIN | {422: "hc", 403: f"{OWN} {OCHA} hoo", 404: rest(ANON, REVERSE)},
    ),
    "requests:reverse_record": (
        LOGIN | {409: OCHA, 403: f"{OWN} hoo hc", 404: rest(ANON, REVERSE)},
        LOGIN | {409: OCHA, 403: f"{OWN} hoo hc", 404: rest(ANON, REVERSE)},
    ),
    "requests:reverse_asked_list": (LOGIN | {200: FORCES, 404: rest(ANON, FORCES)}, NO_POST_SIGNED_IN),
    "requests:reverse_ask": (
        LOGIN | {200: FORCES, 404: rest(ANON, FORCES)},
        LOGIN | {422: FORCES, 404: rest(ANON, FORCES)},
    ),
    "requests:reverse_asked": (FORCE_ONLY, NO_POST_SIGNED_IN),
    # Without its key no button is pressed.
    "requests:reverse_asked_act": (FORCE_ONLY, LOGIN | {409: FORCE_HERE, 404: rest(FORCE_HERE, ANON)}),
    "requests:force_list": (LOGIN | {200: FORCES, 404: rest(ANON, FORCES)}, NO_POST_SIGNED_IN),
    "requests:incidents": (
        LOGIN | {200: f"{OCHA} ocha_obo ocha_bko", 404: rest(ANON, OCHA, "ocha_obo ocha_bko")},
        NO_POST_SIGNED_IN,
    ),
    "requests:incident": (LOGIN | {200: OCHA, 404: rest(ANON, OCHA)}, LOGIN | {422: OCHA, 404: rest(ANON, OCHA)}),
    "requests:releases": (LOGIN | {200: LEDGER, 404: rest(LEDGER, ANON)}, NO_POST_SIGNED_IN),
    "requests:force_paper": (FORCE_ONLY, FORCE_ONLY),
    # Of this request nothing is strictly confidential: its page is open (test_strict_papers.py has one that is not).
    "requests:force_names": (NO_POST_SIGNED_IN, LOGIN | {302: f"{ANON} {FORCE_HERE}", 404: rest(FORCE_HERE, ANON)}),
    "requests:force_open": (NO_POST_SIGNED_IN, LOGIN | {302: f"{ANON} {FORCE_HERE}", 404: rest(FORCE_HERE, ANON)}),
    "requests:force_case": (FORCE_ONLY, NO_POST_SIGNED_IN),
    "requests:force_act": (FORCE_ONLY, LOGIN | {422: FORCE_HERE, 404: rest(FORCE_HERE, ANON)}),
    "accounts:sessions_end": (NO_GET, DONE),  # the last one: it signs everybody out
}


def addresses():
    """Every named address but allauth's own and the admin's, which have tests of their own."""

    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                if entry.namespace != "admin":
                    yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
            elif entry.name:
                yield f"{prefix}{entry.name}"

    return {name for name in walk(get_resolver()) if not name.startswith(("account_", "mfa_"))}


@pytest.fixture
def users(request, people):
    found = {name: request.getfixturevalue(name) for name in SIGNED_IN.split() if name != "ocha_obo"}
    found["ocha_obo"] = person("ocha.obo", "ocha_officer", organisation="OCHA", name="OCHA Obo", station="obo")
    return found


@pytest.fixture
def visit(users):
    """Ask an address in the name of a person; signed in without the cost of a password."""
    clients = {name: Client(raise_request_exception=False) for name in EVERYBODY.split()}
    for name, user in users.items():
        clients[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return lambda name, method, url: getattr(clients[name], method)(url, {"sent": "1"}).status_code


@pytest.fixture
def addressed(users, people):
    """The keyword arguments of each address, of one case that the force has."""
    case = case_at("transmitted", people, un_on_board=True)
    paper = CaseFile.objects.create(
        case=case, file=ContentFile(b"%PDF-1.7", name="plan.pdf"), name="plan.pdf", content_type="application/pdf",
        size=8, uploaded_by=people.requester_bria,
    )  # fmt: skip
    appointment = people.donor.appointments.get()
    note = Notification.objects.filter(recipient=people.ocha_bria, channel="portal").first()
    AccessIncident.objects.create(case=case, kind="AMRF-3")
    by_case = {"reference": case.reference}
    mail = Notification.objects.filter(recipient=people.ocha_bria, channel="mail").first()
    Notification.objects.filter(pk=mail.pk).update(status="failed")
    cover = DutyStation.objects.get(code="bambari")
    bria = DutyStation.objects.get(code="bria")
    [proposal] = reference_changes.change(bria, values={"covered_by": cover}, by=users["admin"])
    post = open_post(
        by=people.requester_bria, organisation=people.requester_bria.organisation, station=bria, function="Logistician",
        holder=Holder("Somebody"), starts=timezone.localdate(),
    )  # fmt: skip
    twins, one = two_alike(people), merged(people)
    arriving = sent(people.requester_bria, table(ROW))
    status = propose_status(
        Force.objects.get(acronym="FACA"), by=people.ocha_bgi, status="party", basis="Communiqué.", clause="ML-POS ¶7",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    policy = proposed(users["ocha_bko"], Country.objects.get(pk="MLI"), members_needed=5)
    asked = reverse_at("deciding", people)
    by_force = {"reference": asked.force_reference}
    common = enter(
        by=people.ocha_bgi, country=Country.objects.get(pk="CAF"), text_en="No escorts.", text_fr="Sans escorte.",
        agreed_by="Country team", valid_from=timezone.localdate(), against=[],
    )  # fmt: skip
    cell = chaired(people)
    stuck = raised(cell, people.ocha_bria)
    meeting = planned(cell, people.ocha_bgi)
    sitting = Sitting.objects.get(seat__body=cell, seat__kind="chair")
    missing = note_liaison(
        by=people.ocha_bgi, area=AdminArea.objects.current().get(name="Vakaga"), wanted="officer", note="No officer."
    )
    minutes = minutes_of(cell, people.ocha_bria)
    in_minutes = {"uid": minutes.meeting.uid}
    beside = add_note(minutes.meeting, by=people.ocha_bria, title="Tone", text="Words")
    return {
        **dict.fromkeys(("guidance:position_endorse", "guidance:position_end"), {"pk": common.pk}),
        **dict.fromkeys(("register:force", "register:propose"), {"pk": status.force_id}),
        "register:answer": {"pk": status.pk},
        "policy:country": {"code": "CAF"},
        "policy:version": {"code": "CAF", "number": 1},
        "policy:propose": {"code": "CAF"},
        **dict.fromkeys(("policy:confirm", "policy:refuse"), {"code": "MLI", "pk": policy.pk}),
        "requests:reverse": {"reference": asked.reference},
        "requests:reverse_move": {"reference": asked.reference, "move": "validate"},
        "requests:reverse_record": {"reference": asked.reference, "move": "consent"},
        "requests:reverse_asked": by_force,
        "requests:reverse_asked_act": by_force | {"act": "withdraw"},
        "demo_be": {"username": "hc.car"},
        **dict.fromkeys(("guidance:document", "guidance:confirm"), {"code": "CAR-CMC"}),
        **dict.fromkeys(("contacts:post", "contacts:hand_over"), {"pk": post.pk}),
        "contacts:station": {"code": "bria"},
        **dict.fromkeys(("contacts:body", "contacts:edit_body", "contacts:new_seat"), {"pk": sitting.seat.body_id}),
        "contacts:step_body": {"pk": sitting.seat.body_id, "step": "rest"},
        **dict.fromkeys(("contacts:take_seat", "contacts:close_seat"), {"pk": sitting.seat_id}),
        "contacts:leave_seat": {"pk": sitting.pk},
        "contacts:settle": {"pk": missing.pk},
        **dict.fromkeys(
            ("contacts:post", "contacts:holder", "contacts:describe", "contacts:hand_over"), {"pk": post.pk}
        ),
        **dict.fromkeys(
            ("contacts:person", "contacts:consent", "contacts:link_account"), {"pk": post.holder.person_id}
        ),
        "contacts:depart": {"pk": post.holder.pk},
        "contacts:act": {"pk": post.holder.pk, "what": "confirm"},
        "contacts:link": {"word": "unsigned"},
        "requests:handover": {"pk": Handover.objects.create(holding=post.holder).pk},
        "contacts:end": {"pk": post.pk, "what": "leave"},
        "contacts:flyer": {"country": "CAF", "language": "en"},
        "contacts:import_template": {"form": "csv"},
        "contacts:merge": {"pk": twins[0].pk, "other": twins[1].pk},
        "contacts:unmerge": {"pk": one.pk},
        **dict.fromkeys(
            ("contacts:import_look", "contacts:import_choose", "contacts:import_cancel"), {"pk": arriving.pk}
        ),
        **dict.fromkeys(
            ("meetings:point", "meetings:escalate", "meetings:correct", "meetings:owner"),
            {"reference": stuck.reference},
        ),
        "meetings:settle": {"pk": logged(cell, people.ocha_bria, follow_up="Call again").pk},
        "meetings:escalate_incident": by_case,
        "meetings:escalation": {"pk": escalate(stuck, by=people.ocha_bria, why="No answer.").pk},
        "meetings:post_points": {"pk": post.pk},
        **dict.fromkeys(
            (
                "meetings:body",
                "meetings:attendance_by_category",
                "meetings:body_points",
                "meetings:new_point",
                "meetings:new_internal",
                "meetings:new_contact",
                "meetings:week",
            ),
            {"pk": cell.pk},
        ),
        "meetings:summary": {"pk": cell.pk, "day": timezone.localdate()},
        **dict.fromkeys((name for name in LINES if name.startswith("meetings:minutes")), {"uid": minutes.meeting.uid}),
        **dict.fromkeys(("meetings:minutes_item", "meetings:minutes_decide"), in_minutes | {"order": 3}),
        "meetings:minutes_remove": in_minutes | {"order": 5},
        "meetings:minutes_undecide": in_minutes | {"order": 3, "place": 1},
        "meetings:minutes_addendum": in_minutes | {"number": 1},
        "meetings:minutes_paper": in_minutes | {"form": "pdf"},
        "meetings:notes": in_minutes,
        "meetings:note": in_minutes | {"pk": beside.pk},
        **dict.fromkeys(
            (
                f"meetings:{name}"
                for name in (
                    "meeting",
                    "move",
                    "series",
                    "not_held",
                    "invite",
                    "invite_series",
                    "cancel",
                    "hold",
                    "agenda",
                    "attendance",
                    "agenda_paper",
                    "sign_in_sheet",
                )
            ),
            {"uid": meeting.uid},
        ),
        "meetings:item": {"uid": meeting.uid, "order": 1},
        **dict.fromkeys(("meetings:plan", "meetings:plan_series", "meetings:proposals"), {"pk": cell.pk}),
        "meetings:answer_proposal": {"pk": propose(cell, by=people.requester_bria, title="Axis").pk},
        "meetings:calendar": {"word": "guessed"},
        "fleet:correct_vehicle": {"pk": fleet_of(people.requester_bria, FleetVehicle).pk},
        "fleet:correct_driver": {"pk": fleet_of(people.requester_bria, FleetDriver).pk},
        "fleet:remove_vehicle": {"pk": fleet_of(people.requester_bria, FleetVehicle).pk},
        "fleet:remove_driver": {"pk": fleet_of(people.requester_bria, FleetDriver).pk},
        "activity:read": {"pk": note.pk},
        "accounts:mail_send": {"pk": mail.pk},
        "accounts:accept": {"token": "guessed"},
        "requests:confirm": {"secret": "guessed"},
        "requests:import_template": {"form": "csv"},
        "requests:import_look": {"pk": 1},
        "accounts:stand_in_give": {"pk": people.ocha_bria.appointments.get().pk},
        "requests:delegate": {"pk": people.ocha_bria.appointments.get().pk},
        "requests:edit": by_case | {"step": 1},
        "requests:paper": by_case | {"pk": paper.pk},
        "requests:withdraw_paper": by_case | {"pk": paper.pk},
        "requests:piece": by_case | {"key": uuid.uuid4()},
        "requests:incident": by_case,
        "requests:move": by_case | {"move": "suspend"},
        "requests:open": by_case | {"what": "why_safer"},
        "requests:issue": by_case | {"kind": "letter"},
        "requests:record": by_case | {"move": "accept"},
        "requests:force_case": {"reference": case.force_reference},
        "requests:force_paper": {"reference": case.force_reference, "number": 1},
        "requests:force_open": {"reference": case.force_reference},
        "requests:force_act": {"reference": case.force_reference, "act": "accept"},
        **dict.fromkeys(("accounts:person", "accounts:appoint", "accounts:deactivate"), {"pk": people.donor.pk}),
        "accounts:activate": {"pk": people.donor.pk},
        **dict.fromkeys(("accounts:confirm", "accounts:refuse", "accounts:end"), {"pk": appointment.pk}),
        **dict.fromkeys(("accounts:session_end", "accounts:factor_confirm", "accounts:factor_refuse"), {"pk": 0}),
        **dict.fromkeys(("accounts:release", "accounts:factor_ask"), {"pk": people.donor.pk}),
        **dict.fromkeys(("accounts:stand_in_end", "accounts:invitation_renew", "requests:delegation_end"), {"pk": 1}),
        "accounts:invitation_revoke": {"pk": 1},
        **dict.fromkeys(("accounts:change_confirm", "accounts:change_refuse"), {"pk": proposal.pk}),
        "requests:confirmation": by_case,
        "requests:consultation": by_case,
        "requests:meeting": by_case,
        "requests:join_ask": by_case,
        "requests:link": by_case,
        "requests:join_withdraw": by_case | {"pk": 1},
        "requests:joining_part": {"pk": 1},
        **dict.fromkeys(("requests:case", "requests:edit_first", "requests:submit"), by_case),
        "requests:sheet": by_case,
        "requests:sheet_names": by_case,
        "requests:force_names": {"reference": case.force_reference},
        "requests:sheet_part": by_case | {"part": 1},
        **dict.fromkeys(("requests:resubmit", "requests:copy", "requests:papers", "requests:begin_file"), by_case),
    }


def test_every_address_has_its_line():
    assert set(LINES) == addresses()


@pytest.mark.parametrize(
    "visitors",
    [
        pytest.param(EVERYBODY.split()[0::2], marks=pytest.mark.once, id="one half"),
        pytest.param(EVERYBODY.split()[1::2], marks=pytest.mark.once, id="the other half"),
        pytest.param(OF_EACH_KIND.split(), marks=pytest.mark.pages, id="one of each kind"),
    ],
)
def test_each_person_gets_what_was_written_by_hand(addressed, visit, visitors):
    """Everybody at all addresses, and on PostgreSQL one of each kind; each visit leaves nothing to the next."""
    wrong = []
    for name, answers in LINES.items():
        url = reverse(name, kwargs=addressed.get(name, {}))
        for method, line in zip(("get", "post"), answers, strict=True):
            expected = {person: status for status, names in line.items() for person in names.split()}
            assert set(expected) == set(EVERYBODY.split()), f"{method} {name}: a person is missing or unknown"
            for who in visitors:
                with transaction.atomic():
                    found = visit(who, method, url)
                    transaction.set_rollback(True)
                if found != expected[who]:
                    wrong.append(f"{method} {name} as {who}: {found} instead of {expected[who]}")
    assert not wrong, "\n".join(wrong)
