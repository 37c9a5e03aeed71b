"""Which columns does a list of past requests have, and what is each cell read as?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation
from cmcoord.places.columns import Column, Unreadable, as_number, as_past_day, coded, one_of, plain
from cmcoord.places.models import Country, Place
from contacts.models import Force
from requests_app.models import Case, Status, Urgency

# How a past request ended; the status labels of the portal are read too, in both languages.
OUTCOMES = ("closed", "denied", "unreceivable", "civilian", "withdrawn", "cancelled", "expired")
WORDS = {
    "closed": "done, completed, effectue, effectuee, realise, realisee, termine, terminee, execute, executee, faite",
    "denied": "refused, rejected, refuse, refusee, rejete, rejetee",
    "civilian": "civil, civile",
    "cancelled": "canceled, annule, annulee",
    "withdrawn": "retire, retiree",
    "expired": "expire, expiree, perime, perimee",
}


@dataclass
class Known:
    """What a cell may name in this country; read once for a file."""

    country: Country

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        found: dict[str, Organisation] = {}
        rows = Organisation.objects.filter(Q(countries=self.country) | Q(countries=None)).distinct()
        for row in rows.exclude(org_type__in=SIDE_OF_TYPE):
            found |= {plain(row.acronym): row, plain(row.name): row}
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        rows = Place.objects.filter(country=self.country).select_related("station").order_by("-pk")
        return {plain(row.name): row for row in rows}

    @cached_property
    def forces(self) -> dict[str, Force]:
        rows = Force.objects.filter(country=self.country).select_related("organisation").order_by("-pk")
        return {plain(name): row for row in rows for name in (row.name, row.acronym)}


def _few(cell: object, known: Known) -> int:
    number = as_number(cell, known)
    if number > 100:
        raise Unreadable(_("Write a number from %(lowest)s to %(highest)s.") % {"lowest": 1, "highest": 100})
    return number


def _most(name: str) -> int:
    return Case._meta.get_field(name).max_length or 0


COLUMNS: tuple[Column, ...] = (
    Column("original_reference", gettext_lazy("Reference"), also=("ref", "no", "numero"), required=True, longest=60),
    Column("organisation", gettext_lazy("Requesting organisation"),
           one_of("organisations", gettext_lazy("No such organisation in this country: %(text)s")),
           ("organisation", "organization", "agency", "ong", "org"), required=True),
    Column("filed_on", gettext_lazy("Filed on"), as_past_day, ("date", "submitted", "depose le", "date de demande"),
           required=True),
    Column("origin", pgettext_lazy("place", "From"), one_of("places", gettext_lazy("No such place: %(text)s")),
           ("origin", "origine"), required=True),
    Column("destination", pgettext_lazy("place", "To"), one_of("places", gettext_lazy("No such place: %(text)s")),
           ("destination", "arrivee"), required=True),
    Column("departure_on", gettext_lazy("Departure"), as_past_day, ("date of departure", "date de depart")),
    Column("urgency", gettext_lazy("Urgency"), coded(Urgency, tuple(Urgency.values), {})),
    Column("people", gettext_lazy("People concerned"), as_number, ("beneficiaries", "beneficiaires")),
    Column("vehicles", gettext_lazy("Vehicles"), _few, ("number of vehicles", "nombre de vehicules")),
    Column("need", gettext_lazy("Humanitarian need"), also=("need", "besoin", "purpose", "objet"),
           longest=_most("need")),
    Column("cargo", gettext_lazy("Cargo"), also=("chargement",), longest=_most("cargo")),
    Column("force", gettext_lazy("Force"), one_of("forces", gettext_lazy("No such force in this country: %(text)s")),
           ("escort", "escorte", "provider")),
    Column("outcome", gettext_lazy("Result"), coded(Status, OUTCOMES, WORDS), ("status", "statut", "decision",
           "outcome", "issue"), required=True),
    Column("ended_on", gettext_lazy("Ended on"), as_past_day, ("closed on", "date of decision", "date de fin")),
)  # fmt: skip
