"""How a request is reviewed, asked about, advised on and talked about before the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import CLUSTERS
from cmcoord.activity.models import Reminder
from requests_app import consensus, guards, telling
from requests_app.models import Alternative, Assessment, Comment, Move, Opinion, SupportLevel
from requests_app.questions import REVIEW, questions
from requests_app.services.made import Made

OPINIONS = {
    "advise_cluster": ("endorsed", "not_priority", "civilian"),
    "advise_security": ("favourable", "measures", "unfavourable"),
    "advise_ngo": ("favourable", "measures", "unfavourable"),
    "decide_security": ("favourable", "measures", "unfavourable"),
}
BODY_OF = {"advise_security": "undss", "advise_ngo": "ngo_adviser", "decide_security": "own_security"}


def needs_reason(made: Made, **_facts: Any) -> None:
    """A step back or an end is explained to the people whom it stops."""
    if not made.reason:
        made.need(_("Say why in a sentence."))


NEEDED = {"support_level", "provider_kind", "escort_mode", *Assessment.CRITERIA}


def assess(
    made: Made, *, criteria_text: str = "", support_text: str = "", clusters: Iterable[str] = (), **found: Any
) -> None:
    """OCHA's own findings: one row more; a criterion that is not met is explained."""
    asked = {question.field for question in questions(made.case, REVIEW)}
    if any(not found.get(name) for name in asked & NEEDED):
        made.need(_("Answer every question of the review."))
    answers = {name: value for name, value in found.items() if name in asked}
    common: dict[str, Any] = {"case": made.case, "by": made.by, "at": made.now}
    texts = {"criteria_text": criteria_text.strip(), "support_text": support_text.strip()}
    row = Assessment(clusters=sorted(clusters), **texts, **common, **answers)
    if not row.clusters or set(row.clusters) - set(CLUSTERS):
        made.need(_("Choose at least one cluster."))
    if not row.all_met and not row.criteria_text:
        made.need(_("Say why it is still exceptional and unavoidable although not all four criteria are met."))
    if row.support_level == SupportLevel.DIRECT and not row.support_text:
        made.need(_("Direct assistance needs a justification: say why."))
    row.save()
    made.data |= {"support_level": row.support_level, "escort_mode": row.escort_mode, "clusters": row.clusters}
    made.data |= {name: getattr(row, name) for name in Assessment.CRITERIA}
    made.secret["risk"] = f"{row.risk_without} → {row.risk_with}"


def appeal(made: Made, **_facts: Any) -> None:
    """The one appeal, with new facts; the earlier decision stays as a row, and binds no longer."""
    if not made.reason:
        made.need(_("An appeal needs new facts."))
    made.set(decision=None, ends_at=None)  # a request denied while it was suspended had both


def withdraw(made: Made, *, reason_code: str = "", **_facts: Any) -> None:
    """The organisation needs it no more. Solved without the military is a success of its own (domain.md §2.2)."""
    if reason_code and reason_code not in Move.ReasonCode.values:
        made.need(_("Choose one of the reasons."))
    made.reason_code = reason_code
    if reason_code:
        made.data["reason_code"] = reason_code


def civilian(made: Made, **_facts: Any) -> None:
    """A success: closed because a cluster meets the need by civilian means, or an alternative was found available.

    Of each cluster the newest opinion counts: what it has taken back is no basis any more.
    """
    needs_reason(made)
    newest = {row.body: row.value for row in made.case.opinions.order_by("id")}
    found = Opinion.Value.CIVILIAN in newest.values()
    made.data["basis"] = "cluster" if found else "alternative"
    if not found and not made.case.alternatives.filter(outcome=Alternative.Outcome.AVAILABLE).exists():
        Alternative.objects.create(
            case=made.case,
            option=Alternative.Option.OTHER,
            tried_on=timezone.localdate(made.now, made.case.country.zone),
            outcome=Alternative.Outcome.AVAILABLE,
            note=made.reason[:300],
        )


def consult(made: Made, *, cluster: str, **_facts: Any) -> None:
    """OCHA asks a further cluster."""
    if cluster not in CLUSTERS:
        made.need(_("This cluster is not known."))
    body = f"cluster:{cluster}"
    if body in made.case.consulted_bodies():
        made.need(_("This cluster was asked already."))
    made.case.consultations.create(
        body=body,
        country_id=made.case.country_id,
        case_created_at=made.case.created_at,
        asked_by=made.by,
        asked_at=made.now,
    )
    made.clocks_changed = True
    made.data["consulted"] = [body]
    for person in telling.body_people(made.case, body):
        made.tell(person, "advise")


def share(made: Made, *, person: User, **_facts: Any) -> None:
    """OCHA consults one person on this one case; force and mission accounts cannot be named."""
    if person.side != "humanitarian" or not person.is_active:
        made.need(_("Only active people of the humanitarian side can be consulted."))
    if made.case.country_id not in {grant.country for grant in scope.grants(person)}:
        made.need(_("This person has no role in the country of this request."))
    scope.share(made.case, "view_case", user=person)
    made.data["person"] = person.function_title or str(person)
    made.tell(person, "read")


def advise(made: Made, *, value: str, text: str = "", analysis: str = "", **_facts: Any) -> None:
    """One opinion under its own signature; the newest of a body counts, the earlier ones stay."""
    code = made.line.code
    if value not in OPINIONS[code]:
        made.need(_("Choose one of the opinions."))
    if not text and value not in ("endorsed", "favourable"):
        made.need(_("Say why in a sentence."))
    body = BODY_OF.get(code) or f"cluster:{_cluster_of(made)}"
    Opinion.objects.create(
        case=made.case, body=body, value=value, text=text, reference=analysis, at=made.now, **made.signature
    )
    for row in made.case.consultations.all():
        if row.body == body and row.answered_at is None:
            row.answered_at = made.now
            row.save(update_fields=["answered_at"])
            made.clocks_changed = True
    made.data |= {"body": body, "value": value}
    made.secret["text"] = text


def _cluster_of(made: Made) -> str:
    """The cluster that speaks: of the adviser's appointment, or the one asked if OCHA records it."""
    if made.on_behalf and made.on_behalf.person:
        grant = scope.grant_for(made.on_behalf.person, "advise_cluster", made.case)
        return grant.cluster if grant else "LOG"
    if made.grant and made.grant.cluster:
        return made.grant.cluster
    asked = sorted(body.partition(":")[2] for body in made.case.consulted_bodies() if body.startswith("cluster:"))
    if not asked:
        made.need(_("No cluster was asked about this request."))
    if len(asked) > 1:
        made.need(_("Several clusters were asked: name the person who said it."))
    return asked[0]


def ask(made: Made, *, text: str, **_facts: Any) -> None:
    """The Humanitarian Coordinator asks OCHA a question without returning the case."""
    _comment(made, text=text, audience=Comment.Audience.DECISION, is_question=True)


def answer(made: Made, *, text: str, **_facts: Any) -> None:
    """OCHA answers the oldest open question."""
    question = (
        made.case.comments.filter(is_question=True, audience="decision", replies__isnull=True).order_by("id").first()
    )
    _comment(made, text=text, audience=Comment.Audience.DECISION, answers=question)


AUDIENCE_PEOPLE: dict[str, tuple[str, ...]] = {
    Comment.Audience.OCHA: ("ocha",),
    Comment.Audience.REQUESTER: ("ocha", "requester"),
    Comment.Audience.DECISION: ("ocha", "decider"),
    Comment.Audience.TEAM: ("ocha", "decider", "team"),
    Comment.Audience.EVERYBODY: ("ocha", "requester", "decider", "consulted"),
}


def comment(made: Made, *, audience: str, text: str, is_question: bool = False, **_facts: Any) -> None:
    """A remark for an audience chosen before typing. Nobody writes to an audience that they do not belong to."""
    if audience not in audiences_for(made.case, made.by):
        made.need(_("You cannot write to this audience."))
    _comment(made, text=text, audience=audience, is_question=is_question)
    made.tells += telling.audience(made.case, [(name, "") for name in AUDIENCE_PEOPLE[audience]])


def _comment(made: Made, *, text: str, audience: str, is_question: bool = False, answers=None) -> None:
    if not text.strip():
        made.need(_("Write something first."))
    Comment.objects.create(
        case=made.case, audience=audience, text=text, is_question=is_question, answers=answers, by=made.by, at=made.now
    )
    made.data["audience"] = audience
    made.secret["text"] = text


def audiences_for(case, user) -> list[str]:
    """The audiences to which this person belongs on this case, the narrowest first."""
    is_ocha = any(scope.has_perm(user, perm, case) for perm in ("review_case", "clear_case"))
    is_decider = any(scope.has_perm(user, perm, case) for perm in ("decide_case", "read_forwarded"))
    is_requester = scope.has_perm(user, "file_case", case)
    found = []
    if is_ocha:
        found.append(Comment.Audience.OCHA)
    if is_ocha or is_requester:
        found.append(Comment.Audience.REQUESTER)
    if is_ocha or is_decider:
        found.append(Comment.Audience.DECISION)
    if consensus.reads_positions(user, case):
        found.append(Comment.Audience.TEAM)
    return [*found, Comment.Audience.EVERYBODY]


def confirm_record(made: Made, **_facts: Any) -> None:
    """The person confirms what OCHA recorded for them."""
    row = guards.record_awaits(made.case, made.by)
    row.confirmed_at = made.now
    row.save(update_fields=["confirmed_at"])
    made.data |= {"act": row.act}
    _no_more_confirmation(made, row)
    made.tell(row.recorded_by)


def dispute_record(made: Made, **_facts: Any) -> None:
    """The person says that it was recorded wrongly: OCHA and the recorder are called."""
    if not made.reason:
        made.need(_("Say what is wrong."))
    row = guards.record_awaits(made.case, made.by)
    row.disputed_at, row.dispute = made.now, made.reason[:400]
    row.save(update_fields=["disputed_at", "dispute"])
    made.data |= {"act": row.act}
    _no_more_confirmation(made, row)
    made.tell(row.recorded_by, "act")


def _no_more_confirmation(made: Made, row) -> None:
    Reminder.objects.open_for(made.case).filter(key=f"confirm.{row.pk}").update(void_at=made.now)
