"""Whom does a reader call about a step that waits, and which text may be sent about it?

Everybody calls OCHA; OCHA calls whoever holds the step. A text names a reference and a link, of a strictly confidential
request the reference alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from cmcoord.accounts import duty, scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.sentences import function_of
from requests_app import chain, telling, transmission
from requests_app.deadlines import Running
from requests_app.models import Addressed, Case
from requests_app.models.case import body_name

STATION, NATIONAL, COORDINATOR, REQUESTER = "station", "national", "coordinator", "requester"
FORCE, ADDRESSEE = "force", "addressee."
Board = dict[int | None, duty.Duty]


@dataclass(frozen=True)
class Contact:
    """One line of a card: whom to call, as whom they answer, and the text that may be sent to them."""

    code: str
    name: str
    role: str
    telephone: str
    text: str

    @property
    def sms(self) -> str:
        """The address that opens a telephone's own messages with the text in them; "" without a number."""
        number = "".join(sign for sign in self.telephone if sign.isdigit() or sign == "+")
        return f"sms:{number}?body={quote(self.text)}" if number else ""


def ready_text(case: Case, *, for_force: bool = False) -> str:
    """What may be sent by SMS or by a messaging app: nothing but a reference and a link."""
    reference = case.force_reference if for_force else case.reference
    if case.sensitivity == Sensitivity.STRICT:
        return reference
    path = transmission.force_url(case) if for_force else case.get_absolute_url()
    return f"{reference} {settings.PORTAL_URL}{path}"


def is_ocha(case: Case, user) -> bool:
    """Does this reader call those who hold a step themselves?"""
    return scope.has_perm(user, Perm.TRANSMIT_CASE, case)


def contacts(case: Case, clock: Running, board: Board, user) -> list[Contact]:
    """Who holds this clock, or who reaches them for this reader; the alternate after the one on duty."""
    direct = _of_owner(case, clock) if is_ocha(case, user) else []
    return direct or of_ocha(case, board)


def of_ocha(case: Case, board: Board) -> list[Contact]:
    """OCHA at the station, or who covers it; then the national unit."""
    station, national = board.get(case.station_id, board[None]), board[None]
    found = []
    if station is not national:
        role = _("covers %(place)s") % {"place": case.station} if station.how == duty.COVERED else ""
        found.append(_contact(case, STATION, names_of(station), role, station.telephone))
    return [*found, _contact(case, NATIONAL, names_of(national), _("OCHA, national unit"), national.telephone)]


def names_of(found: duty.Duty) -> str:
    return get_text_list([function_of(person) for person in found.people[:2]], _("and")) or found.place


def _contact(case: Case, code: str, name: str, role: str, telephone: str, *, for_force: bool = False) -> Contact:
    return Contact(code, name, role, telephone, ready_text(case, for_force=for_force))


def _of_owner(case: Case, clock: Running) -> list[Contact]:
    """For OCHA: whoever holds the clock, and an alternate; nothing when OCHA holds it."""
    if clock.owner == "force":
        return _of_force(case)
    if clock.owner == "requester":
        return _of_requester(case)
    if clock.owner == "coordinator":
        people = telling.coordinator(case)
        return [_contact(case, COORDINATOR, function_of(each), "", each.telephone) for each in people[:2]]
    if clock.body:
        role = capfirst(body_name(clock.body))
        people = telling.body_people(case, clock.body)
        return [_contact(case, clock.body, function_of(each), role, each.telephone) for each in people[:2]]
    return []


def _of_requester(case: Case) -> list[Contact]:
    """Who wrote it, on their duty telephone; then the organisation's own, when it has one or nobody else is known."""
    author, organisation = case.created_by, case.organisation
    found = []
    if author.organisation_id == organisation.pk:
        found.append(_contact(case, REQUESTER, function_of(author), str(organisation), author.telephone))
    if organisation.telephone or not found:
        found.append(_contact(case, REQUESTER, str(organisation), _("duty telephone"), organisation.telephone))
    return found


def _of_force(case: Case) -> list[Contact]:
    """Along the chain: who comes next, then the others in their order; without a chain, the force itself."""
    links = sorted(chain.links(case), key=lambda link: not link.comes_next)
    if not links and transmission.held(case):
        force = case.provider()
        return [_contact(case, FORCE, str(force), "", force.organisation.telephone, for_force=True)]
    return [of_addressee(case, link.row) for link in links]


def of_addressee(case: Case, row: Addressed) -> Contact:
    force = str(case.provider() or "")
    return _contact(
        case, f"{ADDRESSEE}{row.addressee_id}", row.function, force, row.addressee.telephone, for_force=True
    )


def targets(case: Case, user) -> dict[str, str]:
    """Who may be logged as called by this person: code → function. A force is called by OCHA alone."""
    found = {STATION: f"OCHA {case.station}", NATIONAL: _("OCHA, national unit")}
    if not is_ocha(case, user):
        return found
    found[REQUESTER] = str(case.organisation)
    if case.forwarded_at:
        found[COORDINATOR] = _("Humanitarian Coordinator")
    if case.consent_partners:
        found |= {body: capfirst(body_name(body)) for body in sorted(case.consulted_bodies())}
    links = chain.links(case)
    if not links and transmission.held(case):
        found[FORCE] = str(case.provider())
    for link in links:
        found[f"{ADDRESSEE}{link.row.addressee_id}"] = f"{case.provider()}: {link.row.function}"
    return found
