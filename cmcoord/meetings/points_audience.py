"""Which side may read which field of action points, liaison log and summaries? (words: activity.barrier)"""

from cmcoord.activity.barrier import Rows, Table

LINES: Table = {}
ROWS: Rows = {}
SUBJECTS: dict = {}
