"""How is a request written, filed, sent again and taken back? (its draft: services.starting)"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.barrier import line_of
from cmcoord.activity.models import Event
from cmcoord.activity.services import record
from requests_app import consensus, consents, convoy, filed, telling, workflow
from requests_app.models import Alternative, Case, Consultation, RuleReading
from requests_app.questions import FORM, questions
from requests_app.services.incidents import draft_if_imposed
from requests_app.services.made import Made, Refused, keep_findings, locked
from requests_app.services.starting import ANSWERS, NOT_THERE, WHO_ASKED, derive, right_to_file

LOGISTICS = "cluster:LOG"
# Words and classes beside the request, which not everybody may know of.
BESIDE_VERSION_MOVES = ("comment", "call", "share", "raise_class", "lower_class", *consensus.WORDS)
BESIDE_VERSION = (
    "case.attach",
    "case.detach",
    "case.withdraw_file",
    "case.comment",
    "case.call",
    "case.share",
    *(f"case.{code}" for code in consensus.WORDS),
    "case.raise_class",
    "case.lower_class",
    "case.open_secret",
    "case.ask_confirmation",
    "case.confirm_filing",
    "case.correct_filing",
    "case.ask_to_join",
    "case.join",
    "case.change_part",
    "case.leave_convoy",
    "case.decline_to_join",
    "case.take_invitation_back",
    "case.sheet",
)  # events that leave the version as it is
WRITING = ("case.draft", "case.copy", "case.edit", "case.take_over")
PAUSE = timedelta(minutes=15)  # after it somebody is no longer writing
MOST_EVENTS = 100
BEFORE_ANYTHING_ELSE = ("submitted", "reviewing", "clearing")  # while opinions are still asked
LONGEST_ANSWER = 1000
RESCUE_WINDOW = timedelta(hours=72)  # a rescue that has not begun by then is asked for anew
FORM_WITHIN = timedelta(hours=24)  # the telephone comes first, the full form after it (domain.md §2.8)


@transaction.atomic
def save_answers(
    case: Case,
    *,
    by: User,
    base_version: int,
    answers: dict[str, Any],
    alternatives: list[dict[str, Any]] | None = None,
    page: str = "",
    now: datetime | None = None,
) -> Case:
    """Save a step of a draft or of a returned request. A stale base is refused, so that nothing is lost silently.

    `page` names the opened page that the words come from; see written_by_page().
    """
    case = editable(case, by)
    if base_version != case.version:
        raise Refused("state", workflow.changed_meanwhile(case))
    organisation = answers.get("organisation", case.organisation)
    if organisation != case.organisation and case.submitted_at:
        raise Refused("need", _("A request that was filed stays with its organisation."))
    if organisation != case.organisation and not right_to_file(
        by, country=case.country, station=case.station, organisation=organisation
    ):
        raise Refused("right", str(NOT_THERE))
    before = {name: getattr(case, _column(name)) for name in answers if name in ANSWERS}
    for name, value in answers.items():
        if name in ANSWERS:
            setattr(case, name, value)
    changed = [name for name, old in before.items() if getattr(case, _column(name)) != old]
    rewritten = _replace_alternatives(case, alternatives) if alternatives is not None else ""
    if rewritten:
        changed.append("alternatives")
    if not changed:
        return case
    derive(case)
    case.version += 1
    case.save()
    open_values, secret_values = _old_and_new(case, before, changed)
    if rewritten:
        secret_values["alternatives"] = rewritten
    data = {"changed": changed, **open_values, **({"page": page} if page else {})}
    record(case, "case.edit", by=by, data=data, secret=secret_values, at=now)
    return case


def who_writes(case: Case, now: datetime) -> tuple[User, datetime] | None:
    """Who is writing on it now, and since when without a long pause; None when nobody is."""
    events = Event.objects.about(case).filter(kind__in=WRITING, by__isnull=False).select_related("by").order_by("-id")
    found = list(events[:MOST_EVENTS])
    if not found or now - found[0].at > PAUSE:
        return None
    writer, since = found[0].by, found[0].at
    for event in found[1:]:
        if event.by_id != writer.pk or since - event.at > PAUSE:
            break
        since = event.at
    return writer, since


def taken_over_since(case: Case, *, count: int, by: User) -> bool:
    """Did a colleague take it over within its last `count` changes?"""
    if not 0 < count < MOST_EVENTS:
        return False
    events = Event.objects.about(case).exclude(kind__in=BESIDE_VERSION).order_by("-id")[:count]
    return any(event.kind == "case.take_over" and event.by_id != by.pk for event in events)


def written_by_page(case: Case, page: str, *, count: int, by: User, kind: str = "case.edit") -> bool:
    """Are the last `count` versions savings of this same opened page, for example its own autosave?"""
    if not page or not 0 < count < 100:
        return False
    rows = Event.objects.about(case)
    rows = rows.exclude(kind__in=BESIDE_VERSION) if kind == "case.edit" else rows.filter(kind=kind)
    events = list(rows.order_by("-id")[:count])
    return len(events) == count and all(
        event.kind == kind and event.by_id == by.pk and event.data.get("page") == page for event in events
    )


def editable(case: Case, by: User) -> Case:
    """The case, locked, if this person may write on it now."""
    case = locked(case, "origin__station", "destination__station", "axis", "area")
    refused = workflow.refusal(case, "edit", by)
    if refused:
        raise Refused(refused.kind, refused.sentence)
    return case


def _column(name: str) -> str:
    return f"{name}_id" if name in ("organisation", "origin", "destination", "axis", "area", "force") else name


def _old_and_new(case: Case, before: dict, changed: list[str]) -> tuple[dict, dict]:
    """Old and new value of each changed field: public and restricted ones in clear, the others to be digested."""
    clear, secret = {}, {}
    for name in changed:
        if name not in before:
            continue
        pair = {"old": _plain(before[name]), "new": _plain(getattr(case, _column(name)))}
        if line_of(case, name).sensitivity.is_open:
            clear[name] = pair
        else:
            secret[name] = f"{pair['old']} → {pair['new']}"
    return clear, secret


def _plain(value: Any) -> Any:
    return (
        value
        if isinstance(value, int | bool | str | None)
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )


def _replace_alternatives(case: Case, rows: list[dict[str, Any]]) -> str:
    """Write the rows as the form has them; the old and the new ones for the trail, "" if nothing changed."""
    fields = ("option", "asked_to", "tried_on", "outcome", "note")
    known = [tuple(getattr(row, name) for name in fields) for row in case.alternatives.all()]
    wanted = [tuple(row.get(name, "") for name in fields) for row in rows]
    if known == wanted:
        return ""
    case.alternatives.all().delete()
    Alternative.objects.bulk_create(Alternative(case=case, **dict(zip(fields, row, strict=True))) for row in wanted)
    case.forget_rows("alternatives")
    return " → ".join("; ".join(" ".join(str(value) for value in row) for row in each) for each in (known, wanted))


def bodies_to_ask(case: Case) -> list[str]:
    """Who is asked for an opinion when this request is sent: the codes of the bodies."""
    if case.is_patrol:
        return []  # nobody travels and nobody decides
    asked = ["undss"] if convoy.un_travels(case) else []  # without consent OCHA asks it, and records what it says
    if not case.consent_partners:
        return asked
    asked = [*([] if case.is_urgent else [LOGISTICS]), *asked]
    return asked + (["ngo_adviser"] if case.organisation.is_ngo else [])


def take_over(made: Made, **_facts: Any) -> None:
    """A colleague goes on with it: from now on it is theirs. The first author is told."""
    first = made.case.created_by
    made.data["author"] = {"old": first.pk, "new": made.by.pk}
    made.set(created_by=made.by)
    made.tell(first)


def submit(made: Made, *, shared: Iterable[str] | None = None, **_facts: Any) -> None:
    """File the request: the bodies that must be asked are asked. `shared` are the consents that were given with it."""
    _says_who_asked(made)
    _consent(made, shared)
    made.set(submitted_at=made.now)
    _begin_rescue(made)
    keep_findings(made, RuleReading.Occasion.SUBMISSION)
    consult(made, [])
    draft_if_imposed(made)


def resubmit(made: Made, *, shared: Iterable[str] | None = None, **_facts: Any) -> None:
    """Send it again after a return, with the answer to the question that stands."""
    _says_who_asked(made)
    if not made.reason:
        made.need(_("Answer the question of OCHA in a sentence."))
    if len(made.reason) > LONGEST_ANSWER:
        made.need(_("The answer is longer than %(count)d characters.") % {"count": LONGEST_ANSWER})
    _consent(made, shared)
    _begin_rescue(made)
    keep_findings(made, RuleReading.Occasion.SUBMISSION)
    consult(made, list(made.case.consultations.all()))
    draft_if_imposed(made)


def _begin_rescue(made: Made) -> None:
    """By the urgent procedure it begins now, the coordinator sees it at once, and the full form is due in a day."""
    case = made.case
    if not case.is_rescue:
        return
    if case.un_on_board is None:
        made.set(un_on_board=case.organisation.is_un)
    made.set(departure_at=made.now, window_to=made.now + RESCUE_WINDOW, critical_by=made.now, rotations=1)
    made.set(forwarded_at=case.forwarded_at or made.now, form_due_at=case.form_due_at or made.now + FORM_WITHIN)


def _consent(made: Made, shared: Iterable[str] | None) -> None:
    """With whom it may be shared; who does not ask leaves it as it was said before."""
    if shared is not None:
        made.set(**{name: name in set(shared) for name in consents.NAMES})
    made.data["consent"] = consents.given(made.case)


def _says_who_asked(made: Made) -> None:
    """OCHA files for somebody else only with the source: who said it, how, when, before whom."""
    if made.grant and made.grant.perm == Perm.RECORD_FOR_OTHERS and made.on_behalf is None:
        made.need(str(WHO_ASKED))


def consult(made: Made, before: list[Consultation]) -> None:
    """Ask the bodies that must be asked; `before` are those that were asked already."""
    case = made.case
    known = {row.body for row in before}
    _ask_again(made, before)
    new = [
        Consultation(
            case=case, body=body, country_id=case.country_id, case_created_at=case.created_at, asked_at=made.now
        )
        for body in bodies_to_ask(case)
        if body not in known
    ]
    made.consultations = [*before, *new]
    made.data["consulted"] = [row.body for row in new]


def _ask_again(made: Made, rows: list[Consultation]) -> None:
    """Bodies whose answer is older than a material change of the returned request are asked anew."""
    for row in rows:
        ended = row.answered_at or row.lapsed_at
        if ended and filed.changed_materially(made.case, since=ended):
            row.answered_at = row.lapsed_at = None
            row.asked_at = made.now
            row.save(update_fields=["answered_at", "lapsed_at", "asked_at"])
            for person in telling.body_people(made.case, row.body):
                made.tell(person, "advise")


FULL_FORM = tuple(question.field for question in questions("EVAC", FORM))


def file_form(made: Made, **answers: Any) -> None:
    """The rest of what a request asks, once people are safe: within 24 hours of the call (domain.md §2.8)."""
    given = {name: answers.get(name) for name in FULL_FORM}
    missing = [name for name, value in given.items() if value is None or value == ""]
    if missing:
        made.need(_("Answer every question of the full form."))
    made.set(**given, form_due_at=None)
    made.data["changed"] = list(given)
    made.clocks_changed = True
    if made.case.status not in BEFORE_ANYTHING_ELSE:
        return
    known = {row.body for row in made.case.consultations.all()}
    if set(bodies_to_ask(made.case)) - known:
        consult(made, list(made.case.consultations.all()))


def recall(made: Made, **_facts: Any) -> None:
    """Back to a draft before anybody began the review; what was asked of others is taken back."""
    if made.case.opinions.exists():
        made.need(_("An opinion was given already; withdraw the request instead."))
    for person in telling.consulted(made.case):
        made.tell(person)
    made.case.consultations.all().delete()
    made.set(submitted_at=None, form_due_at=None, forwarded_at=None)
