"""What does one step of a request ask, and what of it can be saved?

A step may be saved with gaps: nothing is required here. What is valid is saved, what is not stays on the page with its
sentence. `marks` says what stood in each answer when the page was made, so that two people who write at once each
see the other's words.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import User
from cmcoord.ui.layout import Act, Acts, Pair, Section, form_helper
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app import guidelines, uploads
from requests_app.forms.alternatives import (
    MOST_ROWS,
    ROW_FIELDS,
    ROWS_PREFIX,
    AlternativeForm,
    AlternativeRows,
    row_in_words,
    rows_as_text,
    stored_rows,
)
from requests_app.forms.fields import STILL_MISSING, LocalMoment
from requests_app.forms.inputs import INPUTS
from requests_app.forms.pieces import Included, as_find, hint_of
from requests_app.models import Case
from requests_app.models.case import Status
from requests_app.questions import BY_FIELD, Question, cards, questions
from requests_app.services.filing import read_by_reviewers
from requests_app.words import cleaned

MISSING: dict[str, Any] = {
    "no_weapons": gettext_lazy("Tick this; without it the request cannot be sent."),
    "alternatives": gettext_lazy("Name at least one alternative that was tried."),
}
NOT_EMPTY = gettext_lazy("This request was sent before, so that no answer can be left empty.")


class StepForm(forms.Form):
    """One step of a request, as the table of questions has it."""

    marks_optional = False
    summary_shown = True

    def __init__(self, data=None, files=None, *, case: Case, step: int, user: User, now: datetime):
        self.case, self.step, self.user, self.now = case, step, user, now
        self.zone = case.country.zone
        self.today = timezone.localdate(now, self.zone)
        self.asked = questions(case, step=step)
        self.papers = list(case.files.all()) if self._asks("files") else []
        self.read_papers = read_by_reviewers(case) if self.papers else set()
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

    @property
    def standing_papers(self) -> int:
        return sum(paper.withdrawn_at is None for paper in self.papers)

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
            found["alternatives"] = rows_as_text(stored_rows(self.case))
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
            found["alternatives"] = rows_as_text({n: cleaned(row[n].data or "") for n in ROW_FIELDS} for row in left)
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
            return "\n".join(row_in_words(line) for line in text.split("\n") if line)
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
            *(Section(heading, *self._pieces(asked)) for heading, asked in cards(self.case, self.step)),
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
            return Included(
                "requests_app/_papers.html",
                papers=self.papers,
                read_papers=self.read_papers,
                room=self.standing_papers < uploads.MOST,
            )
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
