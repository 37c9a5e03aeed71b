"""What does a force know of one request? Composed from its numbered papers, its replies and its logs, and nothing else.

Of the convoy's logs it knows the fact, not the hour and not the remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cmcoord.places.positions import Position
from requests_app import patrols, rotations
from requests_app.models import (
    Acknowledgement,
    Addressed,
    Extract,
    ForceFile,
    ForceReply,
    PatrolLog,
    Receipt,
    RequestType,
    RotationLog,
)
from requests_app.models.terms import LOGGED_WITHIN
from requests_app.transmission import DUE, KEYS, PAPERS, Key, is_acknowledged

Stage = ForceFile.Stage
Kind = Extract.Kind
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FEWEST_DIGITS = 5
ANSWERABLE = (Stage.RECEIVED, Stage.ACKNOWLEDGED)
ANSWERS = ("accept", "limit", "counter", "decline")
PLANS = ("accept", "limit", "decline")  # of a patrol: planned, in part, not
OF_PATROLS = {
    "departure_at": Key(gettext_lazy("Patrols from"), "moment"),
    "window_to": Key(gettext_lazy("Patrols until"), "moment"),
}
PATROL_LOGS = ("patrol", "correct")
PATROLLING = (Stage.ACCEPTED, Stage.LIMITED, Stage.UNDERWAY)
ON_THE_ROAD = (Stage.SCHEDULED, Stage.UNDERWAY)
CORRECTED_IN = (Stage.UNDERWAY, Stage.COMPLETED, Stage.ABORTED)
STOPS = (Stage.SUSPENDED, Stage.STOOD_DOWN)
OVER = (Stage.COMPLETED, Stage.ABORTED, Stage.STOOD_DOWN, Stage.ENDED)


@dataclass(frozen=True)
class LogFact:
    """That the convoy logged something: what and for which rotation, without hour and remark."""

    pk: int
    number: int
    what: str
    is_last: bool = False
    corrects_id: int | None = None
    side: str = RotationLog.Side.HUMANITARIAN


@dataclass(frozen=True)
class Fact:
    """One fact as it stands now: from which paper it comes, and what an earlier paper had said."""

    key: Key
    value: Any
    number: int
    before: Any = None

    @property
    def changed(self) -> bool:
        return self.before is not None

    @property
    def kind(self) -> str:
        """How it is printed: a contact that names no number is a text."""
        if self.key.kind == "telephone" and sum(sign.isdigit() for sign in str(self.value)) < FEWEST_DIGITS:
            return "text"
        return self.key.kind

    @property
    def shown(self) -> Any:
        return readable(self.key, self.value)

    @property
    def shown_before(self) -> Any:
        return readable(self.key, self.before)


def readable(key: Key, value: Any) -> Any:
    """A stored value as the reader's page prints it: moments and positions as such, codes as labels."""
    if key.kind == "moment":
        return moment(value)
    if key.kind == "flag":
        return _("yes") if value else _("no")
    if key.kind == "code":
        return _label(key, value)
    if key.kind == "position":
        return Position.frozen(value) if value else None
    if key.kind == "names":
        return ngettext("%(count)d name", "%(count)d names", value["count"]) % value if value else None
    if key.kind == "conditions":
        return [_label(key, code) for code in value or []]
    return value


def _label(key: Key, code: str) -> str:
    labels = dict(key.labels.choices) if key.labels else {}
    return str(labels.get(code, code))


def moment(value: Any) -> datetime | None:
    """A moment of a frozen paper, aware."""
    return parse_datetime(value) if value else None


def zulu(at: datetime | None) -> str:
    """The date-time group: 280430Z NOV 26."""
    if at is None:
        return ""
    utc = at.astimezone(UTC)
    return f"{utc:%d%H%M}Z {MONTHS[utc.month - 1]} {utc:%y}"


@dataclass
class Known:
    """One request as one force knows it. `extracts` are its papers in order, `replies` and `logs` what was answered."""

    extracts: Sequence[Extract]
    replies: Sequence[ForceReply] = ()
    own_logs: Sequence[RotationLog] = ()
    convoy_logs: Sequence[LogFact] = ()
    patrols: Sequence[PatrolLog] = ()  # that this force logged
    own_rows: Sequence[Addressed] = ()  # what went to the reader's own place of the chain and has no receipt
    facts: list[Fact] = field(init=False)

    def __post_init__(self) -> None:
        self.extracts = sorted(self.extracts, key=lambda paper: paper.number)
        self.facts = _merged(self.extracts)
        if not self._has(Kind.SCHEDULE):  # whatever was logged before this force was asked is not its affair
            self.own_logs = self.convoy_logs = ()

    @property
    def request(self) -> Extract:
        """The request that counts: the newest."""
        return [paper for paper in self.extracts if paper.kind == Kind.REQUEST][-1]

    @property
    def later(self) -> list[Extract]:
        return [paper for paper in self.extracts if paper.number > self.request.number]

    def _has(self, kind: str) -> bool:
        return any(paper.kind == kind for paper in self.later)

    @property
    def logs(self) -> list[rotations.Row]:
        """What counts of the logs of both sides."""
        every: list[rotations.Row] = [*self.own_logs, *self.convoy_logs]  # type: ignore[list-item]  # frozen: nobody writes it
        return rotations.standing_logs(every)

    @property
    def own_standing(self) -> list[RotationLog]:
        """What the force logged and has not corrected."""
        return rotations.standing_logs(self.own_logs)

    @property
    def is_contradicted(self) -> bool:
        """The force and the convoy logged different ends."""
        return bool(rotations.contradictions(self.logs))

    @property
    def reply(self) -> ForceReply | None:
        """The answer to the request that counts."""
        found = [reply for reply in self.replies if reply.extract_id == self.request.pk]
        return found[-1] if found else None

    @property
    def waiting(self) -> list[Extract]:
        """Papers that nobody of the force has acknowledged."""
        return [paper for paper in self.extracts if not is_acknowledged(paper)]

    @property
    def to_receive(self) -> list[Extract]:
        """Papers that the reader may acknowledge: for the force, or for their own place of its chain."""
        own = {row.extract_id for row in self.own_rows}
        return [paper for paper in self.extracts if not is_acknowledged(paper) or paper.pk in own]

    @property
    def last_number(self) -> int:
        return self.extracts[-1].number

    def value(self, name: str) -> Any:
        """One fact as it stands now, as stored."""
        keys = [id(KEYS[name]), id(OF_PATROLS.get(name))]
        return next((fact.value for fact in self.facts if id(fact.key) in keys), None)

    def at(self, name: str) -> datetime | None:
        return moment(self.value(name))

    @property
    def is_patrol(self) -> bool:
        """A patrol on an axis: planned and logged by day, without a schedule."""
        return self.value("request_type") == RequestType.PATROL

    @property
    def ends(self) -> datetime | None:
        """Until when something may still be done: the end of the approval; of patrols, when they can be logged."""
        if not self.is_patrol:
            return self.at("valid_to")
        window = self.at("window_to")
        return window + LOGGED_WITHIN if window else None

    @property
    def own_patrols(self) -> list[PatrolLog]:
        """What was logged under the request that counts, and stands."""
        return [log for log in patrols.done(self.patrols) if log.extract_id == self.request.pk]

    @property
    def rotations_allowed(self) -> int:
        return self.value("rotations") or 1

    @property
    def next_rotation(self) -> int:
        """The rotation that the force logs next; one more than allowed when it has logged them all."""
        return rotations.next_number(self.logs, self.rotations_allowed, RotationLog.Side.FORCE)

    @property
    def is_suspended(self) -> bool:
        pauses = [paper.kind for paper in self.later if paper.kind in (Kind.SUSPENSION, Kind.RESUMPTION)]
        return bool(pauses) and pauses[-1] == Kind.SUSPENSION

    def told_stage(self) -> str:
        """Where it stands by what was told and answered, whatever the hour."""
        if self._has(Kind.STAND_DOWN):
            return Stage.STOOD_DOWN
        ended = rotations.verdict(self.logs, self.rotations_allowed)
        if ended:
            return Stage(ended)
        if self.is_suspended:
            return Stage.SUSPENDED
        if self.logs or self.own_patrols:
            return Stage.UNDERWAY
        if self._has(Kind.SCHEDULE):
            return Stage.SCHEDULED
        if self._has(Kind.NOT_TAKEN_UP):
            return Stage.NOT_TAKEN_UP
        if self.reply:
            return Stage(self.reply.reply)
        return Stage.ACKNOWLEDGED if is_acknowledged(self.request) else Stage.RECEIVED

    def stage(self, now: datetime) -> str:
        """Where it stands now: a request past its end has ended, unless it is on the road or over already."""
        told = self.told_stage()
        ends, kept = self.ends, OVER if self.is_patrol else (Stage.UNDERWAY, *OVER)
        if ends and now > ends and told not in kept:
            return Stage.ENDED
        return told

    def expects(self, now: datetime) -> str:
        """What waits for the force: "reply", "acknowledge", or ""; after the movement no receipt is asked any more."""
        stage = self.stage(now)
        if stage in ANSWERABLE:
            return "reply"
        if stage in (Stage.COMPLETED, Stage.ABORTED):
            return ""
        return "acknowledge" if self.waiting else ""

    def due_at(self, now: datetime) -> datetime | None:
        """By when: the earliest time that a paper named for what still waits."""
        dues = [moment(paper.content.get("acknowledge_by")) for paper in self.waiting]
        if self.stage(now) in ANSWERABLE:
            dues.append(self.reply_by)
        return min((due for due in dues if due), default=None)

    @property
    def reply_by(self) -> datetime | None:
        """The latest paper that names a time for the reply counts."""
        named = [paper.content["reply_by"] for paper in [self.request, *self.later] if paper.content.get("reply_by")]
        return moment(named[-1]) if named else None

    def offers(self, now: datetime) -> list[str]:
        """The acts to show now, possible or not: the answers until one is given, then the log of the movement."""
        stage = self.stage(now)
        if stage in CORRECTED_IN and stage != Stage.UNDERWAY:
            return ["correct"] if self.own_standing else []
        if stage in OVER or (stage == Stage.SUSPENDED and self.reply is None):
            return []
        if stage in ANSWERABLE:
            return list(PLANS if self.is_patrol else ANSWERS)
        if self.is_patrol:
            return (["patrol", "correct"] if self.own_patrols else ["patrol"]) if stage in PATROLLING else []
        if not self._has(Kind.SCHEDULE):
            return []
        return ["log", "correct"] if stage == Stage.UNDERWAY and self.own_standing else ["log"]

    def why_not(self, act: str, now: datetime) -> str:
        """ "" when the force may do this by what it was told, else the sentence, which reveals nothing else."""
        if act == "acknowledge":
            return "" if self.to_receive else _("Everything that was sent has been acknowledged.")
        stage = self.stage(now)
        if act == "correct" and stage in CORRECTED_IN and not self.is_patrol:
            return "" if self.own_standing else _("Your side has logged nothing yet.")
        if stage in OVER:
            return _("This request has ended.")
        if stage == Stage.SUSPENDED:
            return _("This request is suspended until OCHA tells you otherwise.")
        if act in ANSWERS:
            return self._answered(stage)
        if self.is_patrol:
            return self._why_not_patrol(act, stage, now)
        return self._why_not_log(stage, now)

    def _answered(self, stage: str) -> str:
        if stage in ANSWERABLE:
            return ""
        if self.reply is None:
            return _("This is not possible now.")
        return _("Your force has answered already: %(reply)s (%(who)s).") % {
            "reply": self.reply.get_reply_display(),
            "who": signer_of(self.reply),
        }

    def _why_not_patrol(self, act: str, stage: str, now: datetime) -> str:
        if act not in PATROL_LOGS or stage not in PATROLLING:
            return _("This is not possible now.")
        if act == "correct" and not self.own_patrols:
            return _("Your side has logged nothing yet.")
        begins = self.at("departure_at")
        return _("The period has not begun yet.") if begins and now < begins else ""

    def _why_not_log(self, stage: str, now: datetime) -> str:
        if stage not in ON_THE_ROAD:
            return _("OCHA has not scheduled this escort yet.")
        begins = self.at("valid_from")
        if begins and now < begins:
            return _("The approved period has not begun yet.")
        if self.next_rotation > self.rotations_allowed and self.is_contradicted:
            return _("Your force and the convoy logged different ends; OCHA asks which one holds.")
        if self.next_rotation > self.rotations_allowed:
            return _("Your force has logged every rotation; the log of the convoy is still missing.")
        return ""


def signer_of(row: ForceReply | Acknowledgement | RotationLog | PatrolLog | Receipt) -> str:
    """Who of the force said it; of what OCHA wrote down also how it came: "Duty officer · Telephone"."""
    if row.on_behalf is None:
        return str(row.by) if row.by_id else ""
    who = str(row.by) if row.by_id else row.on_behalf.person_function
    return f"{who} · {row.on_behalf.get_source_display()}"


def acknowledgement_of(paper: Extract) -> Acknowledgement | None:
    """Who received it and when; read with select_related."""
    return getattr(paper, "acknowledgement", None)


def _merged(papers: Iterable[Extract]) -> list[Fact]:
    """The latest state of every fact: a request says everything anew, later papers change single facts."""
    known: dict[str, Fact] = {}
    papers = list(papers)
    keys = keys_of(papers)
    for paper in papers:
        if paper.kind == Kind.REQUEST:
            known = {name: fact for name, fact in known.items() if name in paper.content}
        for name, value in _told(paper).items():
            earlier = known.get(name)
            if earlier is None:
                known[name] = Fact(keys[name], value, paper.number)
            elif earlier.value != value:
                known[name] = Fact(keys[name], value, paper.number, earlier.value)
    return [known[name] for name in KEYS if name in known]


def keys_of(papers: Iterable[Extract]) -> Mapping[str, Key]:
    """What each fact is called on these papers: of patrols there is a period, and no departure."""
    is_patrol = any(paper.content.get("request_type") == RequestType.PATROL for paper in papers)
    return {**KEYS, **OF_PATROLS} if is_patrol else KEYS


def _told(paper: Extract) -> Mapping[str, Any]:
    """The facts of a paper that its kind may hold, without the times by which an answer is asked."""
    names = [name for name in PAPERS[paper.kind] if name not in DUE]
    return {name: paper.content[name] for name in names if paper.content.get(name) not in (None, "", [])}


def facts_of(paper: Extract) -> list[Fact]:
    """Everything that one paper says, in the order of the table."""
    keys = keys_of([paper])
    names = [name for name in KEYS if name in PAPERS[paper.kind]]
    return [
        Fact(keys[name], paper.content[name], paper.number)
        for name in names
        if paper.content.get(name) not in (None, "", [])
    ]
