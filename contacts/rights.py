"""Who keeps the posts of an organisation?"""

from __future__ import annotations

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Side
from contacts.models import Post


def is_inside(user) -> bool:
    return bool(getattr(user, "is_active", False)) and user.side == Side.HUMANITARIAN


def may_keep(user: User, post: Post) -> bool:
    """The organisation itself, and OCHA where it writes down for others."""
    return is_inside(user) and (
        scope.has_perm(user, Perm.FILE_CASE, post)
        or (post.organisation.org_type not in SIDE_OF_TYPE and scope.has_perm(user, Perm.RECORD_FOR_OTHERS, post))
    )


def keeps_something(user: User) -> bool:
    held = {grant.perm for grant in scope.grants(user)}
    return is_inside(user) and bool(held & {Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS})


def organisations_of(user: User) -> set[int]:
    """The organisations of one's own for which one files."""
    return scope.organisations_for(user, Perm.FILE_CASE)


def others_of(user: User, country: str):
    """Organisations of the humanitarian side in a country, for OCHA to keep."""
    return Organisation.objects.filter(countries=country, active=True).exclude(org_type__in=SIDE_OF_TYPE)
