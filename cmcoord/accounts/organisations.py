"""How does an organisation come in that the portal does not know, while it is on the telephone?

OCHA names it where it takes a request down; an administrator looks at the row later. It gives nobody a right.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.beginning import stop_if
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import Tell, record
from cmcoord.places.models import Country, folded

# What OCHA may name without a second look: humanitarian, and without a part in the dialogue with forces.
NAMED = (
    Organisation.Type.UN_AGENCY,
    Organisation.Type.INGO,
    Organisation.Type.NNGO,
    Organisation.Type.RED_CROSS,
)


def why_not_name(*, by: User, country: Country) -> str:
    """ "" or why this person cannot name an organisation there."""
    if any(grant.perm == Perm.RECORD_FOR_OTHERS and grant.country == country.pk for grant in scope.grants(by)):
        return ""
    return _("Only OCHA can name an organisation that the portal does not know.")


def known_as(name: str, acronym: str) -> Organisation | None:
    """An organisation that bears this name or acronym already, however it is written."""
    wanted = {folded(name).strip(), folded(acronym).strip()} - {""}
    rows = Organisation.objects.only("name", "acronym")
    return next((row for row in rows if {folded(row.name).strip(), folded(row.acronym).strip()} & wanted), None)


@transaction.atomic
def name_organisation(
    *, by: User, country: Country, name: str, acronym: str, org_type: str, telephone: str = ""
) -> Organisation:
    """A row marked as not looked at yet; administrators are told. Raises PermissionDenied and ValidationError."""
    stop_if(why_not_name(by=by, country=country))
    if org_type not in NAMED:
        raise ValidationError({"org_type": _("Choose one from the list.")})
    if known := known_as(name, acronym):
        raise ValidationError({"name": _("%(name)s is known already: choose it in the list.") % {"name": known}})
    row = Organisation(name=name.strip(), acronym=acronym.strip(), org_type=org_type, verified=False)
    row.telephone = telephone.strip()
    row.full_clean()
    row.save()
    row.countries.add(country)
    record(
        row,
        "organisation.name",
        by=by,
        stream=country.pk,
        data={"reference": str(row), "name": row.name, "org_type": row.org_type, "url": "/"},
        tell=[Tell(person) for person in scope.holders(Perm.MANAGE_ACCOUNTS)],
    )
    return row
