"""How is a confidential text destroyed that stands in rows which nobody can change?

The seal of such a row holds the salted digest of the text, not the text. Erasing blots the text out and destroys the
salt; the database lets it through because an Erasure row names the place. The chain stays whole. The same text beside
an event goes with it (cmcoord/activity/erasing.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts import rights, scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.erasing import blot_out, erase_value
from cmcoord.activity.models import ErasableValue
from cmcoord.activity.seals import model_of, seal_subject
from cmcoord.activity.services import record
from cmcoord.activity.triggers import ERASABLE, ERASED, ERASED_CONTENT
from requests_app.models import Case, ExtensionRequest
from requests_app.services.made import Refused, locked


@dataclass(frozen=True)
class Text:
    """One text of a case in a row that stays."""

    table: str
    row: int
    field: str
    value: Any

    @property
    def blot(self) -> Any:
        return ERASED if isinstance(self.value, str) else json.loads(ERASED_CONTENT)


def why_not_erase(case: Case, *, by: User, second: User | None = None) -> str:
    """ "" or why not: the national unit of the country erases, or two administrators together."""
    if second is None:
        if scope.grant_for(by, Perm.CLEAR_CASE, case) is None:
            return _("Only the national unit of OCHA, or two administrators together, can erase a text.")
        return rights.why_not_founded(scope.grant_for(by, Perm.CLEAR_CASE, case), in_detail=True)
    if second == by:
        return _("The second administrator must be somebody else.")
    for person in (by, second):
        grant = scope.grant_for(person, Perm.CONFIRM_RIGHTS)
        if grant is None:
            return _("%(person)s is not a portal administrator.") % {"person": person}
        if unfounded := rights.why_not_founded(grant, in_detail=True):
            return unfounded
    return ""


def texts_of(case: Case) -> Iterator[Text]:
    """Every text of this case that could be erased, oldest first in each table."""
    for table, fields in ERASABLE.items():
        if not _hangs_on_a_case(table):
            continue
        for row in model_of(table)._base_manager.filter(case=case).order_by("pk").values("pk", *fields):
            for field in fields:
                text = Text(table, row["pk"], field, row[field])
                if text.value and text.value != text.blot:
                    yield text


def _hangs_on_a_case(table: str) -> bool:
    """Rows of a reverse request hang on it, not on a case."""
    return any(column.related_model is Case for column in model_of(table)._meta.concrete_fields)


@transaction.atomic
def erase_text(
    *,
    case: Case,
    table: str,
    row: int,
    field: str,
    reason: str,
    by: User,
    second: User | None = None,
    proofs: Mapping[str, str] | None = None,
) -> list[Text]:
    """Destroy one text of a case, wherever the case's rows repeat it; returns the places. Raises Refused.

    `proofs` says for each person how they showed that it is them.
    """
    case = locked(case)
    if sentence := why_not_erase(case, by=by, second=second):
        raise Refused("right", sentence)
    if not reason.strip():
        raise Refused("need", _("Say why in a sentence."))
    texts = list(texts_of(case))
    asked = next((text for text in texts if (text.table, text.row, text.field) == (table, row, field)), None)
    if asked is None:
        raise Refused("state", _("This text is not there any more."))
    seal_subject(case.stream, f"{case.activity_kind}/{case.pk}")  # so that its digest stands before it goes
    places = [text for text in texts if text.value == asked.value]
    subject = f"{case.activity_kind}/{case.pk}"
    why: dict[str, Any] = {"reason": reason.strip(), "by": by, "second": second}
    for place in places:
        where: dict[str, Any] = {"table": place.table, "row": place.row, "field": place.field, "blot": place.blot}
        blot_out(stream=case.stream, subject=subject, **where, **why)
    if isinstance(asked.value, str):
        ExtensionRequest.objects.filter(case=case, reason=asked.value).update(reason=ERASED)
        of_case = {"event__subject_kind": case.activity_kind, "event__subject_id": case.pk}
        for value in ErasableValue.objects.filter(value=asked.value, **of_case).select_related("event"):
            erase_value(value.event, value.field, **why)
    data: dict[str, Any] = {"texts": [[place.table, place.row, place.field] for place in places]}
    data["proofs"] = dict(proofs or {})
    if second:
        data["second"] = second.username
    record(case, "case.erase", by=by, data=data, secret={"reason": reason.strip()})
    return places
