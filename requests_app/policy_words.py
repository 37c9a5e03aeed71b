"""How is a country's policy said in words: its types, its facts, its clocks, and what a version changed?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import Clock, CountryProfile
from requests_app import policies
from requests_app.forms.policy import hours

DECIDES = {
    CountryProfile.HC: gettext_lazy("the Humanitarian Coordinator, through OCHA"),
    CountryProfile.CONSENSUS: gettext_lazy("the Humanitarian Country Team, by consensus"),
    CountryProfile.CONSULTED: gettext_lazy("the Humanitarian Coordinator, after the country team was consulted"),
    CountryProfile.FORCE: gettext_lazy("nobody: OCHA asks, the force plans"),
}
CHOICES: dict[str, Any] = {
    "strategy": CountryProfile.Strategy,
    "decision_model": CountryProfile.DecisionModel,
    "escorts": CountryProfile.Escorts,
    "reverse_requests": CountryProfile.Reverse,
    "prohibited_transports": CountryProfile.Transport,
}


def types_of(profile: CountryProfile) -> list[dict[str, Any]]:
    """Each type that can be filed: whether it is foreseen, who decides, and the whole lead time."""
    minutes = policies.clocks_of(profile)
    return [
        {
            "name": policies.type_name(kind),
            "is_foreseen": profile.foresees(kind),
            "decides": DECIDES[profile.decision_for(kind)],
            "lead": hours(minutes.get(f"{kind}/routine/lead_time")),
        }
        for kind in profile.request_types
    ]


def facts_of(profile: CountryProfile) -> list[tuple[str, str]]:
    """The other fields, each with its name."""
    shown = [name for name in policies.FIELDS if name not in ("request_types", "consensus_types", "consulted_types")]
    now = policies.changes(None, policies.values_of(profile), {})
    return [(label_of(name), in_words(name, now.get(name, {}).get("new", ""))) for name in shown]


def clocks_of(profile: CountryProfile) -> list[dict[str, Any]]:
    """The clocks of each type: a row for each step, with the time at either pace."""
    minutes = policies.clocks_of(profile)
    found = []
    for kind in profile.request_types:
        rows = [
            (label, [hours(minutes.get(f"{kind}/{pace}/{step}")) for pace in Clock.Pace.values])
            for step, label in Clock.Step.choices
            if Clock.has_step(kind, step)
        ]
        found.append({"name": policies.type_name(kind), "rows": [row for row in rows if any(row[1])]})
    return found


def history_of(versions: list[CountryProfile]) -> list[dict[str, Any]]:
    """Each version, the newest first, with what it changed of the one before."""
    found = []
    for place, profile in enumerate(versions):
        before = versions[place + 1] if place + 1 < len(versions) else None
        changes = policies.changes(before, policies.values_of(profile), policies.clocks_of(profile)) if before else {}
        found.append({"profile": profile, "changes": changes_in_words(changes)})
    return found


def changes_in_words(changes: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """What the trail keeps in codes, as people read it."""
    return [
        {"field": label_of(name), "old": in_words(name, pair["old"]), "new": in_words(name, pair["new"])}
        for name, pair in changes.items()
    ]


def label_of(name: str) -> str:
    """What a field or a clock is called."""
    if not name.startswith("clock "):
        return str(capfirst(CountryProfile._meta.get_field(name).verbose_name))
    kind, pace, step = name.removeprefix("clock ").split("/")
    paces, steps = dict(Clock.Pace.choices), dict(Clock.Step.choices)
    return _("%(type)s: %(step)s, %(pace)s") % {
        "type": policies.type_name(kind),
        "step": steps.get(step, step),
        "pace": paces.get(pace, pace),
    }


def in_words(name: str, text: str) -> str:
    """One value, from the text that the trail keeps."""
    if name.startswith("clock "):
        return hours(int(text)) if text else "–"
    if name == "life_saving_exception":
        return _("yes, by the Humanitarian Coordinator in person") if text == "True" else _("no")
    if name == "meetings":
        return "; ".join(_meeting(each) for each in text.split("; ") if each) or _("nobody else")
    labels = dict(CHOICES[name].choices) if name in CHOICES else dict(settings.LANGUAGES)
    if name.endswith("_types"):
        return ", ".join(policies.type_name(kind) for kind in text.split(", ") if kind) or "–"
    return ", ".join(str(labels.get(code, code)) for code in text.split(", ") if code) or "–"


def _meeting(text: str) -> str:
    kind, _colon, invited = text.partition(": ")
    meetings, people = dict(CountryProfile.Meeting.choices), dict(CountryProfile.Invited.choices)
    names = ", ".join(str(people.get(code, code)) for code in invited.split(", "))
    return _("%(meeting)s (%(invited)s)") % {"meeting": meetings.get(kind, kind), "invited": names}
