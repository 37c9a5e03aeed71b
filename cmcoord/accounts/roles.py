"""Who may do what: the only table from roles to permissions, with the scope each role needs and the side it is on."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from cmcoord.activity.barrier import Side


class Perm(StrEnum):
    FILE_CASE = "file_case"
    REVIEW_CASE = "review_case"
    CLEAR_CASE = "clear_case"
    TRANSMIT_CASE = "transmit_case"
    DECIDE_CASE = "decide_case"
    TAKE_POSITION = "take_position"
    DELEGATE_DECISION = "delegate_decision"
    READ_FORWARDED = "read_forwarded"
    SUSPEND_CASE = "suspend_case"
    ADVISE_CLUSTER = "advise_cluster"
    ADVISE_UN_SECURITY = "advise_un_security"
    ADVISE_NGO_SECURITY = "advise_ngo_security"
    ANSWER_AS_FORCE = "answer_as_force"
    ASK_REVERSE = "ask_reverse"
    SEE_COUNTRY_CASES = "see_country_cases"
    RECORD_FOR_OTHERS = "record_for_others"
    WAIVE_AFTER_ACTION = "waive_after_action"
    SEE_STATISTICS = "see_statistics"
    SEE_REGISTER = "see_register"
    PROPOSE_STATUS = "propose_status"
    CONFIRM_STATUS = "confirm_status"
    PROPOSE_PROFILE = "propose_profile"
    CONFIRM_PROFILE = "confirm_profile"
    MANAGE_ACCOUNTS = "manage_accounts"
    CONFIRM_RIGHTS = "confirm_rights"
    END_SESSIONS = "end_sessions"
    ENTER_POSITION = "enter_position"
    ENDORSE_POSITION = "endorse_position"


class Role(models.TextChoices):
    REQUESTER = "requester", _("Requester")
    CLUSTER = "cluster", _("Cluster coordinator")
    OCHA_OFFICER = "ocha_officer", _("OCHA CMCoord officer (duty station)")
    OCHA_NATIONAL = "ocha_national", _("OCHA CMCoord and access unit (national)")
    HEAD_OF_OFFICE = "head_of_office", _("OCHA Head of Office")
    HC = "hc", _("Humanitarian Coordinator")
    SPECIAL_ASSISTANT = "special_assistant", _("Special assistant of the Humanitarian Coordinator")
    HCT_MEMBER = "hct_member", _("Member of the Humanitarian Country Team")
    ICCG = "iccg", _("Member of the inter-cluster coordination group")
    UNDSS = "undss", _("UNDSS security adviser")
    NGO_SECURITY = "ngo_security", _("NGO security adviser")
    FORCE_OPS = "force_ops", _("Force operations, headquarters (U3)")
    FORCE_SECTOR = "force_sector", _("Force operations, sector (G3)")
    CIMIC = "cimic", _("Force CIMIC officer")
    POLICE_LIAISON = "police_liaison", _("Police liaison (UNPOL, FPU)")
    MISSION_CIVILIAN = "mission_civilian", _("Civilian section of the mission")
    BILATERAL = "bilateral", _("Bilateral force liaison")
    DONOR = "donor", _("Donor")
    OBSERVER = "observer", _("Observer")
    HAWG_COCHAIR = "hawg_cochair", _("Co-chair of the access working group")
    PROTECTION = "protection", _("Protection cluster, flash-report team")
    ADMIN = "admin", _("Portal administrator")


@dataclass(frozen=True)
class RoleRule:
    """One line of the table. `scope` names the fields an appointment must fill, and on which a right is matched.

    "organisation" is matched with the organisation a case was filed for, "force" with the forces a case was transmitted
    to; both are the appointment's organisation.
    """

    perms: frozenset[Perm]
    scope: tuple[str, ...]
    sides: frozenset[Side]


HUMANITARIAN = frozenset({Side.HUMANITARIAN})
FORCE = frozenset({Side.FORCE})
COUNTRY = ("country",)
P = Perm
OCHA = frozenset({P.REVIEW_CASE, P.TRANSMIT_CASE, P.SUSPEND_CASE, P.RECORD_FOR_OTHERS, P.WAIVE_AFTER_ACTION})
REGISTER = frozenset({P.SEE_REGISTER, P.PROPOSE_STATUS})
ANSWERS = frozenset({P.SEE_REGISTER, P.CONFIRM_STATUS})


def _rule(perms=(), scope=COUNTRY, sides=HUMANITARIAN) -> RoleRule:
    return RoleRule(frozenset(perms), tuple(scope), frozenset(sides))


# fmt: off
ROLES: dict[Role, RoleRule] = {
    Role.REQUESTER:        _rule({P.FILE_CASE}, ("country", "organisation", "base")),
    Role.CLUSTER:          _rule({P.ADVISE_CLUSTER}, ("country", "cluster")),
    Role.OCHA_OFFICER:     _rule(OCHA | REGISTER, ("country", "station")),
    Role.OCHA_NATIONAL:    _rule(OCHA | REGISTER | {P.CLEAR_CASE, P.SEE_COUNTRY_CASES, P.END_SESSIONS,
                                 P.PROPOSE_PROFILE, P.ENTER_POSITION}),
    Role.HEAD_OF_OFFICE:   _rule({P.SEE_COUNTRY_CASES, P.SEE_STATISTICS, P.SEE_REGISTER}),
    Role.HC:               _rule(ANSWERS | {P.DECIDE_CASE, P.DELEGATE_DECISION, P.READ_FORWARDED, P.SUSPEND_CASE,
                                            P.SEE_STATISTICS, P.CONFIRM_PROFILE, P.ENDORSE_POSITION}),
    Role.SPECIAL_ASSISTANT: _rule({P.READ_FORWARDED}),
    Role.HCT_MEMBER:       _rule(ANSWERS | {P.TAKE_POSITION}, sides=HUMANITARIAN | {Side.DONOR}),
    Role.ICCG:             _rule(),
    Role.UNDSS:            _rule({P.ADVISE_UN_SECURITY}),
    Role.NGO_SECURITY:     _rule({P.ADVISE_NGO_SECURITY}),
    Role.FORCE_OPS:        _rule({P.ANSWER_AS_FORCE, P.ASK_REVERSE}, ("country", "force"), FORCE),
    Role.FORCE_SECTOR:     _rule({P.ANSWER_AS_FORCE, P.ASK_REVERSE}, ("country", "force"), FORCE),
    Role.CIMIC:            _rule({P.ASK_REVERSE}, ("country", "force"), FORCE),
    Role.POLICE_LIAISON:   _rule((), ("country", "force"), FORCE),
    Role.MISSION_CIVILIAN: _rule(sides={Side.MISSION_CIVILIAN}),
    Role.BILATERAL:        _rule((), ("country", "force"), FORCE),
    Role.DONOR:            _rule(sides={Side.DONOR}),
    Role.OBSERVER:         _rule(sides=HUMANITARIAN | {Side.DONOR}),
    Role.HAWG_COCHAIR:     _rule(),
    Role.PROTECTION:       _rule(),
    Role.ADMIN:            _rule({P.MANAGE_ACCOUNTS, P.CONFIRM_RIGHTS, P.END_SESSIONS}, (),
                                 HUMANITARIAN | {Side.MISSION_CIVILIAN}),
}
# fmt: on

# What a right means, as the end of "You may …".
PERM_WORDS = {
    P.FILE_CASE: _("file requests and follow those of your organisation"),
    P.REVIEW_CASE: _("review and validate requests"),
    P.CLEAR_CASE: _("clear requests and draft decisions"),
    P.TRANSMIT_CASE: _("transmit approved requests to the force"),
    P.DECIDE_CASE: _("decide on requests"),
    P.TAKE_POSITION: _("state your organisation's position when the country team is consulted"),
    P.DELEGATE_DECISION: _("delegate decisions, in person"),
    P.READ_FORWARDED: _("read what was forwarded for decision, and write to those who decide"),
    P.SUSPEND_CASE: _("suspend and resume requests"),
    P.ADVISE_CLUSTER: _("give the opinion of your cluster"),
    P.ADVISE_UN_SECURITY: _("give the security opinion for UN staff and assets"),
    P.ADVISE_NGO_SECURITY: _("advise NGOs on security"),
    P.ANSWER_AS_FORCE: _("acknowledge and answer what was transmitted to your force"),
    P.ASK_REVERSE: _("ask for the use of a humanitarian asset"),
    P.SEE_COUNTRY_CASES: _("read every request of the country"),
    P.RECORD_FOR_OTHERS: _("record what others said by telephone, radio or paper"),
    P.WAIVE_AFTER_ACTION: _("waive an after-action review, with a reason"),
    P.SEE_STATISTICS: _("read the figures of the country"),
    P.SEE_REGISTER: _("read the force register"),
    P.PROPOSE_STATUS: _("propose the status of a force"),
    P.CONFIRM_STATUS: _("confirm or reject the status of a force"),
    P.PROPOSE_PROFILE: _("propose another policy of the country"),
    P.CONFIRM_PROFILE: _("put another policy of the country into force"),
    P.MANAGE_ACCOUNTS: _("invite people, give and end appointments"),
    P.CONFIRM_RIGHTS: _("confirm, as second administrator, what another one gave"),
    P.END_SESSIONS: _("end the sessions of somebody whose telephone was taken"),
    P.ENTER_POSITION: _("enter common positions of the humanitarians of the country"),
    P.ENDORSE_POSITION: _("endorse common positions for the country team, and end them"),
}

# What a stand-in does not take over: who confirms rights must have been confirmed in person; decisions on requests pass
# on by a delegation only (models.DecisionDelegation), which is not passed on itself; and the policy of a country and a
# common position are the Humanitarian Coordinator's own word.
NOT_BY_STAND_IN = frozenset(
    {P.CONFIRM_RIGHTS, P.DECIDE_CASE, P.DELEGATE_DECISION, P.CONFIRM_PROFILE, P.ENDORSE_POSITION}
)

# Codes of the clusters that a cluster coordinator is appointed for.
CLUSTERS = {
    "LOG": _("Logistics"),
    "PRO": _("Protection"),
    "HEA": _("Health"),
    "FSC": _("Food security"),
    "NUT": _("Nutrition"),
    "WSH": _("Water, sanitation and hygiene"),
    "SHE": _("Shelter and non-food items"),
    "EDU": _("Education"),
    "CCC": _("Camp coordination and camp management"),
    "ETC": _("Emergency telecommunications"),
}

ROLE_PERMS: dict[Role, frozenset[Perm]] = {role: rule.perms for role, rule in ROLES.items()}

# Who cannot work with a password alone: they decide, release, advise on security, answer for a force or give rights.
FACTOR_ROLES = frozenset(
    {
        Role.OCHA_OFFICER,
        Role.OCHA_NATIONAL,
        Role.HEAD_OF_OFFICE,
        Role.HC,
        Role.SPECIAL_ASSISTANT,
        Role.HCT_MEMBER,
        Role.UNDSS,
        Role.NGO_SECURITY,
        Role.FORCE_OPS,
        Role.FORCE_SECTOR,
        Role.CIMIC,
        Role.POLICE_LIAISON,
        Role.BILATERAL,
        Role.ADMIN,
    }
)
STATION_ROLES = frozenset(role for role, rule in ROLES.items() if "station" in rule.scope)


def roles_with(perm: Perm | str) -> frozenset[Role]:
    """The roles that hold a permission."""
    return frozenset(role for role, rule in ROLES.items() if perm in rule.perms)
