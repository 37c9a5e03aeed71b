"""How do two people become one, field by field, and two again within 30 days?

What either of them has not said yes to is not shared by being merged: of a switch the narrower word counts, and what
belongs to somebody who was never asked is shared with nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from contacts import keepers
from contacts.models import Address, Holding, Merge, Person, Shares, Telephone
from contacts.models.merges import KEPT_FOR
from contacts.services.people import MOST_ADDRESSES, MOST_TELEPHONES
from contacts.services.reminding import by_another

OWNED: tuple[type[Telephone] | type[Address], ...] = (Telephone, Address)
NOBODY = Shares(humanitarians=False)
EARLIER, HELD = "contacts.Merge.person", "contacts.Holding.person"


@dataclass(frozen=True)
class Chosen:
    """What becomes of the fields of two people: whose name and languages, and which numbers and addresses stay."""

    name: str
    languages: tuple[str, ...]
    telephones: frozenset[str]
    addresses: frozenset[str]


@transaction.atomic
def merge(person: Person, other: Person, *, by: User, chosen: Chosen, now: dt.datetime | None = None) -> Merge:
    """`other` becomes part of `person`. Raises PermissionDenied, and ValidationError where they cannot be one."""
    now = now or timezone.now()
    person, other = _both(person, other)
    if not (keepers.keeps_person(by, person) and keepers.keeps_person(by, other)):
        raise PermissionDenied(keepers.not_yours())
    if person.user_id and other.user_id:
        raise ValidationError(_("Each of them has an account: two accounts are two people."))
    numbers, emails = _told(person, other, Telephone), _told(person, other, Address)
    if chosen.name not in (person.name, other.name) or chosen.telephones - numbers or chosen.addresses - emails:
        raise ValidationError(_("This was changed meanwhile: look at both once more."))
    if len(chosen.telephones) > MOST_TELEPHONES:
        raise ValidationError(_("At most %(count)d telephones.") % {"count": MOST_TELEPHONES})
    if len(chosen.addresses) > MOST_ADDRESSES:
        raise ValidationError(_("At most %(count)d e-mail addresses.") % {"count": MOST_ADDRESSES})
    done = Merge(
        country=other.holdings.select_related("post__country").latest("pk").post.country, person=person,
        gone=other.pk, originals=[_as_it_is(person), _as_it_is(other)], by=by, at=now,
    )  # fmt: skip
    if person.has_answered == other.has_answered:
        shares = _narrower(person.shares, other.shares)
    else:
        shares = person.shares if person.has_answered else other.shares
    _join_rows(person, other, Telephone, "number", chosen.telephones)
    _join_rows(person, other, Address, "email", chosen.addresses)
    done.moved, lost = _move(other, person)
    done.originals[1]["lost"] = lost
    done.moved |= _earlier_merges(other, person, now)
    account = person.user_id or other.user_id
    answered = max(filter(None, (person.answered_at, other.answered_at)), default=None)
    Person.objects.filter(pk=other.pk).update(user=None)
    other.user = None
    other.delete()
    person.name, person.languages, person.shares = chosen.name, list(chosen.languages), shares
    person.user_id, person.answered_at = account, answered
    person.save()
    done.save()
    by_another(person, by)  # reminders and the first page ask another officer
    record(done, "merge.make", by=by, data={"person": person.pk, "gone": done.gone}, at=now)
    return done


@transaction.atomic
def undo_merge(done: Merge, *, by: User, now: dt.datetime | None = None) -> Person:
    """Both as they were; returns the one who was gone. Raises PermissionDenied, and ValidationError when it is late.

    Where somebody has said anew what may be shared, nothing that comes back is shared until they are asked again.
    """
    now = now or timezone.now()
    Merge.objects.select_for_update(no_key=True).only("pk").get(pk=done.pk)
    done = Merge.objects.select_related("person").get(pk=done.pk)
    if not keepers.keeps_person(by, done.person):
        raise PermissionDenied(keepers.not_yours())
    if not done.can_be_undone(now):
        raise ValidationError(_("This cannot be undone any more."))
    person = Person.objects.select_for_update(no_key=True).get(pk=done.person_id)
    if not Holding.objects.filter(pk__in=done.moved.get(HELD, [])).exists():
        raise ValidationError(_("This cannot be undone any more."))  # nobody would keep the one who comes back
    spoken = person.answered_at is not None and person.answered_at > done.at
    was, gone = done.originals
    _load(gone["person"])
    for one in (*was["rows"], *gone["rows"]):
        if not _told_anew(one):
            _load(one)
    for label, keys in done.moved.items():
        model, field = _relation(label)
        model._base_manager.filter(pk__in=keys, **{field: person}).update(**{field: done.gone})
    for one in gone["lost"]:
        _load(one)
    back = Person.objects.get(pk=done.gone)
    earlier: Any = next(serializers.deserialize("python", [was["person"]])).object
    Person.objects.filter(pk=person.pk).update(user=None)
    person.name, person.languages, person.user_id = earlier.name, earlier.languages, earlier.user_id
    if not spoken:
        person.shares, person.answered_at = earlier.shares, earlier.answered_at
    person.save()
    if account := gone["person"]["fields"]["user"]:
        back.user_id = account
        back.save()
    if spoken:
        _hush(back, person, was)
    done.undone_at, done.originals, done.moved = now, [], {}
    done.save(update_fields=["undone_at", "originals", "moved"])
    record(done, "merge.undo", by=by, data={"person": person.pk, "gone": back.pk}, at=now)
    return back


def forget_merges(now: dt.datetime) -> None:
    """Each hour: what both were is destroyed when it cannot be undone any more."""
    late = Merge.objects.filter(undone_at=None, forgotten_at=None, at__lte=now - KEPT_FOR)
    forget_merge(late, now)


def forget_merge(rows: models.QuerySet[Merge], now: dt.datetime) -> None:
    """What both were is destroyed; from then on it cannot be undone."""
    rows.update(originals=[], moved={}, forgotten_at=now)


# ── both ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _both(person: Person, other: Person) -> tuple[Person, Person]:
    if person.pk == other.pk:
        raise ValidationError(_("Choose two people."))
    found = Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk([person.pk, other.pk])
    if len(found) < 2:
        raise ValidationError(_("This was changed meanwhile: look at both once more."))
    return found[person.pk], found[other.pk]


def _told(person: Person, other: Person, model: type[Telephone] | type[Address]) -> frozenset[str]:
    name = "number" if model is Telephone else "email"
    return frozenset(str(getattr(row, name)) for row in model.objects.filter(person__in=(person, other)))


def _narrower(one: Shares, other: Shares) -> Shares:
    return Shares(one.humanitarians and other.humanitarians, one.force and other.force, one.public and other.public)


def _join_rows(person: Person, other: Person, model: Any, name: str, chosen: Iterable[str]) -> None:
    """Those that were chosen, each once; what stood twice is shared as narrowly as either said."""
    standing: dict[str, Any] = {}
    mixed = person.has_answered != other.has_answered
    for owner in (person, other):
        for row in model.objects.filter(person=owner):
            value = str(getattr(row, name))
            if mixed and not owner.has_answered:
                row.shares = NOBODY
            if value not in chosen:
                row.delete()
            elif value in standing:
                twin = standing[value]
                twin.shares = twin.shares if mixed and not owner.has_answered else _narrower(twin.shares, row.shares)
                row.delete()
                twin.save()
            else:
                row.person = person
                row.save()
                standing[value] = row


def _as_it_is(person: Person) -> dict[str, Any]:
    """A person with telephones and addresses, as they can be written back."""
    rows = [row for model in OWNED for row in model.objects.filter(person=person)]
    return {"person": _plain([person])[0], "rows": _plain(rows)}


def _plain(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    return [
        {**one, "fields": {name: _json(value) for name, value in one["fields"].items()}}
        for one in serializers.serialize("python", rows)
    ]


def _json(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def _load(one: dict[str, Any]) -> None:
    """Write a row back under its own key; of an account the one who has it now keeps it."""
    told = {**one, "fields": {**one["fields"], "user": None}} if one["model"] == "contacts.person" else one
    for found in serializers.deserialize("python", [told]):
        found.save()


def _told_anew(one: dict[str, Any]) -> bool:
    """Was this number or address written down again since, for the same person?"""
    model = next(model for model in OWNED if model._meta.label_lower == one["model"])
    name = "number" if model is Telephone else "email"
    same = {"person": one["fields"]["person"], name: one["fields"][name]}
    return model._default_manager.filter(**same).exclude(pk=one["pk"]).exists()


def _relations() -> list[tuple[str, Any, str]]:
    """Every table that points at a person, but for those that are part of them."""
    return [
        (f"{one.related_model._meta.label}.{one.field.name}", one.related_model, one.field.name)
        for one in Person._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ManyToOneRel) and one.related_model not in (*OWNED, Merge)
    ]


def _relation(label: str) -> tuple[Any, str]:
    known = [*_relations(), (EARLIER, Merge, "person")]
    return next((model, field) for told, model, field in known if told == label)


def _move(other: Person, person: Person) -> tuple[dict[str, list[int]], list[dict[str, Any]]]:
    """Everything that points at the one who goes points at the other; what would stand twice is kept to come back."""
    moved: dict[str, list[int]] = {}
    lost: list[dict[str, Any]] = []
    for label, model, field in _relations():
        for row in model._base_manager.filter(**{field: other}):
            if _stands_twice(row, field, person):
                lost += _plain([row])
                row.delete()
                continue
            model._base_manager.filter(pk=row.pk).update(**{field: person})
            moved.setdefault(label, []).append(row.pk)
    return moved, lost


def _earlier_merges(other: Person, person: Person, now: dt.datetime) -> dict[str, list[int]]:
    """Whoever was merged into the one who goes leads to the other now; that it could be undone is over."""
    rows = Merge.objects.filter(person=other)
    keys = list(rows.values_list("pk", flat=True))
    forget_merge(rows.filter(undone_at=None, forgotten_at=None), now)
    rows.update(person=person)
    return {EARLIER: keys} if keys else {}


def _stands_twice(row: models.Model, field: str, person: Person) -> bool:
    for rule in row._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and field in rule.fields and rule.condition is None:
            same = {name: getattr(row, name) for name in rule.fields if name != field}
            if type(row)._base_manager.filter(**same, **{field: person}).exists():
                return True
    return False


def _hush(back: Person, person: Person, was: dict[str, Any]) -> None:
    """What came back is shared with nobody until the person is asked anew."""
    back.answered_at = back.asked_at = None
    back.save(update_fields=["answered_at", "asked_at"])
    for model in OWNED:
        keys = [one["pk"] for one in was["rows"] if one["model"] == model._meta.label_lower]
        for row in model.objects.filter(person=person, pk__in=keys):
            row.shares = NOBODY
            row.save()
