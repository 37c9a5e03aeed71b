"""How long does a person with a cheap telephone need at 40 kbit/s, and do they lose a word when the line breaks?

Each key and each tap is done at once and its time added up; what the line takes is measured. The line of the test is
three times as fast, and each second of waiting counts as three, the portal's own time included.
"""

import datetime as dt
import time

import pytest
from playwright.sync_api import expect

from cmcoord.places.models import Axis, Place
from contacts.models import Force
from requests_app.models import Case
from requests_app.questions import STEPS
from tests.factories import case_at, fresh

DAY = dt.timedelta(days=1)
KEY = 60 / (20 * 5)  # seconds: twenty words of five letters in a minute
TAP = 3.0
FASTER = 3  # than the line that is meant
BYTES = 40_000 / 8 * FASTER  # in a second
SLOW = {"latency": 800 / FASTER, "downloadThroughput": BYTES, "uploadThroughput": BYTES}
MINUTE = 60
SHOWN = """() => [...document.querySelectorAll("main form :is(input, select, textarea)")]
    .filter(e => e.type !== "hidden" && e.checkVisibility()).map(e => [e.name, e.type])"""
GENERIC = {"text": "12", "textarea": "Réponse courte et complète.", "date": str(dt.date.today() - 3 * DAY)}


def moment(days: int) -> str:
    return (dt.datetime.now() + days * DAY).strftime("%Y-%m-%dT05:30")


@pytest.fixture
def answers(people, bria):
    """What is answered, by the name of the input; new questions are answered by the sort of their input."""
    tried = str(dt.date.today() - 3 * DAY)
    return {
        "station": bria,
        "need": "Vivres pour 4 200 déplacés autour de Bria ; le stock s’épuise le 20.",
        "people": "4200",
        "critical_by": moment(15),
        "origin": Place.objects.get(name="Bambari"),
        "destination": Place.objects.get(name="Bria"),
        "axis": Axis.objects.get(code="bambari-bria"),
        "departure_at": moment(10),
        "window_to": moment(13),
        "rotations": "1",
        "vehicles": "6",
        "cargo": "Rations alimentaires, 60 tonnes.",
        "no_weapons": True,
        "un_on_board": "no",
        "force": Force.objects.get(acronym="MINUSCA"),
        "alternatives-0-option": "patrol",
        "alternatives-0-tried_on": tried,
        "alternatives-0-asked_to": "MINUSCA Bria",
        "alternatives-1-asked_to": "Chefs de village",
        "alternatives-0-outcome": "refused",
        "alternatives-0-note": "Pas de patrouille cette semaine.",
        "alternatives-1-option": "acceptance",
        "alternatives-1-tried_on": tried,
        "alternatives-1-outcome": "inadequate",
        "alternatives-1-note": "Aucune garantie n’a été donnée.",
        "why_safer": "Deux embuscades en un mois sur cet axe, aucune sur les convois escortés.",
        "neutrality": "Les communautés sont prévenues ; aucun militaire à la distribution.",
        "exit_plan": "Finit avec ce convoi ; les patrouilles reprennent dans trois semaines.",
    }


class Thumb:
    """A person on a telephone, with the seconds that typing would take and those that the line took."""

    def __init__(self, page):
        self.page, self.seconds, self.typed, self.asked = page, 0.0, {}, set()
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Network.enable")
        page.set_default_timeout(60_000)
        page.on("dialog", lambda dialog: dialog.accept())
        self.link(True)

    def link(self, there: bool) -> None:
        self.devtools.send("Network.emulateNetworkConditions", {"offline": not there, **SLOW})

    def waits(self, act) -> None:
        began = time.monotonic()
        act()
        self.seconds += (time.monotonic() - began) * FASTER

    def goes(self, selector: str, *, to: str) -> None:
        """Press a button and wait for the next page."""

        def act():
            self.page.locator(selector).last.click(no_wait_after=True)
            self.page.wait_for_url(to)

        self.seconds += TAP
        self.waits(act)

    def answers(self, answers: dict) -> None:
        """Everything on this page that has no answer yet."""
        done: set[str] = set()
        for _turn in range(3):  # an answer may show a further question
            for name, kind in self.page.evaluate(SHOWN):
                if name not in done:
                    done.add(name)
                    self.asked.add(name.partition("-")[0])
                    self._answer(name, kind, answers.get(name, GENERIC.get(kind)))

    def _answer(self, name: str, kind: str, answer) -> None:
        field = self.page.locator(f'[name="{name}"]')
        if kind == "radio":
            if self.page.locator(f'[name="{name}"]:checked').count():
                return
            option = f'[name="{name}"][value="{answer}"]' if answer else f'[name="{name}"]'
            self.page.locator(option).first.check()
            self.seconds += TAP
        elif kind == "checkbox" and field.count() > 1:
            if not self.page.locator(f'[name="{name}"]:checked').count():
                field.last.check()  # "nothing of this"
                self.seconds += TAP
        elif kind == "checkbox":
            if answer and not field.is_checked():
                field.check()
                self.seconds += TAP
        elif field.input_value():
            return
        elif kind.startswith("select"):
            field.select_option(str(getattr(answer, "pk", answer))) if answer else field.select_option(index=1)
            self.seconds += 2 * TAP
        elif answer is not None:
            field.fill(answer)
            self.typed[name] = answer
            self.seconds += TAP + len(answer) * KEY


@pytest.fixture
def thumb(open_page, people, request):
    """The requester in Bria, at 320 pixels, in French, on a slow line."""
    return Thumb(open_page(people.requester_bria, width=320, height=640, locale="fr", javascript=request.param))


def stored(case: Case, name: str) -> str:
    """An answer as it was typed."""
    if name.startswith("alternatives-"):
        _rows, number, column = name.split("-")
        return str(getattr(case.alternatives.all()[int(number)], column))
    value = getattr(case, name)
    if isinstance(value, dt.datetime):
        return value.astimezone(case.country.zone).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def breaks_and_comes_back(thumb: Thumb, script: bool, *, to: str) -> None:
    """The button is pressed while there is no link."""
    thumb.link(False)
    button = thumb.page.locator(".acts button[name=go]")
    if script:
        button.click()
        expect(thumb.page.locator(".unsent p")).to_contain_text("Aucune réponse n’est venue")
        thumb.link(True)
        return thumb.waits(lambda: thumb.page.wait_for_url(to))
    button.click(no_wait_after=True)
    thumb.page.wait_for_timeout(1000)
    assert "chrome-error" in thumb.page.url, "the browser's own page"
    thumb.link(True)
    thumb.waits(thumb.page.reload)
    return thumb.page.wait_for_url(to)


@pytest.mark.parametrize("thumb", [True, False], indirect=True, ids=["with script", "without script"])
def test_the_ask_is_filed_within_twelve_minutes_on_a_line_that_breaks_twice(thumb, answers, request):
    script = "with script" in request.node.name
    thumb.waits(lambda: thumb.page.goto("/requests/new/"))
    thumb.answers(answers)
    thumb.goes("main form[method=post] .btn:not(.line)", to="**/edit/1/")
    case = Case.objects.get()
    for step in STEPS:
        thumb.answers(answers)
        onwards = f"**/edit/{step + 1}/" if step < max(STEPS) else "**/submit/"
        if step in (min(STEPS), max(STEPS)):
            breaks_and_comes_back(thumb, script, to=onwards)
        else:
            thumb.goes(".acts button[name=go]", to=onwards)
    steps_asked = thumb.asked - {"station", "organisation"}
    thumb.goes("main form[method=post] .btn:not(.line)", to=f"**/requests/{case.reference}/")
    case = fresh(case)

    assert case.status == "submitted"
    assert {name: stored(case, name) for name in thumb.typed} == thumb.typed, "not a character is lost"
    assert thumb.seconds <= 12 * MINUTE
    assert len(steps_asked) <= 20, steps_asked


@pytest.mark.parametrize("thumb", [True, False], indirect=True, ids=["with script", "without script"])
def test_a_copy_of_a_past_request_is_filed_within_three_minutes(thumb, answers, people):
    past = case_at("closed", people)
    thumb.waits(lambda: thumb.page.goto(f"/requests/{past.reference}/"))
    thumb.goes('main form[action$="/copy/"] button', to="**/edit/1/")
    case = Case.objects.latest("pk")
    for step in STEPS:
        thumb.answers({name: answer for name, answer in answers.items() if not name.endswith("-note")})
        thumb.goes(".acts button[name=go]", to=f"**/edit/{step + 1}/" if step < max(STEPS) else "**/submit/")
    thumb.goes("main form[method=post] .btn:not(.line)", to=f"**/requests/{case.reference}/")

    assert fresh(case).status == "submitted"
    assert thumb.seconds <= 3 * MINUTE
