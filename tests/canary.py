"""A secret in every field of every record, and every address of the portal: what tests/test_canary.py plants.

A word in texts; in numbers, moments, telephones and positions a value that stands nowhere else: moments keep their
order and stay past or to come, but lie in years that no page names otherwise. `secrets_in` reads every notation.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models
from django.urls import get_resolver
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from phonenumber_field.modelfields import PhoneNumberField

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity import barrier, numbers, triggers
from cmcoord.activity.barrier import EVERY_SIDE, Precision, Side
from cmcoord.activity.models import Notification, SmsNumber
from cmcoord.places.models import AdminArea, DutyStation, Place, folded
from cmcoord.places.positions import HUNDRED, METRE, TEN, Position
from contacts.models import Addressee, Body, CheckIn, FleetDriver, FleetVehicle, Force, Post
from contacts.services import (
    Details,
    Holder,
    Mail,
    Number,
    confirm_status,
    hand_over,
    note_liaison,
    open_post,
    propose_status,
    settle_liaison,
    take_seat,
)
from requests_app import dossier
from requests_app.issuing.making import issue_paper
from requests_app.models import (
    AccessIncident,
    AlarmAnswer,
    ArrivingFile,
    Case,
    CaseFile,
    CaseLink,
    Confirmation,
    ConfirmationLink,
    ConsensusNote,
    FilePiece,
    ForceFile,
    OnBehalf,
    Participation,
    ReverseRequest,
    TeamConsultation,
    TeamSeat,
)
from requests_app.models import Position as TeamPosition
from requests_app.services import import_past, keep_for_preview, make_move
from tests.contacts import lists as listed
from tests.factories import TICKED, case_at, complete_draft, draft_case, fleet_of, fresh, limits_of
from tests.meetings.table import arguments, laid_table
from tests.requests_app.reverse_steps import reverse_at

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
    "session_data", "type", "hash", "previous", "whom", "subject", "of_table", "channel", "folded_name", "search_text",
    "zone", "rule", "digest", "step",
}  # fmt: skip
PLANTED = (
    "requests_app", "meetings",
    "accounts.User", "accounts.Appointment", "accounts.StandIn", "accounts.DecisionDelegation",
    "accounts.Invitation",
    "accounts.ProposedChange", "accounts.FactorReset", "accounts.SignIn.browser", "account.EmailAddress.email",
    "activity.ErasableValue", "activity.Event", "activity.Notification", "activity.Release", "activity.Erasure",
    "contacts.Post", "contacts.Person", "contacts.Telephone", "contacts.Address", "contacts.Holding",
    "contacts.CheckIn", "contacts.Handover", "contacts.ContactList", "contacts.ContactLine", "contacts.FleetVehicle",
    "contacts.FleetDriver", "contacts.ForceStatus", "contacts.StatusAnswer", "contacts.Body", "contacts.Seat",
    "contacts.Sitting", "contacts.MissingLiaison",
    "activity.SmsNumber.number", "contacts.Addressee",
    "places.DutyStation.telephone", "accounts.Organisation.telephone", "places.Country.national_unit_telephone",
)  # fmt: skip
UNCODED = {
    "requests_app.Case": ("search_text",),
    "requests_app.ConfirmationLink": ("address",),
    "accounts.User": ("folded_name", "email"),
    "accounts.Invitation": ("email",),
    "account.EmailAddress": ("email",),
    "activity.Notification": ("address",),
    "activity.ErasableValue": ("salt",),
}
TELEPHONES = {"telephone", "national_unit_telephone", "contact", "road_contact", "call_back"}
NUMBERS = {"people", "size", "count", "vehicles", "rotations", "passenger_count", "asset_quantity", "km"}
# Where they start: seven digits for people and sizes, five where the column takes no more.
LARGE, SMALL = 9_100_000, 30_000
CLOCKWORK = {"lease_until"}  # the portal itself reads it
# What an event tells a force in its mails: its own deadlines of all clocks, whom to call, when a meeting begins.
TOLD = {"acknowledgement", "reply", "duty", "starts"}
PAST, TO_COME = dt.date(1971, 1, 2), dt.date(2040, 1, 1)
WEEK = 7


@dataclass(frozen=True)
class Planted:
    """Where a word stands."""

    row: models.Model
    field: str

    def __str__(self) -> str:
        return f"{self.row._meta.label}.{self.field} of {self.row.pk}"


def world(people) -> list[Case]:
    """A draft and cases in nine statuses, with comments for every audience and a file: all of one organisation."""
    sharpen()
    reach(people)
    cases = [
        draft_case(people.requester_bria, need="Draft"),
        *(case_at(status, people, **TICKED["AE"]) for status in STATUSES),
    ]
    cases.append(
        case_at(
            "scheduled", people, request_type="MCDA-LOG", asset_category="boat", passenger_count=9, **TICKED["MCDA-LOG"]
        )
    )
    for case in cases[2:5]:
        for audience, by in (("ocha", people.ocha_bgi), ("decision", people.ocha_bgi), ("everybody", people.ocha_bria)):
            if case.status not in ("denied",):
                make_move(case, "comment", by=by, audience=audience, text="Words")
    _post_of(people.requester_bria)
    _seats_of(people)
    for model in (FleetVehicle, FleetDriver):
        fleet_of(people.requester_bria, model)
    _of_others(people, filed=cases[1], joined=cases[2])
    told = next(case for case in cases if case.status == "transmitted")
    for whom in ("station", f"addressee.{Addressee.objects.first().pk}"):
        make_move(told, "call", by=people.ocha_bria, whom=whom, note="Words of a call")
    CaseFile.objects.create(
        case=cases[1], file=ContentFile(b"%PDF-1.7", name="plan.pdf"), name="plan.pdf", content_type="application/pdf",
        size=8, uploaded_by=people.requester_bria,
    )  # fmt: skip
    arriving = ArrivingFile.objects.create(
        case=cases[0], by=people.requester_bria, name="map.jpg", size=9, sha256="0" * 64
    )
    FilePiece.objects.create(arriving=arriving, offset=0, sha256="0" * 64, data=b"piece")
    for kind, by in (("letter", people.ocha_bria), ("file", people.requester_bria)):
        dossier.read(told)
        issue_paper(told, kind, by=by, language="en")
    _put_to_the_team(told, people)
    cases += [_of_a_rescue(people), _of_a_patrol(people)]
    for status in ("refused", "consenting", "deciding", "agreed", "declined"):
        reverse_at(status, people)
    restricted = next(case for case in cases if case.status == "scheduled")
    make_move(restricted, "lower_class", by=people.ocha_bria, to="R", reason="Partners plan by it.")
    AlarmAnswer.objects.create(
        case=cases[1], decided="halt", said_by="Leader", source="telephone", reason="Words", by=people.ocha_bria
    )
    confirm_status(
        propose_status(
            Force.objects.get(acronym="MINUSCA"), by=people.ocha_bgi, status="not_party", basis="Words",
            clause="ML-POS ¶7", valid_from=timezone.localdate(),
        ),
        by=people.hc,
    )  # fmt: skip
    CaseLink.objects.create(case=cases[1], other=cases[2], by=people.ocha_bria)
    laid_table(people)
    AccessIncident.objects.filter(case=cases[1]).update(
        status="kept", text="Words", answered_by=people.ocha_bria, answered_at=timezone.now()
    )
    return cases


def _put_to_the_team(case: Case, people) -> None:
    """A consultation of the country team on a request that the force holds by now, written as its rows."""
    held = TeamConsultation.objects.create(
        case=case, draft=case.drafts.get(), opened_by=people.ocha_bgi, closes_at=timezone.now() + dt.timedelta(days=2),
        members_needed=1, ended_at=timezone.now(), ended_as="establish_consensus",
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(team_consultation=held)
    for acronym, value, condition in (("WFP", "accept", "Only by day"), ("UNHCR", "object", "")):
        seat = TeamSeat.objects.create(
            consultation=held, organisation=Organisation.objects.get(acronym=acronym), voice="member"
        )
        TeamPosition.objects.create(case=case, seat=seat, value=value, condition=condition, words="Words", by=people.hc)
    ConsensusNote.objects.create(
        case=case, consultation=held, decision=case.decisions.get(), text="Words", by=people.hc, capacity="hc"
    )
    make_move(case, "comment", by=people.ocha_bgi, audience="team", text="Words")


def _of_a_rescue(people) -> Case:
    """A rescue that the force has, decided by word of mouth, taken down with a witness and written afterwards."""
    case = complete_draft(people.requester_bria, request_type="MED", need="Words")
    make_move(case, "submit", by=people.requester_bria)
    said = {"person": people.hc, "source": "radio", "received_at": timezone.now(), "witness": "Somebody else"}
    limits = limits_of(fresh(case), valid_from=timezone.now())
    make_move(case, "approve_orally", by=people.ocha_bria, on_behalf=said, witness="Third Person", **limits)
    make_move(case, "confirm_in_writing", by=people.hc, reason="Words")
    make_move(case, "transmit", by=people.ocha_bria, task="Fly two patients out.", confirmed=["task"])
    return fresh(case)


def _of_a_patrol(people) -> Case:
    """A patrol that the force planned and did, and what was said of it; nobody agreed that it reads who asked."""
    then = timezone.now() - dt.timedelta(days=20)
    case = complete_draft(people.requester_bria, request_type="AREA", now=then, patrol_reason="other", need="Words")
    day = case.departure_at.astimezone(case.country.zone).date()
    for code, by, facts in (
        ("submit", people.requester_bria, {}),
        ("review", people.ocha_bria, {}),
        ("transmit", people.ocha_bria, {"task": "Patrol there.", "confirmed": ["task"]}),
        ("limit", people.force_u3, {"days": [day], "text": "Words"}),
    ):
        make_move(case, code, by=by, now=then, **facts)
    began = case.departure_at + dt.timedelta(hours=1)
    make_move(case, "log_patrol", by=people.force_u3, now=began, day=day, km=96, direction="out")
    wrong = {"log": case.patrols.get().pk, "km": 69, "reason": "Words"}
    make_move(case, "correct_patrol", by=people.force_u3, now=began, **wrong)
    make_move(case, "end_patrols", by=None)
    make_move(case, "give_feedback", by=people.requester_bria, helped="no", text="Words", incidents="Words")
    return fresh(case)


def _seats_of(people) -> None:
    """Somebody sits in a cell and in the country team, through a designate; somewhere liaison is missing."""
    post = Post.objects.filter(organisation=people.requester_bria.organisation).first()
    ocha = people.ocha_bgi.organisation
    for body in (Body.objects.get(station__code="bria"), Body.objects.get(country="CAF", kind="iccg")):
        take_seat(
            body.seats.get(kind="chair"), by=people.ocha_bgi, organisation=ocha, designate=post,
            designate_reason="Nobody else",
        )  # fmt: skip
    area = AdminArea.objects.current().get(country="CAF", name="Vakaga")
    for wanted in ("officer", "cell"):
        row = note_liaison(by=people.ocha_bgi, area=area, wanted=wanted, note="Words")
    settle_liaison(row, by=people.ocha_bgi, outcome="Words")


def _post_of(user: User) -> None:
    """Somebody in a post of the organisation, who lets neither a force nor the public know."""
    holder = Holder("Somebody", (Number("+23672000000"),), (Mail("somebody@example.org"),), ("fr",))
    reached = Details(("focal_point",), "desk@example.org", "+23672000001", source="A list", remark="Words")
    post = open_post(
        by=user, organisation=user.organisation, station=DutyStation.objects.get(code="bria"), function="Logistician",
        holder=holder, starts=timezone.localdate() - dt.timedelta(days=9), details=reached,
    )  # fmt: skip
    hand_over(post, by=user, holder=Holder("Next", (Number("+23672000002"),)), starts=timezone.localdate())
    CheckIn.objects.create(holding=post.holdings.first(), how="page", by=user)
    rows = (listed.row(), listed.row(Name="Somebody", Function="Guard"), listed.row(Duty_station="Atlantis"))
    listed.sent(user, listed.table(*rows))


def _of_others(people, *, filed: Case, joined: Case) -> None:
    """A request that its organisation corrected, a convoy with a second organisation, and a list of the past."""
    facts = {"person_function": "Caller", "received_at": timezone.now(), "witness": "Somebody else"}
    record = OnBehalf.objects.create(
        case=filed, act="submit", source="radio", recorded_by=people.ocha_bria, recorded_at=timezone.now(), **facts
    )
    link = ConfirmationLink.objects.create(
        case=filed, record=record, token_digest="0" * 64, address="caller@example.org", language="en",
        made_by=people.ocha_bria, expires_at=timezone.now() + dt.timedelta(days=7),
    )  # fmt: skip
    for how, of_link, by in (("link", link, None), ("call", None, people.ocha_bria)):
        Confirmation.objects.create(
            case=filed, record=record, how=how, link=of_link, agrees=False, text="Wrong", recorded_by=by, **facts
        )
    Participation.objects.create(
        case=joined, organisation=Organisation.objects.get(acronym="WFP"), state="joined", vehicles=2, staff=3,
        cargo="Tents", consent_force=True, asked_by=people.requester_bria, answered_by=people.requester_un,
    )  # fmt: skip
    head = "Reference;Organisation;Filed on;Origin;Destination;Cargo;Result"
    line = f"7;{people.requester_bria.organisation.acronym};2021-03-04;Bambari;Bria;Food"
    station = DutyStation.objects.get(code="bria")
    for result in ("Closed", "Denied"):
        content = f"{head}\n{line};{result}".encode()
        kept = keep_for_preview(by=people.ocha_bgi, station=station, name="past requests.csv", content=content)
        if result == "Closed":
            import_past(kept, by=people.ocha_bgi)


def reach(people) -> None:
    """The force has a chain, half of it without accounts, and people of both sides get SMS."""
    force = Force.objects.get(organisation=people.force_u3.organisation, country="CAF")
    for place, account in enumerate((people.force_sector, None), start=1):
        Addressee.objects.create(
            force=force, place=place, function=f"Place {place}", telephone=f"+236 00 00 07 0{place}", account=account
        )
    for place, user in enumerate((people.ocha_bria, people.force_u3), start=1):
        SmsNumber.objects.create(user=user, number=f"+2360000080{place}", confirmed_at=timezone.now())


@dataclass
class Garden:
    """What is planted so far: {secret: where it stands}, and the next free value of each sort."""

    secrets: dict[str, Planted] = field(default_factory=dict)
    next_free: dict[object, int] = field(default_factory=dict)

    def keep(self, planted: Planted, *notations: str) -> None:
        self.secrets |= dict.fromkeys(notations, planted)

    def number(self, of: object) -> int:
        self.next_free[of] = self.next_free.get(of, 0) + 1
        return self.next_free[of]

    def word(self, planted: Planted) -> str:
        word = f"zqx{self.number('word'):06d}"
        self.keep(planted, word)
        return word

    def telephone(self, planted: Planted) -> str:
        """Of a country code that nobody has."""
        digits = f"{self.number('telephone'):08d}"
        self.keep(planted, f"+999{digits}")
        return " ".join(["+999", *(digits[start : start + 2] for start in range(0, 8, 2))])

    def amount(self, planted: Planted, start: int) -> int:
        value = start + self.number(start)
        self.keep(planted, f"#{value}")
        return value

    def day(self, planted: Planted, stood: dt.date) -> dt.date:
        day = self.next_day(PAST if stood <= timezone.localdate() else TO_COME)
        self.keep(planted, day.isoformat())
        return day

    def next_day(self, start: dt.date) -> dt.date:
        """To come only Sundays: a time that a page counts backwards from one of them, in working time, is none of the
        others.
        """
        return start + dt.timedelta(days=self.number(start) * (1 if start == PAST else WEEK))

    def moment(self, planted: Planted, stood: dt.datetime) -> dt.datetime:
        """About noon, so that it is the same day wherever it is printed."""
        day = self.next_day(PAST if stood <= timezone.now() else TO_COME)
        number = self.next_free[PAST if day < TO_COME else TO_COME]
        noon = dt.datetime.combine(day, dt.time(10, 1, 7), dt.UTC)
        moment = noon + dt.timedelta(minutes=number % 180, seconds=number % 50)
        self.keep(planted, moment.date().isoformat(), f"@{int(moment.timestamp())}")
        return moment

    def key(self, planted: Planted) -> uuid.UUID:
        value = uuid.UUID(f"c0ffee00-0000-4000-8000-{self.number('key'):012d}")
        self.keep(planted, value.hex)
        return value


def sharpen() -> None:
    """Every known place becomes one known to a metre, before a paper takes its position."""
    for number, place in enumerate(Place.objects.exclude(latitude=None).order_by("pk")):
        finer = Decimal(f"0.003{number:03d}")
        place.latitude = place.latitude.quantize(Decimal("0.01"), ROUND_DOWN) + finer
        place.longitude = place.longitude.quantize(Decimal("0.01"), ROUND_DOWN) + finer
        place.position_verified = True
        place.save()


def plant() -> dict[str, Planted]:
    """Write a different secret in each field of each row, whatever stood there; {secret: where it stands}."""
    garden = Garden()
    with triggers.lifted(connection):
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.label != "activity.DemoMail":
                _plant(model, garden)
    for place in Place.objects.exclude(latitude=None):
        for name in ("latitude", "longitude"):
            garden.keep(Planted(place, name), *finer_notations(place, name))
    return garden.secrets


def finer_notations(place: Place, name: str) -> set[str]:
    """How a page may write this half of a position more exactly than to a kilometre."""
    found = set()
    for metres in (METRE, TEN, HUNDRED):
        point = Position(place.latitude, place.longitude, metres)
        found.add(point.dms.split(" ")[0 if name == "latitude" else 2])
        found.add(point.mgrs.replace(" ", ""))
    for places in range(3, 7):
        for rounding in (ROUND_DOWN, ROUND_HALF_EVEN):
            found.add(str(getattr(place, name).quantize(Decimal(1).scaleb(-places), rounding)))
    return found


def _plant(model: type[models.Model], garden: Garden) -> None:
    fields = [one for one in model._meta.concrete_fields if _takes_secret(model._meta.label, one)]
    rows = list(model._base_manager.order_by("pk")) if fields else []
    for row in rows:
        for one in fields:
            if not getattr(row, one.attname) and (_constrained(model, one) or not isinstance(one, TEXTS)):
                continue  # stands only together with what is empty too, or says by being empty what has not happened
            setattr(row, one.attname, _secret_for(row, one, garden))
    if rows:
        model._base_manager.bulk_update(rows, [one.name for one in fields], batch_size=200)


TEXTS = (models.CharField, models.TextField)


def _secret_for(row: models.Model, one: models.Field, garden: Garden) -> Any:
    planted, stood = Planted(row, one.name), getattr(row, one.attname)
    if isinstance(one, models.JSONField):
        return _with_secrets(stood, planted, garden)
    if isinstance(one, models.DateTimeField):
        return garden.moment(planted, stood)
    if isinstance(one, models.DateField):
        return garden.day(planted, stood)
    if isinstance(one, models.IntegerField):
        return garden.amount(planted, SMALL if isinstance(one, models.PositiveSmallIntegerField) else LARGE)
    if isinstance(one, models.UUIDField):
        return garden.key(planted)
    if one.name in TELEPHONES or isinstance(one, PhoneNumberField) or row._meta.label == "activity.SmsNumber":
        return garden.telephone(planted)
    return garden.word(planted) + ("@example.org" if isinstance(one, models.EmailField) else "")


def _constrained(model: type[models.Model], field: models.Field) -> bool:
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    return any(f"'{field.name}'" in str(check.condition) for check in checks)


def _takes_secret(label: str, one: models.Field) -> bool:
    wanted = label in PLANTED or label.split(".", maxsplit=1)[0] in PLANTED or f"{label}.{one.name}" in PLANTED
    if not wanted or one.primary_key or one.choices or one.is_relation:
        return False
    if isinstance(one, models.DateField):
        return one.name not in CLOCKWORK
    if isinstance(one, models.IntegerField):
        return one.name in NUMBERS
    if isinstance(one, models.UUIDField | models.JSONField):
        return True
    if one.name in CODES and one.name not in UNCODED.get(label, ()):
        return False
    return isinstance(one, TEXTS) and (one.max_length or 99) >= SHORTEST


def _with_secrets(content: Any, planted: Planted, garden: Garden) -> Any:
    """A secret in every text of a paper; in an event under the names that sentences read for humanitarians."""
    label = planted.row._meta.label
    if label == "requests_app.RuleReading":
        return [row | {name: garden.word(planted) for name in ("en", "fr")} for row in content]
    if isinstance(content, list):
        rows = [row | {"word": garden.word(planted)} for row in content if isinstance(row, dict)]
        return rows or [*content, garden.word(planted)]
    found = {name: _in_content(name, value, planted, garden) for name, value in content.items()}
    if label == "activity.Event":
        word = garden.word(planted)
        return found | {"reference": word, "url": f"/requests/{word}/", "actor": word, "reason": word}
    if label == "requests_app.ReverseAnswer":
        return found | {"condition_text": garden.word(planted)} if "condition_text" in content else found
    if label == "requests_app.Extract":
        texts = ("task", "cargo", "exit_plan", "condition_text", "rendezvous", "leader", "call_signs", "origin")
        return found | {name: garden.word(planted) for name in texts if name in content}
    return found | {"word": garden.word(planted)}


def _in_content(name: str, value: Any, planted: Planted, garden: Garden) -> Any:
    if name in TOLD:
        return value
    if isinstance(value, dict):
        return {key: _in_content(key, one, planted, garden) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_content(name, one, planted, garden) for one in value]
    if name in ("people", "vehicles") and isinstance(value, int):
        return garden.amount(planted, LARGE if name == "people" else SMALL)
    if name in TELEPHONES and value:
        return garden.telephone(planted)
    moment = parse_datetime(value) if isinstance(value, str) and len(value) > len("2026-11-22") else None
    return garden.moment(planted, moment).isoformat() if moment and moment.tzinfo else value


# ── reading them again ───────────────────────────────────────────────────────────────────────────────────────────────

YEAR = r"(19[7-9]\d|20[4-6]\d)"
GAP = "[,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"
NAME = r"([^\W\d_]{3,9})\.?"
ISO = re.compile(rf"(?<!\d){YEAR}-?(\d\d)-?(\d\d)(?!\d)")
DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th)?\s+{NAME},?\s+{YEAR}(?!\d)")
MONTH_FIRST = re.compile(rf"([A-Z][a-z]{{2,8}})\.?\s+(\d{{1,2}}),\s+{YEAR}(?!\d)")
FIGURES = re.compile(rf"(?<!\d)(\d\d)[/.](\d\d)[/.]{YEAR}(?!\d)")
GROUP = re.compile(r"(?<!\d)(\d\d)\d{4}Z\s?([A-Z]{3})\s?(\d\d)(?!\d)")
EPOCH = re.compile(r"(?<![\w.])(\d{8,10})(?!\d)")
AMOUNT = re.compile(rf"(?<![\w.,])(9{GAP}1\d\d{GAP}\d{{3}}|3[0-2]{GAP}\d{{3}})(?![\w])")
TELEPHONE = re.compile(r"(?<!\d)999((?:(?:[\s()./-]|%20)*\d){8})(?!\d)")
KEY = re.compile(r"c0ffee00-?0000-?4000-?8000-?\d{12}")
DEGREES = re.compile(r"(?<![\w.,])-?\d{1,3}(?:\.\d{3,6}|,\d{4,6})(?!\d)")
ANGLE = re.compile(r"(\d{1,3})°(\d\d)[′'](\d\d(?:[.,]\d+)?)[″\"]")
GRID = re.compile(r"(?<!\w)(\d\d[A-Z])\s?([A-Z]{2})\s?(\d{3,5})\s?(\d{3,5})(?!\w)")
MONTHS = {
    "jan": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "may": 5, "mai": 5, "jun": 6, "juin": 6, "jul": 7,
    "juil": 7, "aug": 8, "aou": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip


@lru_cache(maxsize=500)
def secrets_in(text: str) -> frozenset[str]:
    """What in this text has the form of a secret, as `plant` names it, however a page writes it."""
    found = {
        *WORD.findall(text),
        *(f"{year}-{month}-{day}" for year, month, day in ISO.findall(text)),
        *(_day(year, month, day) for day, month, year in DAY_FIRST.findall(text)),
        *(_day(year, month, day) for month, day, year in MONTH_FIRST.findall(text)),
        *(f"{end}-{one}-{other}" for pair in FIGURES.findall(text) for end, one, other in (pair[::-1], _swapped(pair))),
        *(_day(f"{'19' if year >= '70' else '20'}{year}", month, day) for day, month, year in GROUP.findall(text)),
        *(f"@{seconds}" for seconds in EPOCH.findall(text)),
        *("#" + re.sub(r"\D", "", amount) for amount in AMOUNT.findall(text)),
        *("+999" + re.sub(r"%20|\D", "", number) for number in TELEPHONE.findall(text)),
        *(key.replace("-", "") for key in KEY.findall(text)),
        *(number.replace(",", ".") for number in DEGREES.findall(text)),
        *(f"{degrees}°{minutes}′{seconds.replace(',', '.')}″" for degrees, minutes, seconds in ANGLE.findall(text)),
        *("".join(parts) for parts in GRID.findall(text)),
    }
    return frozenset(found)


def _swapped(pair: tuple[str, str, str]) -> tuple[str, str, str]:
    """Month first, as some programs write it."""
    return pair[2], pair[0], pair[1]


def _day(year: str, month: str, day: str) -> str:
    name = folded(month)
    return f"{year}-{MONTHS.get(name[:4]) or MONTHS.get(name[:3], 0):02d}-{int(day):02d}"


def may_read(user: User | None, planted: Planted) -> bool:
    """What the tables say: the row is this person's to see, and the line lets their side read the field."""
    row, label = planted.row, planted.row._meta.label
    if user is None:
        return False
    line = barrier.line_of(row, planted.field)
    if not barrier.opens(line, user.side):
        return False
    if line.precision == Precision.COARSE and user.side != Side.HUMANITARIAN:
        return False  # what is planted is finer
    if label == "activity.Event" and planted.field == "at":
        return Notification.objects.filter(event=row, recipient=user).exists() or barrier.may_see(user, row)
    if barrier._rule("ROWS", label):
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
        "key": [str(key) for key in ArrivingFile.objects.values_list("key", flat=True)],
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
        if route.startswith("/reverse/asked/"):
            known["reference"] = list(ReverseRequest.objects.values_list("force_reference", flat=True))
            known["act"] = ["withdraw", "report"]
        elif route.startswith("/reverse/"):
            known["reference"] = list(ReverseRequest.objects.values_list("reference", flat=True))
            known["move"] = ["consent", "validate"]
        if route.startswith("/accounts/people/"):
            known["pk"] = people
        if "/files/" in route:
            known["pk"] = papers
        if route.startswith("/meetings/"):
            known |= arguments(Body.objects.get(kind="cell", station__code="bria"))
        if route.startswith("/meetings/bodies/"):
            known["pk"] = [str(Body.objects.get(kind="cell", station__code="bria").pk)]
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
