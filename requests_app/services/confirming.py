"""How does an organisation without an account confirm or correct what OCHA filed for it (domain.md §2.8)?

By a link or a code that works once, or by a call that OCHA writes down. A correction is a text that OCHA works in; it
changes nothing of the case by itself.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.services import Tell, record
from requests_app import telling
from requests_app.filed_for import words_of
from requests_app.issuing import codes
from requests_app.models import Case, Confirmation, ConfirmationLink, OnBehalf
from requests_app.models.confirming import VALID
from requests_app.models.process import FILING
from requests_app.models.terms import ENDED
from requests_app.services.made import Refused, locked
from requests_app.visibility import CLOSED_SIDES

LONGEST = 1000


@dataclass(frozen=True)
class Handed:
    """A new way to answer; `secret` is what opens it, and is kept nowhere."""

    link: ConfirmationLink
    secret: str


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def why_not_ask(case: Case, record_: OnBehalf | None, by: User) -> str:
    """ "" or why this person cannot ask the organisation to confirm, nor write down that it did."""
    if scope.grant_for(by, Perm.RECORD_FOR_OTHERS, case) is None:
        return _("Only %(who)s can do this.") % {"who": _("OCHA")}
    if record_ is None:
        return _("This request was not filed for an organisation without an account.")
    if record_.confirmed_at:
        return _("The organisation has confirmed it already.")
    if case.status in ENDED:
        return _("This request has ended.")
    return ""


@transaction.atomic
def ask_to_confirm(case: Case, *, by: User, language: str, address: str = "", now: datetime | None = None) -> Handed:
    """A link sent to `address`, or without one a code to be read out; what was handed out before is void.

    Raises Refused: right, or need when the request is strictly confidential and nothing of it may leave the portal, or
    when the address is that of an account which reads no request, of a force or a donor.
    """
    now = now or timezone.now()
    case, filing = _open(case, by)
    if case.sensitivity == Sensitivity.STRICT:
        raise Refused("need", _("This request is strictly confidential: confirm it by telephone."))
    if any(person.side in CLOSED_SIDES for person in User.objects.filter(email__iexact=address) if address):
        raise Refused("need", _("This address belongs to somebody who may not read requests."))
    ConfirmationLink.objects.filter(case=case, used_at=None, void_at=None).update(void_at=now)
    secret = secrets.token_urlsafe(32) if address else codes.new_code()
    link = ConfirmationLink.objects.create(
        case=case,
        record=filing,
        token_digest=digest_of(secret),
        address=address,
        language=language,
        made_by=by,
        made_at=now,
        expires_at=now + VALID,
    )
    url = settings.PORTAL_URL + reverse("requests:confirm", args=[secret])
    record(
        case,
        "case.ask_confirmation",
        by=by,
        data={"what": "mail" if address else "code"},
        secret={"link": url, "address": address} if address else None,
        tell=[Tell(address=address, expects="confirm_filing", language=language)] if address else (),
        at=now,
    )
    return Handed(link, secret)


@transaction.atomic
def log_call(
    case: Case,
    *,
    by: User,
    agrees: bool,
    person_function: str,
    received_at: datetime,
    witness: str,
    text: str = "",
    now: datetime | None = None,
) -> Confirmation:
    """OCHA writes down what the organisation said by telephone: yes, or what is wrong."""
    now = now or timezone.now()
    case, filing = _open(case, by)
    if received_at > now:
        raise Refused("need", _("What you record cannot have been said in the future."))
    if received_at < filing.recorded_at:
        raise Refused("need", _("This was said before the request was filed."))
    if not person_function.strip() or not witness.strip():
        raise Refused("need", _("Say who called and who else heard it."))
    row = Confirmation(
        how=Confirmation.How.CALL, person_function=person_function, received_at=received_at, witness=witness,
        recorded_by=by,
    )  # fmt: skip
    ConfirmationLink.objects.filter(case=case, used_at=None, void_at=None).update(void_at=now)
    return _answer(case, filing, row, agrees, text, now, by=by)


def link_of(secret: str, now: datetime) -> ConfirmationLink | None:
    """What this secret opens; None when it opens nothing (any more)."""
    found = (
        ConfirmationLink.objects.filter(token_digest=digest_of(codes.read(secret) or secret))
        .select_related("case__country", "case__organisation", "case__station", "record")
        .first()
    )
    if found is None or not found.is_usable(now) or found.case.status in ENDED:
        return None
    return None if found.case.sensitivity == Sensitivity.STRICT else found


@transaction.atomic
def answer_by_link(
    secret: str, *, agrees: bool, seen: str, text: str = "", now: datetime | None = None
) -> Confirmation | None:
    """The organisation's answer, once; None when the link opens nothing.

    `seen` is the mark of what the page showed: words that changed since are shown again instead of being confirmed.
    """
    now = now or timezone.now()
    found = link_of(secret, now)
    if found is None:
        return None
    case = locked(found.case)
    link = link_of(secret, now)  # while it waited for the lock the request may have ended, or become strict
    if link is None or link.record.confirmed_at:
        return None
    if agrees and seen != words_of(case, link.language).mark:
        raise Refused("state", _("What OCHA wrote down has changed meanwhile. Please read it again."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    row = Confirmation(
        how=Confirmation.How.LINK, link=link, person_function=link.record.person_function, received_at=now
    )
    return _answer(case, link.record, row, agrees, text, now, by=None)


def _open(case: Case, by: User) -> tuple[Case, OnBehalf]:
    case = locked(case)
    filing = case.records_on_behalf.filter(act__in=FILING, person=None).order_by("-id").first()
    if sentence := why_not_ask(case, filing, by):
        raise Refused("right" if scope.grant_for(by, Perm.RECORD_FOR_OTHERS, case) is None else "state", sentence)
    assert filing is not None  # noqa: S101  why_not_ask() answered for it
    return case, filing


def _answer(
    case: Case, filing: OnBehalf, row: Confirmation, agrees: bool, text: str, now: datetime, *, by: User | None
) -> Confirmation:
    text = "" if agrees else text.strip()[:LONGEST]
    if not agrees and not text:
        raise Refused("need", _("Say what is wrong."))
    row.case, row.record, row.agrees, row.text, row.at = case, filing, agrees, text, now
    row.save()
    if agrees:
        case.records_on_behalf.filter(act__in=FILING, person=None, confirmed_at=None, disputed_at=None).update(
            confirmed_at=now
        )
    who = f"{row.person_function} ({case.organisation})"
    record(
        case,
        "case.confirm_filing" if agrees else "case.correct_filing",
        by=by,
        data={"recorded_for": who, "what": row.how} if by else {"actor": who, "what": row.how},
        secret={"text": text} if text else None,
        tell=[Tell(person, "" if agrees else "act") for person in telling.station(case)],
        at=now,
    )
    return row
