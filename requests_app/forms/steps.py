"""What does one step of a request ask, and what of it can be saved? (forms/answering.py has the machinery)"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.layout import Field
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import User
from cmcoord.guidance.clauses import cited_in
from cmcoord.ui.layout import Act, Acts, Only, Section, form_helper
from requests_app import guidelines, last_resort, provider
from requests_app.forms.alternatives import ROWS_PREFIX, alternative_rows, stored_rows
from requests_app.forms.answering import AnsweringForm
from requests_app.forms.fields import STILL_MISSING, WhereField
from requests_app.forms.inputs import INPUTS
from requests_app.forms.papers import standing_papers
from requests_app.forms.pieces import Included, as_find, clause_link, hint_of
from requests_app.forms.rows import Rows
from requests_app.models import Case
from requests_app.models.terms import RequestType, Status
from requests_app.questions import RISK_TEXTS, Question, cards, questions

MISSING: dict[str, Any] = {
    "no_weapons": gettext_lazy("Tick this; without it the request cannot be sent."),
    "alternatives": gettext_lazy("Name at least two alternatives that were tried."),
    "risks": gettext_lazy("Tick what is true, or the last line if nothing is."),
}
YES_OR_NO = ("un_on_board", "civilian_within_hour", "mixed_patrol")
NOT_EMPTY = gettext_lazy("This request was sent before, so that no answer can be left empty.")


class StepForm(AnsweringForm):
    """One step of a request, as the table of questions has it."""

    inputs, rows_of = INPUTS, {ROWS_PREFIX: alternative_rows}

    def __init__(self, data=None, *, case: Case, step: int, user: User, now: datetime):
        self.case, self.step, self.user, self.now = case, step, user, now
        self.zone, self.country = case.country.zone, case.country_id
        self.today = timezone.localdate(now, self.zone)
        self.asked = questions(str(case.request_type), step=step)  # what an answer opens is on the page too
        super().__init__(data, stored=_initial(case), version=case.version)

    @property
    def rows(self) -> Rows | None:
        """The alternatives, on the step that asks for them."""
        return self.row_sets.get(ROWS_PREFIX)

    # ── checking ──

    def clean(self):
        values = super().clean()
        self._check_gaps(values)
        self._check_dates(values)
        self._check_provider(values)
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
            gap = value in (None, "", []) or name == "no_weapons" and not value
            if (
                gap
                and self._is_open(question, values)
                and question.required
                and name in INPUTS
                and name not in self.errors
            ):
                self.add_error(name, MISSING.get(name, NOT_EMPTY))

    def _is_open(self, question: Question, values: dict) -> bool:
        """Do the answers on this page open that question?"""
        if question.opened_by is None:
            return True
        name, codes = question.opened_by
        given = values.get(name, getattr(self.case, name))
        return bool(set(given if isinstance(given, list) else [given]) & set(codes))

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

    def _check_provider(self, values: dict) -> None:
        """A force that cannot be named there and then is not saved; the last word is said when the request is sent."""
        if not values.get("force") or "force" in self.errors:
            return
        known = {name: values.get(name, getattr(self.case, name)) for name in ("departure_at", "window_to")}
        where = WhereField.columns(values["where"]) if values.get("where") else {}
        found = provider.stop_of(
            self.case, force=values["force"], axis=values.get("axis") or where.get("axis") or self.case.axis_id,
            area=where.get("area") or self.case.area_id, valid_from=known["departure_at"], valid_to=known["window_to"],
            still_open=True,
        )  # fmt: skip
        if found and not provider.may_be_excepted(self.case):
            self.add_error("force", provider.cannot_be_named(self.case))

    def answers(self) -> dict[str, Any]:
        """The valid new answers, as services.save_answers takes them; a window out of order stays as it was."""
        found = self.changed()
        if found.get("organisation", self) is None:
            del found["organisation"]
        if found.get("urgency") == "":
            del found["urgency"]
        if "where" in found:
            found |= WhereField.columns(found.pop("where"))
        starts = found.get("departure_at", self.case.departure_at)
        ends = found.get("window_to", self.case.window_to)
        if starts and ends and ends <= starts:
            for name in ("departure_at", "window_to"):
                found.pop(name, None)
        return found

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

    def renew(self, case: Case) -> None:
        """After saving: what was typed stays on the page, on the ground of the case as it is now."""
        self.case = case
        for rows in self.row_sets.values():
            rows.stored = stored_rows(case)
        self.renewed(_initial(case), case.version)

    def with_data(self, data) -> StepForm:
        return StepForm(data, case=self.case, step=self.step, user=self.user, now=self.now)

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

    @cached_property
    def offers_patrol(self) -> bool:
        """Beside the alternatives to an escort: one tap asks for a patrol on the same axis (CAR-CMC §5)."""
        if self.rows is None or not self.case.is_escort or self.case.axis_id is None:
            return False
        policy = self.case.country.profile_on()
        return policy is not None and policy.offers(RequestType.PATROL)

    @property
    def civilian(self):
        """The alternative that is available, if one is: it is offered instead."""
        return guidelines.civilian_means(self.case)

    @property
    def helper(self):
        return form_helper(
            "base_version",
            "marks",
            "page",
            Included("requests_app/_step_start.html"),
            *(
                Section(heading, *self.pieces(asked))
                for heading, asked in cards(str(self.case.request_type), self.step)
            ),
            Acts(
                Act(_("Save and continue"), "go"),
                *([Act(_("Save and ask for a patrol instead"), "patrol", kind="line")] if self.offers_patrol else []),
                Act(_("Save and stop here"), "stop", kind="line"),
                Included("requests_app/_saved.html"),
            ),
            data_autosave=reverse("requests:edit", args=[self.case.reference, self.step]),
        )

    def _piece(self, question: Question):
        piece = self._input(question)
        if piece is None or question.opened_by is None:
            return piece
        field, codes = question.opened_by
        return Only(field, "|".join(codes), piece)

    def _input(self, question: Question):
        if question.field == "alternatives":
            return Included("requests_app/_alternatives.html", question=question, hint=hint_of(question, self.country))
        if question.field == "files":
            return Included("requests_app/_papers.html", question=question, papers=standing_papers(self.case))
        if question.field == "risks":
            return Included("requests_app/_risks.html", question=question, statements=self._statements())
        if question.field in RISK_TEXTS:
            return None  # stands under its tick
        return Field(question.field)

    def _below(self, question: Question) -> list:
        found = []
        if question.field not in ("alternatives", "risks"):
            rows = [row for name in (question.field, *question.columns) for row in self.findings_at.get(name, [])]
            found += [Included("components/finds.html", findings=rows)] if rows else []
        if question.field == "civilian_within_hour" and self.case.civilian_within_hour:
            found.append(Included("requests_app/_civilian.html", civilian=True, case=self.case))
        if question.field == "urgency":
            found.append(Included("requests_app/_telephone_first.html"))
        return found

    def _statements(self) -> list[dict[str, Any]]:
        """Each statement of the last-resort test, with its clause and the question that its tick opens."""
        under = {risk.code: self[risk.text] for risk in last_resort.risks_of(self.case.request_type) if risk.text}
        clauses = {
            risk.code: cited_in(risk.clause, self.country) for risk in last_resort.risks_of(self.case.request_type)
        }
        return [
            {
                "tick": tick,
                "under": under.get(tick.data["value"]),
                "clause": clause_link(clauses[tick.data["value"]]) if tick.data["value"] in clauses else "",
            }
            for tick in self["risks"].subwidgets
        ]


def _initial(case: Case) -> dict[str, Any]:
    """The stored answers; rows of other tables by their key."""
    found = {name: getattr(case, f"{name}_id", None) or getattr(case, name) for name in INPUTS if name != "where"}
    area = f"axis-{case.axis_id}" if case.axis_id else f"area-{case.area_id}" if case.area_id else ""
    answered = {name: {True: "yes", False: "no"}.get(getattr(case, name), "") for name in YES_OR_NO}
    return found | {"where": area} | answered
