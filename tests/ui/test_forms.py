"""Can everybody read, fill in and correct a form, also with a screen reader and without script?"""

import datetime as dt
import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from cmcoord.ui.formsets import with_one_more_row
from cmcoord.ui.layout import Act, Acts, Note, Only, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, DayInput, MomentInput


class ConvoyForm(forms.Form):
    need = forms.CharField(label="Need", help_text="In one sentence.")
    day = forms.DateField(label="Day", widget=DayInput)
    urgency = forms.ChoiceField(label="Urgency", widget=ChoiceBoxes, choices=[("r", "Routine"), ("u", "Urgent")])
    why = forms.CharField(label="Why", required=False)
    clean_cargo = forms.BooleanField(label="No weapons")

    @property
    def helper(self):
        return form_helper(
            Section(
                "The need", "need", Pair("day"), "urgency", Only("urgency", "u", "why"), "clean_cargo", Note("A & B")
            ),
            Acts(Act("Save", "go"), Way("Back", "/back/")),
            data_autosave="/save/",
        )


Rows = forms.formset_factory(ConvoyForm, extra=1)


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


@pytest.fixture
def empty():
    return render_crispy_form(ConvoyForm())


@pytest.fixture
def wrong():
    return render_crispy_form(ConvoyForm({"need": ""}))


def test_each_input_has_a_label(empty):
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', empty))
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', empty))
    assert inputs <= labelled


def test_a_hint_belongs_to_its_input(empty):
    assert 'id="id_need_helptext">In one sentence.</div>' in empty
    assert 'aria-describedby="id_need_helptext"' in empty


def test_an_error_stands_beside_its_input_and_belongs_to_it(wrong):
    assert 'aria-describedby="id_need_helptext id_need_error"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert "id_need_error" in ids(wrong)


def test_a_group_of_choices_has_a_legend_and_its_error(wrong):
    assert re.search(
        r'<fieldset id="div_id_urgency"[^>]*aria-describedby="id_urgency_error">\s*<legend>Urgency\s*</legend>', wrong
    )


def test_the_summary_leads_to_every_wrong_input(wrong):
    targets = re.findall(r'<a href="#([^"]+)">', wrong)
    assert targets == ["id_need", "id_day", "id_urgency_0", "id_clean_cargo"]
    assert set(targets) <= ids(wrong)


def test_the_summary_takes_the_focus_without_script(wrong):
    assert 'role="alert" tabindex="-1" autofocus' in wrong


def test_a_right_form_has_no_summary(empty):
    assert "summary" not in empty


def test_a_form_without_answers_says_nothing_is_wrong_yet(empty):
    assert "aria-invalid" not in empty


def test_only_what_may_stay_empty_is_marked(empty):
    assert empty.count("(optional)") == 1


def test_a_form_may_leave_the_mark_out():
    class Draft(ConvoyForm):
        marks_optional = False

    assert "(optional)" not in render_crispy_form(Draft())


def test_the_server_says_what_is_wrong_not_the_browser(empty):
    assert re.search(r"<form [^>]*novalidate", empty)


def test_buttons_tell_which_one_was_pressed(empty):
    assert '<button class="btn" name="go" value="1">Save</button>' in empty
    assert '<a class="btn line" href="/back/">Back</a>' in empty


def test_marks_for_the_script_stand_on_the_form(empty):
    assert 'data-autosave="/save/"' in empty
    assert 'data-only="urgency=u"' in empty


def test_a_note_is_escaped(empty):
    assert "A &amp; B" in empty


def test_dates_reach_the_browsers_calendar_in_its_own_form():
    form = type(
        "F", (forms.Form,), {"day": forms.DateField(widget=DayInput), "at": forms.DateTimeField(widget=MomentInput)}
    )
    html = str(
        form(
            initial={
                "day": dt.date(2026, 11, 28),
                "at": dt.datetime(2026, 11, 28, 5, 30),
            }
        )
    )
    assert 'type="date" name="day" value="2026-11-28"' in html
    assert 'type="datetime-local" name="at" value="2026-11-28T05:30"' in html


def rows_shown(rows) -> str:
    source = '{% include "components/formset.html" with formset=rows row_label="Alternative" %}'
    return Template(source).render(Context({"rows": rows}))


def test_rows_are_numbered_and_carry_a_template_for_more():
    html = rows_shown(Rows(prefix="tried"))
    assert "Alternative <span data-number>1</span>" in html
    assert "tried-__prefix__-need" in html
    assert 'name="add_row" value="tried"' in html


def test_one_more_row_keeps_what_was_typed():
    data = QueryDict(mutable=True)
    data.update({"add_row": "tried", "tried-TOTAL_FORMS": "1", "tried-INITIAL_FORMS": "0", "tried-0-need": "Food"})
    html = rows_shown(Rows(with_one_more_row(data), prefix="tried"))
    assert 'value="Food"' in html
    assert "tried-1-need" in html


def test_one_more_row_survives_a_broken_count():
    data = QueryDict("add_row=tried&tried-TOTAL_FORMS=many")
    assert with_one_more_row(data)["tried-TOTAL_FORMS"] == "1"


def test_the_summary_of_rows_leads_into_the_row():
    rows = Rows(
        {"tried-TOTAL_FORMS": "1", "tried-INITIAL_FORMS": "0", "tried-0-need": "", "tried-0-why": "x"}, prefix="tried"
    )
    html = Template("{% load ui %}{% error_summary rows %}").render(Context({"rows": rows}))
    assert 'href="#id_tried-0-need"' in html
