"""Which side may read which field of minutes and of the notes beside them? (words: activity.barrier)"""

from cmcoord.activity.barrier import Rows, Table

LINES: Table = {}
ROWS: Rows = {}
SUBJECTS: dict = {}
