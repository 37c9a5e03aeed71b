"""By which input is each question of questions.py answered?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.places.models import Axis, Place, telephone_format
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, LongText, TelephoneInput
from contacts.models import Force
from requests_app.forms.fields import (
    CHOOSE,
    LocalMoment,
    RisksField,
    WhereField,
    WholeNumber,
    Words,
    YesOrNo,
    from_list,
)
from requests_app.models import Case
from requests_app.models.terms import AssetCategory, Patients, PatrolReason, Triage, Urgency
from requests_app.questions import RISK_TEXTS, WORKS, Question

if TYPE_CHECKING:
    from requests_app.forms.steps import StepForm


def _text(form: StepForm, question: Question) -> forms.Field:
    return Words(max_length=Case._meta.get_field(question.field).max_length, widget=LongText(rows=3))


def _number(lowest: int, highest: int) -> Callable:
    return lambda form, question: WholeNumber(lowest=lowest, highest=highest)


def _moment(form: StepForm, question: Question) -> forms.Field:
    return LocalMoment(zone=form.zone)


def _urgency(form: StepForm, question: Question) -> forms.Field:
    return forms.ChoiceField(choices=Urgency.choices, widget=ChoiceBoxes, error_messages={"invalid_choice": CHOOSE})


def _organisation(form: StepForm, question: Question) -> forms.Field:
    field = from_list(organisations_to_file_for(form.user, form.case.country_id))
    field.empty_label = None
    return field


def _place(form: StepForm, question: Question) -> forms.Field:
    return from_list(Place.objects.filter(country=form.case.country_id).order_by("folded_name"))


def _axis(form: StepForm, question: Question) -> forms.Field:
    return from_list(Axis.objects.filter(country=form.case.country_id).order_by("name"))


def _force(form: StepForm, question: Question) -> forms.Field:
    here = Q(country=form.case.country_id)
    still = Q(active_to=None) | Q(active_to__gte=form.today) | Q(pk=form.case.force_id)
    found = from_list(Force.objects.filter(here & still).order_by("acronym"))
    found.empty_label = _("not known yet")
    return found


def _yes_or_no(form: StepForm, question: Question) -> forms.Field:
    return YesOrNo()


def _asset(form: StepForm, question: Question) -> forms.Field:
    offered = [each for each in AssetCategory.choices if each[0] in ASSETS_OF[form.case.request_type]]
    return forms.ChoiceField(choices=[("", _("Choose")), *offered], error_messages={"invalid_choice": CHOOSE})


def _where(form: StepForm, question: Question) -> forms.Field:
    return WhereField(form.case.country_id, form.today)


def _risks(form: StepForm, question: Question) -> forms.Field:
    return RisksField(form.case.request_type)


def _one_of(choices: type[models.TextChoices]) -> Callable:
    return lambda form, question: forms.ChoiceField(
        choices=choices.choices, widget=ChoiceLine, error_messages={"invalid_choice": CHOOSE}
    )


def _passengers(form: StepForm, question: Question) -> forms.Field:
    return WholeNumber(lowest=1 if form.case.is_rescue else 0, highest=1000)


def _telephone(form: StepForm, question: Question) -> forms.Field:
    return Words(max_length=40, widget=TelephoneInput(), validators=[telephone_format])


def _tick(form: StepForm, question: Question) -> forms.Field:
    return forms.BooleanField()


# What may be asked for by which type of request.
ASSETS_OF = {"MCDA-LOG": set(AssetCategory.values) - set(WORKS), "MCDA-INF": {*WORKS, "manpower", "other"}}

# How each question is asked; alternatives are rows beside the form.
INPUTS: dict[str, Callable[[StepForm, Question], forms.Field]] = {
    "urgency": _urgency,
    "organisation": _organisation,
    "need": _text,
    "people": _number(1, 10_000_000),
    "critical_by": _moment,
    "origin": _place,
    "destination": _place,
    "axis": _axis,
    "departure_at": _moment,
    "window_to": _moment,
    "rotations": _number(1, 20),
    "vehicles": _number(1, 100),
    "cargo": _text,
    "no_weapons": _tick,
    "un_on_board": _yes_or_no,
    "force": _force,
    "why_safer": _text,
    "neutrality": _text,
    "exit_plan": _text,
    "asset_category": _asset,
    "asset_quantity": _number(1, 100),
    "capability_needed": _text,
    "where": _where,
    "passenger_count": _passengers,
    "civilian_within_hour": _yes_or_no,
    "patients": _one_of(Patients),
    "triage": _one_of(Triage),
    "patrol_reason": _one_of(PatrolReason),
    "movements_count": _number(1, 500),
    "mixed_patrol": _yes_or_no,
    "call_back": _telephone,
    "risks": _risks,
    "mitigation": _text,
    **dict.fromkeys(RISK_TEXTS, _text),
}


def organisations_to_file_for(user: User, country: str):
    """One's own organisations with the right to file in a country; for OCHA also those that it may record for."""
    own = {g.organisation_id for g in scope.grants(user) if g.perm == Perm.FILE_CASE and g.country == country}
    allowed = Q(pk__in=own)
    if any(g.perm == Perm.RECORD_FOR_OTHERS and g.country == country for g in scope.grants(user)):
        others = Q(countries=country, active=True) & ~Q(org_type__in=SIDE_OF_TYPE) & ~Q(pk=user.organisation_id)
        allowed |= Q(pk__in=Organisation.objects.filter(others).values("pk"))
    return Organisation.objects.filter(allowed).order_by("acronym")
