"""Which side may read which field about guidelines? (words: activity.barrier)

That somebody confirmed a reading is for the humanitarian side of the countries; every other side sees its own.
"""

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Rows, Side, Table, everybody, fields, inside
from cmcoord.guidance.models import ReadReceipt

LINES: Table = {
    "guidance.ReadReceipt": {
        **fields(everybody("R"), "document version organisation at"),
        **fields(inside("R"), "id by"),
    },
}


def _receipt(user: User, receipt: ReadReceipt) -> bool:
    return user.side == Side.HUMANITARIAN or receipt.organisation_id == user.organisation_id


ROWS: Rows = {"guidance.ReadReceipt": _receipt}
