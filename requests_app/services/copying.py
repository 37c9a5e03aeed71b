"""How is a past request copied into a new draft? What was strictly confidential there is so here."""

from __future__ import annotations

import uuid

from django.db import transaction

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity
from requests_app.models import Case
from requests_app.services import filing
from requests_app.services.classifying import open_secret
from requests_app.services.moving import make_move


@transaction.atomic
def copy_case(case: Case, *, by: User, client_key: uuid.UUID | None = None) -> Case:
    """A new draft from a past case of one's own organisation; dates, files and the past alternatives stay behind.

    Of a strictly confidential request it is a reading, recorded as one, and the draft is strictly confidential too.
    The same client key twice gives the same draft. Raises Refused.
    """
    if known := filing.opened_with(client_key, by):
        return known
    copied = filing.begin_copy(case, by=by, client_key=client_key)
    if case.sensitivity == Sensitivity.STRICT:
        open_secret(case, by=by, what="form.copy")
        make_move(copied, "raise_class", by=by, record="case", to=Sensitivity.STRICT.value)
        copied.refresh_from_db()
    return copied
