"""What is asked about a meeting, a series, an item of an agenda, a guest and a proposal?"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts.models import Organisation, User
from cmcoord.meetings.models import Attendance, Meeting
from cmcoord.meetings.models.meetings import Language, Modality, Venue
from cmcoord.meetings.services import Where, attending
from cmcoord.ui.layout import Act, Acts, Note, Only, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput, HourInput, LongText
from contacts import keepers, seating
from contacts.models import Body, Category
from requests_app.forms.fields import CHOOSE, LocalMoment, WholeNumber, Words

DAY = {"invalid": gettext_lazy("Write a day, for example 2026-11-28.")}
NO_END = gettext_lazy("Say until when: meetings are planned for twelve months at most, never without an end.")
HOUR = {"invalid": gettext_lazy("Write an hour, for example 09:00.")}


def _one_of(label: str | Promise, choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **({"error_messages": {"invalid_choice": CHOOSE}} | kwargs))


class PlaceForm(forms.Form):
    """Where and how people meet."""

    modality = _one_of(gettext_lazy("How"), Modality.choices)
    place = Words(
        label=gettext_lazy("Place"), max_length=160, required=False,
        help_text=gettext_lazy("Where people meet; empty for a remote meeting."),
    )  # fmt: skip
    venue = _one_of(
        gettext_lazy("Kind of place"), Venue.choices,
        help_text=gettext_lazy("A neutral place is advised: no co-location with a force (CAR-CMC §7)."),
    )  # fmt: skip
    venue_reason = Words(label=gettext_lazy("Why in a military camp"), max_length=300, required=False)
    call_link = forms.URLField(
        label=gettext_lazy("Link of the call"), max_length=300, required=False, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write an address that begins with https://.")},
        help_text=gettext_lazy("It stands on the page of the meeting, never in a mail."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Working languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip

    def where(self) -> Where:
        return Where(**{name: self.cleaned_data[name] for name in Where.__dataclass_fields__})

    @staticmethod
    def place_section() -> Section:
        return Section(
            _("Where and how"), Pair("modality", "venue"), Only("venue", Venue.MILITARY_CAMP, "venue_reason"), "place",
            "call_link", "languages",
        )  # fmt: skip

    @staticmethod
    def place_of(row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in Where.__dataclass_fields__}


class MeetingForm(PlaceForm):
    """One meeting: planned, moved, or written down afterwards."""

    field_order = ["kind", "starts", "ends"]
    kind = _one_of(gettext_lazy("Kind"), Meeting.Kind.choices)

    def __init__(self, data=None, *, zone: ZoneInfo, back: str, moved: bool = False, **kwargs):
        super().__init__(data, **kwargs)
        self.back, self.moved = back, moved
        hint = _("On the clocks of %(zone)s.") % {"zone": zone.key}
        self.fields["starts"] = LocalMoment(zone=zone, label=_("Begins"), help_text=hint)
        self.fields["ends"] = LocalMoment(zone=zone, label=_("Ends"))
        if moved:
            del self.fields["kind"]

    @property
    def helper(self):
        if self.moved:
            acts = [Act(_("Save and tell everybody invited"))]
        else:
            acts = [Act(_("Plan the meeting")), Act(_("It took place: write it down"), "took_place", kind="line")]
        kind = [] if self.moved else ["kind"]
        return form_helper(
            Section(_("When"), *kind, Pair("starts", "ends")),
            self.place_section(),
            Acts(*acts, Way(_("Back"), self.back)),
        )


class SeriesForm(PlaceForm):
    """Meetings that come again, until a day."""

    every = _one_of(gettext_lazy("How often"), Body.Every.choices)
    first_day = forms.DateField(label=gettext_lazy("First meeting"), widget=DayInput(), error_messages=DAY)
    at = forms.TimeField(label=pgettext_lazy("hour of a meeting", "At"), widget=HourInput(), error_messages=HOUR)
    minutes = WholeNumber(label=pgettext_lazy("length", "Minutes"), lowest=5, highest=1440)
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=DayInput(), error_messages=DAY | {"required": NO_END},
        help_text=gettext_lazy("Within twelve months. The weekday is that of the first meeting."),
    )  # fmt: skip

    def __init__(self, data=None, *, back: str, changed: bool = False, **kwargs):
        super().__init__(data, **kwargs)
        self.back, self.changed = back, changed

    def facts(self) -> dict[str, Any]:
        """As services.plan_series and services.change_series take them."""
        names = ("every", "first_day", "at", "minutes", "until")
        return {name: self.cleaned_data[name] for name in names} | {"where": self.where()}

    @property
    def helper(self):
        note = Note(_("Meetings that were moved, invited to or prepared stay as they are."))
        return form_helper(
            Section(_("When"), Pair("every", "first_day"), Pair("at", "minutes"), "until", *([note] * self.changed)),
            self.place_section(),
            Acts(Act(_("Save") if self.changed else _("Plan these meetings")), Way(_("Back"), self.back)),
        )


class NotHeldForm(forms.Form):
    """Why a meeting is not held."""

    reason = _one_of(
        gettext_lazy("Not held because"), [("", gettext_lazy("Choose")), *Meeting.NotHeld.choices],
        error_messages={"required": gettext_lazy("Say why it is not held."), "invalid_choice": CHOOSE},
    )  # fmt: skip
    remark = Words(label=gettext_lazy("Remark"), max_length=300, required=False)

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(_("Why it is not held"), "reason", "remark"), Acts(Act(_("Save")), Way(_("Back"), self.back))
        )


class ItemForm(forms.Form):
    """An item of an agenda: every side of the body reads it."""

    title = Words(
        label=gettext_lazy("What is talked about"), max_length=160,
        error_messages={"required": gettext_lazy("Say what is talked about.")},
    )  # fmt: skip
    lead = Words(label=gettext_lazy("Who leads it (organisation or function)"), max_length=120, required=False)
    minutes_planned = WholeNumber(label=pgettext_lazy("length", "Minutes"), lowest=1, highest=600, required=False)

    def __init__(self, data=None, *, back: str = "", **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        if self.back:
            acts = [Act(_("Save"), "change"), Way(_("Back"), self.back)]
        else:
            acts = [Act(_("Add the item"), "add", kind="line")]
        return form_helper(
            Section(_("The item") if self.back else _("One more item"), "title", Pair("lead", "minutes_planned"),
                    Note(_("Every side of the body reads the agenda."))),
            Acts(*acts),
        )  # fmt: skip


class GuestForm(forms.Form):
    """Somebody who sits in no seat of the body, or a person by name."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), required=False,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    organisation_text = Words(
        label=gettext_lazy("Not in the list"), max_length=120, required=False,
        help_text=gettext_lazy("For example the prefecture. No account comes of it."),
    )  # fmt: skip
    category = _one_of(
        gettext_lazy("Category"), [("", gettext_lazy("Choose")), *Category.choices], required=False,
        help_text=gettext_lazy("Of an organisation that is not in the list."),
    )  # fmt: skip
    name = Words(
        label=gettext_lazy("Name"), max_length=120, required=False,
        help_text=gettext_lazy("Humanitarians alone read it."),
    )  # fmt: skip
    not_military = Words(
        label=gettext_lazy("Not military, because"), max_length=300, required=False,
        help_text=gettext_lazy(
            "No force comes to this body (ML-POS ¶4). Of an organisation that is not in the list OCHA says how it knows"
            " that it is not military; the reason is kept."
        ),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False,
        help_text=gettext_lazy(
            "Invited to this meeting by mail, with time and place alone. Humanitarians alone read it."
        ),
    )  # fmt: skip
    presence = _one_of(gettext_lazy("Presence"), Attendance.Presence.choices, initial=Attendance.Presence.PRESENT)
    mode = _one_of(gettext_lazy("How"), Attendance.Mode.choices)

    def __init__(self, data=None, *, body: Body, by: User, **kwargs):
        super().__init__(data, **kwargs)
        left_out = [] if keepers.is_inside(by) else ["name", "email"]
        if attending.why_not_unlisted(body, by):
            left_out += ["organisation_text", "category", "not_military"]
        elif not seating.keeps_forces_away(body):
            left_out.append("not_military")
        for name in left_out:
            del self.fields[name]
        rows = Organisation.objects.filter(countries=body.country_id, active=True).order_by("acronym")
        field = self.fields["organisation"]
        field.queryset, field.empty_label = rows, _("Choose")

    @property
    def helper(self):
        pairs = (("organisation", "organisation_text"), ("category", "name"), ("not_military",), ("email",),
                 ("presence", "mode"))  # fmt: skip
        asked = [[name for name in pair if name in self.fields] for pair in pairs]
        return form_helper(
            Section(_("Somebody who sits in no seat"), *(Pair(*names) for names in asked if names)),
            Acts(Act(_("Add"), "guest", kind="line")),
        )  # fmt: skip


class ProposalForm(forms.Form):
    """What humanitarians propose for an agenda of a body."""

    body = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("For which body"), error_messages={"invalid_choice": CHOOSE}
    )
    title = Words(label=gettext_lazy("What to talk about"), max_length=160)
    why = Words(label=gettext_lazy("Why"), max_length=500, required=False, widget=LongText())

    def __init__(self, data=None, *, bodies, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back
        field = self.fields["body"]
        field.queryset, field.empty_label = bodies, _("Choose")

    @property
    def helper(self):
        said = _("No force reads this. OCHA takes it onto the joint agenda in words for both sides, or says why not.")
        note = Note(said)
        return form_helper(
            Section(_("The proposal"), "body", "title", "why", note),
            Acts(Act(_("Propose")), Way(_("Back"), self.back)),
        )


class TakeForm(forms.Form):
    """A proposal goes onto a joint agenda."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=gettext_lazy("Meeting"), required=False, to_field_name="uid",
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    title = Words(label=gettext_lazy("In words for both sides"), max_length=160, required=False)
    reason = Words(label=gettext_lazy("Or why not"), max_length=300, required=False)

    def __init__(self, data=None, *, body: Body, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back
        field = self.fields["meeting"]
        field.queryset = body.meetings.ahead().with_body().order_by("starts")
        field.empty_label = _("Choose")
        field.label_from_instance = lambda meeting: meeting.reference

    @property
    def helper(self):
        return form_helper(
            Section(_("Onto the agenda"), "meeting", "title"),
            Acts(Act(_("Take it onto the agenda"), "take")),
            Section(_("Not taken up"), "reason"),
            Acts(Act(_("Decline"), "decline", kind="line"), Way(_("Back"), self.back)),
        )
