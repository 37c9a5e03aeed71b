"""Which side may read which field of a reverse request? (domain.md §3.3; part of the table in audience.py)

What the force wrote is its own; of what became of it the force reads the frozen answers and nothing else: neither the
status, nor who refused, nor why.
"""

from __future__ import annotations

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Release, Rows, Sensitivity, Side, Stage, Table, fields, inside, machinery, told
from requests_app.models import ReverseRequest

OWN = told("R", stage=Stage.ALWAYS)

LINES: Table = {
    "requests_app.ReverseRequest": {
        **fields(inside("R"), "id reference country profile filed_by status received_at hc_from due_at"),
        "client_key": machinery("R"),
        **fields(OWN, "force_reference station organisation force component asset_wanted purpose_kind purpose_text"),
        **fields(OWN, "content prohibited clause starts_at ends_at place owner filed_at"),
        "owner_consent": told("C", release=Release.REWRITTEN),  # the final outcome only
        "hc_validation": told("R", release=Release.REWRITTEN),
    },
    "requests_app.ReverseMove": {
        **fields(inside("R"), "id reverse code from_status to_status by capacity acting_for said_by source said_at at"),
        "facts": inside("R"),
        "reason": inside("C"),
        "client_key": machinery("R"),
    },
    "requests_app.ReverseAnswer": {
        **fields(inside("R"), "id reverse sent_by"),
        **fields(told("R"), "organisation force_reference number kind content language sha256 sent_at"),
    },
}


def sees(user, reverse: ReverseRequest) -> bool:
    """A force what it asked itself; of the humanitarians those who have a part in the answer."""
    rows = ReverseRequest.objects
    mine = rows.asked_by(user) if user.side == Side.FORCE else rows.visible_to(user)
    return mine.filter(pk=reverse.pk).order_by().exists()


def _reads_reason(user, move) -> bool:
    """Reasons are for OCHA and the Humanitarian Coordinator, and for those whose own organisation gave them."""
    rights = (Perm.REVIEW_CASE, Perm.SEE_COUNTRY_CASES, Perm.DECIDE_CASE)
    if any(scope.has_perm(user, perm, move.reverse) for perm in rights):
        return True
    own = move.by is not None and move.by.organisation_id == user.organisation_id
    return own or (bool(move.said_by) and move.reverse.owner_id == user.organisation_id)


def theirs(user, keys: set[int]) -> set[int]:
    """Of these requests those of which this person is told."""
    rows = ReverseRequest.objects
    mine = rows.asked_by(user) if user.side == Side.FORCE else rows.visible_to(user)
    return set(mine.filter(pk__in=keys).order_by().values_list("pk", flat=True))


def class_of(pk: int) -> Sensitivity | None:
    """Of every reverse request the same: the owner's consent is confidential."""
    return Sensitivity.CONFIDENTIAL if ReverseRequest.objects.filter(pk=pk).exists() else None


ROWS: Rows = {
    "requests_app.ReverseRequest": sees,
    "requests_app.ReverseMove": lambda user, row: user.side != Side.FORCE and sees(user, row.reverse),
    "requests_app.ReverseAnswer": lambda user, row: sees(user, row.reverse),
}
FIELDS = {"requests_app.ReverseMove.reason": _reads_reason}
