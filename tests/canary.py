"""A secret word in every field of every record, and every address of the portal: what tests/test_canary.py plants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models
from django.urls import get_resolver

from cmcoord.accounts.models import User
from cmcoord.activity import barrier, numbers, triggers
from cmcoord.activity.barrier import EVERY_SIDE
from requests_app.models import Case, CaseFile, ForceFile
from requests_app.services import make_move
from tests.factories import case_at, draft_case

WORD = re.compile(r"zqx\d{6}")
SHORTEST = 9
# One case for each thing that a page can show; the walk to the last ones passes every other status.
STATUSES = (
    "returned",
    "clearing",
    "deciding",
    "denied",
    "transmitted",
    "countered",
    "scheduled",
    "closed",
    "cancelled",
)
# Codes, languages and addresses that the portal itself reads: a word there would change what it does.
CODES = {
    "stream", "kind", "subject_kind", "expects", "key", "body", "code", "capacity", "act", "source", "content_type",
    "language", "original_language", "username", "password", "role", "cluster", "email", "address", "lease_key",
    "force_reference", "sha256", "field", "salt", "status", "request_type", "token_digest", "figure", "series", "file",
    "what", "recipient", "id", "timezone", "languages", "working_days", "codename", "app_label", "model", "session_key",
    "session_data", "type", "hash", "previous", "subject", "of_table", "channel", "folded_name", "search_text",
}  # fmt: skip
PLANTED = (
    "requests_app", "accounts.User", "accounts.Appointment", "accounts.StandIn", "accounts.Invitation",
    "activity.ErasableValue", "activity.Event", "activity.Notification", "activity.Release", "activity.Erasure",
    "places.DutyStation.telephone", "accounts.Organisation.telephone",
)  # fmt: skip
UNCODED = {"requests_app.Case": ("search_text",), "accounts.User": ("folded_name",)}


@dataclass(frozen=True)
class Planted:
    """Where a word stands."""

    row: models.Model
    field: str

    def __str__(self) -> str:
        return f"{self.row._meta.label}.{self.field} of {self.row.pk}"


def world(people) -> list[Case]:
    """A draft and cases in nine statuses, with comments for every audience and a file: all of one organisation."""
    cases = [draft_case(people.requester_bria, need="Draft"), *(case_at(status, people) for status in STATUSES)]
    for case in cases[2:5]:
        for audience, by in (("ocha", people.ocha_bgi), ("decision", people.ocha_bgi), ("everybody", people.ocha_bria)):
            if case.status not in ("denied",):
                make_move(case, "comment", by=by, audience=audience, text="Words")
    CaseFile.objects.create(
        case=cases[1], file=ContentFile(b"%PDF-1.7", name="plan.pdf"), name="plan.pdf", content_type="application/pdf",
        size=8, uploaded_by=people.requester_bria,
    )  # fmt: skip
    return cases


def plant() -> dict[str, Planted]:
    """Write a different word in each text of each row, whatever stood there; {word: where it stands}."""
    words: dict[str, Planted] = {}
    with triggers.lifted(connection):
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.label != "activity.DemoMail":
                _plant(model, words)
    return words


def _plant(model: type[models.Model], words: dict[str, Planted]) -> None:
    label = model._meta.label
    texts = [field for field in model._meta.concrete_fields if _takes_word(label, field)]
    rows = list(model._base_manager.all()) if texts else []
    for row in rows:
        for field in texts:
            if not getattr(row, field.attname) and _constrained(model, field):
                continue  # stands only together with what is empty too
            word = f"zqx{len(words):06d}"
            words[word] = Planted(row, field.name)
            value = getattr(row, field.attname)
            setattr(row, field.attname, _with_word(value, word, label) if isinstance(value, dict) else word)
    if rows:
        model._base_manager.bulk_update(rows, [field.name for field in texts])


def _constrained(model: type[models.Model], field: models.Field) -> bool:
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    return any(f"'{field.name}'" in str(check.condition) for check in checks)


def _takes_word(label: str, field: models.Field) -> bool:
    wanted = label in PLANTED or label.split(".", maxsplit=1)[0] in PLANTED or f"{label}.{field.name}" in PLANTED
    if not wanted or field.primary_key or field.choices:
        return False
    if field.name in CODES and field.name not in UNCODED.get(label, ()):
        return False
    if isinstance(field, models.JSONField):
        return label in ("requests_app.Extract", "activity.Event")
    return isinstance(field, models.CharField | models.TextField) and (field.max_length or 99) >= SHORTEST


def _with_word(content: dict[str, Any], word: str, label: str) -> dict[str, Any]:
    """The word in every text of a paper; in an event under the names that sentences read for humanitarians."""
    if label == "activity.Event":
        return content | {"reference": word, "url": f"/requests/{word}/", "actor": word, "reason": word}
    texts = ("task", "cargo", "exit_plan", "condition_text", "rendezvous", "leader", "call_signs", "origin")
    return content | {name: word for name in texts if name in content}


def may_read(user: User | None, planted: Planted) -> bool:
    """What the tables say: the row is this person's to see, and the line lets their side read the field."""
    row, label = planted.row, planted.row._meta.label
    if user is None:
        return False
    line = barrier.line_of(row, planted.field)
    if not barrier.opens(line, user.side):
        return False
    if barrier._rows_of(label):
        return barrier.may_see(user, row, planted.field)
    return line.readers == EVERY_SIDE or (label.startswith(("places.", "accounts.")) and user.side in line.readers)


# ── every address ────────────────────────────────────────────────────────────────────────────────────────────────────

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def patterns(resolver=None, prefix: str = "/") -> Iterator[str]:
    """Every route of the resolver as written, those of regular expressions left out but the admin's list of an app."""
    for entry in (resolver or get_resolver()).url_patterns:
        text = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry, text)
        elif "(?P<" not in text:
            yield text


def addresses(cases: Iterable[Case]) -> list[str]:
    """Every route with the arguments of this world in it: each case, each force's file, people, and what is absent."""
    every = [case.reference for case in cases]
    files = list(ForceFile.objects.values_list("force_reference", flat=True))
    choices = {
        "pk": ["1", "999999"],
        "step": ["1"],
        "number": ["1"],
        "move": ["comment", "transmit", "no-such-move"],
        "what": ["why_safer", "comment"],
        "act": ["accept", "log", "no-such-act"],
        "kind": ["letter", "sheet", "file"],
        "object_id": ["1"],
        "content_type_id": ["1"],
        "token": ["guessed"],
        "username": ["hc.car"],
    }
    people = [str(pk) for pk in User.objects.values_list("pk", flat=True)[:3]]
    papers = [str(pk) for pk in CaseFile.objects.values_list("pk", flat=True)]
    found = []
    for route in patterns():
        whole = route.endswith("<slug:reference>/")
        known = choices | {"reference": every if whole else every[4:6]}
        if route.startswith("/force/"):
            known["reference"] = [*files, every[-1]] if whole else [*files[:2], every[-1]]
        if route.startswith("/accounts/people/"):
            known["pk"] = people
        if "/files/" in route:
            known["pk"] = papers
        if "<hidden:pk>" in route:
            known["pk"] = [numbers.hidden(1), numbers.hidden(999999)]
        found += _filled(route, known)
    words = ("?q=zqx", "?status=open", "?status=closed", "?sort=due", "?page=n%2B1.1")
    return [*found, *(f"/requests/{query}" for query in words), "/notifications/?page=2"]


def _filled(route: str, known: dict[str, list[str]]) -> list[str]:
    match = ARGUMENT.search(route)
    if match is None:
        return [route]
    return [
        path
        for value in known.get(match[1], ["1"])
        for path in _filled(route[: match.start()] + value + route[match.end() :], known)
    ]
