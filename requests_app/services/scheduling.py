"""What the force is told within the approval: the schedule, its execution sheet, changes, a later end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.accounts.roles import Perm
from cmcoord.accounts.scope import Grant
from cmcoord.places.models import Place
from cmcoord.places.positions import Position
from requests_app import alarms, convoy, execution_sheet, papers, provider, sheet_in_papers, transmission
from requests_app.models import Case, Extract, ReleasedNames
from requests_app.services.made import Made
from requests_app.services.preparing import keep_to_departure
from requests_app.services.sending import notice
from requests_app.services.transmitting import ranked_anew
from requests_app.transmission import WITHOUT_SUPPLEMENT, as_text


def schedule(
    made: Made,
    *,
    departure_at: datetime,
    rendezvous_at: datetime,
    leader: str,
    contact: str,
    rendezvous: str = "",
    rendezvous_place: Place | None = None,
    rendezvous_position: Position | None = None,
    call_signs: str = "",
    comms_plan: str | None = None,
    casevac_plan: str | None = None,
    handling: str | None = None,
    sheet_version: int | None = None,
    **_facts: Any,
) -> None:
    """Freeze time, rendezvous, leader, contact and the execution sheet. Where to meet is a place, a position, words, or
    some of them. A text of the sheet that is None goes as it stands there; `sheet_version` is the one whose other words
    OCHA has read and releases."""
    case, decision = made.case, made.case.decision
    _check_read(made, sheet_version)
    if not decision.valid_from <= departure_at < decision.valid_to:
        made.need(_("The departure lies outside the approved period."))
    if departure_at <= made.now:
        made.need(_("The departure is in the past."))
    if rendezvous_at > departure_at:
        made.need(_("The rendezvous is later than the departure."))
    where = ", ".join(filter(None, (str(rendezvous_place or ""), rendezvous)))
    if not (where or rendezvous_position):
        made.need(_("Say where to meet: by a place, a position or in words."))
    _check_places(made, rendezvous_place)
    changes: dict[str, Any] = {"departure_at": departure_at, "leader": leader}
    asked_for = case.leader
    if case.window_to <= departure_at:
        changes["window_to"] = decision.valid_to
    made.set(**changes)
    made.clocks_changed = True
    keep_to_departure(made)
    content = {
        "departure_at": as_text(departure_at),
        "rendezvous": where,
        **_met_at(rendezvous_place, rendezvous_position),
        "rendezvous_at": as_text(rendezvous_at),
        "leader": leader,
        "road_contact": contact,
        "call_signs": call_signs,
        "vehicles": case.vehicles,
        **convoy.paper_facts(case),
        "rotations": decision.rotations,
    }
    texts = {"comms_plan": comms_plan, "casevac_plan": casevac_plan, "handling": handling}
    _send_sheet(made, Extract.Kind.SCHEDULE, content, texts, leader=asked_for)


def _check_places(made: Made, *others: Place | None) -> None:
    """The register of forces, asked for where the convoy halts and meets the force."""
    halts = [row.place for row in execution_sheet.rows_of(execution_sheet.sheet_of(made.case), "stops")]
    places = [place for place in (*halts, *others) if place]
    if places and not alarms.goes_on(made.case) and provider.stops_at(made.case, places):
        made.need(provider.cannot_be_named(made.case))


def _check_read(made: Made, version: int | None) -> None:
    """Rows and names of functions go as they were typed: only as OCHA has read them, in the version that it read."""
    sheet = execution_sheet.sheet_of(made.case)
    if version != sheet.version and sheet_in_papers.typed(made.case, made.case.language):
        made.need(read_first())


def read_first() -> str:
    return _("Confirm that the force may read the words of the execution sheet as they stand now.")


def _send_sheet(made: Made, kind: str, content: dict[str, Any], texts: dict[str, str | None], **original: str) -> None:
    """A paper with the execution sheet as it stands, the names beside it. A supplement says only what has changed."""
    case, written = made.case, sheet_in_papers.originals(made.case)
    request, sheet = transmission.held(case), execution_sheet.sheet_of(case)
    if request is None:
        return
    chosen = {name: written.get(name, "") if text is None else text.strip() for name, text in texts.items()}
    told, names = sheet_in_papers.content(case, language=request.language, texts=chosen)
    if kind == Extract.Kind.SUPPLEMENT:
        told = _news(case, told, names)
        names = [row for row in names if row.field in told]
        if not told:
            made.need(_("Nothing was changed."))
    notice(made, kind, content | told, **original, **written)
    for row in names:
        row.extract = made.papers[-1]
    ReleasedNames.objects.bulk_create(names)
    if sheet.pk is None:
        return  # a rescue has none
    sheet.sent_version = sheet.version
    sheet.save(update_fields=["sent_version"])
    made.data["sheet_version"] = sheet.version


# How a paper says that something it named before is no longer so.
NO_MORE: dict[str, Any] = {"names": {"count": 0, "digest": ""}, "number": 0} | dict.fromkeys(
    ("lines", "conditions"), ["–"]
)
NO_MORE |= dict.fromkeys(("text", "telephone", "code", "moment"), "–")


def _news(case: Case, told: dict[str, Any], names: list[ReleasedNames]) -> dict[str, Any]:
    """What of this the force that holds the request has not been told yet; names are compared as they read."""
    request = transmission.held(case)
    same = [row for row in case.extracts.all() if request and row.force_reference == request.force_reference]
    known = papers.Known(same)
    before = {row.field: row.text for row in ReleasedNames.objects.filter(extract__in=same).order_by("id")}
    same_names = {row.field for row in names if before.get(row.field) == row.text}
    found = {name: value for name, value in told.items() if name not in same_names and known.value(name) != value}
    open_now = {name: NO_MORE[transmission.KEYS[name].kind] for name in transmission.SHEET if name not in told}
    return found | {name: value for name, value in open_now.items() if known.value(name) not in (None, value)}


def send_sheet(made: Made, *, comms_plan: str | None = None, casevac_plan: str | None = None,
               handling: str | None = None, sheet_version: int | None = None, **_facts: Any) -> None:  # fmt: skip
    """What was changed in the execution sheet since the force received it, as a numbered change."""
    _check_read(made, sheet_version)
    _check_places(made)
    texts = {"comms_plan": comms_plan, "casevac_plan": casevac_plan, "handling": handling}
    _send_sheet(made, Extract.Kind.SUPPLEMENT, {}, texts)


def _met_at(place: Place | None, position: Position | None) -> dict[str, Any]:
    """The position that OCHA gave for the rendezvous goes as exactly as it was given, that of a town only roughly."""
    if position:
        return {"rendezvous_position": position.as_value()}
    return transmission.positions_of(rendezvous=place)


def change(
    made: Made,
    *,
    departure_at: datetime | None = None,
    window_to: datetime | None = None,
    vehicles: int | None = None,
    leader: str = "",
    rank: int | None = None,
    **_facts: Any,
) -> None:
    """A change within the approval: date inside the period, vehicles, leader; the force gets a numbered supplement.

    Another rank in the force's queue goes the same way.
    """
    case, decision = made.case, made.case.decision
    wanted: dict[str, Any] = {
        "departure_at": departure_at,
        "window_to": window_to,
        "vehicles": vehicles,
        "leader": leader,
    }
    changes = {name: value for name, value in wanted.items() if value and value != getattr(case, name)}
    told = ranked_anew(made, rank)
    if not (changes or told):
        made.need(_("Nothing was changed."))
    if "leader" in changes and not may_name_the_leader(case, made.grant):
        made.need(_("The force reads the name of the leader as OCHA releases it: ask OCHA to change it."))
    starts = changes.get("departure_at", case.departure_at)
    ends = changes.get("window_to", case.window_to)
    if "departure_at" in changes and "window_to" not in changes and starts >= ends:
        ends = changes["window_to"] = decision.valid_to
    if not decision.valid_from <= starts <= decision.valid_to or ends > decision.valid_to:
        made.need(_("The dates must stay inside the approved period; ask for an extension instead."))
    if ends <= starts:
        made.need(_("The window ends before it begins."))
    if "departure_at" in changes and starts <= made.now and case.status != "underway":
        made.need(_("The departure is in the past."))
    lines = [f"{name}: {getattr(case, name)} → {value}" for name, value in changes.items()]
    made.secret["changes"] = "; ".join([*lines, *(f"{name}: {value}" for name, value in told.items())])
    made.set(**changes)
    made.clocks_changed = True
    made.data["changed"] = sorted({**changes, **told})
    arrival_is_open = keep_to_departure(made)
    if case.status in WITHOUT_SUPPLEMENT:
        return
    content = {name: as_text(value) if isinstance(value, datetime) else value for name, value in changes.items()}
    if arrival_is_open and execution_sheet.sheet_of(case).sent_version:
        content["arrival_at"] = NO_MORE["moment"]
    if "vehicles" in changes:
        content |= convoy.paper_facts(case)
    notice(made, Extract.Kind.SUPPLEMENT, content | told)


def may_name_the_leader(case: Case, grant: Grant | None) -> bool:
    """Once the force reads it, the leader is a text that only OCHA releases."""
    return case.status in WITHOUT_SUPPLEMENT or grant is None or grant.perm != Perm.FILE_CASE


def send_extension(made: Made) -> None:
    """The later end, as a new extract, to the force that holds the request."""
    decision = made.case.decision
    if made.case.status not in WITHOUT_SUPPLEMENT:
        content = {"valid_to": as_text(decision.valid_to), "rotations": decision.rotations}
        notice(made, Extract.Kind.EXTENSION, content)
