"""How does a verb of this app begin: refused with a sentence, its row locked, its principal known?"""

from django.core.exceptions import PermissionDenied

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm


def stop_if(reason: str) -> None:
    """Raise PermissionDenied with this sentence; "" lets the verb go on."""
    if reason:
        raise PermissionDenied(reason)


def locked(row):
    """The row as it stands now, and stays until the transaction ends."""
    return row.__class__._default_manager.select_for_update().get(pk=row.pk)


def principal_of(by: User, perm: Perm) -> User | None:
    """The person whom `by` stands in for when they do this; None in their own right."""
    grant = scope.grant_for(by, perm)
    return User.objects.get(pk=grant.principal_id) if grant and grant.principal_id else None
