"""What does the case file hold? Everything that its reader sees on the page of the request, in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cmcoord.activity.sentences import function_of
from cmcoord.ui.templatetags.ui import colon
from requests_app import case_told, classes, consents, last_resort, papers, rounds, signed, timeline
from requests_app.issuing.letter import LIMITS, found_by_the_rules, version_of_rules
from requests_app.issuing.reading import Fact, Part, Pieces, Reading
from requests_app.models import DecisionOutcome
from requests_app.models.case import body_name
from requests_app.questions import ROWS, STEPS, Question, questions, steps_of
from requests_app.services.reviewing import audiences_for
from requests_app.transmission import KEYS

EXPORTED = "case.export"  # the event of a download: it changes nothing that a case file tells
EVENTS, COMMENTS = 300, 200  # the newest ones; a longer story is read in the portal


def _shared_with(reading: Reading) -> Pieces:
    told = all(reading.told(reading.case, name) is not None for name in consents.NAMES)
    return {"rows": [(_("May be shared with"), ", ".join(consents.in_words(reading.case)))] if told else []}


def _answers(step: int) -> Callable[[Reading], Pieces]:
    def more(reading: Reading) -> Pieces:
        asked = [row for row in questions(reading.case, step=step) if row.field not in ROWS]
        return {"rows": [(str(row.label), _answer(reading, row)) for row in asked]}

    return more


def _answer(reading: Reading, question: Question) -> str:
    """One answer; of the area the column that is filled, of the last-resort test the statements that were ticked."""
    if question.field == "risks":
        return "; ".join(last_resort.in_words(reading.told(reading.case, "risks") or ()).split("\n"))
    return next(filter(None, (reading.value(reading.case, name) for name in question.stored)), "")


def _step(step: int) -> Callable[[Reading], str]:
    return lambda reading: str(steps_of(reading.case).get(step, ""))  # a rescue and a patrol have one step


def _alternatives(reading: Reading) -> Pieces:
    rows = [row for row in reading.case.alternatives.all() if reading.told(row, "note") is not None]
    return {
        "items": [
            pgettext("alternative on paper", "%(day)s: %(option)s – %(outcome)s. %(note)s")
            % {
                "day": reading.words(row.tried_on),
                "option": row.get_option_display(),
                "outcome": row.get_outcome_display(),
                "note": row.note,
            }
            for row in rows
        ]
    }


def _files(reading: Reading) -> Pieces:
    items = []
    for row in reading.open(reading.case.files.all()):
        line = f"{reading.told(row, 'name')} ({filesizeformat(row.size)})"
        items.append(_("%(file)s, withdrawn") % {"file": line} if row.withdrawn_at else line)
    return {"items": items}


def _questions(reading: Reading) -> Pieces:
    rows = []
    for each in rounds.with_requester(reading.case):
        if reading.told(each.asked, "reason") is not None:
            rows.append((_("OCHA asks, %(day)s") % {"day": reading.moment(each.asked.at)}, each.question))
            rows.append((_("Answer"), each.answer or _("none yet")))
    return {"rows": rows}


def _opinions(reading: Reading) -> Pieces:
    rows = []
    for row in reading.open(reading.case.opinions.all()):
        value, text = reading.value(row, "value"), reading.value(row, "text")
        said = ". ".join(filter(None, [value, text, reading.value(row, "reference")]))
        rows.append((capfirst(body_name(row.body)), f"{said}\n{_signed(reading, row)}" if said else ""))
    silent = {row.body for row in reading.case.consultations.all()} - {row.body for row in reading.case.opinions.all()}
    rows += [(capfirst(body_name(body)), _("no answer")) for body in sorted(silent)]
    return {"rows": rows}


def _signed(reading: Reading, row: Any) -> str:
    line = f"{signed.signed_by(row)}, {reading.moment(signed.signed_at(row))}"
    return "\n".join(filter(None, [line, _recorded(reading, row)]))


def _recorded(reading: Reading, row: Any) -> str:
    """ "" or by whom, how and before whom this was said, when OCHA wrote it down for somebody."""
    record = getattr(row, "on_behalf", None)
    if record is None or reading.told(record, "witness") is None:
        return ""
    return signed.recorded_by(record, reading.moment(record.received_at))


def _findings(reading: Reading) -> Pieces:
    """What the rules found at each sending and each decision."""
    rows = []
    for row in reading.case.readings.all():
        said = found_by_the_rules(reading, row) or [_("The rules found nothing to weigh.")]
        when = f"{capfirst(row.get_occasion_display())}, {reading.moment(row.at)}"
        rows.append((when, "\n".join([*said, version_of_rules(row)])))
    return {"rows": rows}


def _recommendation(reading: Reading) -> Pieces:
    row = next(iter(list(reading.case.drafts.all())[::-1]), None)
    if row is None or reading.told(row, "note") is None:
        return {}
    rows = [(_("Recommendation"), signed.decision_line(row)), *_limits(reading, row), (_("Note"), row.note)]
    return {"rows": rows}


def _limits(reading: Reading, row) -> list[tuple[str, str]]:
    """The limits of a recommendation or of an approval."""
    if getattr(row, "outcome", getattr(row, "recommendation", "")) != DecisionOutcome.APPROVED:
        return []
    rows = [(str(fact.label), reading.value(row, fact.field)) for fact in LIMITS]
    conditions = row.condition_labels() if reading.told(row, "conditions") is not None else []
    return [*rows, (_("Conditions"), "\n".join(f"– {condition}" for condition in conditions))]


def _decisions(reading: Reading) -> Pieces:
    rows = []
    for row in reading.decisions:
        kind = row.get_kind_display()
        rows += [(kind, reading.value(row, "outcome")), *_limits(reading, row)]
        rows += [(_("Reason"), reading.value(row, "reason_code")), (_("Reasons"), reading.value(row, "reason"))]
        rows.append((_("Decided by"), _signed(reading, row)))
    return {"rows": rows}


def _with_the_force(reading: Reading) -> Pieces:
    rows = []
    for row in reading.case.extracts.all():
        received = papers.acknowledgement_of(row)
        facts = {
            "kind": row.get_kind_display(),
            "sent": reading.moment(row.sent_at),
            "received": reading.moment(received.at) if received else _("not yet"),
        }
        line = _("%(kind)s; sent %(sent)s; acknowledged: %(received)s") % facts
        rows.append((str(row), "\n".join(filter(None, [line, _recorded(reading, received)]))))
    for reply in reading.case.replies.all():
        said = ". ".join(filter(None, [reading.value(reply, "reply"), reading.value(reply, "text")]))
        rows.append((_("Reply of the force"), f"{said}\n{_signed(reading, reply)}"))
    return {"rows": rows}


def _road(reading: Reading) -> Pieces:
    items = []
    for row in reading.open(reading.case.rotation_logs.all()):
        facts = {
            "number": row.number,
            "side": row.get_side_display(),
            "what": row.get_what_display(),
            "at": reading.value(row, "happened_at"),
        }
        line = pgettext("log on paper", "Rotation %(number)s, %(side)s: %(what)s, %(at)s") % facts
        told = [line, reading.value(row, "note"), reading.value(row, "reason"), _recorded(reading, row)]
        items.append(". ".join(filter(None, told)))
    return {"items": items}


def _patrols(reading: Reading) -> Pieces:
    """The days that the force planned, what it did, and what the humanitarians say of it."""
    rows = []
    for reply in reading.open(reading.case.replies.all()):
        if reply.planned and reading.told(reply, "days") is not None:
            rows.append((str(reply), ", ".join(reading.words(day) for day in reply.planned)))
    for log in reading.open(reading.case.patrols.all()):
        if reading.told(log, "day") is not None:
            said = _("%(km)d km, %(direction)s") % {"km": log.km, "direction": log.get_direction_display()}
            rows.append((reading.words(log.day), f"{said}\n{_signed(reading, log)}"))
    for row in reading.open(reading.case.patrol_feedback.all()):
        names = ("helped", "text", "incidents")
        rows += [(capfirst(str(row._meta.get_field(name).verbose_name)), reading.value(row, name)) for name in names]
    return {"rows": rows}


def _after_action(reading: Reading) -> Pieces:
    found = case_told.after_action(reading.case, reading.user)
    if found is None or classes.is_closed(reading.case, found["row"]):
        return {}
    row = found["row"]
    names = ("as_approved", "deviation", "incidents", "perception", "civilian_option_now", "lesson", "waived_reason")
    rows = [(capfirst(str(row._meta.get_field(name).verbose_name)), reading.value(row, name)) for name in names]
    said = _recorded(reading, found["move"])
    return {
        "rows": rows,
        "words": [said] if said else [],
        "items": [f"{label}{colon()}{word}" for label, word, _colour in found["ticks"]],
    }


def _comments(reading: Reading) -> Pieces:
    rows = []
    for row in reading.open(reading.case.comments.all()):
        text = reading.value(row, "text")
        if text:
            rows.append((f"{function_of(row.by)}, {reading.moment(row.at)}", text))
    cut = [_("Earlier comments stand in the portal.")] if len(rows) > COMMENTS else []
    return {"rows": rows[-COMMENTS:], "words": cut}


def _events(reading: Reading) -> Pieces:
    """The timeline as the page tells it, without the downloads of papers: they change nothing of what it tells."""
    audiences = audiences_for(reading.case, reading.user)
    found = timeline.timeline(reading.case, reading.user, audiences, False, newest=EVENTS, without=(EXPORTED,))
    rows = [
        (reading.moment(item["at"]), " ".join(filter(None, [item["sentence"], item["detail"]])))
        for item in found["items"]
    ]
    return {"rows": rows, "words": [_("Earlier events stand in the portal.")] if found["more"] else []}


FILE = (
    Part(
        gettext_lazy("The request"),
        (
            Fact(KEYS["requesting_organisation"].label, "case", "organisation"),
            Fact(gettext_lazy("Duty station"), "case", "station"),
            Fact(gettext_lazy("Submitted"), "case", "submitted_at"),
            Fact(gettext_lazy("Status"), "case", "status"),
            Fact(gettext_lazy("Reference of the force"), "case", "force_reference"),
        ),
        _shared_with,
    ),
    *(Part(_step(step), more=_answers(step)) for step in STEPS),
    Part(gettext_lazy("Civilian alternatives that were tried"), more=_alternatives),
    Part(gettext_lazy("Files"), more=_files),
    Part(gettext_lazy("Asked and answered"), more=_questions),
    Part(gettext_lazy("What the rules found"), more=_findings),
    Part(gettext_lazy("Opinions"), more=_opinions),
    Part(gettext_lazy("What OCHA recommends"), more=_recommendation),
    Part(gettext_lazy("Decisions"), more=_decisions),
    Part(gettext_lazy("With the force"), more=_with_the_force),
    Part(gettext_lazy("On the road, as both sides logged it"), more=_road),
    Part(gettext_lazy("Patrols"), more=_patrols),
    Part(gettext_lazy("After-action review"), more=_after_action),
    Part(gettext_lazy("Comments"), more=_comments),
    Part(gettext_lazy("What happened"), more=_events),
)
