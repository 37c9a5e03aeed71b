"""Who may do what with an action point, in which state? The steps as a table, and the sentence that refuses one.

An owner is whoever holds the post that was named, or files or answers for the organisation there; where nobody holds
the post, or none was named, whoever of the organisation reads the meetings of the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.roles import ROLE_PERMS, Perm, Role
from cmcoord.meetings import chairs, visibility
from cmcoord.meetings.models.points import ENDED, GOING_ON, ActionPoint, InternalPoint, Point, Status
from contacts import keepers
from contacts.models import Body, Holding

S = Status
SPEAKING = frozenset({Perm.FILE_CASE, Perm.ANSWER_AS_FORCE})


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a point: from which statuses, to which, by whom, and what it needs."""

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str = ""  # "": the status stays
    leading: bool = False  # for those alone who lead the body
    says: bool = True  # with a sentence of comment
    kind: str = "line"


# fmt: off
STEPS = (
    Step("start", pgettext_lazy("action point", "We have begun"), (S.OPEN,), S.IN_PROGRESS, says=False),
    Step("close", pgettext_lazy("action point", "Done"), (S.OPEN, S.IN_PROGRESS), S.DONE, kind="main"),
    Step("confirm", pgettext_lazy("action point", "Checked: it is done"), (S.REPORTED,), S.DONE, True, kind="main"),
    Step("send_back", pgettext_lazy("action point", "Not done yet"), (S.REPORTED,), S.IN_PROGRESS, leading=True),
    Step("comment", pgettext_lazy("action point", "Say where it stands"), GOING_ON),
    Step("postpone", pgettext_lazy("action point", "Set another deadline"), (S.OPEN, S.IN_PROGRESS), leading=True),
    Step("drop", pgettext_lazy("action point", "Drop it"), GOING_ON, S.DROPPED, leading=True, kind="danger"),
    Step("reopen", pgettext_lazy("action point", "Open it again"), ENDED, S.OPEN, leading=True),
)
# fmt: on
BY_NAME = {step.name: step for step in STEPS}


def target_of(point: Point, step: Step) -> str:
    """Where a step leads: what another person checks is first reported done."""
    if step.name == "close" and point.needs_check:
        return S.REPORTED
    return step.target or point.status


def reads(user, point: Point) -> bool:
    """Of the table: whoever reads its meetings. Internal: those of the humanitarian side who read its notes."""
    if isinstance(point, InternalPoint):
        return visibility.reads_notes(user, point.body)
    return visibility.reads_meetings(user, point.body)


def leads(user, body: Body) -> bool:
    """Chairs and keepers of a body: they raise points, change any, and check."""
    return chairs.prepares(user, body)


def mine(user, posts=None) -> Q:
    """The points that this person owns, as a condition on rows of points; `posts` as in chairs.chaired_by."""
    where = Q(owner_post__in=chairs.posts_of(user) if posts is None else posts)
    unheld = Q(owner_post=None) | Q(~Exists(Holding.objects.in_post().filter(post=OuterRef("owner_post"))))
    for held in scope.appointments(user):
        if not held.country_id:
            continue
        there = Q(owner_organisation=held.organisation_id or user.organisation_id, body__country=held.country_id)
        if held.station_id:
            there &= Q(body__station=held.station_id) | Q(body__station=None)
        where |= there if ROLE_PERMS[Role(held.role)] & SPEAKING else there & unheld
    return where


def owns(user, point: Point) -> bool:
    """Is it this person's to do? One query."""
    return bool(getattr(user, "is_active", False)) and type(point).objects.filter(mine(user), pk=point.pk).exists()


def why_not(user, point: Point, step: Step, *, owns_it: bool | None = None) -> str:
    """ "" or why this person cannot take this step with the point as it is."""
    if point.status not in step.sources:
        return _("This point is %(status)s: the step is not possible.") % {"status": point.get_status_display()}
    leading = leads(user, point.body)
    if step.leading and not leading:
        return _("This is done by the chairs of the meeting, and by OCHA.")
    if not leading and not (owns(user, point) if owns_it is None else owns_it):
        return _("This point is another organisation’s.")
    if step.name == "confirm" and point.reported_by_id == user.pk:
        return _("You reported it done: another person checks it.")
    return ""


def choices(user, point: Point) -> list[Step]:
    """The steps that are open to this person now."""
    if not reads(user, point):
        return []
    mine_too = owns(user, point)
    return [step for step in STEPS if not why_not(user, point, step, owns_it=mine_too)]


def missing(point: Point, step: Step, *, comment: str, evidence: str, due) -> dict[str, str]:
    """What the words lack for this step, by field; {} when nothing is."""
    found = {}
    if step.says and not comment:
        found["comment"] = _("Write one sentence: what was done, or why.")
    if step.name == "close" and point.needs_evidence and not evidence:
        found["evidence"] = _("This point asks for evidence: say what shows that it is done, and where it is.")
    if step.name == "postpone" and not due:
        found["due"] = _("Write the new deadline.")
    return found


def open_points(body: Body, most: int) -> tuple[list[ActionPoint], int]:
    """What a meeting follows up: the points of the table that go on, the first deadline first; and how many there are.

    One query, and one more to count where there are more than `most`.
    """
    going_on = ActionPoint.objects.going_on().filter(body=body)
    rows = going_on.select_related("owner_organisation", "owner_post").order_by("due", "id")[: most + 1]
    found = list(rows)
    return found[:most], going_on.count() if len(found) > most else len(found)


def why_not_raise(user, body: Body, *, internal: bool) -> str:
    """ "" or why this person writes no action point for this body."""
    if body.stage == Body.Stage.CLOSED:
        return _("This body is closed.")
    if internal and not (visibility.reads_notes(user, body) and keepers.is_inside(user)):
        return _("Notes of the humanitarian side are written by those who read them.")
    if not internal and not leads(user, body):
        return _("Action points of the table are written by the chairs of the meeting, and by OCHA.")
    return ""
