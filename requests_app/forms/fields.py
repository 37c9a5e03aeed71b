"""What kinds of answers are there when a request is written, and what is wrong with what was typed?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.places.models import AdminArea, Axis
from cmcoord.ui.widgets import ChoiceLine, MomentInput
from cmcoord.ui.words import cleaned
from requests_app import last_resort, uploads

CHOOSE = gettext_lazy("Choose one from the list.")
STILL_MISSING = gettext_lazy("This answer is still missing.")


class Words(forms.CharField):
    """A text without unseen signs; too long a text says by how much."""

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(max_length=max_length, strip=False, **kwargs)
        self.error_messages["max_length"] = gettext_lazy(
            "Please shorten this: at most %(limit_value)d characters, it has %(show_value)d."
        )
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = self.error_messages["max_length"]

    def to_python(self, value):
        text = cleaned(str(value or ""))
        return " ".join(text.split("\n")) if isinstance(self.widget, forms.TextInput) else text


class WholeNumber(forms.IntegerField):
    """A number as people write it: 4200, 4 200 or 4,200."""

    def __init__(self, *, lowest: int, highest: int, **kwargs):
        sentence = _("Write a number from %(lowest)s to %(highest)s.") % {
            "lowest": lowest,
            "highest": number_format(highest, force_grouping=True),
        }
        example = {"placeholder": f"{lowest}–{number_format(highest, force_grouping=True)}"}
        super().__init__(
            min_value=lowest,
            max_value=highest,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 14, **example}),
            error_messages={"invalid": _("Write a whole number, for example 4200.")},
            **kwargs,
        )
        for validator in self.validators:
            validator.message = sentence

    def to_python(self, value):
        text = "".join(cleaned(str(value or "")).split()).replace("'", "").replace("’", "")
        head, *groups = text.replace(".", ",").split(",")
        if groups and 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups):
            text = head + "".join(groups)
        return super().to_python(text)


class LocalMoment(forms.DateTimeField):
    """A date and time on the clocks of the station's country, kept as the same moment everywhere."""

    def __init__(self, *, zone: ZoneInfo, **kwargs):
        self.zone = zone
        sentence = _("Write a date and a time, for example 2026-11-28 05:30.")
        super().__init__(widget=MomentInput(), error_messages={"invalid": sentence}, **kwargs)

    def to_python(self, value):
        with timezone.override(self.zone):
            moment = super().to_python(cleaned(value) if isinstance(value, str) else value)
        if moment and not 2000 <= moment.year <= 2100:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def prepare_value(self, value):
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.make_naive(value, self.zone)
        return value


class Upload(forms.FileField):
    """One paper, checked by its content."""

    def __init__(self, *, attached: int, **kwargs):
        self.attached = attached
        super().__init__(
            widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
            error_messages={"empty": _("This file is empty."), "invalid": _("Choose the file again, please.")},
            **kwargs,
        )

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return uploads.checked(upload, attached=self.attached) if upload else None


class FromList(forms.ModelChoiceField):
    """One of the rows that are offered; anything else is answered in the same sentence."""

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, error_messages={"invalid_choice": CHOOSE}, required=False, **kwargs)
        self.validate_no_null_characters = ProhibitNullCharactersValidator(message=CHOOSE)


class YesOrNo(forms.TypedChoiceField):
    """Yes, no, or no answer yet: True, False or None."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=ChoiceLine,
            error_messages={"invalid_choice": CHOOSE},
            **kwargs,
        )


class WhereField(forms.ChoiceField):
    """The area to which a request is limited: an axis or an administrative area of the country."""

    def __init__(self, country: str, today: date, **kwargs):
        axes = [(f"axis-{row.pk}", str(row)) for row in Axis.objects.filter(country=country).order_by("name")]
        areas = AdminArea.objects.filter(country=country).valid_on(today).order_by("name")
        groups = [(_("An axis"), axes), (_("A whole area"), [(f"area-{row.pk}", str(row)) for row in areas])]
        super().__init__(
            choices=[("", _("Choose")), *groups], error_messages={"invalid_choice": CHOOSE}, required=False, **kwargs
        )

    def in_words(self, text: str) -> str:
        """One answer as a browser sends it, in words."""
        return str(next(filter(None, self.columns(text).values()), ""))

    @staticmethod
    def columns(text: str) -> dict[str, Any]:
        """The two columns that hold the answer; of both one is empty."""
        kind, _dash, pk = text.partition("-")
        return {
            "axis": Axis.objects.filter(pk=pk).first() if kind == "axis" else None,
            "area": AdminArea.objects.filter(pk=pk).first() if kind == "area" else None,
        }


class RisksField(forms.MultipleChoiceField):
    """What is true of a request, as codes in the order of the list; nothing is true, or some of it is."""

    def __init__(self, kind: str, **kwargs):
        wrong = dict.fromkeys(("invalid_choice", "invalid_list"), CHOOSE)
        super().__init__(
            choices=last_resort.choices(kind), widget=forms.CheckboxSelectMultiple, error_messages=wrong,
            required=False, **kwargs,
        )  # fmt: skip

    def clean(self, value):
        chosen = super().clean(value)
        if last_resort.NONE in chosen and len(set(chosen)) > 1:
            raise forms.ValidationError(_("Either something of this is true, or nothing: take one tick away."))
        return [code for code, _label in self.choices if code in chosen]


def from_list(queryset) -> FromList:
    return FromList(queryset, empty_label=_("Choose"))
