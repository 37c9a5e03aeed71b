"""What is asked about an action point, a step with it, a contact with a force, and what goes upwards?"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import Organisation
from cmcoord.meetings.following import Step
from cmcoord.meetings.models import Escalation, LiaisonContact
from cmcoord.meetings.models.points import Point, Priority
from cmcoord.ui.layout import Act, Acts, Note, Only, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceLine, DayInput, LongText
from contacts.forms import CHOOSE
from contacts.models import Body, Post
from requests_app.forms.fields import Words

SHOWN = 80  # posts in one list


class PostOfOwner(forms.ModelChoiceField):
    """A post by organisation, function and place: of those organisations alone that can be asked."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.organisation} · {post.function} ({post.station})"


class Owned(forms.Form):
    """Who does it: an organisation of the table, or one of its posts."""

    owner_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Responsible organisation"), required=False,
        empty_label=gettext_lazy("that of the post"), error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    owner_post = PostOfOwner(
        Post.objects.none(), label=gettext_lazy("Through the post"), required=False,
        empty_label=gettext_lazy("no post named"), error_messages={"invalid_choice": CHOOSE},
        help_text=gettext_lazy("With a post named, the point goes on to whoever holds the post next."),
    )  # fmt: skip

    def __init__(self, data=None, *, body: Body, owners, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.body, self.back = body, back
        cast(forms.ModelChoiceField, self.fields["owner_organisation"]).queryset = owners
        posts = Post.objects.standing().filter(country=body.country_id, organisation__in=owners.order_by())
        field = cast(PostOfOwner, self.fields["owner_post"])
        field.queryset = posts.select_related("organisation", "station")
        near = posts.filter(station=body.station_id) if body.station_id else posts
        rows = near.select_related("organisation", "station").order_by("organisation__acronym", "function", "pk")
        field.choices = [("", _("no post named")), *((row.pk, field.label_from_instance(row)) for row in rows[:SHOWN])]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("owner_organisation") and found.get("owner_post"):
            found["owner_organisation"] = found["owner_post"].organisation
        if not found.get("owner_organisation") and "owner_organisation" not in self.errors:
            self.add_error("owner_organisation", _("Choose who does it."))
        return found


class OwnerForm(Owned):
    """Who does it from now on, and why."""

    reason = Words(label=gettext_lazy("Why"), max_length=600, widget=LongText({"rows": 2}))

    @property
    def helper(self):
        return form_helper(
            Section(_("Who does it from now on"), Pair("owner_organisation", "owner_post"), "reason"),
            Acts(Act(_("Give it to them")), Way(_("Back"), self.back)),
        )


class PointForm(Owned):
    """A new action point: what, who, by when."""

    words = Words(label=gettext_lazy("What is to be done"), max_length=400, widget=LongText({"rows": 2}))
    due = forms.DateField(label=gettext_lazy("Deadline"), widget=DayInput())
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial="normal", widget=ChoiceLine()
    )
    needs_evidence = forms.BooleanField(label=gettext_lazy("Closing it needs evidence"), required=False)
    needs_check = forms.BooleanField(label=gettext_lazy("Another person checks that it is done"), required=False)

    def __init__(self, data=None, *, internal: bool, **kwargs):
        super().__init__(data, **kwargs)
        self.internal = internal

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("priority") != "high":
            found["needs_evidence"] = found["needs_check"] = False
        return found

    @property
    def helper(self):
        who = (
            _("Only the humanitarian side learns of this point.")
            if self.internal
            else _("Everybody who sits in this body reads this point, the forces too.")
        )
        return form_helper(
            Section(
                _("The action point"), Note(who), "words", Pair("owner_organisation", "owner_post"), "due", "priority",
                Only("priority", "high", "needs_evidence", "needs_check"),
            ),
            Acts(Act(_("Write it down")), Way(_("Back"), self.back)),
        )  # fmt: skip


class StepForm(forms.Form):
    """Where a point stands: one sentence, and a button for what is meant."""

    marks_optional = False
    comment = Words(label=gettext_lazy("In one sentence"), max_length=600, required=False, widget=LongText({"rows": 2}))
    evidence = Words(
        label=gettext_lazy("What shows that it is done"), max_length=600, required=False,
        help_text=gettext_lazy("A document, a place, a date: where somebody else finds it."),
    )  # fmt: skip
    due = forms.DateField(label=gettext_lazy("New deadline"), widget=DayInput(), required=False)

    def __init__(self, data=None, *, point: Point, choices: list[Step], **kwargs):
        super().__init__(data, **kwargs)
        self.point, self.choices = point, choices
        names = {step.name for step in choices}
        if not (point.needs_evidence and "close" in names):
            del self.fields["evidence"]
        if "postpone" not in names:
            del self.fields["due"]

    @property
    def helper(self):
        everybody = _("Everybody who sits in this body reads what you write here, the forces too.")
        note = [Note(everybody)] if self.point.activity_kind == "point" else []
        return form_helper(
            Section(_("Where does it stand?"), *note, *self.fields),
            Acts(*(Act(step.label, "step", step.name, kind=step.kind) for step in self.choices)),
        )


class ContactForm(forms.Form):
    """One contact made: four fields, of which two are chosen already."""

    marks_optional = False
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("With"), empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    means = forms.ChoiceField(
        label=gettext_lazy("How"), choices=LiaisonContact.Means.choices, initial="telephone", widget=ChoiceLine()
    )
    subject = Words(label=gettext_lazy("On what"), max_length=300)
    with_whom = Words(
        label=gettext_lazy("With which function"), max_length=120, required=False,
        help_text=gettext_lazy("A function, never a name."),
    )  # fmt: skip
    follow_up = Words(label=gettext_lazy("What follows"), max_length=300, required=False)
    follow_up_due = forms.DateField(label=gettext_lazy("By when"), widget=DayInput(), required=False)

    def __init__(self, data=None, *, body: Body, action: str, **kwargs):
        super().__init__(data, **kwargs)
        self.action = action
        there = Organisation.objects.filter(countries=body.country_id, active=True).order_by("acronym", "name")
        forces = [row for row in there if row.side != "humanitarian"]
        others = [row for row in there if row.side == "humanitarian"]
        field = cast(forms.ModelChoiceField, self.fields["organisation"])
        field.queryset = there
        field.choices = [
            ("", _("Choose")),
            (_("Forces, mission, authorities, donors"), [(row.pk, str(row)) for row in forces]),
            (_("Humanitarians"), [(row.pk, str(row)) for row in others]),
        ]

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Contact made"), Pair("organisation", "subject"), "means", Pair("with_whom", "follow_up"),
                "follow_up_due",
            ),
            Acts(Act(_("Write it down"))), action=self.action,
        )  # fmt: skip


class SettleForm(forms.Form):
    """What came of what was to follow?"""

    words = Words(label=gettext_lazy("What was done"), max_length=300)

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper("words", Acts(Act(_("Tick it off")), Way(_("Back"), self.back)))


class EscalateForm(forms.Form):
    why = Words(
        label=gettext_lazy("Why the cell cannot settle it"), max_length=600, widget=LongText({"rows": 3}),
        help_text=gettext_lazy("The Humanitarian Coordinator and the Head of Office read it; no other side does."),
    )  # fmt: skip

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(_("To the strategic level"), "why"), Acts(Act(_("Escalate")), Way(_("Back"), self.back))
        )


class AnswerForm(forms.Form):
    answer = Words(label=gettext_lazy("What was decided"), max_length=600, widget=LongText({"rows": 3}))
    consulted = forms.ChoiceField(
        label=gettext_lazy("Who was consulted"), choices=Escalation.Consulted.choices, initial="nobody"
    )

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(_("Answer of the strategic level"), "answer", "consulted"),
            Acts(Act(_("Answer")), Way(_("Back"), self.back)),
        )
