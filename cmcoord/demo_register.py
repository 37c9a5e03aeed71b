"""What does the register of forces of the demonstration say? Made up, as every basis says; nothing of a real force."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from cmcoord.accounts.models import User
from contacts.models import Force, ForceStatus
from contacts.services import confirm_status, propose_status

DAY = dt.timedelta(days=1)
MADE_UP = "Inventé pour la démonstration ; ne dit rien de cette force."
CLAUSE = "ML-POS ¶7"
# force, status, begun how many days ago, is it confirmed?
ROWS = (
    ("MINUSCA", ForceStatus.Status.NOT_PARTY, 60, True),
    ("FACA", ForceStatus.Status.DISPUTED, 40, True),
    ("FACA", ForceStatus.Status.PARTY, 10, True),
    ("EUTM RCA", ForceStatus.Status.NOT_PARTY, 2, False),
)


def rate(users: dict[str, User]) -> int:
    """Rows that were confirmed, and one that waits; returns how many."""
    now = timezone.now()
    for acronym, status, days, confirmed in ROWS:
        force, at = Force.objects.get(acronym=acronym, country="CAF"), now - days * DAY
        row = propose_status(
            force, by=users["ocha.bgi"], status=status, basis=MADE_UP, clause=CLAUSE, valid_from=timezone.localdate(at),
            now=at,
        )  # fmt: skip
        if confirmed:
            confirm_status(row, by=users["hc.car"], now=at + DAY / 2)
    return len(ROWS)
