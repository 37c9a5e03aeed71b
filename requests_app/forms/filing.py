"""How is a request asked for? The start, the three steps built from questions.py, and the sending.

A step may be saved with gaps: nothing is required here. What is valid is saved, what is not stays on the page with its
sentence. `marks` says what stood in each answer when the page was made, so that two people who write at once each
see the other's words.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crispy_forms.layout import Field, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts import scope
from cmcoord.accounts.models import SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import Perm
from cmcoord.guidance.clauses import url_of as clause_url
from cmcoord.places.models import Axis, CountryProfile, DutyStation, Place
from cmcoord.ui.layout import Act, Acts, Pair, Section, Way, form_helper
from cmcoord.ui.templatetags.ui import moment_in_words
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, DayInput, LongText, MomentInput
from contacts.models import Force
from requests_app import guidelines, uploads
from requests_app.models import Alternative, Case, OnBehalf
from requests_app.models.case import Status, Urgency
from requests_app.questions import BY_FIELD, Question, cards, questions
from requests_app.services.filing import right_to_file
from requests_app.words import cleaned

CHOOSE = gettext_lazy("Choose one from the list.")
ROWS_PREFIX = "alternatives"
MOST_ROWS = 10
ROW_FIELDS = ("option", "tried_on", "outcome", "note")


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Words(forms.CharField):
    """A text without unseen signs; too long a text says by how much."""

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(max_length=max_length, strip=False, **kwargs)
        self.error_messages["max_length"] = _(
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
        super().__init__(
            min_value=lowest,
            max_value=highest,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 14}),
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


def _from_list(queryset) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset, empty_label=_("Choose"), error_messages={"invalid_choice": CHOOSE}, required=False
    )


def _text(form: StepForm, question: Question) -> forms.Field:
    return Words(max_length=Case._meta.get_field(question.field).max_length, widget=LongText(rows=3))


def _number(lowest: int, highest: int) -> Callable:
    return lambda form, question: WholeNumber(lowest=lowest, highest=highest)


def _moment(form: StepForm, question: Question) -> forms.Field:
    return LocalMoment(zone=form.zone)


def _urgency(form: StepForm, question: Question) -> forms.Field:
    return forms.ChoiceField(choices=Urgency.choices, widget=ChoiceBoxes, error_messages={"invalid_choice": CHOOSE})


def _organisation(form: StepForm, question: Question) -> forms.Field:
    field = _from_list(organisations_to_file_for(form.user, form.case.country_id))
    field.empty_label = None
    return field


def _place(form: StepForm, question: Question) -> forms.Field:
    return _from_list(Place.objects.filter(country=form.case.country_id).order_by("folded_name"))


def _axis(form: StepForm, question: Question) -> forms.Field:
    return _from_list(Axis.objects.filter(country=form.case.country_id).order_by("name"))


def _force(form: StepForm, question: Question) -> forms.Field:
    here = Q(country=form.case.country_id)
    still = Q(active_to=None) | Q(active_to__gte=form.today) | Q(pk=form.case.force_id)
    return _from_list(Force.objects.filter(here & still).order_by("acronym"))


def _yes_or_no(form: StepForm, question: Question) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=ChoiceLine,
        error_messages={"invalid_choice": CHOOSE},
    )


def _tick(form: StepForm, question: Question) -> forms.Field:
    return forms.BooleanField()


def _paper(form: StepForm, question: Question) -> forms.Field:
    return Upload(attached=len(form.papers))


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
    "files": _paper,
}
MISSING: dict[str, Any] = {
    "no_weapons": gettext_lazy("Tick this; without it the request cannot be sent."),
    "alternatives": gettext_lazy("Name at least one alternative that was tried."),
}
NOT_EMPTY = gettext_lazy("This request was sent before, so that no answer can be left empty.")
STILL_MISSING = gettext_lazy("This answer is still missing.")


def organisations_to_file_for(user: User, country: str):
    """One's own organisations with the right to file in a country; for OCHA also those that it may record for."""
    own = {g.organisation_id for g in scope.grants(user) if g.perm == Perm.FILE_CASE and g.country == country}
    allowed = Q(pk__in=own)
    if any(g.perm == Perm.RECORD_FOR_OTHERS and g.country == country for g in scope.grants(user)):
        others = Q(countries=country, active=True) & ~Q(org_type__in=SIDE_OF_TYPE) & ~Q(pk=user.organisation_id)
        allowed |= Q(pk__in=Organisation.objects.filter(others).values("pk"))
    return Organisation.objects.filter(allowed).order_by("acronym")


# ── pieces of the layout ─────────────────────────────────────────────────────────────────────────────────────────────


class Included(LayoutObject):
    """A template of this app between the questions; it sees the page's context and what is given here."""

    def __init__(self, template: str, **given):
        self.template, self.given, self.fields = template, given, []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> SafeString:
        return render_to_string(self.template, {**context.flatten(), "form": form, **self.given})


def clause_link(key: str) -> SafeString:
    return format_html('<a class="cite" href="{}">{}</a>', clause_url(key), key)


def hint_of(question: Question) -> SafeString | str:
    """The hint with the link to the rule for which the question is asked."""
    if not question.clause:
        return str(question.hint)
    return format_html("{} {}", question.hint, clause_link(question.clause))


def as_find(finding: guidelines.Finding) -> dict[str, Any]:
    """A finding as components/finds.html shows it."""
    return {
        "level": finding.level,
        "title": finding.sentence,
        "clause": finding.clause,
        "clause_url": clause_url(finding.clause),
    }


# ── the rows of alternatives ─────────────────────────────────────────────────────────────────────────────────────────


class AlternativeForm(forms.Form):
    """One row: what was tried, when, with which result."""

    marks_optional = False
    option = forms.ChoiceField(label=gettext_lazy("What was tried?"))
    tried_on = forms.DateField(
        label=gettext_lazy("When?"),
        widget=DayInput(),
        error_messages={
            "required": gettext_lazy("Say when it was tried."),
            "invalid": gettext_lazy("Write a date, for example 2026-11-14."),
        },
    )
    outcome = forms.ChoiceField(label=gettext_lazy("With which result?"))
    note = Words(label=gettext_lazy("Why was it not enough?"), max_length=300, required=False, widget=forms.TextInput())

    def __init__(self, *args, today=None, removable=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for name, choices, sentence in (
            ("option", Alternative.Option.choices, _("Choose what was tried.")),
            ("outcome", Alternative.Outcome.choices, _("Choose the result.")),
        ):
            self.fields[name].choices = [("", _("Choose")), *choices]
            self.fields[name].error_messages = {"required": sentence, "invalid_choice": CHOOSE}
        if removable:
            self.fields["gone"] = forms.BooleanField(label=_("Remove this alternative"), required=False)

    def clean_tried_on(self):
        day = self.cleaned_data["tried_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day lies in the future."))
        if day.year < 2000:
            raise forms.ValidationError(self.fields["tried_on"].error_messages["invalid"])
        return day

    def clean(self):
        values = super().clean()
        if values.get("option") == Alternative.Option.OTHER and "note" not in self.errors and not values.get("note"):
            self.add_error("note", _("Say in a sentence what was tried."))
        return values

    @property
    def is_blank(self) -> bool:
        return not any(str(self[name].data or "").strip() for name in ROW_FIELDS)

    @property
    def is_gone(self) -> bool:
        return "gone" in self.fields and bool(self["gone"].data)


class AlternativeRows(forms.BaseFormSet):
    """Rows as they are on the page; blank ones do not count, a ticked one goes."""

    def __init__(self, *args, stored: list[dict], today, **kwargs):
        self.stored = stored
        super().__init__(*args, prefix=ROWS_PREFIX, form_kwargs={"today": today}, **kwargs)
        if not self.is_bound:
            self.initial = stored

    def get_form_kwargs(self, index):
        removable = index is not None and index < self.initial_form_count()
        return super().get_form_kwargs(index) | {"removable": removable}

    def _construct_form(self, i, **kwargs):
        row = super()._construct_form(i, **kwargs)
        row.empty_permitted = row.is_bound and (row.is_blank or row.is_gone)
        return row

    def full_clean(self):
        """Blank and removed rows say nothing wrong."""
        super().full_clean()
        if self.is_bound:
            self._errors = [{} if row.is_blank or row.is_gone else row.errors for row in self.forms]

    @property
    def has_mistakes(self) -> bool:
        return bool(self.non_form_errors() or any(self.errors))

    def say(self, sentence: str) -> None:
        """An error about all rows together."""
        self.non_form_errors().append(sentence)

    def values(self) -> list[dict[str, Any]]:
        """The rows to save: valid ones as typed; one that is wrong stays as it was stored until it is put right.

        A page that arrived without its rows changes none of them.
        """
        if self.is_bound and not self.management_form.is_valid():
            return self.stored
        kept = []
        for index, row in enumerate(self.forms):
            if row.is_blank or row.is_gone:
                continue
            if row.is_valid():
                kept.append({name: row.cleaned_data.get(name) or "" for name in ROW_FIELDS})
            elif index < len(self.stored):
                kept.append(self.stored[index])
        return kept


def stored_rows(case: Case) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in ROW_FIELDS} for row in case.alternatives.all()]


def _rows_as_text(rows: Iterable[dict]) -> str:
    return "\n".join("|".join(str(row.get(name) or "").strip() for name in ROW_FIELDS) for row in rows)


# ── a step ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class StepForm(forms.Form):
    """One step of a request, as the table of questions has it."""

    marks_optional = False
    summary_shown = True

    def __init__(self, data=None, files=None, *, case: Case, step: int, user: User, now: datetime):
        self.case, self.step, self.user, self.now = case, step, user, now
        self.zone = case.country.zone
        self.today = timezone.localdate(now, self.zone)
        self.asked = questions(step)
        self.papers = list(case.files.all()) if self._asks("files") else []
        super().__init__(data, files, initial=_initial(case))
        for question in self.asked:
            if question.field in INPUTS:
                field = INPUTS[question.field](self, question)
                field.label, field.help_text, field.required = question.label, hint_of(question), False
                self.fields[question.field] = field
        for name, value in (("base_version", case.version), ("marks", ""), ("page", uuid.uuid4().hex[:12])):
            self.fields[name] = forms.CharField(widget=forms.HiddenInput(), required=False)
            self.initial[name] = value
        self.rows = self._rows() if self._asks("alternatives") else None
        self.initial["marks"] = self.marks_now()

    def _asks(self, field: str) -> bool:
        return any(question.field == field for question in self.asked)

    def _rows(self) -> AlternativeRows:
        stored = stored_rows(self.case)
        rows_of = forms.formset_factory(
            AlternativeForm, formset=AlternativeRows, extra=max(0, 2 - len(stored)), max_num=MOST_ROWS
        )
        return rows_of(self.data if self.is_bound else None, stored=stored, today=self.today)

    # ── checking ──

    def clean(self):
        values = super().clean()
        self._check_gaps(values)
        self._check_dates(values)
        origin, destination = values.get("origin"), values.get("destination")
        if origin and origin == destination:
            self.add_error("destination", _("Origin and destination are the same place."))
        return values

    def _check_gaps(self, values: dict) -> None:
        """A draft may have gaps; a request that was sent once keeps an answer to every question."""
        if self.case.status == Status.DRAFT:
            return
        for question in self.asked:
            name, value = question.field, values.get(question.field)
            gap = value in (None, "") or name == "no_weapons" and not value
            if gap and question.required and name in INPUTS and name not in self.errors:
                self.add_error(name, MISSING.get(name, NOT_EMPTY))

    def _check_dates(self, values: dict) -> None:
        critical, leaves, ends = (values.get(name) for name in ("critical_by", "departure_at", "window_to"))
        if critical and critical <= self.now:
            self.add_error("critical_by", _("This moment is over already."))
        if leaves and leaves <= self.now:
            self.add_error("departure_at", _("The departure is in the past."))
        if not ends:
            return
        if leaves and ends <= leaves:
            self.add_error("window_to", _("The window ends before it begins."))
        elif leaves and ends - leaves > guidelines.LONGEST_WINDOW:
            self.add_error("window_to", _("The window is longer than 30 days."))
        elif ends <= self.now:
            self.add_error("window_to", _("This moment is over already."))

    def answers(self) -> dict[str, Any]:
        """The valid new answers, as services.save_answers takes them; a window out of order stays as it was."""
        valid, typed, stands = getattr(self, "cleaned_data", {}), self.typed(), self.stands()
        found = {name: valid[name] for name in typed if name in valid and typed[name] != stands[name]}
        if found.get("organisation", self) is None:
            del found["organisation"]
        if found.get("urgency") == "":
            del found["urgency"]
        starts = found.get("departure_at", self.case.departure_at)
        ends = found.get("window_to", self.case.window_to)
        if starts and ends and ends <= starts:
            for name in ("departure_at", "window_to"):
                found.pop(name, None)
        return found

    def is_valid(self) -> bool:
        rows_fine = self.rows is None or self.rows.is_valid()
        return super().is_valid() and rows_fine

    def ask_for_missing(self) -> bool:
        """Say beside each question of this step that it has no answer yet; False when none is missing."""
        missing = [question for question in guidelines.missing_answers(self.case) if question.step == self.step]
        for question in missing:
            sentence = str(MISSING.get(question.field, STILL_MISSING))
            if question.field == "alternatives":
                if not any(row.errors for row in self.rows if not row.is_blank):
                    self.rows.say(sentence)
            elif question.field not in self.errors:
                self.add_error(question.field, sentence)
        return bool(missing)

    # ── two people at once ──

    def stands(self) -> dict[str, str]:
        """What is stored for each question, as a browser would send it."""
        found = {q.field: _as_sent(self, q.field) for q in self.asked if q.field in INPUTS and q.field != "files"}
        if self._asks("alternatives"):
            found["alternatives"] = _rows_as_text(stored_rows(self.case))
        return found

    def typed(self) -> dict[str, str]:
        """What the browser has sent for each question."""
        found = {}
        for question in self.asked:
            if question.field in INPUTS and question.field != "files":
                sent = self[question.field].data
                found[question.field] = ("on" if sent else "") if isinstance(sent, bool) else cleaned(str(sent or ""))
        if self.rows is not None:
            left = [row for row in self.rows.forms if not (row.is_blank or row.is_gone)]
            found["alternatives"] = _rows_as_text({n: cleaned(row[n].data or "") for n in ROW_FIELDS} for row in left)
        return found

    def marks_now(self) -> str:
        return ".".join(f"{field}-{_mark(text)}" for field, text in self.stands().items())

    def differing(self) -> list[Difference]:
        """Answers that somebody else changed since this page was made and that stand otherwise on this page."""
        then = dict(part.rpartition("-")[::2] for part in self.data.get("marks", "").split("."))
        typed, stands = self.typed(), self.stands()
        return [
            Difference(BY_FIELD[field], typed[field], text, _mark(typed[field]) != then.get(field, ""))
            for field, text in stands.items()
            if then.get(field) != _mark(text) and typed[field] != text
        ]

    def in_words(self, field: str, text: str) -> str:
        """One answer, as a browser sends it, in words."""
        if field == "alternatives":
            return "\n".join(_row_in_words(line) for line in text.split("\n") if line)
        input_ = self.fields[field]
        if isinstance(input_, forms.BooleanField):
            return _("Yes") if text else _("No")
        if isinstance(input_, LocalMoment):
            try:
                return moment_in_words(input_.to_python(text), "long", str(self.zone)) if text else ""
            except forms.ValidationError:
                return text
        if isinstance(input_, forms.ChoiceField):
            return next((str(label) for value, label in input_.choices if str(value) == text), text) if text else ""
        return text

    def renew(self, case: Case) -> None:
        """After saving: what was typed stays on the page, on the ground of the case as it is now."""
        self.case, self.initial = case, self.initial | _initial(case)
        self.data = self.data.copy()
        self.data["base_version"], self.data["marks"] = str(case.version), self.marks_now()

    def with_data(self, data) -> StepForm:
        return StepForm(data, case=self.case, step=self.step, user=self.user, now=self.now)

    def with_theirs(self, fields: Iterable[str]):
        """The data of this page with the stored answer in place of the typed one for each of these questions."""
        data, stands = self.data.copy(), self.stands()
        for field in fields:
            if field == "alternatives" and self.rows is not None:
                for name in [name for name in data if name.startswith(f"{ROWS_PREFIX}-")]:
                    del data[name]
                stored = stored_rows(self.case)
                for index, row in enumerate(stored):
                    data.update({f"{ROWS_PREFIX}-{index}-{name}": str(row[name]) for name in ROW_FIELDS})
                data[f"{ROWS_PREFIX}-TOTAL_FORMS"] = data[f"{ROWS_PREFIX}-INITIAL_FORMS"] = str(len(stored))
            elif field in stands:
                data[field] = stands[field]
        return data

    # ── how it looks ──

    @cached_property
    def findings_at(self) -> dict[str, list[dict]]:
        """What the guidelines say beside each question that has an answer."""
        open_fields = {question.field for question in guidelines.missing_answers(self.case)}
        found: dict[str, list[dict]] = {}
        for finding in guidelines.findings(self.case):
            if finding.field not in open_fields:
                found.setdefault(finding.field, []).append(as_find(finding))
        return found

    @property
    def helper(self):
        return form_helper(
            "base_version",
            "marks",
            "page",
            Included("requests_app/_step_start.html"),
            *(Section(heading, *self._pieces(asked)) for heading, asked in cards(self.step)),
            Acts(
                Act(_("Save and continue"), "go"),
                Act(_("Save and stop here"), "stop", kind="line"),
                Included("requests_app/_saved.html"),
            ),
            data_autosave=reverse("requests:edit", args=[self.case.reference, self.step]),
        )

    def _pieces(self, asked: list[Question]) -> list:
        pieces: list = []
        place = 0
        for question in asked:
            piece = self._piece(question)
            if question.beside:
                pieces[place] = Pair(pieces[place], piece)
            else:
                place = len(pieces)
                pieces.append(piece)
            if question.field in self.findings_at and question.field != "alternatives":
                pieces.append(Included("components/finds.html", findings=self.findings_at[question.field]))
            if question.field == "urgency":
                pieces.append(Included("requests_app/_telephone_first.html"))
        return pieces

    def _piece(self, question: Question):
        if question.field == "alternatives":
            return Included("requests_app/_alternatives.html", question=question, hint=hint_of(question))
        if question.field == "files":
            return Included("requests_app/_papers.html", papers=self.papers, most=uploads.MOST)
        return Field(question.field)


class Difference:
    """One answer that two people changed: mine as typed, theirs as it stands; `mine_is_new` if I changed it too."""

    def __init__(self, question: Question, mine: str, theirs: str, mine_is_new: bool):
        self.question, self.mine, self.theirs, self.mine_is_new = question, mine, theirs, mine_is_new
        self.field = question.field


def _initial(case: Case) -> dict[str, Any]:
    """The stored answers; rows of other tables by their key."""
    found = {name: getattr(case, f"{name}_id", None) or getattr(case, name) for name in INPUTS if name != "files"}
    return found | {"un_on_board": {True: "yes", False: "no"}.get(case.un_on_board, "")}


def _as_sent(form: StepForm, name: str) -> str:
    value = form.fields[name].prepare_value(form.initial.get(name))
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return cleaned(str("" if value is None else value))


def _mark(text: str) -> str:
    return format(zlib.crc32(text.encode()), "x")


def _row_in_words(line: str) -> str:
    option, day, outcome, note = [*line.split("|", 3), "", "", ""][:4]
    words = [
        dict(Alternative.Option.choices).get(option, option),
        day,
        dict(Alternative.Outcome.choices).get(outcome, outcome),
    ]
    return " · ".join(str(word) for word in [*words, note] if word)


# ── the start and the sending ────────────────────────────────────────────────────────────────────────────────────────


class RecordFields(forms.Form):
    """Who asked OCHA, how, when, before whom (domain.md §2.8)."""

    marks_optional = False

    def add_record(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now
        self.fields["person_function"] = Words(
            label=_("Who asked? (function)"), max_length=120, required=False, widget=forms.TextInput(),
            help_text=_("The function, not the name: “Logistician of the organisation, Bria”."),
        )  # fmt: skip
        self.fields["source"] = forms.ChoiceField(
            label=_("How did it come?"), choices=[("", _("Choose")), *OnBehalf.Source.choices], required=False,
            error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields["received_at"] = LocalMoment(label=_("When was it said?"), zone=zone, required=False)
        self.fields["witness"] = Words(
            label=_("Witness (function)"), max_length=120, required=False, widget=forms.TextInput(),
            help_text=_("Who else heard or read it."),
        )  # fmt: skip

    def check_record(self, values: dict) -> None:
        for name in RECORD:
            if not values.get(name) and name not in self.errors:
                self.add_error(name, STILL_MISSING)
        if values.get("received_at") and values["received_at"] > self.now:
            self.add_error("received_at", _("What you record cannot have been said in the future."))


RECORD = ("person_function", "source", "received_at", "witness")


class StartForm(RecordFields):
    """Where a request is filed, and for which organisation."""

    client_key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data=None, *, user: User, now: datetime):
        super().__init__(data)
        self.user = user
        self.initial["client_key"] = uuid.uuid4()
        self.own = scope.organisations_for(user, Perm.FILE_CASE)
        self.records = any(grant.perm == Perm.RECORD_FOR_OTHERS for grant in scope.grants(user))
        stations = stations_to_file_at(user)
        self.fields["station"] = _from_list(stations)
        self.fields["station"].label = _("Duty station of OCHA")
        self.fields["station"].help_text = _("Where the request is reviewed: usually the one nearest to the movement.")
        self.initial["station"] = scope.base_station(user)
        first = stations.first()
        self.country = first.country if first else None
        allowed = organisations_to_file_for(user, self.country.pk) if first else Organisation.objects.none()
        self.fields["organisation"] = _from_list(allowed)
        self.fields["organisation"].label = BY_FIELD["organisation"].label
        if not self.records:
            self.fields["organisation"].empty_label = None
            self.initial["organisation"] = user.organisation_id
        else:
            self.add_record(self.country.zone if first else timezone.get_default_timezone(), now)

    def clean(self):
        values = super().clean()
        station, organisation = values.get("station"), values.get("organisation")
        for name in ("station", "organisation"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, CHOOSE)
        if station and organisation:
            grant = right_to_file(self.user, country=station.country, station=station, organisation=organisation)
            if grant is None:
                self.add_error("station", _("You cannot file a request for this organisation at this duty station."))
            elif grant.perm == Perm.RECORD_FOR_OTHERS:
                self.check_record(values)
        return values

    def opening(self) -> dict[str, Any]:
        """What services.start_case needs."""
        values = self.cleaned_data
        for_others = values["organisation"].pk not in self.own
        return {
            "country": values["station"].country,
            "station": values["station"],
            "organisation": values["organisation"],
            "client_key": values.get("client_key"),
            "on_behalf": {name: values[name] for name in RECORD} if for_others else None,
        }

    @property
    def helper(self):
        record = [
            Section(
                _("Who asked for it"),
                Included("requests_app/_on_behalf.html"),
                "person_function",
                Pair("source", "received_at"),
                "witness",
            )
        ]
        return form_helper(
            "client_key",
            Section(_("Where and for whom"), "station", "organisation"),
            *(record if self.records else []),
            Acts(Act(_("Start the request")), Way(_("Back"), "/")),
        )


def stations_to_file_at(user: User):
    """Active duty stations of the countries where this person may file and where escorts are foreseen."""
    held = [grant for grant in scope.grants(user) if grant.perm in (Perm.FILE_CASE, Perm.RECORD_FOR_OTHERS)]
    countries = {g.country for g in held if g.perm == Perm.FILE_CASE}
    countries |= scope.countries_for(user, Perm.RECORD_FOR_OTHERS)
    closed = closed_countries()
    where = Q(country__in=countries) | Q(pk__in=scope.stations_for(user, Perm.RECORD_FOR_OTHERS))
    return (
        DutyStation.objects.filter(where, active=True)
        .exclude(country__in=closed)
        .select_related("country")
        .order_by("country", "name")
    )


def closed_countries() -> list[str]:
    """Countries whose present policy does not foresee escorts (ML-POS ¶6)."""
    latest: dict[str, CountryProfile] = {}
    for profile in CountryProfile.objects.filter(in_force_from__lte=timezone.localdate()).order_by("version"):
        latest[profile.country_id] = profile
    return [code for code, profile in latest.items() if profile.escorts == CountryProfile.Escorts.NOT_FORESEEN]


class SendForm(RecordFields):
    """The one button that sends a request; OCHA says once more who asked, and who will confirm it."""

    client_key = forms.UUIDField(widget=forms.HiddenInput(), required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data=None, *, case: Case, user: User, now: datetime, label: str, for_others: bool):
        super().__init__(data)
        self.label, self.for_others = label, for_others
        self.initial |= {"client_key": uuid.uuid4(), "base_version": case.version}
        if not for_others:
            return
        self.add_record(case.country.zone, now)
        asked = case.records_on_behalf.order_by("id").first()
        if asked:
            self.initial |= {name: getattr(asked, name) for name in RECORD}
        people = scope.holders(Perm.FILE_CASE, organisation=case.organisation_id, country=case.country_id)
        self.fields["person"] = forms.ModelChoiceField(
            User.objects.filter(pk__in=[person.pk for person in people]).order_by("folded_name"),
            label=_("Who will confirm it in the portal?"),
            help_text=_("They get a message and say whether you wrote down what they said."),
            empty_label=_("Nobody of them has an account"),
            required=False,
            error_messages={"invalid_choice": CHOOSE},
        )

    def clean(self):
        values = super().clean()
        if self.for_others:
            self.check_record(values)
        return values

    def again(self, case: Case) -> SendForm:
        """The same words under a fresh key, on the ground of the case as it is now."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["client_key"], self.data["base_version"] = str(uuid.uuid4()), str(case.version)
        return self

    def on_behalf(self) -> dict[str, Any] | None:
        if not self.for_others:
            return None
        return {name: self.cleaned_data[name] for name in (*RECORD, "person")}

    @property
    def helper(self):
        record = [Section(_("Who asked for it"), "person_function", Pair("source", "received_at"), "witness", "person")]
        return form_helper(
            "client_key",
            "base_version",
            *(record if self.for_others else []),
            Acts(Act(self.label)),
        )
