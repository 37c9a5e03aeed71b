"""Who may read which field? The words of the audience tables, and the questions that every page asks them.

Each app that has models says in its `audience.py` for every field of every model: how sensitive it is, which sides
read it on a record that they see, and what a force gets of it, from which step on. A field without a line raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """To which side an organisation belongs. Military and police are one side, the mission's civilians another."""

    HUMANITARIAN = "humanitarian", _("humanitarian")
    FORCE = "force", _("military or police")
    MISSION_CIVILIAN = "mission_civilian", _("civilian part of the mission")
    DONOR = "donor", _("donor")
    AUTHORITY = "authority", _("authority")


class Sensitivity(models.TextChoices):
    """The four classes (domain.md §4.1): by the harm that follows when the wrong side reads it."""

    PUBLIC = "P", _("Public")
    RESTRICTED = "R", _("Restricted")
    CONFIDENTIAL = "C", _("Confidential")
    STRICT = "S", _("Strictly confidential")

    @property
    def is_open(self) -> bool:
        """May the trail keep the value in clear? Of the others it keeps a salted digest."""
        return self in (Sensitivity.PUBLIC, Sensitivity.RESTRICTED)

    @property
    def rank(self) -> int:
        """How much harm: P 0, R 1, C 2, S 3."""
        return RANKS[self.value]


RANKS = {value: rank for rank, value in enumerate(Sensitivity.values)}  # asked for each cell of a list


class Stage(IntEnum):
    """From which step of a request on may a force have it?"""

    ALWAYS = 0
    SUBMITTED = 1
    FORWARDED = 2
    DECIDED = 3
    TRANSMITTED = 4
    SCHEDULED = 5


class Release(StrEnum):
    """What does a force get of it?"""

    NO = "no"
    AS_IS = "as_is"
    REWRITTEN = "rewritten"  # ∑: only a text or a sum that OCHA writes in its place
    FUNCTION = "function"  # of a person only the function and the duty telephone


class Consent(StrEnum):
    """Whose yes is needed before another side reads it (domain.md §4.4)?"""

    NOBODY = "nobody"
    ORGANISATION = "organisation"
    PERSON = "person"


class Precision(StrEnum):
    """How exactly does another side learn a position?"""

    EXACT = "exact"
    COARSE = "coarse"  # two decimals, about a kilometre
    AREA = "area"  # the administrative unit, no number


HUMANITARIANS = frozenset({Side.HUMANITARIAN})
EVERY_SIDE = frozenset(Side)
NOBODY: frozenset[Side] = frozenset()
DECIMALS = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One field: its class, the sides that read it on a record they see, and what a force gets of it and when."""

    sensitivity: Sensitivity
    readers: frozenset[Side] = HUMANITARIANS
    force: Release = Release.NO
    stage: Stage = Stage.ALWAYS
    consent: Consent = Consent.NOBODY
    precision: Precision = Precision.EXACT


class NotReleased(Exception):
    """The code was about to give a side what its table keeps from it: a mistake in the code, never a user's."""


# ── the lines of a table ─────────────────────────────────────────────────────────────────────────────────────────────


def inside(sensitivity: str) -> Line:
    """For the humanitarian side alone."""
    return Line(Sensitivity(sensitivity))


def told(
    sensitivity: str,
    *,
    release: Release = Release.AS_IS,
    stage: Stage = Stage.TRANSMITTED,
    consent: Consent = Consent.NOBODY,
) -> Line:
    """For the humanitarian side, and for the force to which the request went."""
    return Line(Sensitivity(sensitivity), HUMANITARIANS | {Side.FORCE}, release, stage, consent)


def everybody(sensitivity: str, *, consent: Consent = Consent.NOBODY, precision: Precision = Precision.EXACT) -> Line:
    """For everybody who sees the record, of whatever side: what is public, or the reader's own."""
    return Line(Sensitivity(sensitivity), EVERY_SIDE, Release.AS_IS, Stage.ALWAYS, consent, precision)


def machinery(sensitivity: str = "S") -> Line:
    """For no page at all: keys, digests, passwords, what the portal counts with."""
    return Line(Sensitivity(sensitivity), NOBODY)


Table = dict[str, dict[str, Line]]
Rows = dict[str, Callable[[Any, Any], bool]]


def fields(line: Line, names: str) -> dict[str, Line]:
    """Several fields with the same line."""
    return dict.fromkeys(names.split(), line)


# ── asking the tables ────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _audiences() -> tuple[ModuleType, ...]:
    return tuple(
        import_module(f"{config.name}.audience")
        for config in apps.get_app_configs()
        if config.module and module_has_submodule(config.module, "audience")
    )


def lines_of(model: Any) -> dict[str, Line]:
    """The lines of a model (or of a record), field by field."""
    label = model._meta.concrete_model._meta.label
    for audience in _audiences():
        if label in audience.LINES:
            return audience.LINES[label]
    raise NotReleased(f"{label} has no line in any audience table")


def line_of(model: Any, field: str) -> Line:
    """The line of one field; a field without one is read by nobody."""
    try:
        return lines_of(model)[field]
    except KeyError:
        raise NotReleased(f"{model._meta.label}.{field} has no line in its audience table") from None


def highest(classes: Iterable[str]) -> Sensitivity:
    """The class of what several things are together: that of the most sensitive of them."""
    return max((Sensitivity(each) for each in classes), key=lambda each: each.rank)


def floor_of(model: Any) -> Sensitivity:
    """The class that a record has from its form, and below which it never goes: that of its most sensitive field."""
    return highest(line.sensitivity for line in lines_of(model).values() if line.readers)


def class_of(kind: str, pk: int) -> Sensitivity | None:
    """The class of what an event is about, as it is now; None for what has no class, such as an account."""
    for audience in _audiences():
        if kind in getattr(audience, "CLASSES", {}):
            return audience.CLASSES[kind](pk)
    return None


def subjects_of(user: Any, kind: str, keys: set[int]) -> set[int]:
    """Of the subjects of events those that are this person's to read; all of a kind that no audience.py keeps."""
    for audience in _audiences():
        if kind in getattr(audience, "SUBJECTS", {}):
            return set(audience.SUBJECTS[kind](user, keys)) if getattr(user, "is_active", False) else set()
    return keys


def tables() -> Table:
    """Every table of the portal, for tests and for documents."""
    return {label: lines for audience in _audiences() for label, lines in audience.LINES.items()}


def _rule(table: str, label: str) -> Callable[..., Any] | None:
    """What an audience.py says about the rows of a model, in one of its tables ROWS, REACH, STAGES, CONSENTS."""
    found = (getattr(audience, table, {}).get(label) for audience in _audiences())
    return next(filter(None, found), None)


def may_see(user: Any, record: Any, field: str | None = None) -> bool:
    """May this person see this record, and this field of it? Whether the row is theirs × what the line says.

    Beside LINES an audience.py says of a model: `ROWS`, who sees a row (without an entry nobody does: it is read
    through others); `REACH`, up to which class this person reads it, if not all; `STAGES`, the step from which a force
    has it; `CONSENTS`, whether another side was allowed it; `FIELDS`, fields that fewer people read than the row.
    """
    side = getattr(user, "side", "")
    if not getattr(user, "is_active", False) or not side:
        return False
    line = None if field is None else line_of(record, field)
    if line is not None and not opens(line, side):
        return False
    label = record._meta.concrete_model._meta.label
    sees = _rule("ROWS", label)
    if sees is None or not sees(user, record):
        return False
    return line is None or _field_open(user, record, line, f"{label}.{field}", label)


def _field_open(user: Any, record: Any, line: Line, name: str, label: str) -> bool:
    """Of a row that is this person's to see: the columns class, stage and consent of the line, and its own rule."""
    narrower = _rule("FIELDS", name)
    if line.sensitivity.rank > reach(user, record).rank:
        return False
    if narrower and not narrower(user, record):
        return False
    if user.side == Side.HUMANITARIAN:
        return True
    if user.side == Side.FORCE and line.stage > _stage_of(record, label):
        return False
    allowed = _rule("CONSENTS", label) if line.consent != Consent.NOBODY else None
    return line.consent == Consent.NOBODY or (allowed is not None and allowed(user, record))


def reach(user: Any, record: Any) -> Sensitivity:
    """Up to which class somebody who sees this row reads its fields."""
    rule = _rule("REACH", record._meta.concrete_model._meta.label)
    return rule(user, record) if rule else Sensitivity.STRICT


def _stage_of(record: Any, label: str) -> Stage:
    """How far the request has come to which a row belongs. What a force sees at all was transmitted to it."""
    stage = _rule("STAGES", label)
    return stage(record) if stage else Stage.TRANSMITTED


def seen(user: Any, rows: Iterable[Any], field: str | None = None) -> list[Any]:
    """Of these records those that this person may see, in their order."""
    return [row for row in rows if may_see(user, row, field)]


def opens(line: Line, side: str) -> bool:
    """Does a line let this side read the value as it stands?"""
    return side in line.readers and (side != Side.FORCE or line.force == Release.AS_IS)


def released(
    record: Any, field: str, *, to: str, stage: Stage = Stage.ALWAYS, instead: Any = None, consent: bool = False
) -> Any:
    """One fact as this side may have it at this stage; raises where the table says no.

    `instead` is the text that OCHA wrote where the table asks for one; the value itself never leaves then.
    """
    line = required(record, field, to=to, stage=stage, consent=consent)
    if to == Side.FORCE and line.force != Release.AS_IS:
        if instead is None:
            raise NotReleased(f"{record._meta.label}.{field} goes to a force only as {line.force}")
        return instead
    return _precise(getattr(record, field), line, to)


def required(model: Any, field: str, *, to: str, stage: Stage, consent: bool = False) -> Line:
    """The line by which this side gets something of the field at this stage; raises where there is none."""
    line, name = line_of(model, field), f"{model._meta.label}.{field}"
    if to not in line.readers or (to == Side.FORCE and line.force == Release.NO):
        raise NotReleased(f"{name} is not for the side {to}")
    if stage < line.stage:
        raise NotReleased(f"{name} is not for the side {to} before {line.stage.name.lower()}")
    if line.consent != Consent.NOBODY and to != Side.HUMANITARIAN and not consent:
        raise NotReleased(f"{name} needs the consent of the {line.consent}")
    return line


def _precise(value: Any, line: Line, to: str) -> Any:
    if to == Side.HUMANITARIAN or line.precision == Precision.EXACT or value is None:
        return value
    return value.quantize(DECIMALS) if line.precision == Precision.COARSE else None


class Projection:
    """A record as one side reads it: fields that its table keeps from that side raise, in templates too."""

    def __init__(self, record: Any, to: str, stage: Stage = Stage.ALWAYS, consent: bool = False):
        self._record, self._to, self._stage, self._consent = record, to, stage, consent
        self._columns = {field.attname: field.name for field in record._meta.concrete_fields}
        self._columns |= {field.name: field.name for field in record._meta.concrete_fields}
        self._columns |= {f"get_{field.name}_display": field.name for field in record._meta.concrete_fields}

    def __getattr__(self, name: str) -> Any:
        field = self._columns.get(name)
        if field is None or field == self._record._meta.pk.name:
            return getattr(self._record, name)
        value = released(self._record, field, to=self._to, stage=self._stage, consent=self._consent)
        return value if name == field else getattr(self._record, name)

    def __str__(self) -> str:
        return str(self._record)
