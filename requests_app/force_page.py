"""What stands on a force's page of one request? Read from its papers, replies and logs, prepared for the template."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity import barrier
from requests_app import papers, patrols, rotations
from requests_app.execution_sheet import NAMES
from requests_app.models import (
    Addressed,
    Extract,
    ForceFile,
    ForceReply,
    OnBehalf,
    PatrolLog,
    ReleasedNames,
    RequestType,
    RotationLog,
)
from requests_app.models.transmission import PLANNED
from requests_app.papers import Known, Stage
from requests_app.sheet_in_papers import digest
from requests_app.transmission import KEYS

COLOURS = {
    Stage.RECEIVED: "amber",
    Stage.ACKNOWLEDGED: "amber",
    Stage.ACCEPTED: "green",
    Stage.LIMITED: "green",
    Stage.COUNTERED: "violet",
    Stage.SCHEDULED: "blue",
    Stage.UNDERWAY: "blue",
    Stage.COMPLETED: "green",
    Stage.ABORTED: "red",
    Stage.SUSPENDED: "red",
    Stage.STOOD_DOWN: "red",
}


# What is said otherwise of a patrol, which is planned and not agreed to.
OF_PATROLS = {
    Stage.ACKNOWLEDGED: gettext_lazy("To plan"),
    Stage.ACCEPTED: PLANNED[ForceReply.Reply.ACCEPTED],
    Stage.LIMITED: PLANNED[ForceReply.Reply.LIMITED],
    Stage.DECLINED: PLANNED[ForceReply.Reply.DECLINED],
    Stage.UNDERWAY: gettext_lazy("Patrols under way"),
}


def stage_in_words(stage: Stage, *, patrol: bool) -> str:
    return str(OF_PATROLS.get(stage, stage.label) if patrol else stage.label)


def row(file: ForceFile, now: datetime) -> dict[str, Any]:
    """One line of the list; a request past its end has ended, even before the sweep has written it."""
    stage = Stage(file.stage)
    if file.ends_at and now > file.ends_at and stage not in (Stage.UNDERWAY, *papers.OVER):
        stage = Stage.ENDED
    return {
        "file": _for_force(file),
        "stage": stage_in_words(stage, patrol=file.request_type == RequestType.PATROL),
        "colour": COLOURS.get(stage, "grey"),
        "asked": _asked(file, stage),
    }


def _asked(file: ForceFile, stage: str) -> str:
    """For what the clock of a line runs: of an unread request the receipt comes before the answer."""
    if not file.due_at:
        return ""
    return _("Answer due") if file.expects == "reply" and stage != Stage.RECEIVED else _("Receipt due")


def _for_force(file: ForceFile) -> barrier.Projection:
    """The row as templates read it: a field that the audience table keeps from a force raises."""
    return barrier.Projection(file, barrier.Side.FORCE, barrier.Stage.TRANSMITTED)


def known_of(file: ForceFile, reader: User | None = None) -> Known:
    """All that the force knows of one request: five queries. Of the convoy's logs only the fact is read."""
    extracts = (
        Extract.objects.filter(organisation=file.organisation_id, force_reference=file.force_reference)
        .select_related("acknowledgement__by", "acknowledgement__on_behalf")
        .order_by("number")
    )
    replies = ForceReply.objects.filter(
        extract__organisation=file.organisation_id, extract__force_reference=file.force_reference
    ).select_related("by", "on_behalf", "other_force", "other_axis")
    logs = RotationLog.objects.filter(case=file.case_id)
    facts = ("pk", "number", "what", "is_last", "corrects_id")
    convoy = logs.exclude(side=RotationLog.Side.FORCE).order_by("id").values_list(*facts)
    is_patrol = file.request_type == RequestType.PATROL
    logged = PatrolLog.objects.filter(extract__in=extracts).select_related("by", "on_behalf") if is_patrol else ()
    return Known(
        patrols=list(logged),
        own_rows=_own_rows(file, reader),
        extracts=list(extracts),
        replies=list(replies.order_by("id")),
        own_logs=list(logs.filter(side=RotationLog.Side.FORCE).select_related("by", "on_behalf").order_by("id")),
        convoy_logs=[papers.LogFact(*fact) for fact in convoy],
    )


def _own_rows(file: ForceFile, reader: User | None) -> list[Addressed]:
    """What went to this reader's place of the chain, or to that of whom they stand in for, and has no receipt yet."""
    if reader is None:
        return []
    accounts = {
        reader.pk,
        *(grant.principal_id for grant in scope.grants(reader) if grant.perm == Perm.ANSWER_AS_FORCE),
    }
    return list(_addressed(file).filter(account__in=[each for each in accounts if each], receipt=None))


def _addressed(file: ForceFile):
    return Addressed.objects.filter(
        extract__organisation=file.organisation_id, extract__force_reference=file.force_reference
    )


def chain_of(file: ForceFile) -> list[dict[str, Any]]:
    """The force's own chain for the newest paper that went along one: function, and when it acknowledged."""
    rows = list(_addressed(file).select_related("receipt").order_by("-extract", "place", "id"))
    return [
        {"function": row.function, "at": getattr(getattr(row, "receipt", None), "at", None)}
        for row in rows
        if row.extract_id == rows[0].extract_id
    ]


def context_of(file: ForceFile, known: Known, reader: User, now: datetime) -> dict[str, Any]:
    """Everything that the page of one request prints, the buttons apart."""
    stage = Stage(known.stage(now))
    return {
        "file": _for_force(file),
        "known": known,
        "stage": stage_in_words(stage, patrol=known.is_patrol),
        "colour": COLOURS.get(stage, "grey"),
        "urgency": file.get_urgency_display() if file.urgency != "routine" else "",
        "expect": _expected(known, stage, now),
        "papers": [_paper(paper) for paper in reversed(known.extracts)],
        "has_names": stage not in papers.OVER and any(known.value(name) for name in NAMES),
        "several": len(known.to_receive) > 1,
        "chain": chain_of(file),
        "telephone": _number_of_ocha(known),
        "on_duty": on_duty(file, known),
        "client_key": uuid.uuid4(),
        "rotations": [] if known.is_patrol else _rotations(known),
        "patrols": patrols.side_by_side(known.patrols),
        "happened": _happened(known),
        "recorded": _recorded(reader, file, known),
    }


def names_of(file: ForceFile, known: Known, now: datetime) -> list[dict[str, Any]]:
    """The newest list of drivers and of passengers; none once the movement is over (domain.md §4.2)."""
    if known.stage(now) in papers.OVER:
        return []
    rows = ReleasedNames.objects.filter(extract__in=[paper.pk for paper in known.extracts]).order_by("id")
    newest = {row.field: row for row in rows}
    stands = {name: known.value(name) for name in newest}
    return [
        {"label": KEYS[name].label, "names": row.text.splitlines()}
        for name, row in newest.items()
        if stands[name] and stands[name]["digest"] == digest(row)
    ]


def _number_of_ocha(known: Known) -> str:
    """The contact that the papers name; the convoy's own contact on the road is another fact."""
    return next((fact.value for fact in known.facts if fact.key is KEYS["contact"] and fact.kind == "telephone"), "")


def on_duty(file: ForceFile, known: Known) -> list[dict[str, str]]:
    """Whom of OCHA a force calls: the duty number of its papers, then the national unit. Numbers and no names."""
    told = _number_of_ocha(known)
    national = file.country.national_unit_telephone
    found = [{"name": _("OCHA on duty"), "telephone": told}] if told else []
    return [*found, {"name": _("OCHA, national unit"), "telephone": national}] if national else found


def closed_context(file: ForceFile, known: Known, now: datetime) -> dict[str, Any]:
    """Of a closed file only that it has ended, and what is still to be acknowledged, by number."""
    stage = Stage(known.stage(now))
    over = stage if stage in papers.OVER else Stage.ENDED
    return {
        "file": _for_force(file),
        "stage": over.label,
        "colour": COLOURS.get(over, "grey"),
        "known": {"waiting": known.waiting, "to_receive": known.to_receive, "last_number": known.last_number},
        "receipt": receipt_button(known, now),
        "client_key": uuid.uuid4(),
        "telephone": _number_of_ocha(known),
    }


def shut_context(file: ForceFile, known: Known, now: datetime) -> dict[str, Any]:
    """Of a strictly confidential file where it stands, what is expected, and which papers there are; no fact of any."""
    stage = Stage(known.stage(now))
    return {
        "file": _for_force(file),
        "stage": stage.label,
        "colour": COLOURS.get(stage, "grey"),
        "expect": _expected(known, stage, now),
        "known": {"waiting": known.waiting, "to_receive": known.to_receive, "last_number": known.last_number},
        "papers": [_paper(paper) | {"facts": ()} for paper in reversed(known.extracts)],
        "receipt": receipt_button(known, now),
        "client_key": uuid.uuid4(),
        "telephone": _number_of_ocha(known),
    }


def receipt_button(known: Known, now: datetime, asked_elsewhere: bool = False) -> str:
    """How loud the button of the receipt is: as loud as it is asked, and a quiet line when nothing is expected."""
    if not known.expects(now):
        return "link"
    return "btn line" if asked_elsewhere else "btn"


def _expected(known: Known, stage: Stage, now: datetime) -> dict[str, Any]:
    """What the force is asked to do now, by when; or, in quiet words, that it need do nothing."""
    due = known.due_at(now)
    words = {
        Stage.RECEIVED: (_("Please acknowledge and reply"), _("Your reply acknowledges receipt too.")),
        Stage.ACKNOWLEDGED: (_("Please reply"), _("Accept, accept with limits, make a counter-proposal, or decline.")),
        Stage.ACCEPTED: (_("OCHA has your answer"), _("OCHA will send the schedule.")),
        Stage.LIMITED: (_("OCHA has your answer"), _("OCHA will tell you how it goes on.")),
        Stage.COUNTERED: (_("OCHA has your answer"), _("OCHA will tell you how it goes on.")),
        Stage.NOT_TAKEN_UP: (_("Counter-proposal not taken up"), _("Nothing more is expected from you.")),
        Stage.DECLINED: (_("You declined"), _("Nothing more is expected from you.")),
        Stage.SCHEDULED: (_("Scheduled"), _("Please log the start when the movement begins.")),
        Stage.UNDERWAY: (_("Under way"), _("Please log the end of each rotation.")),
        Stage.COMPLETED: (_("Completed"), _("Nothing more is expected from you.")),
        Stage.ABORTED: (_("Aborted"), _("Nothing more is expected from you.")),
        Stage.SUSPENDED: (_("Suspended"), _("The escort does not take place until OCHA tells you otherwise.")),
        Stage.STOOD_DOWN: (_("Stood down"), _("The escort does not take place.")),
        Stage.ENDED: (_("Ended"), _("The approved period is over. The escort does not take place.")),
    }
    if known.is_patrol:
        words |= _expected_of_patrols()
    title, text = words[stage]
    if stage == Stage.UNDERWAY and known.is_contradicted:
        text = _("Your force and the convoy logged different ends. If your log is wrong, please correct it.")
    if known.waiting and stage not in (Stage.RECEIVED, Stage.COMPLETED, Stage.ABORTED):
        quiet = stage in (Stage.NOT_TAKEN_UP, Stage.DECLINED)
        asked = _("Please acknowledge what was sent; nothing more is expected from you.")
        text = asked if quiet else _("%(text)s Please acknowledge what was sent.") % {"text": text}
    if due is not None and due < now or stage in (Stage.SUSPENDED, Stage.STOOD_DOWN):
        colour = "red"
    else:
        colour = "" if known.expects(now) else "quiet"
    return {"title": title, "text": text, "due": due if known.expects(now) else None, "colour": colour}


def _expected_of_patrols() -> dict[Stage, tuple[str, str]]:
    nothing = _("Nothing more is expected from you.")
    log = _("Please log each patrol on the day it was done: the kilometres and the direction.")
    return {
        Stage.RECEIVED: (_("Please acknowledge and plan"), _("Your reply acknowledges receipt too.")),
        Stage.ACKNOWLEDGED: (_("Please plan"), _("Say on which days you patrol, on which part, or that you do not.")),
        Stage.ACCEPTED: (_("Planned"), log),
        Stage.LIMITED: (_("Planned in part"), log),
        Stage.DECLINED: (_("Not planned"), nothing),
        Stage.UNDERWAY: (_("Patrols under way"), log),
        Stage.SUSPENDED: (_("Suspended"), _("Please do not patrol there until OCHA tells you otherwise.")),
        Stage.STOOD_DOWN: (_("Stood down"), _("The patrols are not needed any more.")),
        Stage.ENDED: (_("Ended"), _("The period is over. Thank you.")),
    }


def _paper(paper: Extract) -> dict[str, Any]:
    received = papers.acknowledgement_of(paper)
    return {
        "paper": paper,
        "facts": papers.facts_of(paper),
        "language": language_of(paper),
        "received": received,
        "by": papers.signer_of(received) if received else "",
    }


def language_of(paper: Extract) -> str:
    """In which language a paper is printed, whoever reads it."""
    return paper.language or settings.LANGUAGE_CODE


def _rotations(known: Known) -> list[dict[str, Any]]:
    """Each rotation: what the force logged, with hour and remark, and what the convoy logged, as a fact."""
    labels = dict(RotationLog.What.choices)
    standing = {log.pk for log in known.logs}
    disagree = rotations.contradictions(known.logs)
    numbers = range(1, known.rotations_allowed + 1) if known.own_logs or known.convoy_logs else ()
    return [
        {
            "number": number,
            "own": [
                {"log": log, "struck": _is_struck(log, standing)} for log in known.own_logs if log.number == number
            ],
            "convoy": [
                {"what": labels[log.what], "struck": _is_struck(log, standing)}
                for log in known.convoy_logs
                if log.number == number
            ],
            "disagree": number in disagree,
        }
        for number in numbers
    ]


def _is_struck(log: RotationLog | papers.LogFact, standing: set[int]) -> bool:
    """Does a later log correct this one?"""
    return log.pk not in standing and log.what != RotationLog.What.NOTHING


def _happened(known: Known) -> list[dict[str, Any]]:
    """What was sent, received, answered and logged, newest first."""
    told: list[dict[str, Any]] = [
        {"at": paper.sent_at, "sentence": _("OCHA sent paper no. %(number)d: %(kind)s.") % _named(paper), "key": True}
        for paper in known.extracts
    ]
    for paper in known.extracts:
        received = papers.acknowledgement_of(paper)
        if received:
            sentence = _("Paper no. %(number)d was acknowledged.") % {"number": paper.number}
            told.append({"at": received.at, "sentence": sentence, "by": papers.signer_of(received)})
    told += [
        {"at": reply.at, "sentence": str(reply), "by": papers.signer_of(reply), "key": True} for reply in known.replies
    ]
    told += [
        {
            "at": log.happened_at,
            "sentence": _("Rotation %(number)d: %(what)s.") % {"number": log.number, "what": log.get_what_display()},
            "detail": _("Corrected: %(reason)s") % {"reason": log.reason} if log.corrects_id else "",
            "by": papers.signer_of(log),
        }
        for log in known.own_logs
    ]
    told += [
        {
            "at": log.at,
            "sentence": patrols.in_words(log),
            "by": papers.signer_of(log),
        }
        for log in known.patrols
    ]
    told = sorted(told, key=lambda line: line["at"], reverse=True)
    return [*_ends_of_the_convoy(known), *told]


def _ends_of_the_convoy(known: Known) -> list[dict[str, Any]]:
    """That the convoy aborted a rotation, as the bare fact: its hour and its remark are not for the force."""
    standing = {log.pk for log in known.logs}
    return [
        {"sentence": _("The convoy logged that rotation %(number)d was aborted.") % {"number": log.number}, "key": True}
        for log in reversed(known.convoy_logs)
        if log.what == RotationLog.What.ABORT and log.pk in standing
    ]


def _named(paper: Extract) -> dict[str, Any]:
    return {"number": paper.number, "kind": paper.get_kind_display()}


def _recorded(reader: User, file: ForceFile, known: Known) -> list[dict[str, Any]]:
    """What OCHA wrote down for this person, to confirm or dispute: the oldest first, as it is asked."""
    rows = OnBehalf.objects.filter(case=file.case_id, person=reader, confirmed_at=None, disputed_at=None).order_by(
        "id"
    )[:1]
    return [{"row": row, "what": _recorded_what(row, known)} for row in rows]


def _recorded_what(row: OnBehalf, known: Known) -> str:
    reply = next((reply for reply in known.replies if reply.on_behalf_id == row.pk), None)
    if reply:
        return ": ".join(part for part in (str(reply), reply.text) if part)
    log = next((log for log in known.own_logs if log.on_behalf_id == row.pk), None)
    if log:
        return _("Rotation %(number)d: %(what)s.") % {"number": log.number, "what": log.get_what_display()}
    patrol = next((log for log in known.patrols if log.on_behalf_id == row.pk), None)
    if patrol:
        return patrols.in_words(patrol)
    return _("Receipt was acknowledged.")


def brief(known: Known) -> list[papers.Fact]:
    """What stands above a form: enough to know which movement is meant."""
    wanted = (
        "task",
        "departure_at",
        "window_to",
        "axis",
        "movements_count",
        "mixed",
        "rotations",
        "valid_from",
        "valid_to",
    )
    keys = [papers.keys_of(known.extracts)[name] for name in wanted]
    return [fact for fact in known.facts if fact.key in keys]
