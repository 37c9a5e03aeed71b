"""What is asked when minutes are written, signed, adopted, released, translated and corrected?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.meetings import joint_text
from cmcoord.meetings.models import HumanitarianNote, Meeting, Minutes, MinutesDecision, MinutesItem
from cmcoord.meetings.models.minutes import LANGUAGES, LONGEST
from cmcoord.meetings.services.signing import LONGEST_OBJECTION
from cmcoord.ui.layout import Act, Acts, Hidden, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceLine, LongText
from requests_app.forms.fields import Words

ROOM = 2_000_000  # letters that come in at all; the service says what is too long, with the words still in the field
HIDDEN = forms.HiddenInput


def most(model, name: str) -> int:
    return model._meta.get_field(name).max_length


class StartForm(forms.Form):
    """Begin the minutes: in which language are they signed?"""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the minutes"), choices=LANGUAGES, widget=ChoiceLine(),
        help_text=gettext_lazy("The chairs sign them in this language; the other one is a translation."),
    )  # fmt: skip

    @property
    def helper(self):
        return form_helper("language", Acts(Act(_("Begin the minutes"))))


class ItemForm(forms.Form):
    """One point while it is written: its title and its summary."""

    title = Words(label=gettext_lazy("Agenda point"), max_length=ROOM, widget=forms.TextInput({"maxlength": 200}))
    summary = Words(
        label=gettext_lazy("Summary"), max_length=ROOM, required=False, widget=LongText(rows=14),
        help_text=gettext_lazy(
            "What was said, without names of speakers. Both sides read it. Text of a word processor can be pasted."
        ),
    )  # fmt: skip
    base_version = forms.IntegerField(widget=HIDDEN)
    page = forms.CharField(widget=HIDDEN, required=False, max_length=12)

    def __init__(self, data=None, *, item: MinutesItem, url: str, back: str, page: str, keeper: str = "", **kwargs):
        start = {"title": item.title, "summary": item.summary, "base_version": item.version, "page": page}
        super().__init__(data, initial=start | kwargs.pop("initial", {}), **kwargs)
        self.url, self.back, self.keeper = url, back, keeper
        self.fields["summary"].widget.attrs.pop("maxlength")  # a browser would cut what is pasted

    @property
    def helper(self):
        return form_helper(
            Hidden("keeper", self.keeper),
            Section(_("What was said"), "title", "summary", "base_version", "page"),
            Acts(Act(_("Save and go on"), "next"), Act(_("Save"), "save", kind="line"), Way(_("Back"), self.back)),
            data_autosave=self.url,
        )


class DecisionForm(forms.Form):
    """One decision on a point, perhaps about a request that everybody at the table knows."""

    text = Words(label=gettext_lazy("Decision"), max_length=most(MinutesDecision, "text"), widget=LongText(rows=2))
    case: Any = forms.ModelChoiceField(
        label=gettext_lazy("About the request"), queryset=None, required=False, empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("Only requests that were transmitted to every force that sits here."),
    )  # fmt: skip

    def __init__(self, data=None, *, cases, **kwargs):
        super().__init__(data, **kwargs)
        field: Any = self.fields["case"]
        field.queryset, self.asks_case = cases, cases.exists()
        field.label_from_instance = lambda case: case.force_reference

    @property
    def helper(self):
        names = ["text", "case"] if self.asks_case else ["text"]
        return form_helper(*names, Acts(Act(_("Add the decision"), kind="line")), tag=False)


class PointTitleForm(forms.Form):
    """One more point."""

    title = Words(
        label=gettext_lazy("What is talked about"), max_length=most(MinutesItem, "title"), widget=forms.TextInput()
    )

    @property
    def helper(self):
        return form_helper("title", Acts(Act(_("Add the point"), kind="line")), tag=False)


class OfText(forms.Form):
    """About the text that was read: named by a keyed mark, from which nobody reckons out what is hidden in it."""

    digest = forms.CharField(widget=HIDDEN, max_length=64)

    def __init__(self, data=None, *, of: str, initial: dict[str, Any] | None = None, **kwargs):
        super().__init__(data, initial={"digest": joint_text.mark_of(of)} | (initial or {}), **kwargs)
        self.of = of

    def clean_digest(self) -> str:
        """The digest of the text as it stands, if that was read; else none, which every service refuses."""
        return self.of if constant_time_compare(self.cleaned_data["digest"], joint_text.mark_of(self.of)) else ""


class SignForm(OfText):
    """The text that was read, and that it was read."""

    read = forms.BooleanField(label=gettext_lazy("I have read the whole text and sign it for my side."))

    @property
    def helper(self):
        return form_helper("digest", "read", Acts(Act(_("Sign"))))


class ObjectForm(OfText):
    """An objection to the text that was read."""

    text = Words(
        label=gettext_lazy("Objection"), max_length=LONGEST_OBJECTION, widget=LongText(rows=5),
        help_text=gettext_lazy("Both sides read it; it stays beside the minutes and stops nobody from signing."),
    )  # fmt: skip

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper("digest", "text", Acts(Act(_("Record the objection")), Way(_("Back"), self.back)))


class AdoptForm(OfText):
    """Which later meeting adopted the text?"""

    by_meeting = forms.ChoiceField(label=gettext_lazy("Adopted by the meeting of"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, meetings: list[Meeting], back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back, self.meetings = back, {str(meeting.uid): meeting for meeting in meetings}
        field: Any = self.fields["by_meeting"]
        field.choices = [(uid, meeting.reference) for uid, meeting in self.meetings.items()]
        if len(meetings) == 1:
            self.initial.setdefault("by_meeting", str(meetings[0].uid))

    def chosen(self) -> Meeting:
        return self.meetings[self.cleaned_data["by_meeting"]]

    @property
    def helper(self):
        return form_helper("digest", "by_meeting", Acts(Act(_("Record the adoption")), Way(_("Back"), self.back)))


class ReleaseForm(forms.Form):
    """To which members without an account does the paper go?"""

    addresses = forms.MultipleChoiceField(
        label=gettext_lazy("Send the PDF to"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data=None, *, addressees, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back, self.listed = back, bool(addressees)
        field: Any = self.fields["addresses"]
        field.choices = [(one.address, f"{one.organisation} · {one.function} · {one.address}") for one in addressees]
        field.initial = [one.address for one in addressees]

    @property
    def helper(self):
        if not self.listed:
            return form_helper(Acts(Way(_("Back"), self.back)))
        return form_helper("addresses", Acts(Act(_("Release")), Way(_("Back"), self.back)))


class AddendumForm(forms.Form):
    """What is wrong in final minutes, and what is right."""

    text = Words(label=gettext_lazy("Correction"), max_length=LONGEST, widget=LongText(rows=6))

    def __init__(self, data=None, *, back: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper("text", Acts(Act(_("Put it to the chairs")), Way(_("Back"), self.back)))


class NoteForm(forms.Form):
    """A note for the humanitarian side alone."""

    title = Words(
        label=gettext_lazy("About"),
        max_length=most(HumanitarianNote, "title"),
        widget=forms.TextInput({"maxlength": 200}),
    )
    text = Words(label=gettext_lazy("Note"), max_length=ROOM, widget=LongText(rows=8))
    base_version = forms.IntegerField(widget=HIDDEN, required=False)

    def __init__(self, data=None, *, back: str, label: str, **kwargs):
        super().__init__(data, **kwargs)
        self.back, self.label = back, label
        self.fields["text"].widget.attrs.pop("maxlength")  # a browser would cut what is pasted

    @property
    def helper(self):
        acts = Acts(Act(self.label), Way(_("Back"), self.back))
        return form_helper("title", "text", "base_version", acts)


class TranslationForm(OfText):
    """The minutes in the other language, field by field as they were written in the first one."""

    marks_optional = False

    def __init__(self, data=None, *, content: dict[str, Any], kept: list[dict[str, Any]], **kwargs):
        super().__init__(data, **kwargs)
        self.items = content["items"]
        self.summary_shown = True
        for place, item in enumerate(self.items):
            before = kept[place] if place < len(kept) else {}
            self._ask(_("Agenda point"), f"title-{place}", item["title"], before.get("title", ""), rows=0)
            if item["summary"]:
                self._ask(_("Summary"), f"summary-{place}", item["summary"], before.get("summary", ""), rows=6)
            for name, word, label in (("decisions", "text", _("Decision")), ("points", "words", _("Action point"))):
                for number, row in enumerate(item[name]):
                    was = before.get(name, [])[number : number + 1]
                    self._ask(label, f"{name}-{place}-{number}", row[word], "".join(was), rows=2)

    def _ask(self, label: str, name: str, signed: str, before: str, *, rows: int) -> None:
        widget = LongText(rows=rows) if rows else forms.TextInput()
        self.fields[name] = Words(
            label=label, max_length=LONGEST, required=False, widget=widget, help_text=signed, initial=before
        )

    def words(self) -> list[dict[str, Any]]:
        """As services.translate_minutes takes them."""
        found = self.cleaned_data
        return [
            {
                "title": found[f"title-{place}"],
                "summary": found.get(f"summary-{place}", ""),
                **{
                    name: [found[f"{name}-{place}-{number}"] for number in range(len(item[name]))]
                    for name in ("decisions", "points")
                },
            }
            for place, item in enumerate(self.items)
        ]

    def groups(self):
        """The fields of each point under its title."""
        for place, item in enumerate(self.items):
            own = [self[name] for name in self.fields if name.split("-")[1:2] == [str(place)]]
            yield f"{item['number']}. {item['title']}", own


def other_language(minutes: Minutes) -> str:
    return next(code for code, _label in LANGUAGES if code != minutes.language)
