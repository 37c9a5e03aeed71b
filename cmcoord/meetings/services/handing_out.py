"""How do final minutes leave the portal: released by OCHA to members without an account, taken by a force?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity import releases
from cmcoord.activity.barrier import Side
from cmcoord.activity.releases import What
from cmcoord.activity.services import Tell
from cmcoord.meetings import minutes_page, minutes_paper, releasing
from cmcoord.meetings.models import Minutes
from cmcoord.meetings.services import writing

FETCHED, RELEASED = "minutes.fetch", "minutes.release"


@transaction.atomic
def release_minutes(minutes: Minutes, *, by: User, addresses: list[str]) -> None:
    """Send the PDF to listed members without an account; each one of a force gets a row of the release ledger.

    Raises PermissionDenied, and ValidationError for minutes that are not final or an address that is not listed.
    """
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = writing.fresh(minutes.pk)
    if refused := releasing.why_not(by, minutes):
        raise (PermissionDenied if not releasing.may(by, minutes) else ValidationError)(refused)
    listed = {one.address: one for one in releasing.addressees(minutes.meeting)}
    if not addresses:
        raise ValidationError({"addresses": _("Choose to whom the minutes go.")})
    if set(addresses) - set(listed):
        raise ValidationError({"addresses": _("This address is not listed in the body.")})
    chosen = [listed[address] for address in dict.fromkeys(addresses)]
    minutes.released_at, minutes.released_by = timezone.now(), by
    minutes.save(update_fields=["released_at", "released_by"])
    digest = releases.digest(minutes_paper.as_pdf(minutes_page.whole_of(minutes, released=minutes.released_at)))
    event = writing.record_of(
        minutes, RELEASED, by=by, data={"sha256": digest, "count": len(chosen)},
        tell=[Tell(address=one.address, language=one.language) for one in chosen],
    )  # fmt: skip
    for one in chosen:
        if one.side == Side.FORCE:
            releases.enter(
                event, what=What.MINUTES, code=RELEASED, organisation=one.organisation_id, sha256=digest,
                function=one.function[:120], reference=minutes.meeting.reference,
            )  # fmt: skip


@transaction.atomic
def fetch_minutes(minutes: Minutes, *, by: User, content: bytes) -> None:
    """Somebody of a force saves the minutes: an event, and these bytes in the release ledger."""
    digest, organisation = releases.digest(content), by.organisation
    event = writing.record_of(minutes, FETCHED, by=by, data={"sha256": digest})
    releases.enter(
        event, what=What.MINUTES, code=FETCHED, organisation=organisation.pk, sha256=digest, recipient=by,
        function=by.function_title, reference=minutes.meeting.reference,
    )  # fmt: skip
