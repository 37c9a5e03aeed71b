"""Which side may see which field of this app's models, and how sensitive is it? (domain.md §3.1, §3.2, §4.1)"""

from __future__ import annotations

# field of Case → sensitivity class. C and S values enter the trail as salted digests only.
SENSITIVITY_OF: dict[str, str] = {
    "urgency": "R",
    "organisation": "R",
    "need": "R",
    "people": "R",
    "critical_by": "R",
    "origin": "R",
    "destination": "R",
    "axis": "C",
    "departure_at": "C",
    "window_to": "C",
    "rotations": "R",
    "vehicles": "C",
    "leader": "C",
    "cargo": "R",
    "no_weapons": "R",
    "un_on_board": "R",
    "force": "R",
    "why_safer": "C",
    "neutrality": "C",
    "exit_plan": "R",
}
