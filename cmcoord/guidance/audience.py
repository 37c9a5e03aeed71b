"""Which side may read which field about guidelines? (words: activity.barrier)

That somebody confirmed a reading is for the humanitarian side of the countries; every other side sees its own. A common
position is for the humanitarians of its country and for no force (domain.md §3.15).
"""

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Rows, Side, Table, everybody, fields, inside
from cmcoord.guidance import positions
from cmcoord.guidance.models import CommonPosition, ReadReceipt

LINES: Table = {
    "guidance.ReadReceipt": {
        **fields(everybody("R"), "document version organisation at"),
        **fields(inside("R"), "id by"),
    },
    "guidance.CommonPosition": {
        **fields(inside("R"), "id country entered_by entered_at endorsed_by endorsed_at"),
        **fields(inside("C"), "axis area text_en text_fr against agreed_by valid_from valid_to"),
    },
}


def _receipt(user: User, receipt: ReadReceipt) -> bool:
    return user.side == Side.HUMANITARIAN or receipt.organisation_id == user.organisation_id


def _position(user: User, position: CommonPosition) -> bool:
    """For the humanitarians of its country; one that is not endorsed yet for those who enter and endorse."""
    return user.side == Side.HUMANITARIAN and positions.may_read(user, position)


ROWS: Rows = {"guidance.ReadReceipt": _receipt, "guidance.CommonPosition": _position}
