"""A file of the directory: made, written down with everybody who stands in it, and called back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.sentences import function_of
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.downloads import csv_file, xlsx_file
from cmcoord.ui.papers import pdf
from cmcoord.ui.templatetags.ui import date_in_words
from contacts import cards, exports, finding, keepers, papers
from contacts.entries import Entry, entries, eyes_of, eyes_of_circle
from contacts.finding import Asked
from contacts.models import Body, Circle, CmcoordRole, DirectoryExport, ExportedPerson, Person, Post
from contacts.papers import Place

Form = DirectoryExport.Form
KIND, RECALL = "directory.export", "contact.recall"
MOST = {Form.CSV: 50_000, Form.XLSX: 5000, Form.CARDS_4: 5000, Form.CARDS_3: 5000, Form.SHEET: 1000, Form.FLYER: 1000}
CONTENT_TYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
    Form.CARDS_4: cards.CONTENT_TYPE,
    Form.CARDS_3: cards.CONTENT_TYPE,
    Form.SHEET: "application/pdf",
    Form.FLYER: "application/pdf",
}
TABLES = frozenset(Form.values) - {Form.FLYER}  # what the filters narrow
ENDINGS = {Form.CARDS_4: "vcf", Form.CARDS_3: "vcf", Form.SHEET: "pdf", Form.FLYER: "pdf"}


@dataclass(frozen=True)
class Taken:
    """A file with its row."""

    row: DirectoryExport
    content: bytes

    @property
    def name(self) -> str:
        what = "cmcoord-flyer" if self.row.form == Form.FLYER else "directory"
        ending = ENDINGS.get(Form(self.row.form), self.row.form)
        return f"{what}-{self.row.at:%Y-%m-%d-%H%M}-{self.row.sensitivity}.{ending}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[Form(self.row.form)]


class TooMany(Exception):
    """More lines fit than one file of this format holds."""


class NeedsReason(Exception):
    """The file is confidential, and nobody said what it is for."""


@transaction.atomic
def take(*, by: User, asked: Asked, form: str, confidential: bool = False, reason: str = "") -> Taken:
    """What the directory shows this person for these filters, as a file.

    Raises TooMany, and NeedsReason where it holds names, numbers, duty telephones or mailboxes without one.
    """
    if confidential and not reason.strip():
        raise NeedsReason
    form, now = Form(form), timezone.now()
    keys = list(finding.all_of(by, asked).values_list("pk", flat=True)[: MOST[form] + 1])
    if len(keys) > MOST[form]:
        raise TooMany
    lines = entries(finding.whole(keys), eyes_of(by))
    if not confidential:
        lines = [exports.without_people(line) for line in lines]
    label = _label(lines)
    if label == Sensitivity.CONFIDENTIAL and not reason.strip():
        raise NeedsReason
    return _written(by, form, lines, label, _content(form, lines, by, confidential, label, now), now, reason)


@transaction.atomic
def take_flyer(country: Country, *, by: User, language: str) -> Taken:
    """The flyer of a country as everybody may have it."""
    now = timezone.now()
    places = _places_of(country)
    with translation.override(language):
        paper = papers.flyer(country.pk, country.name, places, day=country.today, language=language)
    lines = [entry for place in places for entry in place.entries]
    return _written(by, Form.FLYER, lines, Sensitivity.PUBLIC, pdf(paper), now, "")


def _places_of(country: Country) -> list[Place]:
    """The duty stations of a country as everybody may read them: telephone, cell, and who agreed to be named."""
    cells = set(Body.objects.cells().meeting().filter(country=country).values_list("station", flat=True))
    roles = finding.has_role(CmcoordRole.OCHA_FOCAL_POINT) | finding.has_role(CmcoordRole.CELL_CHAIR)
    posts = Post.objects.standing().filter(roles, country=country).with_holders().order_by("function", "pk")
    there: dict[str, list[Entry]] = {}
    for line in entries(posts[: MOST[Form.FLYER]], eyes_of_circle(Circle.PUBLIC)):
        if line.is_confidential or line.duty_telephone or line.mailbox:
            there.setdefault(line.station_code, []).append(line)
    stations = DutyStation.objects.filter(country=country, active=True).order_by("name")
    return [
        Place(station.name, tuple(there.get(station.code, ())), station.pk in cells, station.telephone)
        for station in stations
    ]


def taken_by(user: User, size: int) -> list[DirectoryExport]:
    """The newest files of this person, with how many of those in them were called back (`recalled`)."""
    back = Count("people", filter=Q(people__recalled_at__isnull=False))
    return list(DirectoryExport.objects.filter(by=user).annotate(recalled=back).order_by("-pk")[:size])


@transaction.atomic
def recall(person: Person, *, by: User | None) -> int:
    """Ask everybody who has a file with this person to destroy it; how many were asked. Each file once."""
    rows = ExportedPerson.objects.filter(person=person, recalled_at=None)
    holders = list(User.objects.filter(pk__in=rows.values("export__by")).order_by("pk"))
    if not holders:
        return 0
    now, where = timezone.now(), reverse("contacts:exports")
    rows.update(recalled_at=now)
    held = person.holdings.select_related("post").first()
    record(
        person,
        RECALL,
        by=by,
        stream=held.stream if held else None,
        data={"url": where, "force_url": where, "people": len(holders)},
        tell=[Tell(holder, also_actor=True) for holder in holders],
        at=now,
    )
    return len(holders)


def _label(lines: Sequence[Entry]) -> Sensitivity:
    shut = any(line.is_confidential or line.mailbox or line.duty_telephone for line in lines)
    return Sensitivity.CONFIDENTIAL if shut else Sensitivity.RESTRICTED


def _written(by, form, lines, label, content, now, reason) -> Taken:
    """The row, whom it holds, and the event with the fingerprint of the file; `now` is when reading them began."""
    countries = keepers.countries_of(by)
    row = DirectoryExport.objects.create(
        by=by, form=form, sensitivity=label, count=len(lines), at=now,
        country_id=next(iter(countries)) if len(countries) == 1 else None,
    )  # fmt: skip
    people = dict.fromkeys(line.person for line in lines if line.person)
    ExportedPerson.objects.bulk_create(
        [ExportedPerson(export=row, person_id=person) for person in people], batch_size=2000
    )
    record(
        row,
        KIND,
        by=by,
        data={
            "format": form,
            "count": len(lines),
            "people": len(people),
            "sensitivity": label,
            "sha256": hashlib.sha256(content).hexdigest(),
        },
        secret={"reason": reason} if reason.strip() else None,
        at=now,
    )
    _recall_meanwhile(row)
    return Taken(row, content)


def _recall_meanwhile(row: DirectoryExport) -> None:
    """Whoever spoke anew while the file was made is called back at once; who speaks from here on finds its row."""
    people = Person.objects.filter(pk__in=ExportedPerson.objects.filter(export=row).values("person"))
    for person in people.select_for_update(no_key=True).order_by("pk"):
        if person.answered_at and person.answered_at >= row.at:
            recall(person, by=None)


def _content(form: str, lines: list[Entry], by: User, confidential: bool, label: Sensitivity, now: datetime) -> bytes:
    if form in (Form.CARDS_4, Form.CARDS_3):
        return cards.cards(lines, version="4.0" if form == Form.CARDS_4 else "3.0", at=now)
    if form == Form.SHEET:
        language = translation.get_language() or "en"
        return pdf(papers.sheet(lines, label=label, day=timezone.localdate(), language=language))
    table = exports.columns(confidential=confidential, inside=keepers.is_inside(by))
    if form == Form.CSV:
        return csv_file(table, lines)
    about = [
        (_("Sensitivity"), str(label.label)),
        (_("Taken by"), function_of(by)),
        (_("Taken on"), date_in_words(timezone.localtime(now), "j F Y, H:i")),
        (_("Lines"), str(len(lines))),
        (_("From"), settings.PORTAL_URL),
    ]
    return xlsx_file(_("Directory"), table, lines, about=about, about_title=_("About this file"))
