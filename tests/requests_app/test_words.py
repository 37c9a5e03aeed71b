"""Are the small words said to a person sentences of the portal, in their language?"""

import html
import importlib
import pkgutil
import re
import unicodedata

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

import requests_app.forms
from cmcoord.ui.words import cleaned
from requests_app import buttons, case_page, dossier, moves
from requests_app.done import DONE
from requests_app.forms.fields import Words
from requests_app.forms.filing import SendForm, StartForm
from requests_app.forms.moves import FORMS, for_move
from requests_app.forms.papers import AttachForm, WithdrawForm
from requests_app.forms.steps import StepForm
from requests_app.forms.transmitting import ScheduleForm
from requests_app.models import Case, CaseFile
from tests.factories import HOUR, case_at, complete_draft
from tests.requests_app.test_moves_views import send

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

# Beginnings of what Django itself says of a wrong answer, in both languages.
DJANGO = re.compile(
    r"Ensure (this|that)|Enter a |Select a valid|This field is required|No file was submitted|Null characters"
    r"|Assurez-vous|Saisissez |Sélectionnez un choix|Ce champ est obligatoire|Aucun fichier|Le caractère nul"
)
NONSENSE = ("", " ", "nonsense", "-1", "0", "99999999999999999999", "1.5", "x" * 5000, "\x00", "2026-13-45T99:99", "ⅷ")


def mistakes(form):
    """What a person reads of this form: errors of the questions they see."""
    found = [str(each) for name, said in form.errors.items() if name not in hidden(form) for each in said]
    rows = getattr(form, "rows", None)
    if rows is not None:
        rows.is_valid()
        found += [str(each) for row in rows.forms for said in row.errors.values() for each in said]
        found += [str(each) for each in rows.non_form_errors()]
    return found


def hidden(form):
    return {name for name, field in form.fields.items() if field.widget.is_hidden}


@pytest.mark.parametrize("language", ["en", "fr"])
class TestMistakesWhileFiling:
    @pytest.mark.parametrize("text", NONSENSE)
    @pytest.mark.parametrize("step", [1, 2, 3])
    def test_no_step_answers_in_words_of_django(self, requester_bria, language, step, text):
        case = Case.objects.get(pk=complete_draft(requester_bria).pk)
        with translation.override(language):
            asked = StepForm(case=case, step=step, user=requester_bria, now=timezone.now())
            data = dict.fromkeys(asked.fields, text)
            data |= {"alternatives-TOTAL_FORMS": "1", "alternatives-INITIAL_FORMS": "0"}
            data |= {f"alternatives-0-{name}": text for name in ("option", "tried_on", "outcome", "note")}
            form = StepForm(data, case=case, step=step, user=requester_bria, now=timezone.now())
            form.is_valid()
            found = mistakes(form)
        assert not [each for each in found if DJANGO.match(each)]

    @pytest.mark.parametrize("text", NONSENSE)
    def test_neither_do_the_start_the_sending_and_the_withdrawal(self, people, language, text):
        case = case_at("returned", people)
        row = CaseFile(case=case, name="list.pdf")
        with translation.override(language):
            made = [
                StartForm({}, user=people.ocha_bria, now=timezone.now()),
                SendForm({}, case=case, user=people.ocha_bria, now=timezone.now(), label="Send", for_others=True),
                WithdrawForm({}, row=row),
                AttachForm({}, case=case),
                AttachForm({}, {"file": SimpleUploadedFile(f"{'x' * 300}.pdf", text.encode())}, case=case),
            ]
            found = []
            for form in made:
                form.data = dict.fromkeys(form.fields, text)
                form.is_bound = True
                found += mistakes(form)
        assert found or text not in ("", " ")
        assert not [each for each in found if DJANGO.match(each)]


class TestEmptyChoices:
    """A list without a choice says what to choose, or what holds without one."""

    def test_no_form_of_a_move_shows_a_row_of_dashes(self, people):
        statuses = {"draft_decision": "clearing", "approve": "deciding", "counter": "transmitted"}
        checked = 0
        for code in FORMS:
            case = case_at(statuses[code], people) if code in statuses else None
            if case is None and code != "share":
                continue
            case = case or case_at("reviewing", people)
            dossier.read(case)
            for field in for_move(code)(case=case, code=code, user=people.ocha_bgi).fields.values():
                if isinstance(field, forms.ModelChoiceField):
                    checked += 1
                    assert field.empty_label is None or "-----" not in str(field.empty_label)
        assert checked >= 7

    def test_the_page_of_the_draft_asks_to_choose(self, client, people):
        case = case_at("clearing", people)
        client.force_login(people.ocha_bgi)
        page = client.get(reverse("requests:move", args=[case.reference, "draft_decision"])).content.decode()
        assert "Choose the provider" in page
        assert "---------" not in page


class TestWhatFollows:
    def test_every_step_with_a_page_has_its_sentence_and_no_other(self):
        assert set(DONE) == {line.code for line in moves.MOVES if line.offered} - {"edit", "sheet"}

    def test_no_sentence_only_repeats_the_button(self):
        for code, sentence in DONE.items():
            label = str(moves.lines(code)[0].label)
            assert len(str(sentence).replace(label, "")) > 15, code

    def test_it_is_said_after_the_step(self, client, people):
        case = case_at("reviewing", people)
        assert send(client, people.ocha_bria, case, "validate").status_code == 302
        page = html.unescape(client.get(case.get_absolute_url()).content.decode())
        assert "Validated. The national unit of OCHA clears it now." in page


class TestSilenceOfACluster:
    def page(self, client, people, case):
        client.force_login(people.log_cluster)
        url = reverse("requests:move", args=[case.reference, "advise_cluster"])
        return html.unescape(client.get(url).content.decode())

    def test_it_reads_until_when_and_what_happens_then(self, client, people):
        case = case_at("reviewing", people)
        case.consultations.filter(body="cluster:LOG").update(
            answered_at=None, lapsed_at=None, due_at=timezone.now() + HOUR * 5
        )
        assert "If your cluster says nothing until" in self.page(client, people, case)

    def test_after_its_time_it_reads_that_it_may_still_answer(self, client, people):
        case = case_at("reviewing", people)
        case.consultations.filter(body="cluster:LOG").update(answered_at=None, lapsed_at=timezone.now())
        page = self.page(client, people, case)
        assert "The time of your cluster is over" in page
        assert "If your cluster says nothing" not in page

    def test_once_answered_nothing_is_said_of_silence(self, client, people):
        case = case_at("reviewing", people)
        case.consultations.filter(body="cluster:LOG").update(answered_at=timezone.now(), lapsed_at=None)
        assert "cluster says nothing" not in self.page(client, people, case)

    def test_undss_reads_nothing_of_it(self, client, people):
        case = case_at("reviewing", people, un_on_board=True)
        client.force_login(people.undss)
        url = reverse("requests:move", args=[case.reference, "advise_security"])
        assert "cluster says nothing" not in client.get(url).content.decode()


class TestReturned:
    def test_the_track_stands_with_who_has_the_turn(self, people):
        case = case_at("returned", people)
        read = dossier.read(case)
        context = case_page.context(case, read, people.requester_bria)
        assert context["turn"].yours
        here = [step["label"] for step in context["track"] if step["state"] == "now"]
        assert [str(label) for label in here] == ["Submitted"]

    def test_numbers_show_what_may_be_written(self, client, people):
        case = complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        page = client.get(reverse("requests:edit", args=[case.reference, 2])).content.decode()
        assert 'placeholder="1–20"' in page
        assert 'placeholder="1–100"' in page


def test_steps_without_a_page_of_their_own_are_known():
    assert set(buttons.WITHOUT_FORM) <= set(DONE)


HIDDEN = "\u202eMeet at\u2066 the\x07 gate\u200b"  # it reads from right to left, and holds what nobody sees
READ_AS_CODES = ("CheckForm", "SecretForm", "RegisterForm", "LedgerForm")  # looked for and not kept


def _forms():
    for module in pkgutil.iter_modules(requests_app.forms.__path__, "requests_app.forms."):
        found = vars(importlib.import_module(module.name)).values()
        yield from (each for each in found if isinstance(each, type) and issubclass(each, forms.BaseForm))


def test_no_form_keeps_signs_that_nobody_sees():
    texts = [
        (form.__name__, name, field)
        for form in dict.fromkeys(_forms())
        for name, field in form.base_fields.items()
        if type(field).__mro__[0] is forms.CharField or isinstance(field, Words)
    ]
    assert len(texts) > 30
    kept = [
        (form, name)
        for form, name, field in texts
        if form not in READ_AS_CODES and not field.widget.is_hidden and field.to_python(HIDDEN) != "Meet at the gate"
    ]
    assert kept == []


@pytest.mark.parametrize("sign", ["\u061c", "\u206a", "\xad", "\u180e", "\u3164", "\U000e0041", "\u202e", "\ud83d"])
def test_a_sign_without_a_look_makes_no_answer(sign):
    assert cleaned(sign * 3) == ""
    assert cleaned(f"ga{sign}te") == "gate"


def test_letters_of_the_languages_of_the_country_stay():
    text = "Ɛ ɔ ŋ Ngbândî · مِن اليمين · نمی\u200cخواهم"
    assert cleaned(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(("language", "begins"), [("en", "Please shorten"), ("fr", "Merci de raccourcir")])
def test_a_text_that_is_too_long_is_said_in_the_language_of_its_reader(language, begins):
    with translation.override(language), pytest.raises(forms.ValidationError) as wrong:
        ScheduleForm.base_fields["leader"].clean("x" * 121)
    with translation.override(language):
        assert wrong.value.messages[0].startswith(begins)
