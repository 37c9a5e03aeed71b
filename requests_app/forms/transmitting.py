"""What do a transmission, a schedule and a change ask, and a reply of the force that OCHA takes down?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.releases import digest
from cmcoord.places.extents import is_inside
from cmcoord.places.forms import PositionField, far_away, position_hint
from cmcoord.places.models import Axis, Place
from cmcoord.ui.layout import Group, Note, Pair, form_helper
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes
from contacts.models import Addressee, Force
from requests_app import execution_sheet, released, sheet_in_papers
from requests_app.forms.asking import MoveForm, moment, newest, text
from requests_app.forms.fields import Words
from requests_app.forms.pieces import Included, as_find
from requests_app.models import ForceReply, Mixed
from requests_app.questions import asks
from requests_app.services.scheduling import read_first
from requests_app.transmission import KEYS, LOWEST_RANK, RANKED, REWRITTEN, WITHOUT_SUPPLEMENT, rank_of, standing_reply

LANGUAGE_NAMES = {
    "en": pgettext_lazy("in which language", "English"),
    "fr": pgettext_lazy("in which language", "French"),
}


def rank_among() -> forms.IntegerField:
    """The place of a request in the queue of its force."""
    return forms.IntegerField(
        label=gettext_lazy("Rank among the requests before this force"),
        min_value=1,
        max_value=LOWEST_RANK,
        required=False,
        help_text=gettext_lazy("1 comes first. Without a rank the earliest due comes first, behind those with one."),
    )


class TransmitForm(MoveForm):
    """What OCHA tells the force: each text beside its original, in the language of the force, confirmed one by one."""

    contact = Words(
        label=gettext_lazy("Contact for the force"), max_length=120, help_text=gettext_lazy("Function and telephone.")
    )
    rank = rank_among()
    addressees = forms.ModelMultipleChoiceField(
        label=gettext_lazy("To whom of the force it goes"),
        queryset=Addressee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("In this order. Each acknowledges for itself; who has no account is told by telephone."),
    )
    reason = text(gettext_lazy("Which facts are new?"), most=600, rows=2)
    warned = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    finds: tuple[dict[str, Any], ...] = ()

    def introduce(self) -> str:
        return _(
            "The force receives a numbered, frozen extract in %(language)s: organisation, places, dates, vehicles, "
            "conditions and the texts below, as you release them. It receives neither the need, nor the opinions, nor "
            "this page."
        ) % {"language": self.language}

    def prefilled(self) -> dict[str, Any]:
        number = self.case.station.telephone or self.case.country.national_unit_telephone
        self.texts = released.texts_of_request(self.case)
        return {
            **{each.name: each.proposed for each in self.texts},
            "contact": f"OCHA {self.case.station}, {number}" if number else f"OCHA {self.case.station}",
            "rank": rank_of(self.case),
        }

    @property
    def language(self) -> str:
        return LANGUAGE_NAMES[released.language_of(self.case)]

    def arrange(self) -> None:
        if self.code == "transmit":
            del self.fields["reason"]
        self._offer_the_chain()
        for each in self.texts:
            must = each.name in ("task", "condition_text")
            label = _("Text for the force, in %(language)s") % {"language": self.language}
            self.fields[each.name] = text(label, most=1500, rows=5 if each.name == "task" else 3, required=must)
            self.fields[_tick(each.name)] = forms.BooleanField(label=_("The force may read this text"), required=False)

    def _offer_the_chain(self) -> None:
        """Everybody of the chain, unless OCHA leaves one out; a force without a chain has none to choose."""
        provider = self.case.provider()
        if provider is None:  # chosen on this page: all of its chain
            del self.fields["addressees"]
            return
        rows = Addressee.objects.of(provider.organisation_id, self.case.country_id, self.case.country.today)
        if not rows:
            del self.fields["addressees"]
            return
        field = self.fields["addressees"]
        field.queryset, field.initial = rows, [row.pk for row in rows]
        field.label_from_instance = _in_the_chain
        field.label = _("To whom of %(force)s it goes, in %(language)s") % {
            "force": provider,
            "language": self.language,
        }

    def layout(self) -> list:
        sections = [Group(each.label, *self._original(each), each.name, _tick(each.name)) for each in self.texts]
        above = [name for name in ("reason", "addressees") if name in self.fields]
        return ["warned", *above, *sections, "contact", "rank"]

    def _original(self, each: released.Text) -> list[Note]:
        """The original beside the text; in place of the need stands a text of its own."""
        words = {"language": LANGUAGE_NAMES[self.case.language], "text": each.original}
        if each.name in REWRITTEN:
            return [
                Note(_("The need, in %(language)s, which the force does not read: %(text)s") % words),
                Note(_("Write nothing that was said in confidence.")),
            ]
        return [Note(_("Original, in %(language)s: %(text)s") % words)]

    def clean(self) -> None:
        texts = {each.name: self.cleaned_data.get(each.name, "") for each in self.texts}
        refused = _("%(text)s: confirm that the force may read it, or change it.")
        for name, words in texts.items():
            if words and not self.cleaned_data.get(_tick(name)):
                self.add_error(_tick(name), refused % {"text": KEYS[name].label})
        found = released.findings(self.case, texts)
        self.finds = tuple(as_find(row) for row in found)
        shown = digest("\n".join(f"{row.rule} {row.field} {texts[row.field]}" for row in found))
        if found and self.cleaned_data.get("warned") != shown:
            self.data = self.data.copy()
            self.data["warned"] = shown
            self.add_error(None, _("Look at what was found in the texts. To send them as they are, send once more."))

    def facts(self) -> dict[str, Any]:
        found = {name: value for name, value in super().facts().items() if name != "warned"}
        ticks = {name: found.pop(_tick(name)) for name in [each.name for each in self.texts]}
        return found | {"confirmed": [name for name, ticked in ticks.items() if ticked]}


class PassOnForm(TransmitForm):
    """A patrol that OCHA passes on without a decision: to the force that the request names, or that OCHA chooses."""

    force = forms.ModelChoiceField(
        label=gettext_lazy("Force asked"), queryset=Force.objects.none(), empty_label=gettext_lazy("Choose")
    )

    def introduce(self) -> str:
        words = {"language": self.language, "mixed": Mixed(self._mixed()).label}
        if self.case.consent_force:
            return (
                _(
                    "The force receives a numbered, frozen extract in %(language)s: organisation, axis, period, the "
                    "number of movements, “%(mixed)s”, and the text below."
                )
                % words
            )
        return (
            _(
                "The force receives a numbered, frozen extract in %(language)s: axis, period, the number of movements, "
                "“%(mixed)s”, and the text below. It does not read which organisation asks."
            )
            % words
        )

    def _mixed(self) -> str:
        return Mixed.ACCEPTED if self.case.mixed_patrol else Mixed.UN_ONLY

    def arrange(self) -> None:
        super().arrange()
        if self.case.force_id:
            del self.fields["force"]
            return
        present = Force.objects.present(self.case.country).select_related("organisation")
        self.fields["force"].queryset = present  # type: ignore[attr-defined]

    def layout(self) -> list:
        return [*(["force"] if "force" in self.fields else []), *super().layout()]


def _in_the_chain(row: Addressee) -> str:
    how = _("in the portal") if row.account_id else _("by telephone")
    return _("%(place)d. %(function)s (%(how)s)") % {"place": row.place, "function": row.function, "how": how}


def _tick(name: str) -> str:
    return f"{name}_released"


class ReplyForm(MoveForm):
    """One of the replies of the force, as OCHA took it down; the force itself answers on its own pages."""

    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ForceReply.DeclineReason.choices, widget=ChoiceBoxes
    )
    text = text(gettext_lazy("Limits or explanation"), most=1000)
    departure_at = moment(gettext_lazy("Proposed departure"), required=False)
    window_to = moment(gettext_lazy("Proposed end"), required=False)
    other_force = forms.ModelChoiceField(
        label=gettext_lazy("Another provider"),
        queryset=Force.objects.none(),
        required=False,
        empty_label=gettext_lazy("The same provider"),
    )
    other_axis = forms.ModelChoiceField(
        label=gettext_lazy("Another axis"),
        queryset=Axis.objects.none(),
        required=False,
        empty_label=gettext_lazy("The same axis"),
    )
    asked = {
        "accept": (),
        "limit": ("text",),
        "decline": ("decline_reason", "text"),
        "counter": ("text", "departure_at", "window_to", "other_force", "other_axis"),
    }

    def arrange(self) -> None:
        kept = {"client_key", "base_version", *self.asked[self.code]}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if self.code == "decline":
            self.fields["text"].required = False
        if self.code == "counter":
            self.fields["other_force"].queryset = Force.objects.filter(country=self.case.country_id).select_related(
                "organisation"
            )
            self.fields["other_axis"].queryset = Axis.objects.filter(country=self.case.country_id)


class AgreeForm(MoveForm):
    """The requester's yes; `reply` is the one on the screen, so that nobody agrees to another."""

    reply = forms.IntegerField(widget=forms.HiddenInput)
    text = text(gettext_lazy("Remark"), most=600, required=False, rows=3)

    def introduce(self) -> str:
        if self.recorded:
            return _("What you record is the organisation’s word on exactly this reply.")
        return _("You agree to exactly this reply. OCHA then schedules the escort with the force.")

    def prefilled(self) -> dict[str, Any]:
        standing = standing_reply(self.case)
        return {"reply": standing.pk if standing else None}

    @property
    def helper(self):
        return form_helper("client_key", "base_version", "reply", "text", tag=False)


class SheetTexts(MoveForm):
    """The texts of the execution sheet, each beside its original, as OCHA releases them; an empty one does not go.

    The other words go as they were typed: all of them are shown and released by one tick, for this version alone.
    """

    sheet_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words_released = forms.BooleanField(
        label=gettext_lazy("I have read these words; the force may read them as they stand"), required=False
    )

    def prefilled(self) -> dict[str, Any]:
        return {**sheet_in_papers.originals(self.case), "sheet_version": execution_sheet.sheet_of(self.case).version}

    def arrange(self) -> None:
        language = LANGUAGE_NAMES[released.language_of(self.case)]
        self.words = sheet_in_papers.typed(self.case, released.language_of(self.case))
        if not self.words:
            del self.fields["words_released"]
        for name in sheet_in_papers.originals(self.case):
            label = _("Text for the force, in %(language)s") % {"language": language}
            self.fields[name] = text(label, most=600, rows=3, required=False)

    def sheet_layout(self) -> list:
        """Each text under its name, and what else of the sheet goes with it."""
        known = sheet_in_papers.originals(self.case)
        link = reverse("requests:sheet", args=[self.case.reference])
        sentence = _("Vehicles, people on board, stops, cargo, contacts and rules go as they stand in the sheet.")
        words = [(KEYS[name].label, lines) for name, lines in self.words.items()]
        tick = ["words_released"] if words else []
        return [
            Included("requests_app/_sheet_goes.html", sentence=sentence, url=link, counts=self._names(), words=words),
            "sheet_version",
            *tick,
            *(
                Group(KEYS[name].label, Note(_("Original: %(text)s") % {"text": original}), name)
                for name, original in known.items()
            ),
        ]

    def clean(self) -> None:
        """A sheet that was changed since this page was made is read, and released, once more."""
        version = execution_sheet.sheet_of(self.case).version
        if not self.words:
            return
        if self.cleaned_data.get("sheet_version") != version:
            self.data = self.data.copy()
            self.data["sheet_version"] = str(version)
            self.data.pop("words_released", None)
        if not self.data.get("words_released"):
            self.add_error("words_released", read_first())

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts().items() if name != "words_released"}

    def _names(self) -> list[str]:
        sheet = execution_sheet.sheet_of(self.case)
        return [
            _("%(what)s: %(count)d names, strictly confidential")
            % {"what": KEYS[name].label, "count": len(execution_sheet.rows_of(sheet, name))}
            for name in execution_sheet.NAMES
            if execution_sheet.rows_of(sheet, name)
        ]


class SendSheetForm(SheetTexts):
    """What was changed in the execution sheet since the force received it."""

    intro = gettext_lazy("The force receives what has changed as a numbered paper and acknowledges it.")

    def layout(self) -> list:
        return self.sheet_layout()


class ScheduleForm(SheetTexts):
    """When and where convoy and escort meet. `abroad` is a position beyond the border, about which was asked once."""

    WHERE = ("rendezvous_place", "rendezvous_position", "rendezvous")
    departure_at = moment(gettext_lazy("Departure"))
    rendezvous_place = forms.ModelChoiceField(
        label=gettext_lazy("Meeting place"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=gettext_lazy("none of the list"),
    )
    rendezvous_position = PositionField(label=gettext_lazy("Position of the meeting point"), required=False)
    rendezvous = Words(
        label=gettext_lazy("Meeting point"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("In words: which gate, which side of the road. The force reads this."),
    )
    rendezvous_at = moment(gettext_lazy("Time at the meeting point"))
    leader = Words(label=gettext_lazy("Convoy leader (function)"), max_length=120)
    contact = Words(label=gettext_lazy("Contact on the road"), max_length=120)
    call_signs = Words(label=gettext_lazy("Call signs"), max_length=120, required=False)
    abroad = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    intro = gettext_lazy("The force receives this as a numbered extract and acknowledges it.")

    def arrange(self) -> None:
        super().arrange()
        self.fields["rendezvous_place"].queryset = Place.objects.filter(country=self.case.country_id)
        self.fields["rendezvous_position"].help_text = position_hint()

    def prefilled(self) -> dict[str, Any]:
        reply = newest(self.case.replies)
        sheet = execution_sheet.sheet_of(self.case)
        leaves = (reply.departure_at if reply else None) or sheet.leaves_at or self.case.departure_at
        return super().prefilled() | {
            "departure_at": leaves,
            "rendezvous_at": leaves - timedelta(hours=1),
            "leader": self.case.leader or sheet.convoy_leader,
            "contact": sheet.leader_telephone or self.case.station.telephone,
        }

    def layout(self) -> list:
        enough = Note(_("One of the three is enough."))
        where = Group(_("Where to meet"), enough, "rendezvous_place", "rendezvous_position", "rendezvous")
        return [
            "abroad", Pair("departure_at", "rendezvous_at"), where, Pair("leader", "contact"), "call_signs",
            *self.sheet_layout(),
        ]  # fmt: skip

    def clean(self) -> None:
        super().clean()
        decision, leaves = self.case.decision, self.cleaned_data.get("departure_at")
        if leaves and not decision.valid_from <= leaves < decision.valid_to:
            self.add_error("departure_at", _("The departure lies outside the approved period."))
        meets = self.cleaned_data.get("rendezvous_at")
        if leaves and meets and meets > leaves:
            self.add_error("rendezvous_at", _("The rendezvous is later than the departure."))
        self._check_where()

    def _check_where(self) -> None:
        """Somewhere to meet is said, and nobody meets in the wrong country by a slip of the finger."""
        if not any(name in self.errors or self.cleaned_data.get(name) for name in self.WHERE):
            self.add_error("rendezvous", _("Say where to meet: by a place, a position or in words."))
        position, country = self.cleaned_data.get("rendezvous_position"), self.case.country
        if not position:
            return
        if why := far_away(position, country):
            self.add_error("rendezvous_position", why)
        elif not is_inside(position, country.pk) and self.cleaned_data.get("abroad") != position.whole:
            self.data = self.data.copy()
            self.data["abroad"] = position.whole
            sentence = _(
                "%(position)s lies in a neighbouring country, not in %(country)s. If it is meant, send once more."
            )
            self.add_error("rendezvous_position", sentence % {"position": position, "country": country.name})

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts().items() if name != "abroad"}


class ChangeForm(MoveForm):
    departure_at = moment(gettext_lazy("Departure"))
    window_to = moment(gettext_lazy("Latest end"))
    vehicles = forms.IntegerField(label=gettext_lazy("Humanitarian vehicles"), min_value=1, max_value=200)
    leader = Words(label=gettext_lazy("Convoy leader (function)"), max_length=120, required=False)
    rank = rank_among()

    def introduce(self) -> str:
        return _("Within the approval: until %(end)s. The force receives a numbered change.") % {
            "end": moment_in_words(self.case.decision.valid_to, "long")
        }

    def arrange(self) -> None:
        if not self._releases and self.case.status not in WITHOUT_SUPPLEMENT:
            del self.fields["leader"]
        if not self._releases or self.case.status not in RANKED:
            del self.fields["rank"]
        if not asks(self.case, "vehicles"):
            del self.fields["vehicles"]

    @property
    def _releases(self) -> bool:
        return scope.has_perm(self.user, Perm.TRANSMIT_CASE, self.case)

    def prefilled(self) -> dict[str, Any]:
        case = self.case
        dates = {name: getattr(case, name).replace(second=0) for name in ("departure_at", "window_to")}
        return {**dates, "vehicles": case.vehicles, "leader": case.leader, "rank": rank_of(case)}

    def layout(self) -> list:
        return [
            Pair("departure_at", "window_to"),
            *([Pair(*beside)] if (beside := [name for name in ("vehicles", "leader") if name in self.fields]) else []),
            *[name for name in ("rank",) if name in self.fields],
        ]

    def facts(self) -> dict[str, Any]:
        """A field that was left as it stood is no change, though the page showed it to the minute only."""
        return {name: value for name, value in super().facts().items() if name in self.changed_data}
