"""How does a draft begin with another request: as a copy, or as a patrol in place of an escort?

What was strictly confidential there is so here.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity
from requests_app.models import Case
from requests_app.models.terms import ENDED
from requests_app.services import starting
from requests_app.services.classifying import open_secret
from requests_app.services.made import Refused, locked
from requests_app.services.moving import make_move


@transaction.atomic
def copy_case(case: Case, *, by: User, client_key: uuid.UUID | None = None) -> Case:
    """A new draft from a past case of one's own organisation; dates, files and the past alternatives stay behind.

    Of a strictly confidential request it is a reading, recorded as one, and the draft is strictly confidential too.
    The same client key twice gives the same draft. Raises Refused.
    """
    if known := starting.opened_with(client_key, by):
        return known
    copied = starting.begin_copy(case, by=by, client_key=client_key)
    return _in_its_class(copied, case, by)


@transaction.atomic
def ask_for_patrol(escort: Case, *, by: User) -> Case:
    """One tap from an escort: the draft of a patrol on its axis in its days, or the one that was asked for already.

    Raises Refused when there is no axis yet, or when the policy of the country offers no patrol.
    """
    escort = locked(escort, "axis")
    if not escort.is_escort or escort.axis_id is None:
        raise Refused("need", _("Name the axis first; the patrol is asked for there."))
    if known := escort.patrols_wanted.exclude(status__in=ENDED).order_by("id").first():
        return known
    return _in_its_class(starting.begin_patrol(escort, by=by), escort, by)


def _in_its_class(copied: Case, case: Case, by: User) -> Case:
    if case.sensitivity == Sensitivity.STRICT:
        open_secret(case, by=by, what="form.copy")
        make_move(copied, "raise_class", by=by, record="case", to=Sensitivity.STRICT.value)
        copied.refresh_from_db()
    return copied
