"""How does the national unit take over the history of requests from a spreadsheet (one event for each file)?

Each row becomes an ended request with the one move that says so; it had no clock, told nobody, and no force sees it.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import record
from cmcoord.places.models import Country, DutyStation
from requests_app import moves
from requests_app.importing.preview import Past, Preview, preview
from requests_app.models import Case, ImportedCase, ImportFile, Move, RequestType, Status
from requests_app.numbering import next_number
from requests_app.services import starting
from requests_app.services.made import Refused

NOON = dt.time(12)
TAKEN = ("urgency", "need", "people", "cargo", "vehicles", "force", "origin", "destination", "organisation")


def country_of(user: User) -> Country | None:
    """The country whose history this person may take over."""
    code = next((grant.country for grant in scope.grants(user) if grant.perm == Perm.CLEAR_CASE), None)
    return Country.objects.get(pk=code) if code else None


def why_not_import(*, by: User, country: Country) -> str:
    """ "" or why this person takes nothing over: only the national unit of the country does."""
    if any(grant.perm == Perm.CLEAR_CASE and grant.country == country.pk for grant in scope.grants(by)):
        return ""
    return _("Only %(who)s can do this.") % {"who": _("the national unit of OCHA")}


@transaction.atomic
def keep_for_preview(*, by: User, station: DutyStation, name: str, content: bytes) -> ImportFile:
    """Keep a file until its sender has agreed; the one before it, if not agreed to, goes. Raises ValidationError."""
    _permit(by, station.country)
    _one_at_a_time(station.country_id)
    sha256 = hashlib.sha256(content).hexdigest()
    if _is_taken_over(station.country_id, sha256):
        raise ValidationError(_("This file was taken over already."))
    preview(content, station.country)
    ImportFile.objects.filter(by=by, agreed_at=None).delete()
    return ImportFile.objects.create(
        country=station.country, station=station, name=name[:120], sha256=sha256, content=content, by=by
    )


def preview_of(file: ImportFile) -> Preview:
    """What this file would bring now."""
    return preview(bytes(file.content), file.country)


@transaction.atomic
def import_past(file: ImportFile, *, by: User, alike_too: bool = False, now: dt.datetime | None = None) -> int:
    """Take the rows over, all or none; returns how many. Raises Refused.

    `alike_too`: also rows that look like a request that is there. What was taken over before never comes twice.
    """
    now = now or timezone.now()
    _one_at_a_time(file.country_id)
    standing = ImportFile.objects.select_related("country", "station").filter(pk=file.pk).first()
    if standing is None:
        raise Refused("state", _("Another list was sent in place of this one meanwhile."))
    file = standing
    if file.by_id != by.pk or why_not_import(by=by, country=file.country):
        raise Refused("right", _("Only who sent the file can take it over."))
    if _is_taken_over(file.country_id, file.sha256):
        raise Refused("state", _("This file was taken over already."))
    found = preview_of(file)
    if found.wrong:
        raise Refused("need", _("Some cells cannot be read; mend the file and send it again."))
    rows = sorted([*found.fresh, *(found.alike if alike_too else [])], key=lambda row: row.line)
    if not rows:
        raise Refused("need", _("Nothing new stands in this file."))
    profile = file.country.profile_on()
    if profile is None:
        raise Refused("need", _("This country has no policy yet."))
    references = [_take_over(row, file, profile, by, now) for row in rows]
    file.agreed_at, file.count, file.content = now, len(rows), b""
    file.save(update_fields=["agreed_at", "count", "content"])
    data = {"name": file.name, "sha256": file.sha256, "count": len(rows), "requests": references, "url": "/requests/"}
    record(file, "import.past", by=by, data=data, at=now)
    return len(rows)


def _take_over(row: Past, file: ImportFile, profile, by: User, now: dt.datetime) -> str:
    """One ended request: the row as a draft, the move that says how it ended, the status that follows from it."""
    values = row.values
    filed = dt.datetime.combine(values["filed_on"], NOON, file.country.zone)
    series = f"{file.country.pk}-H-{filed.year}"
    left = values.get("departure_on")
    case = Case(
        reference=f"{series}-{next_number(series):04d}",
        imported=True,
        country=file.country,
        profile=profile,
        request_type=RequestType.ARMED_ESCORT,
        station=getattr(values["origin"], "station", None) or file.station,
        created_by=by,
        created_at=filed,
        submitted_at=filed,
        departure_at=dt.datetime.combine(left, NOON, file.country.zone) if left else None,
        consent_partners=False,
        origin_station=getattr(values["origin"], "station", None),
        destination_station=getattr(values["destination"], "station", None),
        **{name: values[name] for name in TAKEN if name in values},
    )
    case.save()
    target = Status(values["outcome"])
    Move.objects.create(
        case=case, code=moves.IMPORT, from_status=case.status, to_status=target, by=by, at=now,
        capacity=scope.grant_for(by, Perm.CLEAR_CASE).role,
    )  # fmt: skip
    ImportedCase.objects.create(
        case=case, file=file, line=row.line, original_reference=values["original_reference"],
        ended_on=values.get("ended_on"),
    )  # fmt: skip
    case.status, case.search_text = target, starting.searched_text(case)
    case.save(update_fields=["status", "search_text"])
    return case.reference


def _one_at_a_time(country: str) -> None:
    """Whoever takes something over in a country waits for the one before: both may have sent the same file."""
    Country.objects.select_for_update(no_key=True).only("pk").get(pk=country)


def _is_taken_over(country: str, sha256: str) -> bool:
    return ImportFile.objects.filter(country=country, sha256=sha256, agreed_at__isnull=False).exists()


def _permit(by: User, country: Country) -> None:
    if sentence := why_not_import(by=by, country=country):
        raise Refused("right", sentence)
