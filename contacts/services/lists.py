"""How does a list of contacts come in: kept, read, looked at, agreed to, taken over, or given up?

Reading and taking over go on in short transactions of a few dozen rows each, in the request as long as a person may
wait, then in a worker. Nothing of a list stays unless all of it was gone through: giving up takes back what came in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.hurry import run_after_commit
from cmcoord.activity.services import record
from cmcoord.places.columns import Heads
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.sheets import Line
from contacts import keepers
from contacts.importing.comparing import Seen, compared
from contacts.importing.reading import Reader
from contacts.importing.taking import take, take_back
from contacts.models import Address, ContactLine, ContactList, Person
from contacts.services.consent import ask_consent

READ_AT_ONCE, TAKEN_AT_ONCE = 200, 100  # rows in one transaction
PATIENCE = 2.0  # seconds of work within a request
ONE_RUN = 40.0  # seconds of work within a task
LEASE = dt.timedelta(seconds=30)  # longer than any transaction of it takes
ASKED_AT_ONCE, ASKED_WITHIN = 100, dt.timedelta(days=30)  # mails of one run; later a person asks by hand
FORGOTTEN_AFTER = dt.timedelta(days=7)  # a list that nobody said yes to

State, Row = ContactList.State, ContactLine.State
TAKEN_BY_ITSELF = (Row.FRESH, Row.MORE)


def keep_list(
    *,
    by: User,
    country: Country,
    name: str,
    content: bytes,
    organisation: Organisation | None = None,
    station: DutyStation | None = None,
    role: str = "",
) -> ContactList:
    """Keep a list until its sender has agreed; one before it that was not agreed to goes. Raises ValidationError.

    Reads as much of it as a person may wait for; the worker reads the rest.
    """
    with transaction.atomic():
        if not keepers.keeps_something(by):
            raise PermissionDenied(keepers.not_yours())
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)  # one list at a time
        if ContactList.objects.filter(by=by, state__in=(State.TAKING, State.UNDOING)).exists():
            raise ValidationError(_("Another list of yours is being taken over: wait for it, or give it up."))
        ContactList.objects.filter(by=by, state__in=(State.READING, State.READ)).delete()
        kept = ContactList(
            by=by, country=country, name=name[:120], sha256=hashlib.sha256(content).hexdigest(), content=content,
            organisation=organisation, station=station, role=role,
        )  # fmt: skip
        heads, lines = Reader(kept).lines(content)
        next(lines)
        kept.ignored = heads.ignored
        kept.save()
    advance(kept, seconds=PATIENCE)
    return kept


@transaction.atomic
def choose(kept: ContactList, *, by: User, choices: Mapping[int, str]) -> None:
    """What to do with rows that look like somebody who is there, by number of the row."""
    kept = _of(kept, by, State.READ)
    for line in kept.lines.filter(number__in=choices, state__in=(Row.ALIKE, *TAKEN_BY_ITSELF)):
        if choices[line.number] in ("", *ContactLine.Choice.values):
            line.choice = choices[line.number]
            line.save(update_fields=["choice"])


def agree(kept: ContactList, *, by: User, without_wrong: bool = False) -> None:
    """Take the list over. Raises ValidationError while rows are wrong that nobody said to leave out."""
    with transaction.atomic():
        kept = _of(kept, by, State.READ)
        count = counted(kept)
        if count[Row.WRONG] and not without_wrong:
            raise ValidationError(
                _("Some cells cannot be read: mend the file and send it again, or leave those rows out.")
            )
        if not _to_take(kept).exists():
            raise ValidationError(_("Nothing new stands in this file."))
        kept.state, kept.reached, kept.agreed_at = State.TAKING, 0, timezone.now()
        kept.save(update_fields=["state", "reached", "agreed_at"])
    advance(kept, seconds=PATIENCE)


def cancel(kept: ContactList, *, by: User) -> None:
    """Give the list up, whatever it is doing; what came in already is taken back."""
    with transaction.atomic():
        kept = _of(kept, by, State.READING, State.READ, State.TAKING)
        if kept.state == State.TAKING:
            kept.state = State.UNDOING
            kept.save(update_fields=["state"])
        else:
            _end(kept, State.CANCELLED)
    advance(kept, seconds=PATIENCE)


def counted(kept: ContactList) -> Counter:
    """How many rows are in which state."""
    return Counter(dict(kept.lines.order_by().values_list("state").annotate(Count("pk"))))


def to_take(kept: ContactList) -> int:
    """How many rows a yes would take over now."""
    return _to_take(kept).count()


def ask_taken(now: dt.datetime) -> int:
    """Ask those whom a list brought what may be shared of them, each once; returns how many were asked."""
    brought = ContactLine.objects.filter(
        state=Row.TAKEN, contact_list__state=State.DONE, contact_list__ended_at__gt=now - ASKED_WITHIN
    )
    waiting = Person.objects.filter(pk__in=brought.values("person"), asked_at=None, answered_at=None)
    waiting = waiting.filter(Exists(Address.objects.filter(person=OuterRef("pk"))))
    asked = 0
    for person in waiting[:ASKED_AT_ONCE]:
        with suppress(ValidationError):
            ask_consent(person, by=None, now=now)
            asked += 1
    return asked


# ── the work itself ──────────────────────────────────────────────────────────────────────────────────────────────────


def advance(kept: ContactList, *, seconds: float) -> None:
    """Work on a list for so long; what is left is asked of a worker. Two who work on the same list do not collide."""
    until = time.monotonic() + seconds
    steps = {State.READING: _read, State.TAKING: _take, State.UNDOING: _undo}
    with translation.override(kept.by.language), suppress(ContactList.DoesNotExist):  # another one came in its place
        while True:
            kept.refresh_from_db(fields=["state", "reached", "total", "count"])
            step = steps.get(State(kept.state))
            if step is None or not step(kept, until):
                break
        if kept.is_working:
            run_after_commit("contacts.advance_lists")


def advance_all(*, seconds: float = ONE_RUN) -> None:
    """Each list on which nobody works now, in turn; and forget what nobody said yes to."""
    forgotten = timezone.now() - FORGOTTEN_AFTER
    ContactList.objects.filter(state__in=(State.READING, State.READ), at__lt=forgotten).delete()
    until = time.monotonic() + seconds
    free = Q(busy_until=None) | Q(busy_until__lt=timezone.now())
    for kept in ContactList.objects.filter(free, state__in=ContactList.WORKING).defer("content").order_by("pk"):
        if time.monotonic() < until:
            advance(kept, seconds=until - time.monotonic())


def _read(kept: ContactList, until: float) -> bool:
    """Read on from where the last one stopped. True: something else is to be done with the list now."""
    reader = Reader(kept)
    try:
        heads, lines = reader.lines(bytes(ContactList.objects.values_list("content", flat=True).get(pk=kept.pk)))
        rest = (line for line in lines if line.number > kept.reached)
        before = kept.lines.exclude(state=Row.WRONG).only("number", "values", "contact_list").order_by("number")
        seen = Seen.of(before.iterator(chunk_size=500))
        while time.monotonic() < until:
            chunk = list(islice(rest, READ_AT_ONCE))
            if not _read_chunk(kept, reader, chunk, seen, heads):
                return True
        return False
    except ValidationError as problem:
        return _break_off(kept, " ".join(problem.messages))


def _read_chunk(kept: ContactList, reader: Reader, chunk: list[Line], seen: Seen, heads: Heads) -> bool:
    """A few rows, in one transaction. False: there is nothing more to read."""
    rows = [reader.row(line, heads) for line in chunk]
    with transaction.atomic():
        if not _still(kept, State.READING):
            return False
        found = compared(rows, kept.by, seen, heads)
        for line in found:
            line.contact_list = kept
        ContactLine.objects.bulk_create(found)
        kept.total += len(found)
        if chunk:
            kept.reached = chunk[-1].number
            _save(kept)
        else:
            kept.state, kept.content, kept.reached = State.READ, b"", 0
            _save(kept, "content")
    return bool(chunk)


def _break_off(kept: ContactList, sentence: str) -> bool:
    with transaction.atomic():
        if _still(kept, State.READING):
            _end(kept, State.BROKEN, sentence)
    return False


def _take(kept: ContactList, until: float) -> bool:
    """Take over the next rows. True: something else is to be done with the list now."""
    while time.monotonic() < until:
        with transaction.atomic():
            if not _still(kept, State.TAKING):
                return True
            lines = list(_to_take(kept).filter(number__gt=kept.reached).order_by("number")[:TAKEN_AT_ONCE])
            if not lines:
                _done(kept)
                return False
            Country.objects.select_for_update(no_key=True).only("pk").get(pk=kept.country_id)  # one list at a time
            kept.count += take(kept, lines)
            kept.reached = lines[-1].number
            _save(kept)
    return False


def _undo(kept: ContactList, until: float) -> bool:
    """Take back the last rows that came in. True: something else is to be done with the list now."""
    while time.monotonic() < until:
        with transaction.atomic():
            if not _still(kept, State.UNDOING):
                return True
            lines = list(kept.lines.filter(state=Row.TAKEN).order_by("-number")[:TAKEN_AT_ONCE])
            if not lines:
                _end(kept, State.CANCELLED)
                return False
            take_back(lines[::-1])
            kept.count -= len(lines)
            _save(kept)
    return False


def _still(kept: ContactList, state: str) -> bool:
    """Lock the list: is it in this state, and is nobody further than we are?"""
    now = ContactList.objects.select_for_update(no_key=True).only("state", "reached").get(pk=kept.pk)
    return now.state == state and now.reached == kept.reached


def _save(kept: ContactList, *more: str) -> None:
    kept.busy_until = timezone.now() + LEASE if kept.is_working else None
    kept.save(update_fields=["state", "total", "reached", "count", "busy_until", *more])


def _done(kept: ContactList) -> None:
    """Everything is in: one event for the whole list, and of its rows only what became of them."""
    left = counted(kept)
    kept.lines.exclude(state=Row.TAKEN).filter(wrong=[]).update(state=Row.LEFT)
    kept.lines.update(values={}, made={}, who="")
    kept.state, kept.ended_at, kept.busy_until = State.DONE, timezone.now(), None
    kept.save(update_fields=["state", "ended_at", "busy_until"])
    data: dict[str, Any] = {"name": kept.name, "sha256": kept.sha256, "count": kept.count, "rows": kept.total}
    data["left"] = sum(left.values()) - left[Row.TAKEN]
    record(kept, "contactlist.take", by=kept.by, data=data)


def _end(kept: ContactList, state: str, problem: str = "") -> None:
    """Given up or not readable: its rows go, and what it was stays."""
    kept.lines.all().delete()
    was_agreed = kept.agreed_at is not None
    kept.state, kept.problem, kept.content, kept.busy_until = state, problem[:300], b"", None
    kept.ended_at, kept.count = timezone.now(), 0
    kept.save(update_fields=["state", "problem", "content", "busy_until", "ended_at", "count"])
    if was_agreed:
        data = {"name": kept.name, "sha256": kept.sha256, "rows": kept.total}
        record(kept, "contactlist.give_up", by=kept.by, data=data)


def _to_take(kept: ContactList):
    chosen = Q(state=Row.ALIKE, choice__in=(ContactLine.Choice.SAME, ContactLine.Choice.OTHER))
    by_itself = Q(state__in=TAKEN_BY_ITSELF) & ~Q(choice=ContactLine.Choice.SKIP)
    return kept.lines.filter(chosen | by_itself)


def _of(kept: ContactList, by: User, *states: str) -> ContactList:
    """The list, locked, if it is this person's and in one of these states."""
    ContactList.objects.select_for_update(no_key=True).only("pk").filter(pk=kept.pk).first()
    standing = ContactList.objects.select_related("country", "by").filter(pk=kept.pk).first()
    if standing is None:
        raise ValidationError(_("Another list was sent in place of this one meanwhile."))
    if standing.by_id != by.pk:
        raise PermissionDenied(_("Only who sent the file can take it over."))
    if standing.state not in states:
        raise ValidationError(_("This list is %(state)s already.") % {"state": standing.get_state_display()})
    return standing


def rows_of(kept: ContactList, state: str, after: int, size: int) -> Iterator[ContactLine]:
    """A page of the rows in one state, from row to row."""
    found = kept.lines.filter(state=state, number__gt=after).select_related("person").order_by("number")
    return iter(found[:size])
