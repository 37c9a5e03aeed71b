"""How does an organisation say that it has read a guideline?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.services import record
from cmcoord.guidance.documents import Document
from cmcoord.guidance.models import ReadReceipt


def countries_of(user: User) -> set[str]:
    """Where this person holds a right now."""
    return {grant.country for grant in scope.grants(user) if grant.country}


def may_confirm(user: User, document: Document) -> bool:
    """Somebody who works for the organisation where the document holds; what nobody could open, nobody has read."""
    here = countries_of(user)
    return not document.is_missing and bool(user.organisation_id) and any(document.holds_in(each) for each in here)


@transaction.atomic
def confirm_reading(document: Document, *, by: User) -> ReadReceipt:
    """Their organisation has read this version; a second time changes nothing. Raises PermissionDenied."""
    if not may_confirm(by, document):
        raise PermissionDenied(_("Reading is confirmed by those who work where the document holds."))
    Organisation.objects.select_for_update().only("pk").get(pk=by.organisation.pk)
    receipt, is_new = ReadReceipt.objects.get_or_create(
        document=document.code, version=document.version, organisation=by.organisation, defaults={"by": by}
    )
    if is_new:
        stream = min(each for each in countries_of(by) if document.holds_in(each))
        data = {"document": document.code, "version": document.version}
        record(by.organisation, "guidance.read", by=by, stream=stream, data=data)
    return receipt
