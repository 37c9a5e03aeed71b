"""What is asked about a body, about one of its seats, about who takes it, and about missing liaison?"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import AdminArea, Country, DutyStation
from cmcoord.places.search_words import words_of
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput
from contacts import seating
from contacts.forms import CHOOSE
from contacts.models import Body, Force, MissingLiaison, Post, Seat

SHOWN = 60  # posts in one list; a word narrows it


def _rows(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    """A field that offers rows of the database."""
    return cast(forms.ModelChoiceField, form.fields[name])


class BodyForm(forms.ModelForm):
    """A new body of a country, or one that is corrected; its kind and country stay."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often it meets"), choices=[("", gettext_lazy("not said")), *Body.Every.choices],
        required=False,
    )  # fmt: skip
    security_forces = forms.BooleanField(
        label=gettext_lazy("Internal security forces may be seated"), required=False,
        help_text=gettext_lazy("In certain locations they take part in a cell (CAR-CMC §10); no account comes of it."),
    )  # fmt: skip
    authorities = forms.BooleanField(label=gettext_lazy("Local authorities may be seated"), required=False)

    class Meta:
        model = Body
        fields = ["kind", "name_en", "name_fr", "station", "parent"]

    def __init__(self, data=None, *, country: Country, back: str, instance: Body | None = None, **kwargs):
        super().__init__(data, instance=instance, **kwargs)
        self.country, self.back = country, back
        _rows(self, "station").queryset = DutyStation.objects.filter(country=country, active=True).order_by("name")
        _rows(self, "parent").queryset = (
            Body.objects.standing().filter(country=country).exclude(pk=instance.pk if instance else None)
        )
        _rows(self, "station").empty_label, _rows(self, "parent").empty_label = _("national"), _("none")
        _rows(self, "kind").choices = [("", _("Choose")), *Body.Kind.choices]
        if instance:
            del self.fields["kind"]
            self.initial |= {"every": (instance.cadence or {}).get("every", "")} | instance.rules

    def _post_clean(self) -> None:
        """The service checks the whole body; a form that wrote on the row would check half of it."""

    def facts(self) -> dict[str, Any]:
        """As services.open_body and services.change_body take them."""
        found = self.cleaned_data
        names = [name for name in self.Meta.fields if name in found]
        every = found["every"]
        rules = {switch: True for switch in Body.SWITCHES if found[switch]}
        return {name: found[name] for name in names} | {
            "country": self.country, "rules": rules, "cadence": {"every": every} if every else None
        }  # fmt: skip

    @property
    def helper(self):
        kind = [] if self.instance.pk else ["kind"]
        return form_helper(
            Section(_("The body"), *kind, Pair("name_en", "name_fr"), Pair("station", "parent"), "every"),
            Section(_("Who else may be seated"), "security_forces", "authorities"),
            Acts(Act(_("Save")), Way(_("Back"), self.back)),
        )


class SeatForm(forms.ModelForm):
    """One more seat."""

    class Meta:
        model = Seat
        fields = ["kind", "function_en", "function_fr", "category", "mandatory", "several"]
        help_texts = {"function_en": gettext_lazy("What the seat stands for: “Security”. Never a name.")}

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    def _post_clean(self) -> None:
        """The service checks the whole seat, with its body."""

    @property
    def helper(self):
        return form_helper(
            Section(
                _("The seat"), Pair("kind", "category"), Pair("function_en", "function_fr"), "mandatory", "several"
            ),
            Acts(Act(_("Add the seat")), Way(_("Back"), self.back)),
        )


class PostChoice(forms.ModelChoiceField):
    """A post by function, organisation and place; a list of at most SHOWN, any post of the country accepted."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.function}, {post.organisation} ({post.station})"


class TakeForm(forms.Form):
    """Who takes a seat: an organisation, through one of its posts, or a designate with a reason."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), required=False,
        error_messages={"invalid_choice": CHOOSE}, help_text=gettext_lazy("Empty: the organisation of the post."),
    )  # fmt: skip
    post = PostChoice(
        Post.objects.none(), label=gettext_lazy("Through the post"), required=False,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    designate = PostChoice(
        Post.objects.none(), label=gettext_lazy("Designate"), required=False,
        error_messages={"invalid_choice": CHOOSE},
        help_text=gettext_lazy("Who takes it in place of the one whose seat it is."),
    )  # fmt: skip
    designate_reason = forms.CharField(label=gettext_lazy("Why a designate"), max_length=200, required=False)
    starts = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())

    def __init__(self, data=None, *, seat: Seat, back: str, words: str = "", **kwargs):
        super().__init__(data, **kwargs)
        self.seat, self.back = seat, back
        country = seat.body.country
        profile = country.profile_on()
        active = Organisation.objects.filter(countries=country, active=True).order_by("acronym")
        allowed = [row.pk for row in active if not seating.why_not_take(seat, row, profile)]
        _rows(self, "organisation").queryset = active.filter(pk__in=allowed)
        posts = Post.objects.standing().filter(country=country).select_related("organisation", "station")
        self._offer("post", posts.filter(organisation__in=allowed), words)
        self._offer("designate", posts, words)

    def _offer(self, name: str, posts, words: str) -> None:
        """Any of these posts is taken; shown are the first ones, of the body's station first where it has one."""
        field = cast(PostChoice, self.fields[name])
        field.queryset = posts
        shown = posts
        if words:
            for word in words_of(words):
                shown = shown.filter(search_text__contains=word)
        elif self.seat.body.station_id:
            shown = posts.filter(station=self.seat.body.station_id)
        rows = list(shown.order_by("function", "pk")[:SHOWN])
        chosen = self.data.get(name) if self.is_bound else None
        if (
            chosen
            and chosen.isascii()
            and chosen.isdigit()
            and len(chosen) < 19
            and all(str(row.pk) != chosen for row in rows)
        ):
            rows += posts.filter(pk=int(chosen))
        field.choices = [("", _("none")), *((row.pk, field.label_from_instance(row)) for row in rows)]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("organisation") and found.get("post"):
            found["organisation"] = found["post"].organisation
        if not found.get("organisation") and not self.errors:
            raise ValidationError({"organisation": _("Choose an organisation or one of its posts.")})
        return found

    @property
    def helper(self):
        note = Note(_("Posts of this duty station are listed; another word finds others."))
        return form_helper(
            Section(
                _("Who takes it"), Pair("organisation", "starts"), note, Pair("post", "designate"), "designate_reason"
            ),
            Acts(Act(_("Take the seat")), Way(_("Back"), self.back)),
        )


class LiaisonForm(forms.ModelForm):
    """Where liaison is missing."""

    class Meta:
        model = MissingLiaison
        fields = ["area", "wanted", "force", "note"]
        help_texts = {"note": gettext_lazy("Who said so and when: “Access analysis, third quarter”.")}

    def __init__(self, data=None, *, country: Country, **kwargs):
        super().__init__(data, **kwargs)
        _rows(self, "area").queryset = AdminArea.objects.current().filter(country=country).order_by("name")
        _rows(self, "force").queryset = Force.objects.present(country)
        _rows(self, "area").empty_label, _rows(self, "force").empty_label = _("Choose"), _("none")
        _rows(self, "wanted").choices = [("", _("Choose")), *MissingLiaison.Wanted.choices]

    def _post_clean(self) -> None:
        """The service checks the whole row."""

    @property
    def helper(self):
        return form_helper(
            Section(_("Write down where liaison is missing"), Pair("area", "wanted"), Pair("force", "note")),
            Acts(Act(_("Write it down"), kind="line")),
        )
