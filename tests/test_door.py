"""Does a template print a field that the barrier keeps from its reader? Each lookup of each page is asked of may_see.

The canary finds words that reach somebody; this finds the lookup itself, also of a flag, a number or an empty text, and
of a model that was added yesterday: what a page reads of a row must be what its reader may see of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import models, transaction
from django.template.base import Variable
from django.test import Client

from cmcoord.activity import barrier
from cmcoord.activity.barrier import Sensitivity
from requests_app import audience, classes
from requests_app.models import Case
from requests_app.services import make_move
from tests.canary import addresses
from tests.factories import case_at
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
READERS = ("requester_bria", "ocha_bria", "hc", "partner", "force_u3")
ABSENT = ("999999", "no-such", "guessed", "1999")  # arguments that lead nowhere
LIBRARIES = ("admin.", "auth.", "contenttypes.", "sessions.", "mfa.", "guardian.")


def field_of(row: models.Model, bit: str) -> str | None:
    """The field that a lookup on a row reads: by its name, its column or its display."""
    names: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        names |= {field.name: field.name, field.attname: field.name, f"get_{field.name}_display": field.name}
    return names.get(bit)


def step(current: Any, bit: str) -> Any:
    """As the template engine goes on, without calling what changes anything."""
    for take in (lambda: current[bit], lambda: getattr(current, bit), lambda: current[int(bit)]):
        try:
            found = take()
            break
        except Exception:
            continue
    else:
        return None
    if callable(found) and not getattr(found, "do_not_call_in_templates", False):
        if getattr(found, "alters_data", False) or isinstance(found, type):
            return None
        try:
            return found()
        except Exception:
            return None
    return found


def lookups(path: tuple[str, ...], context: Any) -> Iterator[tuple[models.Model, str]]:
    current = context
    for bit in path:
        if isinstance(current, models.Model) and (field := field_of(current, bit)):
            yield current, field
        current = step(current, bit)
        if current is None:
            return


class Watch:
    """Every lookup of a row's field on the pages that were rendered while it watched, once each."""

    def __init__(self, monkeypatch):
        self.seen: dict[tuple, models.Model] = {}
        original = Variable._resolve_lookup

        def watched(variable, context):
            for row, field in lookups(variable.lookups, context):
                self.seen.setdefault((row._meta.label, row.pk, field), row)
            return original(variable, context)

        monkeypatch.setattr(Variable, "_resolve_lookup", watched)

    def refused(self, user) -> list[str]:
        found = []
        for (label, pk, field), row in self.seen.items():
            if pk is not None and not label.startswith(LIBRARIES) and not allowed(user, row, field):
                found.append(f"{label}.{field} of {pk}")
        return sorted(found)


def allowed(user, row: models.Model, field: str) -> bool:
    """What the tables say; rows that are read through others are asked for their line alone."""
    line = barrier.line_of(row, field)
    if field == row._meta.pk.name:
        return True  # a key leads to a page, which is asked itself
    if barrier._rule("ROWS", row._meta.label) is None:
        return barrier.opens(line, user.side)
    shut = isinstance(row, tuple(classes.MODELS.values())) and classes.is_closed(row.case, row)
    if shut and line.sensitivity == Sensitivity.STRICT:
        return False
    return barrier.may_see(
        user, row._meta.concrete_model._base_manager.get(pk=row.pk), field
    )  # as if nobody had looked at it yet


@pytest.fixture
def cases(people):
    people.partner = person("partner", "observer", organisation="WFP", name="Observer, Bria", station="bria")
    found = [case_at(status, people, un_on_board=True) for status in ("returned", "deciding", "countered", "closed")]
    make_move(found[1], "comment", by=people.ocha_bgi, audience="decision", text="Between us")
    make_move(found[2], "lower_class", by=people.ocha_bria, to="R", reason="Partners plan by it.")
    make_move(found[3], "raise_class", by=people.requester_bria, to="S")
    return [Case.objects.get(pk=case.pk) for case in found]


def walked(user, paths, watch) -> int:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = 0
    for path in paths:
        if path.startswith(("/account/", "/admin/", "/demo/")) or any(part in path for part in ABSENT):
            continue
        with transaction.atomic():
            answer = client.get(path)
            transaction.set_rollback(True)
        assert answer.status_code != 500, path
        pages += answer.status_code == 200
    return pages


@pytest.mark.parametrize("name", READERS)
def test_no_page_looks_up_what_its_reader_may_not_see(people, cases, monkeypatch, name, caplog):
    caplog.set_level("CRITICAL", logger="django.request")
    user, watch = getattr(people, name), Watch(monkeypatch)
    pages = walked(user, addresses(cases), watch)
    assert pages > 5 and len(watch.seen) > 20
    assert "\n".join(watch.refused(user)) == ""


def test_a_field_that_its_table_closes_is_found(people, cases, monkeypatch):
    watch = Watch(monkeypatch)
    walked(people.requester_bria, [cases[0].get_absolute_url()], watch)
    assert watch.refused(people.requester_bria) == []
    monkeypatch.setitem(audience.LINES["requests_app.Case"], "submitted_at", barrier.machinery("R"))
    assert any("Case.submitted_at" in each for each in watch.refused(people.requester_bria))


def test_a_page_for_a_station_that_prints_a_confidential_field_is_found(people, cases, monkeypatch):
    watch = Watch(monkeypatch)
    monkeypatch.setitem(audience.LINES["requests_app.Case"], "submitted_at", barrier.inside("C"))
    walked(people.partner, [cases[2].get_absolute_url()], watch)
    assert any("Case.submitted_at" in each for each in watch.refused(people.partner))
