"""How reference data changes: each change with an event that has old and new values; by two administrators where it
decides on rights or on whom people call (the fields that a model names in `second_administrator`).
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts import guarded, rights, scope
from cmcoord.accounts.beginning import locked, principal_of, stop_if
from cmcoord.accounts.guarded import value_of
from cmcoord.accounts.models import Organisation, ProposedChange, User
from cmcoord.accounts.roles import Perm
from cmcoord.activity import checks
from cmcoord.activity.services import PORTAL_STREAM, Tell, record


@dataclass(frozen=True)
class Subject:
    """A row of reference data as an event names it. A country has a code and no number: the stream says which."""

    activity_kind: str
    pk: int
    stream: str
    reference: str


def subject_of(row) -> Subject:
    """Raises AttributeError for a model that is no reference data."""
    country = row.pk if row.activity_kind == "country" else getattr(row, "country_id", None)
    number = 0 if row.activity_kind == "country" else row.pk
    return Subject(row.activity_kind, number, country or "portal", str(row))


def why_not_change(*, by: User) -> str:
    """May `by` correct reference data?"""
    return "" if scope.has_perm(by, Perm.MANAGE_ACCOUNTS) else _("Only a portal administrator can do this.")


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add(row: models.Model, *, by: User) -> models.Model:
    """A new row of reference data. Fields for a second administrator start at their default and are proposed."""
    stop_if(why_not_change(by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    wanted = {name: value_of(type(row), name).take_out(row) for name in guarded.names(row)}
    row.full_clean()
    row.save()
    _record(row, "reference.add", by=by, data={"values": _texts(row)})
    _propose(row, wanted, by=by)
    return row


@transaction.atomic
def change(row: models.Model, *, values: dict[str, Any], by: User) -> list[ProposedChange]:
    """Change these fields; what needs a second administrator is proposed instead, and returned. One event for the
    fields that change at once, one for each proposal; nothing for a value that is there already.
    """
    stop_if(why_not_change(by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    row = locked(row)
    names = guarded.names(row)
    changed = {}
    for name in (name for name in values if name not in names):
        field = value_of(type(row), name)
        old = field.text(row)
        field.set(row, values[name])
        if field.text(row) != old:
            changed[name] = {"old": old, "new": field.text(row)}
    if changed:
        row.full_clean()
        row.save()
        _record(row, "reference.change", by=by, data={"values": changed})
    return _propose(row, {name: values[name] for name in names if name in values}, by=by)


@transaction.atomic
def remove(row: models.Model, *, by: User) -> None:
    """Take a row away for good; only where nothing refers to it, as with a holiday."""
    stop_if(why_not_change(by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    row = locked(row)
    _record(row, "reference.remove", by=by, data={"values": _texts(row)})
    row.delete()


@transaction.atomic
def set_countries(organisation: Organisation, *, countries, by: User) -> None:
    """Where an organisation works; nobody is appointed for it elsewhere."""
    stop_if(why_not_change(by=by))
    rights.permit(by, Perm.MANAGE_ACCOUNTS)
    organisation = locked(organisation)
    old = sorted(organisation.countries.values_list("pk", flat=True))
    new = sorted(country.pk for country in countries)
    if old != new:
        organisation.countries.set(new)
        values = {"countries": {"old": ", ".join(old), "new": ", ".join(new)}}
        _record(organisation, "reference.change", by=by, data={"values": values})


def _propose(row, wanted: dict[str, Any], *, by: User) -> list[ProposedChange]:
    proposed = []
    for name, value in wanted.items():
        field = value_of(type(row), name)
        old = field.text(row)
        field.set(row, value)
        if field.text(row) == old:
            continue
        if name == "org_type" and row.people.exists():
            raise ValidationError({name: _("People have accounts in this organisation; its side is fixed.")})
        if waiting := _waiting(row, name):
            sentence = _("%(name)s has proposed another value already; it has to be confirmed or refused first.")
            raise ValidationError({name: sentence % {"name": waiting.by}})
        proposed.append(_ask_second(row, name, old=old, new=field.text(row), by=by))
    if proposed:
        others = {field.name for field in row._meta.fields} - set(wanted)
        row.clean_fields(exclude=others)  # nobody is asked to confirm what can never be
        row.clean()
    return proposed


def _ask_second(row, name: str, *, old: str, new: str, by: User) -> ProposedChange:
    proposal = ProposedChange.objects.create(
        model=row._meta.label_lower,
        key=str(row.pk),
        field=name,
        about=str(row)[:160],
        country_id=row.pk if row.activity_kind == "country" else getattr(row, "country_id", None),
        old=old,
        new=new,
        by=by,
        acting_for=principal_of(by, Perm.MANAGE_ACCOUNTS),
    )
    others = [person for person in scope.holders(Perm.CONFIRM_RIGHTS) if person.pk != by.pk]
    record(
        proposal,
        "reference.propose",
        by=by,
        acting_for=proposal.acting_for,
        data=_facts_of(proposal),
        tell=[Tell(person, "confirm_change") for person in others if person.pk != proposal.acting_for_id],
    )
    return proposal


# ── the second administrator ─────────────────────────────────────────────────────────────────────────────────────────


def why_not_confirm(proposal: ProposedChange, *, by: User) -> str:
    """May `by` confirm this change?"""
    if scope.grant_for(by, Perm.CONFIRM_RIGHTS) is None:
        return _("Only a portal administrator can do this.")
    if why := _over(proposal):
        return why
    if proposal.by_id == by.pk:
        return _("You proposed this change; a second administrator confirms it.")
    if proposal.acting_for_id == by.pk:
        return _("This change was proposed in your name; another administrator confirms it.")
    return scope.why_lapsed(proposal.by)


def why_not_refuse(proposal: ProposedChange, *, by: User) -> str:
    """May `by` refuse this change? Whoever proposed it may take it back in the same way."""
    if scope.grant_for(by, Perm.CONFIRM_RIGHTS) is None and proposal.by_id != by.pk:
        return _("Only a portal administrator can do this.")
    return _over(proposal)


def _over(proposal: ProposedChange) -> str:
    if proposal.confirmed_at:
        return _("%(name)s has confirmed this change already.") % {"name": proposal.confirmed_by}
    if proposal.refused_at:
        return _("%(name)s has refused this change already.") % {"name": proposal.refused_by}
    if proposal.void_at:
        return _("This change is void: the value it started from has changed meanwhile.")
    return ""


@transaction.atomic
def confirm(proposal: ProposedChange, *, by: User) -> ProposedChange:
    """The second administrator agrees, and the value changes; void when it is no longer the one it started from."""
    proposal = locked(proposal)
    stop_if(why_not_confirm(proposal, by=by) or checks.why_stopped(PORTAL_STREAM, in_detail=True))
    rights.permit(by, Perm.CONFIRM_RIGHTS)
    facts = _facts_of(proposal)
    stop_if(
        rights.why_not_asked(proposal, "reference.propose", facts, by=proposal.by_id, acting_for=proposal.acting_for_id)
    )
    row = target(proposal)
    value = value_of(type(row), proposal.field)
    if (found := value.text(row)) != proposal.old:
        return _make_void(proposal, found=found, by=by)
    if proposal.field == "org_type" and row.people.exists():
        raise PermissionDenied(_("People have accounts in this organisation; its side is fixed."))
    value.set_text(row, proposal.new)
    try:
        row.full_clean()
    except ValidationError as problem:
        raise PermissionDenied(
            _("Together with the other values of now this cannot be: %(why)s") % {"why": " ".join(problem.messages)}
        ) from problem
    value.save(row)
    proposal.confirmed_by, proposal.confirmed_at = by, timezone.now()
    proposal.save(update_fields=["confirmed_by", "confirmed_at"])
    record(proposal, "reference.confirm", by=by, data=_facts_of(proposal), tell=[Tell(proposal.by)])
    return proposal


def _make_void(proposal: ProposedChange, *, found: str, by: User) -> ProposedChange:
    proposal.void_at = timezone.now()
    proposal.save(update_fields=["void_at"])
    record(proposal, "reference.void", by=by, data=_facts_of(proposal) | {"found": found}, tell=[Tell(proposal.by)])
    return proposal


@transaction.atomic
def refuse(proposal: ProposedChange, *, by: User, reason: str) -> ProposedChange:
    """Everything stays as it is; the one who proposed it reads why."""
    proposal = locked(proposal)
    stop_if(why_not_refuse(proposal, by=by))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    proposal.refused_by, proposal.refused_at, proposal.reason = by, timezone.now(), reason
    proposal.save(update_fields=["refused_by", "refused_at", "reason"])
    record(proposal, "reference.refuse", by=by, data=_facts_of(proposal) | {"reason": reason}, tell=[Tell(proposal.by)])
    return proposal


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def target(proposal: ProposedChange) -> Any:
    """The row that a proposal is about, locked until the end of the transaction."""
    return apps.get_model(proposal.model)._default_manager.select_for_update().get(pk=proposal.key)


def waiting_for(row) -> list[ProposedChange]:
    """What is proposed for this row and waits."""
    return list(ProposedChange.objects.waiting().filter(model=row._meta.label_lower, key=str(row.pk)))


def in_words(proposals: list[ProposedChange]) -> list[dict[str, Any]]:
    """Each proposal as a page prints it: field, old and new value in the reader's language."""
    named = _names(proposals)
    return [
        {
            "proposal": each,
            "about": named.get((apps.get_model(each.model), each.key), each.about),
            "field": _value(each).label,
            "old": _value(each).shown(each.old, named),
            "new": _value(each).shown(each.new, named),
        }
        for each in proposals
    ]


def _value(proposal: ProposedChange) -> guarded.OneField:
    return value_of(apps.get_model(proposal.model), proposal.field)


def _names(proposals) -> dict[tuple[type, str], str]:
    """How the rows are called that proposals are about, or lead to: one query for each model."""
    keys: dict[Any, set] = {}
    for each in proposals:
        keys.setdefault(apps.get_model(each.model), set()).add(each.key)
        model, more = _value(each).leads_to(each.old, each.new)
        if model:
            keys.setdefault(model, set()).update(more)
    return {
        (model, str(row.pk)): str(row)
        for model, wanted in keys.items()
        for row in model._default_manager.filter(pk__in=wanted).select_related()
    }


# ── shared by the verbs above ────────────────────────────────────────────────────────────────────────────────────────


def _waiting(row, name: str) -> ProposedChange | None:
    return next((each for each in waiting_for(row) if each.field == name), None)


def _texts(row) -> dict[str, str]:
    """Every field of a row, as its event keeps it."""
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return {field.name: value_of(type(row), field.name).text(row) for field in fields}


def _record(row, kind: str, *, by: User, data: dict) -> None:
    principal = principal_of(by, Perm.MANAGE_ACCOUNTS)
    record(subject_of(row), kind, by=by, acting_for=principal, data=data | {"url": reverse("accounts:changes")})


def _facts_of(proposal: ProposedChange) -> dict:
    return {
        "model": proposal.model,
        "key": proposal.key,
        "values": {proposal.field: {"old": proposal.old, "new": proposal.new}},
    }
