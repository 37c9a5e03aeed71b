"""What does the decision letter say? A later fact is one more line of its table."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.roles import Role
from cmcoord.activity.sentences import function_of
from requests_app import convoy, signed
from requests_app.filed_for import filing_of
from requests_app.issuing.reading import Fact, Part, Pieces, Reading, is_refused_extension, of_key
from requests_app.models import Assessment, DecisionOutcome, RuleReading
from requests_app.questions import BY_FIELD
from requests_app.transmission import ASSESSED, KEYS


def _beside(reading: Reading) -> Pieces:
    """Who else travels, and who handed the request in."""
    names = convoy.totals(reading.case).organisations
    rows = [(_("Other organisations covered"), ", ".join(names))] if names else []
    return {"rows": rows, **filed_for(reading)}


def filed_for(reading: Reading) -> Pieces:
    """Who handed the request in, when OCHA did it for an organisation without an account."""
    filing = filing_of(reading.case)
    if filing is None or reading.told(filing, "person_function") is None:
        return {}
    facts = {
        "organisation": reading.case.organisation,
        "source": filing.get_source_display(),
        "day": reading.moment(filing.confirmed_at),
    }
    if filing.confirmed_at:
        words = _("Filed by OCHA for %(organisation)s (%(source)s), confirmed by the organisation on %(day)s.") % facts
    else:
        words = _("Filed by OCHA for %(organisation)s (%(source)s), not confirmed by the organisation.") % facts
    return {"words": [words]}


def conditions(reading: Reading) -> Pieces:
    row = reading.decision
    if row is None or row.outcome != DecisionOutcome.APPROVED or reading.told(row, "conditions") is None:
        return {}
    return {"items": row.condition_labels()}


def _limits(reading: Reading) -> Pieces:
    row = reading.decision
    if row is None or row.outcome != DecisionOutcome.APPROVED:
        return {}
    return {"rows": [(str(fact.label), fact.read(reading)) for fact in LIMITS]}


def _review(reading: Reading) -> Pieces:
    """What OCHA found, without the figures of risk: they are read in the portal."""
    row = next(iter(list(reading.case.assessments.all())[::-1]), None)
    if row is None:
        return {}
    said = {name: reading.value(row, name) for name in Assessment.CRITERIA}
    criteria = dict.fromkeys(said.values()) if row.all_met else [f"{BY_FIELD[n].label}: {v}" for n, v in said.items()]
    rows = [(str(KEYS[name].label), reading.value(row, name)) for name in ASSESSED]
    return {
        "rows": [*rows, (_("The four criteria"), "; ".join(filter(None, criteria)))],
        "words": [reading.value(row, "support_text"), reading.value(row, "criteria_text")],
    }


LEVELS = {
    "stop": gettext_lazy("Stops the request:"),
    "justify": gettext_lazy("To justify:"),
    "inform": gettext_lazy("For information:"),
}


def found_by_the_rules(reading: Reading, row: RuleReading) -> list[str]:
    """The findings as they were kept, each with its level and clause."""
    if reading.told(row, "findings") is None:
        return []
    return [f"{LEVELS[each['level']]} {each['sentence']} ({each['clause']})" for each in row.found]


def version_of_rules(row: RuleReading) -> str:
    return _("Version of the rules: %(version)s") % {"version": row.rule_set}


def _weighed(reading: Reading) -> Pieces:
    """What OCHA found, and what the rules found when it was decided."""
    pieces = _review(reading)
    kept = [row for row in reading.case.readings.all() if row.occasion == RuleReading.Occasion.DECISION]
    if kept and reading.decision:
        said = found_by_the_rules(reading, kept[-1]) or [_("The rules found nothing to weigh.")]
        row = (_("Found by the rules"), " ".join([*said, kept[-1].rule_set]))
        pieces = {**pieces, "rows": [*pieces.get("rows", []), row]}
    return pieces


def _reasons(reading: Reading) -> Pieces:
    row = reading.decision
    if row is None:
        return {}
    return {"rows": [(_("Reason"), reading.value(row, "reason_code"))], "words": [reading.value(row, "reason")]}


def _signature(reading: Reading) -> Pieces:
    row = reading.decision
    if row is None:
        return {}
    words = [*filter(None, [signed.after_the_team(reading.case, row)]), *_by_word_of_mouth(reading, row)]
    if row.exception_text:
        words.append(
            _("Exception to save lives, by the Humanitarian Coordinator in person: %(words)s")
            % {"words": reading.value(row, "exception_text")}
        )
    if row.on_behalf and not row.oral:
        words.append(_recorded(row.on_behalf))
    if signed.in_person_for_own(row):
        words.append(
            _(
                "The Humanitarian Coordinator decided in person for their own organisation: the one exception to the "
                "rule that nobody does."
            )
        )
    return {
        "rows": [
            (_("Decided by"), signed.signed_by(row)),
            (_("Decided as"), str(dict(Role.choices).get(row.capacity, row.capacity))),
            (_("Decided on"), reading.moment(row.decided_at)),
        ],
        "words": words,
    }


def _by_word_of_mouth(reading: Reading, row) -> list[str]:
    """A decision by word of mouth: when it was said, who heard it, and whether it was written since."""
    if not row.oral:
        return []
    said = row.on_behalf.received_at if row.on_behalf else row.decided_at
    written = next((each for each in reading.case.written_confirmations.all() if each.decision_id == row.pk), None)
    heard = (
        _("witness: %(function)s") % {"function": row.on_behalf.witness} if row.on_behalf else _("without a witness")
    )
    since = (
        _("confirmed in writing on %(day)s") % {"day": reading.moment(written.at)}
        if written
        else _("not yet confirmed in writing")
    )
    return [_("Oral decision of %(day)s; %(heard)s; %(since)s.") % {
        "day": reading.moment(said), "heard": heard, "since": since,
    }]  # fmt: skip


def _recorded(record) -> str:
    facts = {"source": record.get_source_display(), "person": function_of(record.recorded_by)}
    if record.disputed_at:
        return _("Recorded by %(person)s (%(source)s) and disputed by the person who was named.") % facts
    if record.confirmed_at:
        return _("Recorded by %(person)s (%(source)s) and confirmed by the person who decided.") % facts
    return _("Recorded by %(person)s (%(source)s); the person who decided has not confirmed it yet.") % facts


def _refused_extensions(reading: Reading) -> Pieces:
    since = reading.decision
    rows = [row for row in reading.decisions if is_refused_extension(row) and since and row.pk > since.pk]
    return {
        "words": [
            _("On %(day)s an extension was refused; the period above holds.") % {"day": reading.moment(row.decided_at)}
            for row in rows
        ]
    }


MOVEMENT = (
    of_key("request_type", "case"),
    of_key("asset_category", "case"),
    of_key("asset_quantity", "case"),
    of_key("capability_needed", "case"),
    of_key("origin", "case"),
    of_key("destination", "case"),
)
LIMITS = (
    Fact(gettext_lazy("Provider"), "decision", "force"),
    of_key("axis", "decision"),
    of_key("area", "decision"),
    of_key("valid_from", "decision"),
    of_key("valid_to", "decision"),
    of_key("rotations", "decision"),
)

LETTER = (
    Part(
        gettext_lazy("The request"),
        (
            Fact(KEYS["requesting_organisation"].label, "case", "organisation"),
            *MOVEMENT,
            Fact(gettext_lazy("Need"), "case", "need"),
            of_key("patients", "case"),
            of_key("triage", "case"),
            Fact(gettext_lazy("People concerned"), "case", "people"),
            of_key("cargo", "case"),
            of_key("vehicles", "case"),
            of_key("passenger_count", "case"),
            Fact(gettext_lazy("Submitted"), "case", "submitted_at"),
        ),
        more=_beside,
    ),
    Part(gettext_lazy("The review of OCHA"), more=_weighed),
    Part(gettext_lazy("The limits of the approval"), more=_limits),
    Part(gettext_lazy("Conditions"), more=conditions),
    Part(gettext_lazy("Reasons"), more=_reasons),
    Part(gettext_lazy("Extensions"), more=_refused_extensions),
    Part(gettext_lazy("Signature"), more=_signature),
)
