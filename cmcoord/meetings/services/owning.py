"""Who does what was agreed, where it is not who was named at first? Given to another owner, or gone on with a post."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.barrier import Side
from cmcoord.activity.services import Tell, record
from cmcoord.meetings import following
from cmcoord.meetings.models.points import OWNER, ActionPoint, InternalPoint, Point, Status
from cmcoord.meetings.services import points, writing
from cmcoord.ui.words import in_one_line
from contacts import links
from contacts.models import Capacity, Holding, Post
from contacts.services.going_on import FOLLOWING

FROM = (Status.OPEN, Status.IN_PROGRESS)
NAMED = 20  # references of what is late in one sentence


@transaction.atomic
def give(
    point: Point, *, by: User, owner_organisation: Organisation, owner_post: Post | None = None, reason: str
) -> Point:
    """Somebody else does it from now on; why is told to who had it and to who has it. Before minutes are final it is
    an edit of them. Raises PermissionDenied, and ValidationError by field or state (domain.md §3.7).
    """
    model, reason = type(point), in_one_line(reason)
    model._default_manager.select_for_update(no_key=True).only("pk").get(pk=point.pk)
    point = model._default_manager.for_lists().get(pk=point.pk)
    if refused := why_not_give(by, point):
        raise PermissionDenied(refused) if not following.leads(by, point.body) else ValidationError(refused)
    if not reason:
        raise ValidationError({"reason": _("Say why somebody else does it.")})
    if (point.owner_organisation_id, point.owner_post_id) == (owner_organisation.pk, owner_post and owner_post.pk):
        raise ValidationError({"owner_organisation": _("This is who does it already.")})
    before, had = point.owner, points.people_of(point)
    item = getattr(point, "item", None)
    minutes = writing.locked(item.minutes, by=by) if item and not item.minutes.is_final else None
    point.owner_organisation, point.owner_post = owner_organisation, owner_post
    points.check_owner(point, by)
    point.save(update_fields=["owner_organisation", "owner_post"])
    points.UPDATES[model].objects.create(
        point=point, step=OWNER, from_status=point.status, to_status=point.status, comment=reason,
        owner=f"{before} → {point.owner}"[:300], by=by,
    )  # fmt: skip
    if minutes:
        writing.changed(minutes, by=by, data={"item": item.order, "what": "point"})
    has = points.people_of(point)
    tell = [Tell(user, "do_point") for user in has] + [Tell(user) for user in had if user not in has]
    points.record_of(point, "point.owner", by=by, tell=tell)
    return point


def why_not_give(user: User, point: Point) -> str:
    """ "" or why this person gives this point to nobody else."""
    if not (following.reads(user, point) and following.leads(user, point.body)):
        return _("This is done by the chairs of the meeting, and by OCHA.")
    if point.status not in FROM:
        return _("This point is %(status)s: the step is not possible.") % {"status": point.get_status_display()}
    return ""


# ── with a post ──────────────────────────────────────────────────────────────────────────────────────────────────────


def go_with_post(new: Holding, *, by: User) -> None:
    """A post was handed over: one event of how many open points go with it, and the successor is told, with what is
    late; who is linked to an account later is told then.

    Internal ones are counted for the humanitarian side alone. Nothing is written where no point goes with the post.
    """
    post = new.post
    if new.capacity != Capacity.HOLDER:
        return
    models: list[type[Point]] = [ActionPoint]
    if post.organisation.side == Side.HUMANITARIAN:
        models.append(InternalPoint)
    rows = [row for model in models for row in model._default_manager.going_on().filter(owner_post=post).for_lists()]
    if not rows:
        return
    late = sorted((row for row in rows if row.is_overdue(post.country.today)), key=lambda row: row.due)
    account, url = links.account_of(new.person), reverse("meetings:points")
    data = {
        "points": {code: _in_words(len(rows), late, code) for code in ("en", "fr")}, "count": len(rows),
        "late": len(late), "organisation": str(post.organisation), "url": url, "force_url": url,
    }  # fmt: skip
    record(new, "holding.points", by=by, data=data, stream=post.country_id, tell=[Tell(account)] if account else [])


def _in_words(count: int, late: list[Any], language: str) -> str:
    with translation.override(language):
        if not late:
            return _("%(count)d, none of them late") % {"count": count}
        names = ", ".join(row.reference for row in late[:NAMED])
        return _("%(count)d, of them late: %(names)s") % {"count": count, "names": names}


FOLLOWING.append(go_with_post)
