"""Who enters a common position of the humanitarians of a country, who endorses it, who ends it, who reads it?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.services import record
from cmcoord.guidance.models import CommonPosition
from cmcoord.guidance.services import countries_of
from cmcoord.places.models import Country


def may_enter(user: User, country: str) -> bool:
    return country in scope.countries_for(user, Perm.ENTER_POSITION)


def may_endorse(user: User, country: str) -> bool:
    """The Humanitarian Coordinator, in person."""
    return any(
        grant.perm == Perm.ENDORSE_POSITION and grant.country == country and grant.principal_id is None
        for grant in scope.grants(user)
    )


def may_read(user: User, position: CommonPosition) -> bool:
    """Whoever works in the country; what is not endorsed yet, those who enter and endorse."""
    country = position.country_id
    if position.endorsed_at is None:
        return may_enter(user, country) or may_endorse(user, country)
    return country in countries_of(user)


def why_wrong(*, country: Country, axis=None, area=None, valid_from: dt.date, valid_to: dt.date | None = None) -> str:
    """ "" or why a position cannot be so: two places at once, a place elsewhere, an end before its beginning."""
    if axis and area:
        return _("Name an axis or an area, not both; without either it holds in the whole country.")
    if (axis and axis.country_id != country.pk) or (area and area.country_id != country.pk):
        return _("This place lies in another country.")
    if valid_to and valid_to < valid_from:
        return _("The end lies before the beginning.")
    return ""


@transaction.atomic
def enter(*, by: User, country: Country, **values: Any) -> CommonPosition:
    """A position as it was agreed; it binds nobody before it is endorsed. Raises PermissionDenied, ValidationError."""
    if not may_enter(by, country.pk):
        raise PermissionDenied(_("Only the national unit of OCHA can do this."))
    places: dict[str, Any] = {name: values.get(name) for name in ("axis", "area", "valid_from", "valid_to")}
    if wrong := why_wrong(country=country, **places):
        raise ValidationError(wrong)
    position = CommonPosition(country=country, entered_by=by, **values)
    position.full_clean()
    position.save()
    record(position, "position.enter", by=by, data={"position": position.pk}, secret={"text": position.text_en})
    return position


@transaction.atomic
def endorse(position: CommonPosition, *, by: User) -> CommonPosition:
    """From now on the rules read it. Not by who entered it. Raises PermissionDenied, ValidationError."""
    position = CommonPosition.objects.select_for_update(of=("self",)).get(pk=position.pk)
    if not may_endorse(by, position.country_id) or position.entered_by_id == by.pk:
        raise PermissionDenied(_("Only the Humanitarian Coordinator can do this."))
    if position.endorsed_at:
        raise ValidationError(_("This position is endorsed already."))
    position.endorsed_by, position.endorsed_at = by, timezone.now()
    position.save(update_fields=["endorsed_by", "endorsed_at"])
    record(position, "position.endorse", by=by, data={"position": position.pk})
    return position


@transaction.atomic
def end(position: CommonPosition, *, by: User, on: dt.date) -> CommonPosition:
    """The last day on which it holds. Raises PermissionDenied, ValidationError."""
    position = CommonPosition.objects.select_for_update(of=("self",)).get(pk=position.pk)
    if not may_endorse(by, position.country_id):
        raise PermissionDenied(_("Only the Humanitarian Coordinator can do this."))
    if on < position.valid_from:
        raise ValidationError(_("The end lies before the beginning."))
    if position.valid_to and position.valid_to < position.country.today:
        raise ValidationError(_("This position has ended already."))
    position.valid_to = on
    position.save(update_fields=["valid_to"])
    record(position, "position.end", by=by, data={"position": position.pk, "until": on.isoformat()})
    return position
