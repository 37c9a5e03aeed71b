"""Which side may read which field about people, their rights and their means of signing in? (words: activity.barrier)

Tables of the libraries stand here too: addresses, second factors, sessions and what was shared one by one.
"""

from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Consent, Rows, Side, Table, everybody, fields, inside, machinery

GENERAL = everybody("P")
OWN = everybody("R")  # on a page only the person's own and the administrators'; who sees the row is asked of ROWS
PRIVATE = everybody("C", consent=Consent.PERSON)

LINES: Table = {
    "accounts.Organisation": {
        **fields(GENERAL, "id name acronym org_type countries"),
        **fields(inside("R"), "telephone active verified"),
    },
    "accounts.Organisation_countries": fields(GENERAL, "id organisation country"),
    "accounts.User": {
        **fields(OWN, "id username function_title organisation language is_active last_login date_joined"),
        **fields(PRIVATE, "name email telephone"),
        **fields(machinery("C"), "folded_name"),
        "deactivated_note": inside("C"),
        "held_at": inside("R"),
        "session_round": machinery(),
        **fields(machinery(), "password is_superuser is_staff groups user_permissions"),
    },
    "accounts.User_groups": fields(machinery(), "id user group"),
    "accounts.User_user_permissions": fields(machinery(), "id user permission"),
    "accounts.Appointment": {
        **fields(OWN, "id role country station cluster user organisation starts ends"),
        **fields(OWN, "given_by given_at confirmed_by confirmed_at ended_by ended_at"),
        "end_reason": inside("C"),
    },
    "accounts.StandIn": {
        **fields(OWN, "id appointment user starts ends given_by given_at ended_by ended_at"),
        "reason": everybody("C"),
    },
    "accounts.DecisionDelegation": {
        **fields(OWN, "id appointment delegate request_types urgent_only valid_from valid_to"),
        **fields(OWN, "given_by given_at ended_by ended_at"),
        "document": inside("C"),
    },
    "accounts.Invitation": {
        **fields(inside("R"), "id role country station cluster organisation language ends function_title"),
        **fields(inside("R"), "invited_by invited_at expires_at accepted_at revoked_at user"),
        **fields(inside("C"), "email name"),
        "token_digest": machinery(),
    },
    "accounts.ProposedChange": fields(
        inside("R"),
        "id model key field about country old new by acting_for at confirmed_by confirmed_at refused_by refused_at "
        "reason void_at",
    ),
    "accounts.SignIn": {
        **fields(OWN, "id user browser began seen"),
        "session_key": machinery(),
    },
    "accounts.FactorReset": {
        **fields(inside("R"), "id user asked_by acting_for asked_at confirmed_by confirmed_at refused_by refused_at"),
        "reason": inside("C"),
    },
    "account.EmailAddress": {
        **fields(OWN, "id user verified primary"),
        "email": PRIVATE,
    },
    "account.EmailConfirmation": fields(machinery(), "id email_address created sent key"),
    "mfa.Authenticator": {
        **fields(OWN, "id user type created_at last_used_at"),
        "data": machinery(),
    },
    "sessions.Session": fields(machinery(), "session_key session_data expire_date"),
    "guardian.UserObjectPermission": fields(machinery("R"), "id permission content_type object_pk user"),
    "guardian.GroupObjectPermission": fields(machinery("R"), "id permission content_type object_pk group"),
    "auth.Permission": fields(machinery("R"), "id name content_type codename"),
    "auth.Group": fields(machinery("R"), "id name permissions"),
    "auth.Group_permissions": fields(machinery("R"), "id group permission"),
    "contenttypes.ContentType": fields(machinery("R"), "id app_label model"),
    "admin.LogEntry": fields(
        machinery("R"), "id action_time user content_type object_id object_repr action_flag change_message"
    ),
}


def _manages(user) -> bool:
    return bool(user.has_perm(Perm.MANAGE_ACCOUNTS))


def _knows(user, row) -> bool:
    """Another side knows itself, a force only its own people, and everybody the administrators, whom they ask."""
    if row.pk == user.pk or user.side == Side.HUMANITARIAN:
        return True
    if row.side == user.side:
        return user.side != Side.FORCE or row.organisation_id == user.organisation_id
    return _manages(row)


ROWS: Rows = {
    "accounts.User": _knows,
    "accounts.Appointment": lambda user, row: row.user_id == user.pk or _manages(user),
    "accounts.StandIn": lambda user, row: user.pk in (row.user_id, row.appointment.user_id) or _manages(user),
    "accounts.DecisionDelegation": lambda user, row: (
        user.pk in (row.delegate_id, row.appointment.user_id) or _manages(user)
    ),
    "accounts.Invitation": lambda user, row: _manages(user),
    "accounts.SignIn": lambda user, row: row.user_id == user.pk,
    "accounts.FactorReset": lambda user, row: _manages(user),
    "account.EmailAddress": lambda user, row: row.user_id == user.pk or _manages(user),
    "mfa.Authenticator": lambda user, row: row.user_id == user.pk,
}

# The people of one side know each other; whoever manages accounts is there to be asked by everybody.
CONSENTS = {
    "accounts.User": lambda user, row: row.side == user.side or _manages(row),
    "account.EmailAddress": lambda user, row: row.user_id == user.pk or _manages(user),
}
