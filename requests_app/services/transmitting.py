"""How a request reaches the force: the texts released for it, its rank, and the addressees of the chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cmcoord.accounts.roles import Perm
from contacts.models import Addressee, Force
from requests_app import transmission
from requests_app.models import Extract, ForceFile
from requests_app.released import originals
from requests_app.services import patrolling
from requests_app.services.made import Made
from requests_app.services.sending import keep_texts, send, take_back
from requests_app.services.starting import searched_text
from requests_app.transmission import LOWEST_RANK, new_force_reference, patrol_content, request_content


def transmit(
    made: Made,
    *,
    task: str,
    contact: str = "",
    capability_needed: str | None = None,
    cargo: str | None = None,
    exit_plan: str | None = None,
    condition_text: str | None = None,
    confirmed: Iterable[str] = (),
    rank: int | None = None,
    addressees: Iterable[Addressee] | None = None,
    force: Force | None = None,
    **_facts: Any,
) -> None:
    """Freeze the numbered extract with the texts that OCHA wrote or `confirmed` for the force, one by one.

    It goes to these `addressees` of the force's chain; without a choice, to all of it.

    `task` is what OCHA tells the force in place of the need. A text that is None goes as it stands in the request; an
    empty one does not go, but for a condition of the decision. `rank` (1 to 9) is the place in the force's queue.
    """
    if made.line.code == "retransmit" and not made.reason:
        made.need(_("Say which new facts there are."))
    if not task.strip():
        made.need(_("Write what the force is asked to do."))
    case = made.case
    if case.is_patrol:
        patrolling.name_force(made, force)
        patrolling.set_limits(made)
    provider = case.provider().organisation
    made.chain = _chosen(made, provider.pk, addressees)
    effect = {} if case.is_escort else {"capability_needed": capability_needed}
    given: dict[str, str | None] = {"task": task}
    if not case.is_patrol:
        given |= {**effect, "cargo": cargo, "exit_plan": exit_plan, "condition_text": condition_text}
    texts = _released(made, given, set(confirmed))
    before, still_held = transmission.addressed(case), transmission.held(case)
    closed = case.is_patrol and patrolling.held_before(case)
    if before is None or before.organisation_id != provider.pk or closed:
        if still_held:
            take_back(made, still_held)
        reference = new_force_reference(case, provider, made.now)
        made.set(force_reference=reference)
        made.set(search_text=searched_text(case))
    files = ForceFile.objects.filter(case=case, organisation=provider)
    files.filter(force_reference=case.force_reference).update(closed=False)
    made.set(transmitted_at=made.now)
    contact = contact or case.station.telephone or case.country.national_unit_telephone
    write = patrol_content if case.is_patrol else request_content
    content = write(case, texts=texts, contact=contact) | ranked(made, rank)
    paper = send(made, Extract.Kind.REQUEST, content, to=provider.pk, reference=case.force_reference)
    keep_texts(made, paper, originals(case))


def _chosen(made: Made, organisation: int, wanted: Iterable[Addressee] | None) -> list[Addressee]:
    """To whom of the chain it goes: those of today only, and at least one where there is a chain."""
    known = list(Addressee.objects.of(organisation, made.case.country_id, made.case.country.today))
    if wanted is None:
        return known
    keys = {row.pk for row in wanted}
    if not keys <= {row.pk for row in known}:
        made.need(_("The chain of the force changed meanwhile. Choose again."))
    if known and not keys:
        made.need(_("Choose at least one addressee of the force."))
    return [row for row in known if row.pk in keys]


def ranked(made: Made, rank: int | None) -> dict[str, int]:
    """Which of the requests before a force comes first is for OCHA to say."""
    if rank is None:
        return {}
    if not 1 <= rank <= LOWEST_RANK:
        made.need(_("A rank goes from 1 to %(lowest)d.") % {"lowest": LOWEST_RANK})
    if made.grant is None or made.grant.perm == Perm.FILE_CASE:
        made.need(_("Only OCHA ranks what a force has to do."))
    return {"rank": rank}


def ranked_anew(made: Made, rank: int | None) -> dict[str, int]:
    """Another rank than the force was told; none where its answer is not awaited."""
    if made.case.status not in transmission.RANKED or rank == transmission.rank_of(made.case):
        return {}
    return ranked(made, rank)


def _released(made: Made, given: dict[str, str | None], confirmed: set[str]) -> dict[str, str]:
    """The texts as they go; whatever is not confirmed stays here, and stops the transmission with its name."""
    original = originals(made.case)
    texts = {name: (original[name] if text is None else text).strip() for name, text in given.items()}
    if original["condition_text"] and not texts["condition_text"]:
        made.need(_("The further condition of the decision cannot be left out."))
    waiting = [str(transmission.KEYS[name].label) for name, text in texts.items() if text and name not in confirmed]
    if waiting:
        made.need(_("Confirm that the force may read: %(texts)s.") % {"texts": ", ".join(waiting)})
    return texts
