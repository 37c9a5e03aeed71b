"""How is a record raised to a higher class, lowered again, and opened when it is strictly confidential?"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.barrier import Sensitivity, highest, may_see
from cmcoord.activity.services import record as write_event
from requests_app import classes
from requests_app.models import Case, Classification, Comment
from requests_app.services import starting
from requests_app.services.made import Made, Refused

OPENED = "case.open_secret"


def raise_class(made: Made, *, record: str = "case", row: int | None = None, to: str, **_facts: Any) -> None:
    """Whoever sees the request may do it, without a reason; what is strict leaves the search at once."""
    target, old, new = _asked(made, record, row, to)
    if new.rank <= old.rank:
        made.need(_("It has this class already, or a higher one."))
    _enter(made, record, target, old, new)


def lower_class(made: Made, *, record: str = "case", row: int | None = None, to: str, **_facts: Any) -> None:
    """OCHA alone, with a reason; never below what the form asks, nor below the request that it belongs to."""
    if not made.reason:
        made.need(_("Say why in a sentence."))
    target, old, new = _asked(made, record, row, to)
    if new.rank >= old.rank:
        made.need(_("It has this class already, or a lower one."))
    floor = classes.floor_of(record)
    if not isinstance(target, Case):
        floor = highest([floor, made.case.sensitivity])
    if new.rank < floor.rank:
        made.need(_("It cannot be less than “%(floor)s”.") % {"floor": floor.label})
    _enter(made, record, target, old, new)


def _asked(made: Made, record: str, row: int | None, to: str) -> tuple[models.Model, Sensitivity, Sensitivity]:
    target = classes.find_row(made.case, record, made.case.pk if record == classes.Record.CASE else row or 0)
    if target is None or not may_see(made.by, target):
        raise Refused("need", _("This record is not there any more."))
    if to not in Sensitivity.values:
        made.need(_("Choose one of the classes."))
    return target, classes.class_of(made.case, target), Sensitivity(to)


def _enter(made: Made, record: str, target: models.Model, old: Sensitivity, new: Sensitivity) -> None:
    Classification.objects.create(
        case=made.case, record=record, row=target.pk, sensitivity=new, by=made.by, at=made.now
    )
    made.case.forget_rows("classifications")
    made.data |= {"record": record, "row": target.pk, "class": {"old": old.value, "new": new.value}, **_for(target)}
    if isinstance(target, Case):
        made.set(sensitivity=new.value)
        made.set(search_text=starting.searched_text(made.case))


@transaction.atomic
def open_secret(case: Case, *, by: User, what: str, row: models.Model | None = None) -> None:
    """Somebody reads what is strictly confidential: who, when and what, before they get it."""
    if not classes.is_named(by, case, row):
        raise Refused("right", _("This is strictly confidential, and not for your role."))
    data = {"field": what} if row is None else {"field": what, "row": row.pk, **_for(row)}
    write_event(case, OPENED, by=by, data=data)


def _for(row: models.Model) -> dict[str, str]:
    """Of a comment only its own audience hears, in the timeline too."""
    return {"audience": row.audience} if isinstance(row, Comment) else {}
