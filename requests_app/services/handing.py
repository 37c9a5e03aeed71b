"""What of somebody who leaves a post goes to their successor? The open requests they wrote; seats stay with the post.

A verb above the directory, which knows nothing of requests; the handover itself is a row there.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record
from contacts import keepers, links
from contacts import services as directory
from contacts.models import Handover, Sitting
from requests_app.models import Case
from requests_app.models.terms import ENDED
from requests_app.services.made import Refused, locked

MOST = 200


def left_behind(handover: Handover, *, by: User) -> list[Case]:
    """The open requests of the post's organisation in its country that are theirs who leave, as far as `by` sees them.

    Drafts stay with the organisation, and requests elsewhere with those who see them: whoever follows takes them over.
    """
    user, post = handover.holding.person.user, handover.holding.post
    if user is None:
        return []
    found = Case.objects.visible_to(by).filter(
        created_by=user, organisation=post.organisation_id, country=post.country_id
    )
    return list(found.exclude(status__in=ENDED).select_related("station").order_by("pk")[:MOST])


def seats_kept(handover: Handover) -> list[Sitting]:
    """The seats that are taken through the post: whoever holds it next sits there."""
    rows = Sitting.objects.filter(post=handover.holding.post_id, ends=None)
    return list(rows.select_related("seat__body__station").order_by("pk"))


def why_not_pass_on(handover: Handover, *, by: User) -> str:
    """ "" or why nothing can be passed on by this person now."""
    if not keepers.may_keep(by, handover.holding.post):
        return keepers.not_yours()
    if handover.closed_at:
        return _("This was passed on already.")
    if handover.successor is None:
        return _("Name a successor first.")
    if links.account_of(handover.successor.person) is None:
        return _("The successor has no account here yet: link it on their page first.")
    return ""


@transaction.atomic
def pass_on(handover: Handover, *, by: User, chosen: Iterable[int]) -> list[Case]:
    """The chosen requests are the successor's from now on: what comes of them is told to them. Raises Refused."""
    handover = Handover.objects.select_related(
        "holding__post", "holding__person__user", "successor__person__user__organisation"
    ).get(pk=handover.pk)
    why = why_not_pass_on(handover, by=by)
    successor = links.account_of(handover.successor.person) if handover.successor else None
    if why or successor is None:
        raise Refused("state" if keepers.may_keep(by, handover.holding.post) else "right", why)
    first, now = handover.holding.person.user, timezone.now()
    offered, wanted = left_behind(handover, by=by), set(chosen)
    taken = []
    for case in (locked(row) for row in offered if row.pk in wanted):
        if case.status in ENDED or case.created_by != first:
            continue
        if not scope.has_perm(successor, Perm.FILE_CASE, case):
            raise Refused("need", _("%(name)s does not file requests for this organisation there.") % {
                "name": successor})  # fmt: skip
        case.created_by = successor
        case.save(update_fields=["created_by"])
        data = {"author": {"old": first.pk, "new": successor.pk}}
        record(case, "case.pass_on", by=by, data=data, tell=[Tell(successor), Tell(first)], at=now)
        taken.append(case)
    seats = [row.pk for row in seats_kept(handover)]
    directory.close_handover(
        handover, by=by, offered={"case": [row.pk for row in offered], "seat": seats},
        taken={"case": [row.pk for row in taken], "seat": seats},
    )  # fmt: skip
    return taken
