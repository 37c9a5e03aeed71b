"""What does a version of a country's policy say, in which does it differ from the one before, and does it contradict
itself? Pure, but for the readers at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import LONGEST_CLOCK, Clock, Country, CountryProfile
from requests_app.models import ProposedPolicy, RequestType
from requests_app.visibility import is_humanitarian

# What a version sets beside its clocks, in the order in which it is asked.
FIELDS = (
    "strategy", "decision_model", "escorts", "request_types", "consensus_types", "consulted_types", "members_needed",
    "life_saving_exception", "reverse_requests", "prohibited_transports", "meetings", "languages",
)  # fmt: skip
ARMED = frozenset(("military", "police", "bilateral", "national"))  # who bears arms
NEEDED = ("station", "national", "hc", "transmission", "acknowledgement", "reply", "scheduling", "after_action")
IN_A_ROW = ("national", "hc", "transmission", "reply", "scheduling")  # after what runs beside each other
DAY = 24 * 60  # minutes
Values = Mapping[str, Any]
Clocks = Mapping[str, int]  # "type/pace/step" → minutes
Wrong = list[tuple[str, str]]  # the field and the sentence that stands at it


@dataclass(frozen=True)
class Draft:
    """A version that is not in force yet."""

    values: Values
    clocks: Clocks
    in_force_from: dt.date

    def minutes(self, kind: str, pace: str, step: str) -> int | None:
        return self.clocks.get(f"{kind}/{pace}/{step}")

    def consults(self, kind: str) -> bool:
        return kind in self.values["consensus_types"] or kind in self.values["consulted_types"]


def clock_field(kind: str, pace: str, step: str) -> str:
    """What the form calls the input of one clock."""
    return f"clock_{kind}_{pace}_{step}"


def values_of(profile: CountryProfile) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in FIELDS}


def clocks_of(profile: CountryProfile) -> dict[str, int]:
    return {f"{clock.request_type}/{clock.pace}/{clock.step}": clock.minutes for clock in profile.clocks.all()}


# ── what differs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def changes(before: CountryProfile | None, values: Values, clocks: Clocks) -> dict[str, dict[str, str]]:
    """{field: {"old", "new"}} as the trail keeps it; a clock is called "clock type/pace/step", in minutes."""
    old_values = values_of(before) if before else {}
    old_clocks = clocks_of(before) if before else {}
    pairs = {name: (_text(old_values.get(name)), _text(values[name])) for name in FIELDS}
    for key in sorted({*old_clocks, *clocks}):
        pairs[f"clock {key}"] = (_text(old_clocks.get(key)), _text(clocks.get(key)))
    return {name: {"old": old, "new": new} for name, (old, new) in pairs.items() if old != new}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(sorted(found))}" for name, found in sorted(value.items()) if found)
    if isinstance(value, list):
        return ", ".join(sorted(value))
    return "" if value is None else str(value)


# ── what contradicts itself ──────────────────────────────────────────────────────────────────────────────────────────


def contradictions(draft: Draft, *, country: Country, last: CountryProfile | None) -> Wrong:
    """Each field that cannot be as it is, with the sentence that says why."""
    return [
        *_dates(draft, country.today, last),
        *_who_decides(draft.values),
        *_what_is_open(draft.values),
        *_clocks(draft, country),
    ]


def _dates(draft: Draft, today: dt.date, last: CountryProfile | None) -> Wrong:
    if draft.in_force_from < today:
        return [("in_force_from", _("A policy comes into force today or later, never in the past."))]
    if last and draft.in_force_from < last.in_force_from:
        sentence = _("Version %(number)d is in force from a later day; this one cannot begin before it.")
        return [("in_force_from", sentence % {"number": last.version})]
    return []


def _who_decides(values: Values) -> Wrong:
    wrong: Wrong = []
    on, consensus, consulted = (set(values[f"{name}_types"]) for name in ("request", "consensus", "consulted"))
    for name, chosen in (("consensus_types", consensus), ("consulted_types", consulted)):
        if off := chosen - on:
            wrong.append((name, _("This type cannot be filed: %(types)s.") % {"types": _named(off)}))
        if left := chosen & set(CountryProfile.LEFT_TO_THE_FORCE):
            wrong.append(
                (name, _("On this type the force plans, and nobody decides: %(types)s.") % {"types": _named(left)})
            )
    if both := consensus & consulted:
        sentence = _("This type is decided by consensus already: %(types)s.")
        wrong.append(("consulted_types", sentence % {"types": _named(both)}))
    escort = CountryProfile.ESCORT
    if values["escorts"] == CountryProfile.Escorts.NOT_FORESEEN and escort in on and escort not in consensus:
        sentence = _("Where escorts are not foreseen, an escort needs the consensus of the country team.")
        wrong.append(("escorts", sentence))
    by_consensus = values["decision_model"] == CountryProfile.DecisionModel.HCT_CONSENSUS
    if by_consensus and not consensus:
        wrong.append(("consensus_types", _("Name at least one type that is decided by consensus.")))
    if consensus and not by_consensus:
        sentence = _("Types are decided by consensus, so the decision model is consensus of the country team.")
        wrong.append(("decision_model", sentence))
    if (consensus or consulted) and not values["members_needed"]:
        wrong.append(("members_needed", _("A consultation needs members: at least one of them is reached.")))
    if values["members_needed"] and not (consensus or consulted):
        wrong.append(("members_needed", _("Nobody is consulted under this policy: write 0.")))
    return wrong


def _what_is_open(values: Values) -> Wrong:
    wrong: Wrong = []
    reverse, forbidden = values["reverse_requests"], set(values["prohibited_transports"])
    if reverse == CountryProfile.Reverse.NO_TRANSPORT and forbidden != set(CountryProfile.Transport.values):
        wrong.append(("prohibited_transports", _("Nothing military is ever transported, so every line is ticked.")))
    elif reverse == CountryProfile.Reverse.ON and not forbidden:
        sentence = _("Say what is never carried; without it a force could ask for anything.")
        wrong.append(("prohibited_transports", sentence))
    if values["strategy"] == CountryProfile.Strategy.COEXISTENCE:
        for meeting, invited in values["meetings"].items():
            if meeting != CountryProfile.Meeting.CELL and ARMED & set(invited):
                sentence = _("Under coexistence those who bear arms come to the cell only.")
                wrong.append((f"meeting_{meeting}", sentence))
    if not values["languages"]:
        wrong.append(("languages", _("Name at least one language.")))
    return wrong


def _clocks(draft: Draft, country: Country) -> Wrong:
    wrong: Wrong = []
    for kind in draft.values["request_types"]:
        needed = [step for step in NEEDED if Clock.has_step(kind, step)]
        needed += ["consultation"] if draft.consults(kind) else []
        for pace in Clock.Pace.values:
            for step in needed:
                if not draft.minutes(kind, pace, step):
                    wrong.append((clock_field(kind, pace, step), _("This type can be filed, and has no clock here.")))
        wrong += _of_one_type(draft, kind, country)
    return wrong


def _of_one_type(draft: Draft, kind: str, country: Country) -> Wrong:
    wrong: Wrong = []
    for step in Clock.Step.values:
        routine, urgent = (draft.minutes(kind, pace, step) for pace in ("routine", "urgent"))
        if urgent is not None and routine is not None and urgent > routine:
            wrong.append((clock_field(kind, "urgent", step), _("Urgent is slower than routine here.")))
        for pace, minutes in (("routine", routine), ("urgent", urgent)):
            if minutes is not None and minutes > LONGEST_CLOCK:
                wrong.append((clock_field(kind, pace, step), _("A step takes 90 days at most.")))
    for pace in Clock.Pace.values:
        replied, received = (draft.minutes(kind, pace, step) or 0 for step in ("reply", "acknowledgement"))
        if received > replied:
            sentence = _("The force acknowledges before it replies; this is longer than the reply.")
            wrong.append((clock_field(kind, pace, "acknowledgement"), sentence))
    lead = draft.minutes(kind, "routine", "lead_time")
    if lead is not None and (whole := _in_a_row(draft, kind, country)) > lead:
        sentence = _("The steps take %(hours)s hours one after another: the lead time is shorter.")
        wrong.append((clock_field(kind, "routine", "lead_time"), sentence % {"hours": -(-whole // 60)}))
    return wrong


def _in_a_row(draft: Draft, kind: str, country: Country) -> int:
    """Working minutes from the filing to the schedule; a consultation round the clock counts by its days."""
    beside = max(draft.minutes(kind, "routine", step) or 0 for step in ("cluster", "station", "security"))
    after = sum(draft.minutes(kind, "routine", step) or 0 for step in IN_A_ROW)
    whole = (draft.minutes(kind, "routine", "consultation") or 0) if draft.consults(kind) else 0
    opens, closes = country.working_from, country.working_to
    working_day = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return beside + after + whole * working_day // DAY


def _named(kinds: Iterable[str]) -> str:
    return ", ".join(type_name(kind) for kind in sorted(kinds))


def type_name(kind: str) -> str:
    """A type of request as people call it."""
    return str(dict(RequestType.choices).get(kind, kind))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_force(countries: Iterable[str] | None = None, **also: Any) -> list[CountryProfile]:
    """The policy that each country follows today, with expressions `also` that a page needs of it; one query."""
    return newest(versions(timezone.localdate(), countries, **also))


def versions(today: dt.date, countries: Iterable[str] | None = None, **also: Any) -> QuerySet[CountryProfile]:
    """Every version of them that had begun that day."""
    rows = CountryProfile.objects.filter(in_force_from__lte=today).select_related("country").annotate(**also)
    return (rows if countries is None else rows.filter(country__in=countries)).order_by("version")


def newest(rows: Iterable[CountryProfile]) -> list[CountryProfile]:
    """The last version of each country, by country."""
    latest = {profile.country_id: profile for profile in rows}
    return [latest[code] for code in sorted(latest)]


def countries_read_by(user) -> list[str]:
    """Whose policy somebody of the humanitarian side reads: of the countries in which they hold an appointment."""
    if not is_humanitarian(user):
        return []
    return sorted({held.country_id for held in scope.appointments(user) if held.country_id})


def may_read(user, country: Country) -> bool:
    """Everybody of the humanitarian side who works in the country, and the administrators who set it up."""
    if country.pk in countries_read_by(user):
        return True
    return is_humanitarian(user) and scope.has_perm(user, Perm.MANAGE_ACCOUNTS)


def waiting_for(user) -> list[ProposedPolicy]:
    """Proposed policies that this person can put into force."""
    countries = scope.countries_for(user, Perm.CONFIRM_PROFILE)
    if not countries:
        return []
    open_ones = Q(country__in=countries, confirmed_at=None, refused_at=None)
    return list(ProposedPolicy.objects.filter(open_ones).exclude(by=user).select_related("country", "by"))
