"""Who is each address for? Declared here for every one of them; an address without a line fails the suite.

`manage.py draw_docs` writes docs/permissions.md from it; the views enforce it, and the tests compare both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import get_resolver

from cmcoord.accounts.roles import ROLES, Perm, Role
from cmcoord.activity.barrier import Side


class Reach(StrEnum):
    """Which objects of an address does a role open?"""

    ALL = "all"
    COUNTRY = "country"  # every one of the own country
    OWN = "own"  # of the own station, organisation, body or force; the own account
    NONE = "–"


@dataclass(frozen=True)
class Audience:
    """Whom an address is for, and what all others are answered: 403 where anybody may know of it, else 404."""

    words: str
    perms: frozenset[Perm] | None  # None: everybody who is signed in
    reach: Reach = Reach.ALL
    refused: int = 403
    signed_out: int = 302  # the way to the sign-in page
    side: Side | None = None

    def reach_of(self, role: Role) -> Reach:
        if self.side and self.side not in ROLES[role].sides:
            return Reach.NONE
        if self.perms is None:
            return self.reach
        held = self.perms & ROLES[role].perms
        if not held:
            return Reach.NONE
        return Reach.COUNTRY if self.reach == Reach.OWN and held & COUNTRYWIDE else self.reach


P = Perm
# These rights open every request of the country that has come as far; the others those of one's place or body.
COUNTRYWIDE = frozenset({P.SEE_COUNTRY_CASES, P.READ_FORWARDED})
SEEING = COUNTRYWIDE | {P.FILE_CASE, P.REVIEW_CASE, P.ADVISE_CLUSTER, P.ADVISE_UN_SECURITY, P.ADVISE_NGO_SECURITY,
                        P.TAKE_POSITION}  # fmt: skip
DELIBERATING = frozenset({P.REVIEW_CASE, P.CLEAR_CASE, P.DECIDE_CASE, P.TAKE_POSITION})
ANYBODY = Audience("anybody", None, signed_out=200)
DEMONSTRATION = Audience("visitors of a demonstration", frozenset(), refused=404, signed_out=404)
MEMBERS = Audience("everybody with an account", None)
APPOINTED = Audience("who holds an appointment, for the own organisation", None, Reach.OWN)
SELF = Audience("the person's own", None, Reach.OWN, refused=404)
ADMINISTRATORS = Audience("administrators", frozenset({P.MANAGE_ACCOUNTS, P.CONFIRM_RIGHTS}))
PROFILES = Audience("administrators, and each their own", frozenset({P.MANAGE_ACCOUNTS}), refused=404)
HUMANITARIANS = Audience("the humanitarian side; rows by visibility", None, Reach.OWN, side=Side.HUMANITARIAN)
FILERS = Audience("who files requests, or takes them down", frozenset({P.FILE_CASE, P.RECORD_FOR_OTHERS}), Reach.OWN)
NATIONAL = Audience("the national unit", frozenset({P.CLEAR_CASE}), Reach.OWN)
NATIONAL_OWN = Audience("who sent the list", frozenset({P.CLEAR_CASE}), Reach.OWN, refused=404)
JOINERS = Audience("requesting organisations", frozenset({P.FILE_CASE}), Reach.OWN)
JOINERS_OWN = Audience("the organisation that was asked", frozenset({P.FILE_CASE}), Reach.OWN, refused=404)
FLEET_OWN = Audience("the organisation of the fleet", frozenset({P.FILE_CASE}), Reach.OWN, refused=404)
LIST_OWN = Audience(
    "who sent the list of contacts", frozenset({P.FILE_CASE, P.RECORD_FOR_OTHERS}), Reach.OWN, refused=404
)
KEEPERS = Audience(
    "the organisation of the post, and OCHA", frozenset({P.FILE_CASE, P.RECORD_FOR_OTHERS}), Reach.OWN, refused=404
)
ACQUAINTED = Audience("those with whom the person shares it", None, Reach.OWN, refused=404)
PERSONAL = Audience("the person, and who keeps a post of theirs", None, Reach.OWN, refused=404)
COUNTRY_READERS = Audience(
    "the humanitarian side of the country, and administrators", None, Reach.OWN, refused=404, side=Side.HUMANITARIAN
)
POLICY_PROPOSERS = Audience("the national unit", frozenset({P.PROPOSE_PROFILE}), Reach.OWN)
POLICY_CONFIRMERS = Audience("the Humanitarian Coordinator", frozenset({P.CONFIRM_PROFILE}), Reach.OWN)
POLICY_ANSWERERS = Audience(
    "the Humanitarian Coordinator, and who proposed it", frozenset({P.PROPOSE_PROFILE, P.CONFIRM_PROFILE}), Reach.OWN
)
RECORDERS = Audience("OCHA, where it writes down for others", frozenset({P.RECORD_FOR_OTHERS}), Reach.OWN, refused=404)
TEAM = Audience("the country team, OCHA and the Coordinator of a consultation", DELIBERATING, Reach.OWN, refused=404)
CASE = Audience("who sees the request", SEEING, Reach.OWN, refused=404)
REGISTER = Audience("OCHA and the country team", frozenset({P.SEE_REGISTER}), Reach.OWN, refused=404)
PROPOSERS = Audience("OCHA of the country", frozenset({P.PROPOSE_STATUS}), Reach.OWN, refused=404)
ANSWERERS = Audience("the country team", frozenset({P.CONFIRM_STATUS}), Reach.OWN, refused=404)
LEDGER = Audience(
    "OCHA and the Humanitarian Coordinator",
    frozenset({P.SEE_COUNTRY_CASES, P.DECIDE_CASE, P.REVIEW_CASE}),
    Reach.OWN,
    refused=404,
)
REVIEWERS = Audience("OCHA where it reviews", frozenset({P.REVIEW_CASE, P.CLEAR_CASE}), Reach.OWN, refused=404)
DUTY = Audience("the national unit and administrators", frozenset({P.END_SESSIONS}))
HOLDERS = Audience("the force that holds it", frozenset({P.ANSWER_AS_FORCE}), Reach.OWN, refused=404)
REVERSE = Audience(
    "OCHA, the owner of the asset, the Humanitarian Coordinator",
    frozenset({P.REVIEW_CASE, P.SEE_COUNTRY_CASES, P.DECIDE_CASE, P.FILE_CASE}),
    Reach.OWN,
    refused=404,
)
DIRECTORY = Audience("who works in the country; of a side what is shared with it", None, Reach.COUNTRY, refused=404)
WORKERS = Audience("the humanitarian side of the country", None, Reach.COUNTRY, refused=404, side=Side.HUMANITARIAN)
MEETERS = Audience("who sits in the body; in cells the humanitarian side of the country", None, Reach.OWN, refused=404)
NOTERS = Audience(
    "the humanitarian side: who keeps the body, sits in it or oversees it", None, Reach.OWN, 404, side=Side.HUMANITARIAN
)
MINUTERS = Audience("the chairs of the body, and OCHA that keeps it", None, Reach.OWN, refused=404)
RELEASERS = Audience("OCHA that keeps the body", frozenset({P.RECORD_FOR_OTHERS}), Reach.OWN, refused=404)
PLANNERS = Audience("OCHA, and who chairs the body", frozenset({P.RECORD_FOR_OTHERS, P.CLEAR_CASE}), Reach.OWN)
CHAIRS = Audience("OCHA, and both chairs of the body", None, Reach.OWN)
SEATERS = Audience("OCHA, of its country or duty station", frozenset({P.RECORD_FOR_OTHERS}), Reach.OWN)
ENDORSERS = Audience("the Humanitarian Coordinator", frozenset({P.ENDORSE_POSITION}), Reach.OWN, refused=404)
REVERSE_LIST = Audience("the humanitarian side; rows by visibility", None, Reach.OWN, 404, side=Side.HUMANITARIAN)
ASKERS = Audience("the force that asks", frozenset({P.ASK_REVERSE}), Reach.OWN, refused=404)

ADDRESSES: dict[str, tuple[Audience, str]] = {
    "home": (MEMBERS, "GET"),
    "healthz": (ANYBODY, "GET"),
    "readyz": (ANYBODY, "GET"),
    "demo": (DEMONSTRATION, "GET"),
    "demo_be": (DEMONSTRATION, "POST"),
    "set_language": (ANYBODY, "GET POST"),
    "ui:gallery": (DEMONSTRATION, "GET"),
    "activity:mailbox": (DEMONSTRATION, "GET"),
    "activity:demo_gateway": (DEMONSTRATION, "POST"),
    "activity:notifications": (SELF, "GET"),
    "activity:read": (SELF, "POST"),
    "activity:read_all": (SELF, "POST"),
    "activity:preferences": (SELF, "GET POST"),
    "activity:sms": (SELF, "GET POST"),
    "activity:sms_code": (SELF, "POST"),
    "activity:sms_stop": (SELF, "POST"),
    "guidance:clauses": (MEMBERS, "GET"),
    "guidance:never_carried": (MEMBERS, "GET"),
    "guidance:positions": (REVERSE_LIST, "GET POST"),
    "guidance:position_endorse": (ENDORSERS, "POST"),
    "guidance:position_end": (ENDORSERS, "POST"),
    "guidance:document": (MEMBERS, "GET"),
    "guidance:confirm": (APPOINTED, "POST"),
    "accounts:me": (SELF, "GET POST"),
    "accounts:people": (ADMINISTRATORS, "GET"),
    "accounts:person": (PROFILES, "GET"),
    "accounts:appoint": (ADMINISTRATORS, "GET POST"),
    "accounts:deactivate": (ADMINISTRATORS, "GET POST"),
    "accounts:activate": (ADMINISTRATORS, "POST"),
    "accounts:confirmations": (ADMINISTRATORS, "GET"),
    "accounts:confirm": (ADMINISTRATORS, "POST"),
    "accounts:refuse": (ADMINISTRATORS, "GET POST"),
    "accounts:end": (ADMINISTRATORS, "GET POST"),
    "accounts:changes": (ADMINISTRATORS, "GET"),
    "accounts:change_confirm": (ADMINISTRATORS, "POST"),
    "accounts:change_refuse": (ADMINISTRATORS, "GET POST"),
    "accounts:stand_in_give": (SELF, "GET POST"),
    "accounts:stand_in_end": (SELF, "POST"),
    "accounts:sessions": (SELF, "GET"),
    "accounts:sessions_end": (SELF, "POST"),
    "accounts:session_end": (SELF, "POST"),
    "accounts:release": (ADMINISTRATORS, "POST"),
    "accounts:factor_ask": (ADMINISTRATORS, "GET POST"),
    "accounts:factor_confirm": (ADMINISTRATORS, "POST"),
    "accounts:factor_refuse": (ADMINISTRATORS, "POST"),
    "accounts:telephone_taken": (DUTY, "GET POST"),
    "accounts:mails": (ADMINISTRATORS, "GET"),
    "accounts:mail_send": (ADMINISTRATORS, "POST"),
    "accounts:invitations": (ADMINISTRATORS, "GET"),
    "accounts:invite": (ADMINISTRATORS, "GET POST"),
    "accounts:invitation_renew": (ADMINISTRATORS, "POST"),
    "accounts:invitation_revoke": (ADMINISTRATORS, "POST"),
    "accounts:accept": (ANYBODY, "GET POST"),
    "contacts:directory": (DIRECTORY, "GET"),
    "contacts:duty": (DIRECTORY, "GET"),
    "contacts:duty_worker": (ANYBODY, "GET"),
    "contacts:exports": (DIRECTORY, "GET POST"),
    "contacts:flyer": (DIRECTORY, "POST"),
    "contacts:posts": (FILERS, "GET"),
    "contacts:new": (FILERS, "GET POST"),
    "contacts:post": (DIRECTORY, "GET"),
    "contacts:holder": (KEEPERS, "GET POST"),
    "contacts:describe": (KEEPERS, "GET POST"),
    "contacts:person": (ACQUAINTED, "GET"),
    "contacts:consent": (PERSONAL, "GET POST"),
    "contacts:link_account": (PERSONAL, "POST"),
    "contacts:depart": (PERSONAL, "GET POST"),
    "contacts:act": (PERSONAL, "POST"),
    "contacts:link": (ANYBODY, "GET POST"),
    "contacts:hand_over": (KEEPERS, "GET POST"),
    "contacts:end": (KEEPERS, "POST"),
    "requests:handover": (KEEPERS, "GET POST"),
    "contacts:station": (DIRECTORY, "GET"),
    "contacts:gaps": (WORKERS, "GET"),
    "contacts:liaison": (WORKERS, "GET POST"),
    "contacts:settle": (SEATERS, "POST"),
    "contacts:forces": (WORKERS, "GET"),
    "contacts:bodies": (DIRECTORY, "GET"),
    "contacts:body": (DIRECTORY, "GET"),
    "contacts:new_body": (SEATERS, "GET POST"),
    "contacts:edit_body": (SEATERS, "GET POST"),
    "contacts:new_seat": (SEATERS, "GET POST"),
    "contacts:step_body": (NATIONAL, "POST"),
    "contacts:take_seat": (SEATERS, "GET POST"),
    "contacts:close_seat": (SEATERS, "POST"),
    "contacts:leave_seat": (SEATERS, "POST"),
    "contacts:duplicates": (FILERS, "GET"),
    "contacts:merge": (KEEPERS, "GET POST"),
    "contacts:unmerge": (KEEPERS, "POST"),
    "contacts:import": (FILERS, "GET POST"),
    "contacts:import_template": (FILERS, "GET"),
    "contacts:import_look": (LIST_OWN, "GET POST"),
    "contacts:import_choose": (LIST_OWN, "POST"),
    "contacts:import_cancel": (LIST_OWN, "POST"),
    "meetings:list": (DIRECTORY, "GET"),
    "meetings:choose": (PLANNERS, "GET"),
    "meetings:propose": (WORKERS, "GET POST"),
    "meetings:feed": (SELF, "GET POST"),
    "meetings:calendar": (ANYBODY, "GET"),
    "meetings:plan": (PLANNERS, "GET POST"),
    "meetings:plan_series": (PLANNERS, "GET POST"),
    "meetings:proposals": (NOTERS, "GET"),
    "meetings:answer_proposal": (PLANNERS, "GET POST"),
    "meetings:meeting": (MEETERS, "GET"),
    "meetings:points": (MEMBERS, "GET"),
    "meetings:point": (MEETERS, "GET POST"),
    "meetings:correct": (MEETERS, "GET POST"),
    "meetings:owner": (MEETERS, "GET POST"),
    "meetings:escalate": (NOTERS, "GET POST"),
    "meetings:escalation": (NOTERS, "GET POST"),
    "meetings:post_points": (KEEPERS, "GET"),
    "meetings:regularity": (MEETERS, "GET"),
    "meetings:body": (MEETERS, "GET"),
    "meetings:attendance_by_category": (MEETERS, "GET"),
    "meetings:body_points": (MEETERS, "GET"),
    "meetings:new_point": (MEETERS, "GET POST"),
    "meetings:new_internal": (NOTERS, "GET POST"),
    "meetings:new_contact": (NOTERS, "GET POST"),
    "meetings:settle": (NOTERS, "GET POST"),
    "meetings:escalate_incident": (NOTERS, "GET POST"),
    "meetings:week": (NOTERS, "GET POST"),
    "meetings:summary": (NOTERS, "GET POST"),
    "meetings:minutes": (MEETERS, "GET POST"),
    "meetings:minutes_paper": (MEETERS, "GET"),
    "meetings:minutes_item": (MINUTERS, "GET POST"),
    "meetings:minutes_add": (MINUTERS, "POST"),
    "meetings:minutes_remove": (MINUTERS, "POST"),
    "meetings:minutes_decide": (MINUTERS, "POST"),
    "meetings:minutes_undecide": (MINUTERS, "POST"),
    "meetings:minutes_translation": (MINUTERS, "GET POST"),
    "meetings:minutes_sign": (MINUTERS, "GET POST"),
    "meetings:minutes_object": (MINUTERS, "GET POST"),
    "meetings:minutes_adopt": (MINUTERS, "GET POST"),
    "meetings:minutes_release": (RELEASERS, "GET POST"),
    "meetings:minutes_amend": (MINUTERS, "GET POST"),
    "meetings:minutes_addendum": (MINUTERS, "GET POST"),
    "meetings:notes": (NOTERS, "GET POST"),
    "meetings:note": (NOTERS, "GET POST"),
    "meetings:move": (PLANNERS, "GET POST"),
    "meetings:series": (PLANNERS, "GET POST"),
    "meetings:not_held": (PLANNERS, "GET POST"),
    "meetings:invite": (PLANNERS, "POST"),
    "meetings:invite_series": (PLANNERS, "POST"),
    "meetings:cancel": (PLANNERS, "POST"),
    "meetings:hold": (CHAIRS, "POST"),
    "meetings:agenda": (CHAIRS, "GET POST"),
    "meetings:item": (CHAIRS, "GET POST"),
    "meetings:attendance": (CHAIRS, "GET POST"),
    "meetings:agenda_paper": (MEETERS, "GET"),
    "meetings:sign_in_sheet": (MEETERS, "GET"),
    "fleet:vehicles": (JOINERS, "GET POST"),
    "fleet:drivers": (JOINERS, "GET POST"),
    "fleet:correct_vehicle": (FLEET_OWN, "GET POST"),
    "fleet:correct_driver": (FLEET_OWN, "GET POST"),
    "fleet:remove_vehicle": (FLEET_OWN, "POST"),
    "fleet:remove_driver": (FLEET_OWN, "POST"),
    "register:forces": (REGISTER, "GET"),
    "register:force": (REGISTER, "GET"),
    "register:propose": (PROPOSERS, "GET POST"),
    "register:answer": (ANSWERERS, "GET POST"),
    "policy:country": (COUNTRY_READERS, "GET"),
    "policy:version": (COUNTRY_READERS, "GET"),
    "policy:propose": (POLICY_PROPOSERS, "GET POST"),
    "policy:confirm": (POLICY_CONFIRMERS, "POST"),
    "policy:refuse": (POLICY_ANSWERERS, "GET POST"),
    "requests:delegate": (SELF, "GET POST"),
    "requests:delegation_end": (SELF, "POST"),
    "requests:list": (HUMANITARIANS, "GET"),
    "requests:new": (FILERS, "GET POST"),
    "requests:export": (HUMANITARIANS, "GET POST"),
    "requests:import": (NATIONAL, "GET POST"),
    "requests:import_template": (NATIONAL, "GET"),
    "requests:import_look": (NATIONAL_OWN, "GET POST"),
    "requests:case": (CASE, "GET"),
    "requests:edit_first": (CASE, "GET"),
    "requests:edit": (CASE, "GET POST"),
    "requests:sheet": (CASE, "GET"),
    "requests:sheet_names": (CASE, "POST"),
    "requests:sheet_part": (CASE, "GET POST"),
    "requests:submit": (CASE, "GET POST"),
    "requests:resubmit": (CASE, "GET POST"),
    "requests:copy": (CASE, "POST"),
    "requests:confirmation": (RECORDERS, "GET POST"),
    "requests:consultation": (TEAM, "GET"),
    "requests:meeting": (RECORDERS, "GET POST"),
    "requests:join_ask": (CASE, "GET POST"),
    "requests:link": (REVIEWERS, "POST"),
    "requests:join_withdraw": (CASE, "POST"),
    "requests:joining": (JOINERS, "GET"),
    "requests:joining_part": (JOINERS_OWN, "GET POST"),
    "requests:confirm_code": (ANYBODY, "GET POST"),
    "requests:confirm": (ANYBODY, "GET POST"),
    "requests:issue": (CASE, "POST"),
    "requests:paper": (CASE, "GET"),
    "requests:papers": (CASE, "GET POST"),
    "requests:begin_file": (CASE, "POST"),
    "requests:piece": (CASE, "POST"),
    "requests:move": (CASE, "GET POST"),
    "requests:open": (CASE, "POST"),
    "requests:record": (CASE, "GET POST"),
    "requests:withdraw_paper": (CASE, "GET POST"),
    "requests:incidents": (REVIEWERS, "GET"),
    "requests:incident": (REVIEWERS, "GET POST"),
    "requests:releases": (LEDGER, "GET"),
    "requests:verify": (MEMBERS, "GET POST"),
    "requests:reverse_list": (REVERSE_LIST, "GET"),
    "requests:reverse": (REVERSE, "GET"),
    "requests:reverse_move": (REVERSE, "GET POST"),
    "requests:reverse_record": (REVERSE, "GET POST"),
    "requests:reverse_asked_list": (ASKERS, "GET"),
    "requests:reverse_ask": (ASKERS, "GET POST"),
    "requests:reverse_asked": (ASKERS, "GET"),
    "requests:reverse_asked_act": (ASKERS, "GET POST"),
    "requests:force_paper": (HOLDERS, "GET POST"),
    "requests:force_open": (HOLDERS, "POST"),
    "requests:force_list": (HOLDERS, "GET"),
    "requests:force_case": (HOLDERS, "GET"),
    "requests:force_names": (HOLDERS, "POST"),
    "requests:force_act": (HOLDERS, "GET POST"),
}
# Whole families that a library brings: signing in and its means are each person's own, reference data administrators'.
FAMILIES: dict[str, tuple[Audience, str]] = {
    "account_": (ANYBODY, "GET POST"),
    "mfa_": (SELF, "GET POST"),
    "admin:": (ADMINISTRATORS, "GET POST"),
}


@dataclass(frozen=True)
class Address:
    """One address as it is declared."""

    route: str
    name: str
    audience: Audience | None
    methods: str = ""
    family: str = ""


def addresses() -> Iterator[Address]:
    """Every address of the portal with its declaration, None where nobody has written one."""
    for route, name in _walk(get_resolver()):
        family = "" if name in ADDRESSES else next((key for key in FAMILIES if name.startswith(key)), "")
        audience, methods = FAMILIES[family] if family else ADDRESSES.get(name, (None, ""))
        yield Address(route, name, audience, methods, family)


def _walk(resolver, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif entry.name or space:
            yield route, f"{space}{entry.name or ''}"
