"""What may never be transported? The reference card (domain.md §2.13): two columns, each line with its clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """One line of the card, and the clauses that say so."""

    text: Any
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """What holds for one kind of means."""

    title: Any
    lines: tuple[Line, ...]


CAR_NEVER, ML_NEVER, PURPOSE, CIVILIAN = "CAR-CMC §9.3", "ML-POS ¶5", "CAR-CMC §8.2", "CAR-CMC §8.3"

CARD = (
    Column(
        _("With humanitarian means"),
        (
            Line(_("No weapons, no ammunition"), (CAR_NEVER, ML_NEVER)),
            Line(_("No military equipment"), (CAR_NEVER, ML_NEVER)),
            Line(_("No uniformed personnel"), (CAR_NEVER, ML_NEVER)),
            Line(_("No detainees and no fuel for military use"), (CAR_NEVER, ML_NEVER)),
            Line(
                _("In Mali no goods and no personnel of a force, also in civilian clothes; nobody can impose it"),
                (ML_NEVER,),
            ),
            Line(_("No passing-off: no humanitarian marking on what is military"), (ML_NEVER,)),
        ),
    ),
    Column(
        _("With military means, in support of humanitarians"),
        (
            Line(_("Nothing that is not humanitarian: no commercial cargo"), (PURPOSE,)),
            Line(_("No military cargo mixed with relief"), (PURPOSE, CIVILIAN)),
            Line(_("No fighters, no detainees, no armed persons beside relief"), (CIVILIAN,)),
            Line(_("No staff of the mission on a humanitarian leg unless it is disclosed"), (CIVILIAN,)),
            Line(
                _("On the way back no humanitarian marking, unless the cargo is humanitarian again"),
                (CIVILIAN, ML_NEVER),
            ),
        ),
    ),
)
