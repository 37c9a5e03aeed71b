"""How does another organisation come into a convoy, give its part, and leave again?"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import limits, scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.services import Tell, record
from contacts.models import Post
from requests_app import convoy, duplicates, telling, workflow
from requests_app.convoy import JOINED_IN, LEFT_IN, State
from requests_app.models import Case, CaseLink, Consultation, Move, Participation
from requests_app.questions import asks
from requests_app.services.clocks import refresh_clocks
from requests_app.services.made import Refused, locked
from requests_app.services.moving import make_move
from requests_app.visibility import handles

MOST = 12
TOGETHER_IN = ("submitted", "reviewing", "returned", "clearing")


def why_not_ask(case: Case, *, by: User) -> str:
    """ "" or why this person asks nobody to join this convoy now."""
    if not scope.has_perm(by, Perm.FILE_CASE, case):
        return _("Only %(who)s can do this.") % {"who": _("the requesting organisation")}
    return _why_closed(case) or _why_late(case, JOINED_IN)


def _why_closed(case: Case) -> str:
    if case.sensitivity == Sensitivity.STRICT:
        return _("This request is strictly confidential: no other organisation can join it.")
    if not asks(case, "vehicles"):
        return _("This request is not for a convoy.")
    return _("Past requests are joined by nobody.") if case.imported else ""


def _why_late(case: Case, statuses: tuple[str, ...]) -> str:
    if case.status in statuses:
        return ""
    if statuses in (JOINED_IN, TOGETHER_IN):
        return _("Who travels must be known before the Humanitarian Coordinator decides.")
    return _("The escort is scheduled or has ended; call OCHA.")


@transaction.atomic
def ask_to_join(case: Case, *, by: User, organisation: Organisation) -> Participation:
    """The requester asks another organisation of the country; its people are told. Raises Refused."""
    case = locked(case)
    _permit(case, by, why_not_ask(case, by=by))
    if not convoy.may_be_asked(case).filter(pk=organisation.pk).exists():
        raise Refused("need", _("This organisation cannot be asked, or is in the convoy already."))
    if case.participations.filter(state__in=convoy.OPEN_STATES).count() >= MOST:
        raise Refused("need", _("At most %(count)d other organisations.") % {"count": MOST})
    _count(case, organisation, by)
    row, _new = Participation.objects.update_or_create(
        case=case,
        organisation=organisation,
        defaults={"state": State.ASKED, "asked_by": by, "asked_at": timezone.now(), **EMPTY},
    )
    row.case = case
    people = convoy.people_of(row)
    _record(row, "case.ask_to_join", by, [Tell(person, "join") for person in people])
    return row


@transaction.atomic
def propose_joining(case: Case, *, by: User, other: Case) -> CaseLink:
    """OCHA proposes that `other` travels in the convoy of `case`: both organisations are told. Raises Refused.

    The organisation of `other` answers as anybody who is asked to join; with its yes its own request ends.
    """
    kept = {each.pk: locked(each) for each in sorted((case, other), key=lambda each: each.pk)}
    case, other = kept[case.pk], kept[other.pk]
    if not (handles(by, case) and handles(by, other)):
        raise Refused("right", _("Only %(who)s can do this.") % {"who": _("OCHA")})
    if sentence := _why_not_together(case, other, by):
        raise Refused("state", sentence)
    if sentence := duplicates.consent_missing(case, other):
        raise Refused("need", sentence)
    _count(case, other.organisation, by)
    link = CaseLink.objects.create(case=case, other=other, by=by)
    row, _new = Participation.objects.update_or_create(
        case=case,
        organisation=other.organisation,
        defaults={"state": State.ASKED, "asked_by": by, "asked_at": timezone.now(), **EMPTY},
    )
    row.case = case
    _record(row, "case.ask_to_join", by, [Tell(person, "join") for person in convoy.people_of(row)])
    for each in (case, other):
        record(each, "case.propose_joining", by=by, tell=[Tell(person) for person in telling.requester(each)])
    return link


def _why_not_together(case: Case, other: Case, by: User) -> str:
    if by.organisation_id in (case.organisation_id, other.organisation_id):
        return _("You cannot decide a request of your own organisation.")
    if case.country_id != other.country_id or case.organisation_id == other.organisation_id:
        return _("Requests of two organisations of one country are put together.")
    if not duplicates.are_the_same(case, other):
        return _("These requests have neither axis and days nor the cargo in common.")
    if CaseLink.objects.filter(Q(other__in=(case, other)) | Q(case=other)).exists():
        return _("One of these requests was put together with another one already.")
    if not convoy.may_be_asked(case).filter(pk=other.organisation_id).exists():
        return _("This organisation cannot be asked, or is in the convoy already.")
    late = next((late for each in (case, other) if (late := _why_late(each, TOGETHER_IN))), "")
    return late or _why_closed(case) or _why_closed(other)


def _end_own_request(row: Participation, by: User) -> None:
    """Who joined as OCHA proposed withdraws what they had asked for themselves; its history stays."""
    links = CaseLink.objects.filter(case=row.case, other__organisation=row.organisation).select_related("other")
    for link in links:
        if not workflow.why_not(link.other, "withdraw", by):
            make_move(link.other, "withdraw", by=by, reason_code=Move.ReasonCode.JOINED)


def _count(case: Case, organisation: Organisation, by: User) -> None:
    """Each time the people of the organisation get a mail. Raises Refused when these were too many."""
    if limits.count("ask_again_to_join", f"{case.pk} {organisation.pk}") > limits.LIMITS["ask_again_to_join"].most:
        raise Refused("need", _("This organisation was asked several times already today: call it."))
    if limits.count("ask_to_join", str(by.pk)) > limits.LIMITS["ask_to_join"].most:
        raise Refused("need", _("You asked many organisations within this hour; go on later."))


EMPTY: dict[str, Any] = {
    "vehicles": None, "staff": None, "cargo": "", "focal_post": None, "consent_force": False, "answered_by": None,
    "answered_at": None,
}  # fmt: skip


@transaction.atomic
def join(
    row: Participation, *, by: User, vehicles: int, staff: int, cargo: str, consent_force: bool, focal_post: Post | None
) -> Participation:
    """Join with one's own part, or change the part. Raises Refused."""
    row = _own(row, by)
    if row.state not in convoy.OPEN_STATES:
        raise Refused("state", _("Your organisation is not asked to join this convoy (any more)."))
    _permit(row.case, by, _why_closed(row.case) or _why_late(row.case, JOINED_IN))
    if not consent_force:
        raise Refused("need", _("Without this consent the convoy cannot be transmitted to the force."))
    if focal_post and (focal_post.organisation_id != row.organisation_id or focal_post.closed_at):
        raise Refused("need", _("Choose a post of your own organisation."))
    first = row.state == State.ASKED
    row.vehicles, row.staff, row.cargo, row.focal_post = vehicles, staff, cargo, focal_post
    row.consent_force, row.state = True, State.JOINED
    _answered(row, by)
    secret = {"vehicles": vehicles, "staff": staff, **({"cargo": cargo} if cargo else {})}
    tell = [*_lead_and_ocha(row.case), *_ask_security(row)]
    _record(row, "case.join" if first else "case.change_part", by, tell, secret=secret)
    _end_own_request(row, by)
    return row


def _ask_security(row: Participation) -> list[Tell]:
    """With a UN organisation in a convoy that was sent already UNDSS is asked, as for a UN requester; once."""
    case, body = row.case, "undss"
    if not row.organisation.is_un or case.submitted_at is None or body in case.consulted_bodies():
        return []
    now = timezone.now()
    new = Consultation(case=case, body=body, country_id=case.country_id, case_created_at=case.created_at, asked_at=now)
    refresh_clocks(case, now, [*case.consultations.all(), new])
    case.save(update_fields=["due_at"])
    return [Tell(person, "advise") for person in telling.body_people(case, body)]


@transaction.atomic
def step_out(row: Participation, *, by: User) -> Participation:
    """Decline the invitation, or leave again before the escort is scheduled. Raises Refused."""
    row = _own(row, by)
    if row.state not in convoy.OPEN_STATES:
        raise Refused("state", _("Your organisation is not asked to join this convoy (any more)."))
    _permit(row.case, by, _why_late(row.case, LEFT_IN))
    left = row.state == State.JOINED
    row.state = State.LEFT if left else State.DECLINED
    _answered(row, by)
    _record(row, "case.leave_convoy" if left else "case.decline_to_join", by, _lead_and_ocha(row.case))
    return row


@transaction.atomic
def take_back(row: Participation, *, by: User) -> Participation:
    """The requester asks no longer: also one that has joined is out. Its people are told. Raises Refused."""
    row = _locked(row)
    if not scope.has_perm(by, Perm.FILE_CASE, row.case):
        raise Refused("right", _("Only %(who)s can do this.") % {"who": _("the requesting organisation")})
    _permit(row.case, by, _why_late(row.case, LEFT_IN))
    if row.state not in convoy.OPEN_STATES:
        raise Refused("state", _("This organisation is not in the convoy."))
    people = convoy.people_of(row)
    ocha = telling.station(row.case) if row.case.submitted_at and row.state == State.JOINED else []
    row.state = State.TAKEN_BACK
    row.save(update_fields=["state"])
    _record(row, "case.take_invitation_back", by, [Tell(person) for person in (*people, *ocha)])
    return row


def _locked(row: Participation) -> Participation:
    case = locked(Case(pk=row.case_id))
    found = Participation.objects.select_related("organisation").get(pk=row.pk)
    found.case = case
    return found


def _own(row: Participation, by: User) -> Participation:
    row = _locked(row)
    if not convoy.answers_for(by, row):
        raise Refused("right", _("Only %(who)s can do this.") % {"who": row.organisation})
    return row


def _answered(row: Participation, by: User) -> None:
    row.answered_by, row.answered_at = by, timezone.now()
    row.save()


def _permit(case: Case, by: User, sentence: str) -> None:
    if sentence:
        raise Refused("right" if not _is_state(case, by) else "state", sentence)


def _is_state(case: Case, by: User) -> bool:
    """Somebody who had the right comes too late; for all others it is a question of right."""
    return any(grant.perm == Perm.FILE_CASE and grant.country == case.country_id for grant in scope.grants(by))


def _lead_and_ocha(case: Case) -> list[Tell]:
    people = [*telling.requester(case), *(telling.station(case) if case.submitted_at else [])]
    return [Tell(person) for person in people]


def _record(row: Participation, kind: str, by: User, tell: list[Tell], secret: dict[str, Any] | None = None) -> None:
    """The organisation that joins reads its own page, the others that of the request."""
    data: dict[str, Any] = {"organisation": row.organisation_id, "joins": str(row.organisation)}
    if kind in ("case.ask_to_join", "case.take_invitation_back"):
        data["url"] = row.get_absolute_url() if kind == "case.ask_to_join" else "/joining/"
    record(row.case, kind, by=by, data=data, secret=secret, tell=tell)
