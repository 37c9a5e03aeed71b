"""What do the printed pages of the directory say: the sheet of a duty station, the flyer of a country?

Both are made from what stands in the directory on the day of issue, for one reader; the flyer is for everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.activity.barrier import Sensitivity
from cmcoord.ui.papers import Paper, Section
from cmcoord.ui.templatetags.ui import date_in_words
from contacts.entries import Entry
from contacts.numbers import in_groups

TITLES: dict[str, str | Promise] = {
    "CAF": gettext_lazy("CMCoord in the Central African Republic"),
    "MLI": gettext_lazy("CMCoord in Mali"),
}
WIDTHS = (34, 22, 24, 34)


@dataclass(frozen=True)
class Place:
    """One duty station on paper: what stands there, and who is reached there."""

    name: str
    entries: tuple[Entry, ...] = ()
    has_cell: bool = False
    telephone: str = ""


def flyer(country: str, name: str, places: Sequence[Place], *, day: dt.date, language: str) -> Paper:
    """The flyer of a country, `places` as everybody may read them."""
    with translation.override(language):
        cells = [place.name for place in places if place.has_cell]
        return Paper(
            title=str(TITLES.get(country) or _("CMCoord: %(country)s") % {"country": name}),
            lede=_("Humanitarian civil-military coordination: what it is for, where its cells are, whom to call."),
            reference=_("Issued on %(day)s") % {"day": date_in_words(day, "j F Y")},
            label=str(Sensitivity.PUBLIC.label),
            sections=(
                Section(_("What it is"), words=_what()),
                Section(_("What holds everywhere"), items=_rules()),
                Section(
                    _("Coordination cells"),
                    words=(_how_cells_work(), ", ".join(cells)) if cells else (_("There is no cell at present."),),
                ),
                *(_contacts(place) for place in places if place.entries or place.telephone),
            ),
            closing=(
                _("Names and numbers stand here with the consent of each person; all others are reached through the "
                  "telephone of the duty station."),
                _("This page is as good as its day: take the newest one from the portal."),
            ),
            foot=_foot(day),
            language=language,
        )  # fmt: skip


def sheet(lines: Iterable[Entry], *, label: Sensitivity, day: dt.date, language: str) -> Paper:
    """The contacts of one duty station or of several on A4, as one reader reads them: a block for each station."""
    stations: dict[str, list[Entry]] = {}
    for line in lines:
        stations.setdefault(line.station, []).append(line)
    with translation.override(language):
        title = _("Contacts in %(place)s") % {"place": next(iter(stations))} if len(stations) == 1 else _("Contacts")
        return Paper(
            title=title,
            lede=_("Who is in post, and how they are reached."),
            reference=_("Issued on %(day)s") % {"day": date_in_words(day, "j F Y")},
            label=str(label.label),
            sections=tuple(_contacts(Place(name, tuple(rows))) for name, rows in stations.items()),
            closing=(
                _("Names and numbers are for coordination only. Destroy the page when a newer one is there."),
            ),
            foot=_foot(day),
            language=language,
        )  # fmt: skip


def _what() -> tuple[str, ...]:
    return (
        _("Civil-military coordination keeps humanitarian organisations and armed forces in dialogue: so that "
          "humanitarian principles hold, nobody works against another, and help reaches people."),
        _("OCHA is the way to the force: for information about a movement, for a request, for a complaint."),
    )  # fmt: skip


def _how_cells_work() -> str:
    return _(
        "OCHA and the force chair them together. Humanitarian organisations, the Red Cross and Red Crescent Movement, "
        "the agencies of the United Nations and the force meet there; a problem of one place is solved in that place."
    )


def _rules() -> tuple[str, ...]:
    return (
        _("Military means are a last resort: when no civilian option is there in time for an urgent need."),
        _("The organisation itself decides to ask; the request goes through OCHA to the Humanitarian Coordinator."),
        _("What is used stays civilian in character, limited in area and in time."),
        _("No weapons, no military equipment and nobody in uniform travel with humanitarian means."),
        _("Share a planned movement early: a patrol of the axis often does what an escort would."),
    )


def _contacts(place: Place) -> Section:
    head = (_("Function"), _("Organisation"), _("Name"), _("Telephone, e-mail"))
    rows = tuple(
        (entry.function, entry.organisation, _named(entry), "\n".join(_reached(entry))) for entry in place.entries
    )
    first = ((_("Duty telephone"), in_groups(place.telephone)),) if place.telephone else ()
    words = () if rows or first else (_("Nobody is recorded here."),)
    return Section(place.name, rows=first, words=words, table=(head, *rows) if rows else (), widths=WIDTHS)


def _named(entry: Entry) -> str:
    if entry.name and entry.capacity == "alternate":
        return _("%(name)s (alternate)") % {"name": entry.name}
    return entry.name or ("–" if entry.held else _("nobody at present"))


def _reached(entry: Entry) -> list[str]:
    numbers = [in_groups(entry.duty_telephone)] if entry.duty_telephone else []
    for one in entry.telephones:
        marks = [_("satellite")] if one.kind in ("satellite", "vsat") else []
        marks += [_("day and night")] * one.day_and_night + ["WhatsApp"] * one.whatsapp
        numbers.append(f"{in_groups(one.number)} ({', '.join(marks)})" if marks else in_groups(one.number))
    return [*dict.fromkeys(numbers), *dict.fromkeys(filter(None, (*entry.addresses, entry.mailbox)))]


def _foot(day: dt.date) -> str:
    address = f"{settings.PORTAL_URL}{reverse('contacts:directory')}"
    return _("Made on %(day)s from %(address)s.") % {"day": date_in_words(day, "j F Y"), "address": address}
