"""With whom may a request be shared? What its organisation says when it files, gives later, and takes back.

OCHA always reads it. Whatever is taken back acts at once: a body loses sight, the papers of a force close.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.activity.models import Event
from cmcoord.activity.releases import Release
from cmcoord.activity.services import Tell, record
from requests_app import consents, convoy, telling, transmission
from requests_app.models import Case, CaseLink, ForceFile, Participation
from requests_app.models.terms import ENDED, UNDECIDED
from requests_app.services import filing, pausing
from requests_app.services.made import Made

ON_THE_ROAD_OR_AFTER = ("completed", "aborted", "reporting", *ENDED)  # nothing is left to stand down from


def give(made: Made, *, what: Iterable[str], **_facts: Any) -> None:
    """A consent that was missing; bodies that were not asked for want of it are asked now."""
    wanted = _chosen(made, what, among=consents.NAMES, given=False)
    made.set(**dict.fromkeys(wanted, True))
    made.data["consent"] = consents.given(made.case)
    if consents.PARTNERS in wanted and made.case.status in UNDECIDED:
        _ask_bodies(made)


def withdraw(made: Made, *, what: Iterable[str], **_facts: Any) -> None:
    """Partners lose sight of it now; nobody waits any more for what they had been asked."""
    withdrawn = _chosen(made, what, among=(consents.PARTNERS, consents.PUBLIC), given=True)
    made.set(**dict.fromkeys(withdrawn, False))
    made.data["consent"] = consents.given(made.case)
    if consents.PARTNERS in withdrawn:
        for row in made.case.consultations.all():
            if row.is_waiting:
                row.lapsed_at = made.now
                row.save(update_fields=["lapsed_at"])
                made.clocks_changed = True
        _end_proposals(made)


def _end_proposals(made: Made) -> None:
    """What OCHA proposed told two organisations of each other: who has not joined yet reads nothing of it any more."""
    case = made.case
    ours = Q(case=case, organisation__in=CaseLink.objects.filter(case=case).values("other__organisation"))
    theirs = Q(case__in=CaseLink.objects.filter(other=case).values("case"), organisation=case.organisation_id)
    rows = Participation.objects.filter(ours | theirs, state=Participation.State.ASKED)
    for row in rows.select_related("case", "organisation"):
        row.state = Participation.State.TAKEN_BACK
        row.save(update_fields=["state"])
        record(
            row.case,
            "case.take_invitation_back",
            by=made.by,
            data={"organisation": row.organisation_id, "joins": str(row.organisation), "url": "/joining/"},
            tell=[Tell(person) for person in (*convoy.people_of(row), *telling.requester(row.case))],
            at=made.now,
        )


def withdraw_force(made: Made, **_facts: Any) -> None:
    """Nothing more goes to the force; what it has is closed, and whoever saved a paper is asked to destroy it."""
    made.set(consent_force=False)
    made.data["consent"] = consents.given(made.case)
    request = transmission.held(made.case)
    if request and made.case.status not in ON_THE_ROAD_OR_AFTER:
        pausing.stand_down(made)
    if made.case.is_patrol and made.target == "reviewing":
        made.set(ends_at=None)  # with OCHA again, which may pass it on without the name
    if ForceFile.objects.filter(case=made.case).update(closed=True):
        _recall(made)


def _chosen(made: Made, what: Iterable[str], *, among: Iterable[str], given: bool) -> list[str]:
    chosen = [name for name in among if name in set(what) and getattr(made.case, name) == given]
    if not chosen:
        made.need(_("Choose a consent."))
    return chosen


def _ask_bodies(made: Made) -> None:
    for row in made.case.consultations.all():
        if row.lapsed_at and row.answered_at is None:
            row.lapsed_at, row.asked_at = None, made.now
            row.save(update_fields=["lapsed_at", "asked_at"])
    filing.consult(made, list(made.case.consultations.all()))
    made.clocks_changed = True
    for row in made.consultations or ():
        for person in telling.body_people(made.case, row.body) if row.is_waiting else ():
            made.tell(person, "advise")


def _recall(made: Made) -> Event | None:
    """Everybody who saved a paper of this request, by the release ledger, is asked to destroy it."""
    rows = Release.objects.filter(
        what=Release.What.DOWNLOAD, subject_kind=Case.activity_kind, subject_id=made.case.pk
    ).select_related("recipient")
    people = {row.recipient_id: row for row in rows.order_by("id") if row.recipient_id}
    if not people:
        return None
    reference = next(iter(people.values())).reference
    return record(
        made.case,
        "case.recall_papers",
        by=made.by,
        data={
            "force_reference": reference,
            "force_url": transmission.force_path(reference),
            "timezone": made.case.country.timezone,
            **({"what": "patrol"} if made.case.is_patrol else {}),
        },
        tell=[Tell(row.recipient) for row in people.values()],
        at=made.now,
    )
