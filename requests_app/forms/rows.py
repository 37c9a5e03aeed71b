"""How are several answers of one kind written down, one row each, beside the questions of a page?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.ui.words import cleaned


class RowForm(forms.Form):
    """One row; `names` are its columns in the order in which they are asked."""

    marks_optional = False
    names: tuple[str, ...] = ()
    remove_label: str | Promise = gettext_lazy("Remove this row")

    def __init__(self, *args, removable: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if removable:
            self.fields["gone"] = forms.BooleanField(label=self.remove_label, required=False)

    @property
    def is_blank(self) -> bool:
        return not any(as_typed(self[name].data) for name in self.names)

    @property
    def is_gone(self) -> bool:
        return "gone" in self.fields and bool(self["gone"].data)

    @classmethod
    def in_words(cls, line: str) -> str:
        """One row, as `rows_as_text` writes it, in words."""
        return " · ".join(part for part in line.split("|") if part)


class Rows(forms.BaseFormSet):
    """Rows as they are on the page; blank ones do not count, a ticked one goes. `stored` are those that stand now."""

    form: type[RowForm]

    def __init__(self, *args, prefix: str, stored: list[dict[str, Any]], zone: ZoneInfo | None = None, **given):
        self.stored, self.zone, self.given = stored, zone, given
        super().__init__(*args, prefix=prefix)
        if not self.is_bound:
            self.initial = stored

    def get_form_kwargs(self, index):
        removable = index is not None and index < self.initial_form_count()
        return super().get_form_kwargs(index) | self.given | {"removable": removable}

    def _construct_form(self, i, **kwargs):
        row = super()._construct_form(i, **kwargs)
        row.empty_permitted = row.is_bound and (row.is_blank or row.is_gone)
        return row

    def full_clean(self):
        """Blank and removed rows say nothing wrong; more rows than are kept do."""
        super().full_clean()
        if self.is_bound:
            self._errors = [{} if row.is_blank or row.is_gone else row.errors for row in self.forms]
            if sum(not (row.is_blank or row.is_gone) for row in self.forms) > self.max_num:
                self.say(_("At most %(count)d rows.") % {"count": self.max_num})

    @property
    def has_mistakes(self) -> bool:
        return bool(self.non_form_errors() or any(self.errors))

    def say(self, sentence: str) -> None:
        """An error about all rows together."""
        self.non_form_errors().append(sentence)

    def values(self) -> list[dict[str, Any]]:
        """The rows to save: valid ones as typed; one that is wrong stays as it was stored until it is put right.

        Of too many the first are saved, and all stay on the page. A page that arrived without its rows changes none.
        """
        if self.is_bound and not self.management_form.is_valid():
            return self.stored
        kept = []
        for index, row in enumerate(self.forms):
            if row.is_blank or row.is_gone:
                continue
            if row.is_valid():
                kept.append({name: row.cleaned_data.get(name) for name in self.form.names})
            elif index < len(self.stored):
                kept.append(self.stored[index])
        return kept[: self.max_num]

    def as_stored(self) -> str:
        """What is stored, one line for each row, as a browser would send it."""
        return rows_as_text(self.form.names, self.stored, self.zone)

    def as_typed(self) -> str:
        """What the browser has sent, in the same form."""
        left = [row for row in self.forms if not (row.is_blank or row.is_gone)]
        rows = ({name: as_typed(row[name].data) for name in self.form.names} for row in left)
        return rows_as_text(self.form.names, rows, self.zone)

    def stored_data(self, rows: list[dict[str, Any]]) -> dict[str, str]:
        """These rows as the fields of a page that shows nothing else."""
        data = {f"{self.prefix}-TOTAL_FORMS": str(len(rows)), f"{self.prefix}-INITIAL_FORMS": str(len(rows))}
        for index, row in enumerate(rows):
            sent = {name: as_sent(row[name], self.zone) for name in self.form.names}
            data |= {f"{self.prefix}-{index}-{name}": value for name, value in sent.items() if value}
        return data


def as_typed(value: Any) -> str:
    """What a browser has sent for one input, as text: a tick is "on"."""
    if isinstance(value, bool):
        return "on" if value else ""
    return cleaned(str(value or ""))


def as_sent(value: Any, zone: ZoneInfo | None = None) -> str:
    """A stored value, as a browser would send it."""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, datetime):
        return (timezone.make_naive(value, zone) if timezone.is_aware(value) else value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, models.Model):
        return str(value.pk)
    return cleaned(str("" if value is None else value))


def rows_as_text(names: Iterable[str], rows: Iterable[Mapping[str, Any]], zone: ZoneInfo | None = None) -> str:
    return "\n".join("|".join(as_sent(row.get(name), zone) for name in names) for row in rows)
