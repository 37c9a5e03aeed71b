"""Which texts go to a force, in whose language, and what in them should make an officer look twice?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.accounts.models import Organisation
from cmcoord.ui.templatetags.ui import moment_in_words
from contacts.models import Force
from requests_app.guidelines import INFORM, Finding
from requests_app.models import Case
from requests_app.questions import RISK_TEXTS, asks
from requests_app.transmission import KEYS, TEXTS

TELEPHONE = re.compile(r"\+\d[\d .()\-]{6,}\d|(?<![\d\-])\d{8,}(?!\d)|(?<!\d)\d{2}(?:[ .]\d{2}){3,}(?!\d)")
COORDINATE = re.compile(
    r"-?\d{1,3}[.,]\d{3,}\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,}"  # 5.7654, 20.6789
    r"|\d{1,3}\s*°\s*\d"  # 5° 45'
    r"|\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{4,10}\b"  # 34N BQ 1234 5678, as armies write it
)
ONE_NAME = r"[^\W\d_a-z][\w'’-]+(?: +[^\W\d_a-z][\w'’-]+){1,2}"
NAMES = re.compile(rf"{ONE_NAME}(?:\s*[,;\n]\s*| +(?:and|et) +){ONE_NAME}")  # two in a row: a list begins
TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Mme|Mlle|M\.|Dr)\s+[^\W\d_a-z]")
WORDS_IN_A_ROW = 5
HIDDEN = ("need", "why_safer", "mitigation", *RISK_TEXTS)  # what the force never reads, and an officer might paste
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Text:
    """One text as the form shows it: the original, its language, and what is proposed for the force."""

    name: str
    label: str
    original: str
    proposed: str


def language_of(case: Case) -> str:
    """The language of the force that this request is for."""
    provider = case.provider()
    return provider.language if provider else case.language


def originals(case: Case) -> dict[str, str]:
    """What each text of a request rests on; the task stands in place of the need."""
    decision = case.decision
    return {
        "task": case.need,
        "capability_needed": case.capability_needed if asks(case, "capability_needed") else "",
        "cargo": case.cargo if asks(case, "cargo") else "",
        "exit_plan": "" if case.is_patrol else case.exit_plan,
        "condition_text": decision.condition_text if decision else "",
    }


def texts_of_request(case: Case) -> list[Text]:
    """Every text that a request would carry; a text that nobody wrote is not asked about."""
    earlier = [row for row in case.extracts.all() if row.kind == "request"]
    before = earlier[-1].content if earlier and earlier[-1].language == language_of(case) else {}
    found = []
    for name in TEXTS["request"]:
        original = originals(case)[name]
        proposed = before.get(name) or (suggested_task(case) if name == "task" else original)
        if proposed:
            found.append(Text(name, str(KEYS[name].label), original, proposed))
    return found


def suggested_task(case: Case) -> str:
    """A first text in the language of the force, from places, dates and numbers only: never from the need."""
    with translation.override(language_of(case)):
        return _suggested(case)


def _suggested(case: Case) -> str:
    if case.is_patrol:
        return _suggested_patrol(case)
    decision, count = case.decision, case.vehicles or 0
    start = moment_in_words(max(filter(None, (case.departure_at, decision.valid_from))), "long")
    end = moment_in_words(min(filter(None, (case.window_to, decision.valid_to))), "long")
    vehicles = ngettext("%(count)d humanitarian vehicle", "%(count)d humanitarian vehicles", count) % {"count": count}
    rotations = decision.rotations or 1
    journeys = ngettext("%(count)d rotation", "%(count)d rotations", rotations) % {"count": rotations}
    if case.is_rescue:
        return _(
            "%(title)s: %(count)d people, between %(start)s and %(end)s. The humanitarian lead may stop it at any time."
        ) % {"title": case.title, "count": case.passenger_count, "start": start, "end": end}
    if not case.is_escort:
        return _(
            "%(title)s: %(count)d, %(where)s, %(rotations)s, between %(start)s and %(end)s. The humanitarian lead may "
            "stop it at any time."
        ) % {
            "title": case.title,
            "count": case.asset_quantity,
            "where": decision.where,
            "rotations": journeys,
            "start": start,
            "end": end,
        }
    return _(
        "Escort %(vehicles)s from %(origin)s to %(destination)s (%(axis)s), %(rotations)s, between %(start)s and "
        "%(end)s. The civilian convoy leader may stop or turn back at any time."
    ) % {
        "vehicles": vehicles,
        "origin": case.origin,
        "destination": case.destination,
        "axis": decision.axis,
        "rotations": journeys,
        "start": start,
        "end": end,
    }


def _suggested_patrol(case: Case) -> str:
    start, end = (moment_in_words(moment, "day") for moment in (case.departure_at, case.window_to) if moment)
    count = case.movements_count or 0
    movements = ngettext("%(count)d humanitarian movement", "%(count)d humanitarian movements", count) % {
        "count": count
    }
    return _(
        "Please patrol the axis %(axis)s between %(start)s and %(end)s: %(movements)s go there without an escort. "
        "Keep away from the convoys and from the places of distribution."
    ) % {"axis": case.axis, "start": start, "end": end, "movements": movements}


def findings(case: Case, texts: dict[str, str]) -> list[Finding]:
    """What an officer should look at before these texts leave: never a stop, never silent."""
    others = _other_organisations(case) if any(texts.values()) else []
    found = []
    for name, text in texts.items():
        concerns = {
            "telephone": bool(TELEPHONE.search(text)) and _("It seems to hold a telephone number."),
            "coordinate": bool(COORDINATE.search(text)) and _("It seems to hold coordinates."),
            "names": _holds_names(text) and _("It seems to hold names of persons."),
            "organisation": _named(text, others),
            "hidden": name != "condition_text" and _copied(case, text),
            "language": _untranslated(case, name, text),
        }
        label = KEYS[name].label
        found += [
            Finding(
                rule=f"released.{code}",
                level=INFORM,
                sentence=_("%(text)s: %(concern)s") % {"text": label, "concern": concern},
                clause="",
                field=name,
            )
            for code, concern in concerns.items()
            if concern
        ]
    return found


def _holds_names(text: str) -> bool:
    return bool(TITLE.search(text) or NAMES.search(text))


def _other_organisations(case: Case) -> list[str]:
    """Names of the humanitarian side, but for the one that asks and OCHA, whose names the force reads anyway."""
    forces = Force.objects.filter(country=case.country_id).values("organisation")
    rows = Organisation.objects.exclude(pk__in=forces).exclude(acronym="OCHA")
    if case.consent_force or not case.is_patrol:
        rows = rows.exclude(pk=case.organisation_id)
    return [name for pair in rows.values_list("acronym", "name") for name in pair if len(name) >= SHORTEST_NAME]


def _named(text: str, names: list[str]) -> str:
    found = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return _("It names another organisation: %(names)s.") % {"names": ", ".join(found)} if found else ""


def _untranslated(case: Case, name: str, text: str) -> str:
    """A text that still reads as the requester wrote it, for a force that reads another language."""
    if (
        name == "condition_text"
        or not text
        or case.language == language_of(case)
        or text.split() != originals(case)[name].split()
    ):
        return ""
    return _("It is still the original; the force reads another language.")


def _copied(case: Case, text: str) -> str:
    rows = _rows_of_words(text)
    if any(rows & _rows_of_words(getattr(case, field)) for field in HIDDEN):
        return _("It repeats words of the request that the force does not read.")
    return ""


def _rows_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + WORDS_IN_A_ROW]) for start in range(len(words) - WORDS_IN_A_ROW + 1)}
