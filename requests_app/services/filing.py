"""How a request is written, filed, sent again and taken back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import record
from cmcoord.places.models import Country, DutyStation, folded
from requests_app import telling, workflow
from requests_app.audience import SENSITIVITY_OF
from requests_app.models import Alternative, Case, CaseFile, Consultation, RequestType
from requests_app.numbering import next_number
from requests_app.services.made import Made, Refused, locked

ANSWERS = (
    "urgency", "organisation", "need", "people", "critical_by", "origin", "destination", "axis", "departure_at",
    "window_to", "rotations", "vehicles", "cargo", "no_weapons", "un_on_board", "force", "why_safer", "neutrality",
    "exit_plan", "leader",
)  # fmt: skip
LOGISTICS = "cluster:LOG"


@transaction.atomic
def start_case(
    *,
    by: User,
    country: Country,
    station: DutyStation,
    organisation: Organisation,
    client_key: uuid.UUID | None = None,
    request_type: str = RequestType.ARMED_ESCORT,
    language: str = "fr",
    answers: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Case:
    """Open a draft. The same client key twice gives the same draft."""
    if client_key and (known := Case.objects.filter(client_key=client_key, created_by=by).first()):
        return known
    now = now or timezone.now()
    year = now.astimezone(country.zone).year
    series = f"{country.pk}-{request_type}-{year}"
    case = Case(
        reference=f"{series}-{next_number(series):04d}",
        client_key=client_key or uuid.uuid4(),
        country=country,
        profile=country.profile_on(),
        request_type=request_type,
        station=station,
        organisation=organisation,
        created_by=by,
        created_at=now,
        language=language,
    )
    for name, value in (answers or {}).items():
        if name in ANSWERS:
            setattr(case, name, value)
    _derive(case)
    case.save()
    record(case, "case.draft", by=by, data={"organisation": organisation.pk, "station": station.code}, at=now)
    return case


@transaction.atomic
def save_answers(
    case: Case,
    *,
    by: User,
    base_version: int,
    answers: dict[str, Any],
    alternatives: list[dict[str, Any]] | None = None,
    now: datetime | None = None,
) -> Case:
    """Save a step of a draft or of a returned request. A stale base is refused, so that nothing is lost silently."""
    case = locked(case)
    refused = workflow.refusal(case, "edit", by)
    if refused:
        raise Refused(refused.kind, refused.sentence)
    if base_version != case.version:
        raise Refused("state", workflow.changed_meanwhile(case))
    before = {name: getattr(case, _column(name)) for name in answers if name in ANSWERS}
    for name, value in answers.items():
        if name in ANSWERS:
            setattr(case, name, value)
    changed = [name for name, old in before.items() if getattr(case, _column(name)) != old]
    if alternatives is not None and _replace_alternatives(case, alternatives):
        changed.append("alternatives")
    if not changed:
        return case
    _derive(case)
    case.version += 1
    case.save()
    open_values, secret_values = _old_and_new(case, before, changed)
    record(case, "case.edit", by=by, data={"changed": changed, **open_values}, secret=secret_values, at=now)
    return case


def _column(name: str) -> str:
    return f"{name}_id" if name in ("organisation", "origin", "destination", "axis", "force") else name


def _old_and_new(case: Case, before: dict, changed: list[str]) -> tuple[dict, dict]:
    """Old and new value of each changed field: public and restricted ones in clear, the others to be digested."""
    clear, secret = {}, {}
    for name in changed:
        if name not in before:
            continue
        pair = {"old": _plain(before[name]), "new": _plain(getattr(case, _column(name)))}
        if SENSITIVITY_OF[name] in "PR":
            clear[name] = pair
        else:
            secret[name] = f"{pair['old']} → {pair['new']}"
    return clear, secret


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | bool | str | None) else str(value)


def _replace_alternatives(case: Case, rows: list[dict[str, Any]]) -> bool:
    """Write the rows as the form has them; True if anything changed."""
    fields = ("option", "tried_on", "outcome", "note")
    known = [tuple(getattr(row, name) for name in fields) for row in case.alternatives.all()]
    wanted = [tuple(row.get(name, "") for name in fields) for row in rows]
    if known == wanted:
        return False
    case.alternatives.all().delete()
    Alternative.objects.bulk_create(Alternative(case=case, **dict(zip(fields, row, strict=True))) for row in wanted)
    return True


def _derive(case: Case) -> None:
    """The columns that follow from the answers: stations touched and the folded text for the search."""
    case.origin_station = getattr(case.origin, "station", None) if case.origin_id else None
    case.destination_station = getattr(case.destination, "station", None) if case.destination_id else None
    words = (case.reference, case.organisation, case.need, case.origin, case.destination, case.axis, case.cargo)
    case.search_text = folded(" ".join(str(word) for word in words if word))


@transaction.atomic
def attach_file(case: Case, *, by: User, file, name: str, content_type: str) -> CaseFile:
    """Attach one checked file to a draft or a returned request."""
    refused = workflow.refusal(case, "edit", by)
    if refused:
        raise Refused(refused.kind, refused.sentence)
    row = CaseFile.objects.create(
        case=case, file=file, name=name, content_type=content_type, size=file.size, uploaded_by=by
    )
    record(case, "case.attach", by=by, data={"file": row.pk, "size": row.size}, secret={"name": name})
    return row


@transaction.atomic
def remove_file(row: CaseFile, *, by: User) -> None:
    """Take a file off a draft or a returned request."""
    refused = workflow.refusal(row.case, "edit", by)
    if refused:
        raise Refused(refused.kind, refused.sentence)
    record(row.case, "case.detach", by=by, data={"file": row.pk})
    stored = row.file
    row.delete()
    transaction.on_commit(lambda: stored.delete(save=False), robust=True)


@transaction.atomic
def copy_case(case: Case, *, by: User, client_key: uuid.UUID | None = None) -> Case:
    """A new draft from a past case of one's own organisation; dates, files and the past alternatives stay behind."""
    kept = ("urgency", "need", "people", "origin", "destination", "axis", "rotations", "vehicles", "cargo",
            "un_on_board", "force", "why_safer", "neutrality", "exit_plan")  # fmt: skip
    copied = start_case(
        by=by,
        country=case.country,
        station=case.station,
        organisation=case.organisation,
        client_key=client_key,
        request_type=case.request_type,
        language=case.language,
        answers={name: getattr(case, name) for name in kept},
    )
    record(copied, "case.copy", by=by, data={"from_reference": case.reference})
    return copied


def submit(made: Made, **_facts: Any) -> None:
    """File the request, or send it again after a return: the bodies that must be asked are asked."""
    case = made.case
    if case.submitted_at is None:
        if made.grant and made.grant.perm == "record_for_others" and made.on_behalf is None:
            made.need(_("Say who asked, how and when: you are filing for somebody else."))
        made.set(submitted_at=made.now)
    wanted = [] if case.is_urgent else [LOGISTICS]
    wanted += ["undss"] if case.un_on_board else []
    wanted += ["ngo_adviser"] if case.organisation.is_ngo else []
    known = case.consulted_bodies()
    rows = [
        Consultation(
            case=case, body=body, country_id=case.country_id, case_created_at=case.created_at, asked_at=made.now
        )
        for body in wanted
        if body not in known
    ]
    Consultation.objects.bulk_create(rows)
    made.data["consulted"] = [row.body for row in rows]


def recall(made: Made, **_facts: Any) -> None:
    """Back to a draft before anybody began the review; what was asked of others is taken back."""
    if made.case.opinions.exists():
        made.need(_("An opinion was given already; withdraw the request instead."))
    for person in telling.consulted(made.case):
        made.tell(person)
    made.case.consultations.all().delete()
    made.set(submitted_at=None)
