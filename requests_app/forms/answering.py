"""How is a page of questions answered on top of what is stored, by several people at once?

A page may be saved with gaps: nothing is required here. What is valid is saved, what is not stays on the page with its
sentence. `marks` says what stood in each answer when the page was made, so that two people who write at once each
see the other's words.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from cmcoord.ui.layout import Pair
from cmcoord.ui.templatetags.ui import moment_in_words
from requests_app.forms.fields import LocalMoment, WhereField
from requests_app.forms.pieces import hint_of
from requests_app.forms.rows import Rows, as_sent, as_typed
from requests_app.questions import Question


class AnsweringForm(forms.Form):
    """Questions of questions.py, each by its input or as rows; `zone` is the clock of those who answer.

    A page sets `asked`, `inputs`, `rows_of`, `zone` and `country` before this constructor runs.
    """

    marks_optional = False
    summary_shown = True
    asked: Iterable[Question] = ()
    inputs: Mapping[str, Callable] = {}
    rows_of: Mapping[str, Callable] = {}
    zone: ZoneInfo
    country: str

    def __init__(self, data=None, *, stored: dict[str, Any], version: int):
        super().__init__(data, initial=stored)
        for question in self.asked:
            if question.field in self.inputs:
                field = self.inputs[question.field](self, question)
                field.label, field.help_text, field.required = question.label, hint_of(question, self.country), False
                self.fields[question.field] = field
        for name, value in (("base_version", version), ("marks", ""), ("page", uuid.uuid4().hex[:12])):
            self.fields[name] = forms.CharField(widget=forms.HiddenInput(), required=False)
            self.initial[name] = value
        self.row_sets: dict[str, Rows] = {
            question.field: self.rows_of[question.field](self)
            for question in self.asked
            if question.field in self.rows_of
        }
        self.initial["marks"] = self.marks_now()

    @property
    def all_rows(self) -> list[Rows]:
        return list(self.row_sets.values())

    def asks(self, field: str) -> bool:
        return any(question.field == field for question in self.asked)

    def is_valid(self) -> bool:
        mistaken = [rows for rows in self.row_sets.values() if not rows.is_valid()]
        return super().is_valid() and not mistaken

    @property
    def has_mistakes(self) -> bool:
        """Is something typed wrong, in a single answer or in a row?"""
        return bool(self.errors) or any(rows.has_mistakes for rows in self.row_sets.values())

    def changed(self) -> dict[str, Any]:
        """The valid answers that differ from what is stored, without rows."""
        valid, typed, stands = getattr(self, "cleaned_data", {}), self.typed(), self.stands()
        return {name: valid[name] for name in typed if name in valid and typed[name] != stands[name]}

    # ── how it looks ──

    def pieces(self, asked: Iterable[Question]) -> list:
        """The answers of one card in their order; those that belong together stand side by side."""
        found: list = []
        place = 0
        for question in asked:
            piece = self._piece(question)
            if piece is None:
                continue
            if question.beside:
                found[place] = Pair(found[place], piece)
            else:
                place = len(found)
                found.append(piece)
            found += self._below(question)
        return found

    def _piece(self, question: Question):
        """How one question looks; None when it stands elsewhere."""
        raise NotImplementedError

    def _below(self, question: Question) -> list:
        """What stands under one question."""
        return []

    # ── two people at once ──

    @property
    def _marked(self) -> list[str]:
        return [q.field for q in self.asked if q.field in self.inputs]

    def stands(self) -> dict[str, str]:
        """What is stored for each question, as a browser would send it."""
        found = {field: self._as_sent(field) for field in self._marked}
        return found | {field: rows.as_stored() for field, rows in self.row_sets.items()}

    def typed(self) -> dict[str, str]:
        """What the browser has sent for each question."""
        found = {field: _in_one(self[field].data) for field in self._marked}
        return found | {field: rows.as_typed() for field, rows in self.row_sets.items()}

    def _as_sent(self, name: str) -> str:
        return _in_one(self.fields[name].prepare_value(self.initial.get(name)))

    def marks_now(self) -> str:
        return ".".join(f"{field}-{_mark(text)}" for field, text in self.stands().items())

    def differing(self, *, all_answers: bool = False) -> list[Difference]:
        """Answers that somebody else changed since this page was made and that stand otherwise on this page.

        `all_answers`: also those that only this page would change.
        """
        then = dict(part.rpartition("-")[::2] for part in self.data.get("marks", "").split("."))
        typed, stands = self.typed(), self.stands()
        by_field = {question.field: question for question in self.asked}
        return [
            Difference(by_field[field], typed[field], text, _mark(typed[field]) != then.get(field, ""))
            for field, text in stands.items()
            if (all_answers or then.get(field) != _mark(text)) and typed[field] != text
        ]

    def in_words(self, field: str, text: str) -> str:
        """One answer, as a browser sends it, in words."""
        if field in self.row_sets:
            return "\n".join(self.row_sets[field].form.in_words(line) for line in text.split("\n") if line)
        input_ = self.fields[field]
        if isinstance(input_, forms.BooleanField):
            return _("Yes") if text else _("No")
        if isinstance(input_, LocalMoment):
            try:
                return moment_in_words(input_.to_python(text), "long", str(self.zone)) if text else ""
            except forms.ValidationError:
                return text
        if isinstance(input_, WhereField):
            return input_.in_words(text)
        if isinstance(input_, forms.MultipleChoiceField):
            labels = {str(value): str(label) for value, label in input_.choices}
            return "\n".join(labels.get(each, each) for each in text.split("\n"))
        if isinstance(input_, forms.ChoiceField):
            return next((str(label) for value, label in input_.choices if str(value) == text), text) if text else ""
        return text

    def renewed(self, stored: dict[str, Any], version: int) -> None:
        """After saving: what was typed stays on the page, on the ground of what is stored now."""
        self.initial = self.initial | stored
        self.data = self.data.copy()
        self.data["base_version"], self.data["marks"] = str(version), self.marks_now()

    def with_theirs(self, fields: Iterable[str]):
        """The data of this page with the stored answer in place of the typed one for each of these questions."""
        data, stands = self.data.copy(), self.stands()
        for field in fields:
            if field in self.row_sets:
                rows = self.row_sets[field]
                for name in [name for name in data if name.startswith(f"{rows.prefix}-")]:
                    del data[name]
                data.update(rows.stored_data(rows.stored))
            elif field in stands and isinstance(self.fields[field], forms.MultipleChoiceField):
                data.setlist(field, stands[field].split("\n") if stands[field] else [])
            elif field in stands:
                data[field] = stands[field]
        return data


class Difference:
    """One answer that two people changed: mine as typed, theirs as it stands; `mine_is_new` if I changed it too."""

    def __init__(self, question: Question, mine: str, theirs: str, mine_is_new: bool):
        self.question, self.mine, self.theirs, self.mine_is_new = question, mine, theirs, mine_is_new
        self.field = question.field


def _in_one(value: Any) -> str:
    """One answer as text; of several ticks one line each."""
    if isinstance(value, list | tuple):
        return "\n".join(sorted(as_typed(each) for each in value))
    return as_sent(value)


def _mark(text: str) -> str:
    return format(zlib.crc32(text.encode()), "x")
