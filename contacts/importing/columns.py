"""Which columns does a list of contacts have, and what is each cell read as?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import Organisation
from cmcoord.places.columns import EARLIEST, SHORTENED, Column, Unreadable, as_day, coded, one_of, plain
from cmcoord.places.models import Country, DutyStation
from cmcoord.ui.words import in_one_line
from contacts.importing.numbers import NumberRead, numbers_in
from contacts.models import Capacity, CmcoordRole, Language, Person, Post, Telephone
from contacts.numbers import region_of

# What parts several of a cell: the strong signs first, since a label may hold a weak one.
CUTS = (re.compile(r"[;|\n]"), re.compile(r"[,/]|\s(?:et|and|&)\s", re.IGNORECASE))
YES = {"yes", "y", "oui", "o", "x", "1", "true", "vrai", "✓"}
NO = {"no", "n", "non", "0", "false", "faux", ""}
LATEST = 2100
ROLE_WORDS: dict[str, str] = {
    CmcoordRole.OCHA_FOCAL_POINT: "ocha focal point, cmcoord focal point, focal point cmcoord, point focal cmcoord, "
    "point focal ocha, point focal cmcoord ocha",
    CmcoordRole.CELL_CHAIR: "chair, president, presidente",
    CmcoordRole.CELL_CO_CHAIR: "co chair, cochair, copresident, co president, copresidente",
    CmcoordRole.FORCE_LIAISON: "force liaison, liaison, liaison de la force, officier de liaison, g3, u3, u35, s3",
    CmcoordRole.CIMIC: "g9, u9, s9",
    CmcoordRole.UNPOL: "police, fpu",
    CmcoordRole.FOCAL_POINT: "focal point, point focal",
    CmcoordRole.LOGISTICS: "log, logistique",
    CmcoordRole.HAWG_CO_CHAIR: "hawg, hawg co chair, gtah",
    CmcoordRole.AUTHORITY: "autorites, authorities",
    CmcoordRole.DONOR: "donateur, bailleur",
}
LANGUAGE_WORDS: dict[str, str] = {
    Language.FRENCH: "fr, francais, francaise",
    Language.ENGLISH: "en, anglais, anglaise",
    Language.SANGO: "sg, sango",
    Language.BAMBARA: "bm, bambara",
    Language.OTHER: "other, autre",
}
CAPACITY_WORDS: dict[str, str] = {
    Capacity.HOLDER: "titulaire, principal",
    Capacity.ALTERNATE: "suppleant, suppleante, deputy, adjoint, adjointe, interim, interimaire, remplacant, backup",
}


@dataclass
class Known:
    """What a cell may name in this country; read once for a file."""

    country: Country

    @property
    def region(self) -> str | None:
        return region_of(self.country.pk)

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        found: dict[str, Organisation] = {}
        for row in Organisation.objects.filter(Q(countries=self.country) | Q(countries=None), active=True).distinct():
            found |= {plain(row.acronym): row, plain(row.name): row}
        return found

    @cached_property
    def stations(self) -> dict[str, DutyStation]:
        rows = DutyStation.objects.filter(country=self.country, active=True).select_related("country")
        return {plain(name): row for row in rows for name in (row.code, row.name)}


def _line(cell: object, known: Known) -> str:
    return in_one_line(str(cell))


def _numbers(kind: str = "", *, whatsapp: bool = False) -> Callable[[object, Known], list[NumberRead]]:
    return lambda cell, known: numbers_in(cell, known.region, kind=kind, whatsapp=whatsapp)


def _whatsapp(cell: object, known: Known) -> list[NumberRead] | bool:
    """A number, or whether the number beside it is one."""
    return _yes_or_no(cell, known) if plain(cell) in YES | NO else numbers_in(cell, known.region, whatsapp=True)


def _one_number(cell: object, known: Known) -> str:
    found = numbers_in(cell, known.region)
    if len(found) > 1:
        raise Unreadable(_("Write one number here."))
    return found[0].number


def _yes_or_no(cell: object, known: Known) -> bool:
    if plain(cell) not in YES | NO and plain(cell) not in {"24", "24 h", "24h", "24 7", "24h 24", "24 24"}:
        raise Unreadable(_("Write yes or no."))
    return plain(cell) not in NO


def _emails(cell: object, known: Known) -> list[str]:
    parts = [part.strip().removeprefix("mailto:").lower() for part in re.split(r"[;,/|\s]+", str(cell))]
    return [_email(part, known) for part in dict.fromkeys(parts) if part]


def _email(cell: object, known: Known) -> str:
    text = str(cell).strip().lower()
    try:
        validate_email(text)
    except ValidationError:
        raise Unreadable(_("No e-mail address: %(text)s") % {"text": text[:SHORTENED]}) from None
    return text


def _several(read: Callable[[object, Known], Any]) -> Callable[[object, Known], list[Any]]:
    """Each part of the cell; one that is a label with a comma of its own is read whole."""

    def parts(cell: object, known: Known) -> list[Any]:
        try:
            return [read(cell, known)]
        except Unreadable:
            cut = next((cut for cut in CUTS if cut.search(str(cell))), None)
            if cut is None:
                raise
            found = [one for part in cut.split(str(cell)) if part.strip() for one in parts(part, known)]
            return list(dict.fromkeys(found))

    return parts


def _first_day(cell: object, known: Known):
    day = as_day(cell, known)
    if not EARLIEST <= day <= known.country.today:
        raise Unreadable(_("This day is too long ago, or lies in the future."))
    return day


def _last_day(cell: object, known: Known):
    day = as_day(cell, known)
    if not EARLIEST.year <= day.year < LATEST:
        raise Unreadable(_("Write a date, for example 2026-11-14 or 14/11/2026."))
    return day


def _longest(model: type[Model], name: str) -> int:
    return model._meta.get_field(name).max_length or 0


NO_STATION = gettext_lazy("No such duty station in this country: %(text)s")
_station = one_of("stations", NO_STATION)
_organisation = one_of("organisations", gettext_lazy("No such organisation in this country: %(text)s"))

COLUMNS: tuple[Column, ...] = (
    Column("station", gettext_lazy("Duty station"), _station, ("station", "place", "location", "site", "lieu", "ville",
           "localite", "base", "duty place", "affectation", "lieu d affectation"), required=True),
    Column("organisation", gettext_lazy("Organisation"), _organisation, ("organization", "agency", "agence", "ong",
           "ngo", "org", "structure", "acronym", "sigle"), required=True),
    Column("name", gettext_lazy("Name"), _line, ("nom", "noms", "full name", "contact", "person", "personne",
           "nom complet", "nom et prenom", "noms et prenoms", "prenom et nom", "nom prenom"),
           longest=_longest(Person, "name")),
    Column("given_name", gettext_lazy("Given name"), _line, ("first name", "prenom", "prenoms"), longest=60),
    Column("function", gettext_lazy("Function"), _line, ("fonction", "title", "titre", "post", "poste", "position",
           "job title", "fonction titre"), longest=_longest(Post, "function")),
    Column("roles", gettext_lazy("Role in the coordination"),
           _several(coded(CmcoordRole, tuple(CmcoordRole.values), ROLE_WORDS)),
           ("role", "roles", "cmcoord role", "role cmcoord", "roles cmcoord", "role in cmcoord")),
    Column("capacity", gettext_lazy("Holder or alternate"), coded(Capacity, tuple(Capacity.values), CAPACITY_WORDS),
           ("capacity", "qualite", "titulaire ou suppleant", "statut")),
    Column("telephones", gettext_lazy("Telephones"), _numbers(), ("telephone", "telephones", "phone", "phones", "tel",
           "tels", "mobile", "portable", "gsm", "cell", "numero", "numeros", "numero de telephone", "phone number",
           "tel 1", "telephone 1", "phone 1", "telephone s", "phone numbers", "numeros de telephone")),
    Column("telephone_2", gettext_lazy("Second telephone"), _numbers(), ("telephone 2", "phone 2", "tel 2", "mobile 2",
           "autre telephone", "other telephone", "other phone")),
    Column("satellite", gettext_lazy("Satellite telephone"), _numbers(Telephone.Kind.SATELLITE), ("satellite",
           "sat phone", "satphone", "thuraya", "iridium", "telephone satellitaire", "tel satellitaire")),
    Column("office", gettext_lazy("Office telephone"), _numbers(Telephone.Kind.OFFICE), ("office", "fixe", "landline",
           "telephone fixe", "telephone bureau")),
    Column("whatsapp", gettext_lazy("WhatsApp"), _whatsapp, ("whats app",)),
    Column("day_and_night", gettext_lazy("Day and night"), _yes_or_no, ("24 h", "24h", "24h 24", "24 7", "jour et nuit",
           "24 h 24")),
    Column("emails", gettext_lazy("E-mail addresses"), _emails, ("email", "emails", "e mail", "e mails", "mail",
           "courriel", "courriels", "adresse electronique", "adresse e mail", "adresse mail", "adresse email")),
    Column("duty_telephone", gettext_lazy("Duty telephone"), _one_number, ("duty phone", "telephone de permanence",
           "permanence", "numero de permanence")),
    Column("mailbox", gettext_lazy("Mailbox of the post"), _email, ("mailbox", "generic mailbox", "functional mailbox",
           "boite fonctionnelle", "boite generique", "courriel fonctionnel")),
    Column("covers", gettext_lazy("Covers as well"), _several(_station), ("area covered", "area", "zone",
           "zone couverte", "covers", "couvre")),
    Column("languages", gettext_lazy("Languages"), _several(coded(Language, tuple(Language.values), LANGUAGE_WORDS)),
           ("language", "langue", "langues", "languages")),
    Column("starts", pgettext_lazy("first day", "From"), _first_day, ("in post from", "since", "start", "start date",
           "depuis", "en poste depuis", "en poste du", "date d arrivee", "arrivee", "debut", "du", "de")),
    Column("ends", pgettext_lazy("last day", "Until"), _last_day, ("in post to", "to", "end", "end date",
           "end of mission", "rotation date", "jusqu au", "en poste au", "date de depart", "depart", "fin",
           "fin de mission", "au")),
    Column("remark", gettext_lazy("Remark"), _line, ("remarks", "comment", "comments", "note", "notes", "remarque",
           "remarques", "commentaire", "commentaires", "observation", "observations"),
           longest=_longest(Post, "remark")),
)  # fmt: skip
