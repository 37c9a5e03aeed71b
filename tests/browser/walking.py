"""How does a person get through the portal's pages? Signing in, filling a form, pressing a button: one browser each.

Inputs are found by their names and buttons by the step they make, so that the same walk works in each language.
"""

from django.conf import settings
from django.core import mail
from django.db.models import Model
from playwright.sync_api import Page

from cmcoord.activity import sms_delivery
from cmcoord.activity.delivery import deliver_due
from requests_app.models import Case
from requests_app.tasks import sweep_cases
from tests.browser.conftest import session_of


class Walk:
    """One story: who does what on which page, at which time, and what the background work sends after it."""

    def __init__(self, open_page, clock, live_url, **browser):
        self.open_page, self.clock, self.live_url, self.browser = open_page, clock, live_url, browser
        self.pages: dict[str, tuple[str, Page]] = {}
        self.reference = self.force_reference = ""
        self.stands_on_case: set[str] = set()  # whose browser shows the page of the request since the clock moved

    def at(self, local: str) -> None:
        """It is this time in Bangui; what is due by then is done and sent."""
        self.clock.set(local)
        self.stands_on_case.clear()
        self.background()

    def background(self) -> None:
        """What worker and clock do each minute, by the same functions."""
        sweep_cases()
        deliver_due()
        sms_delivery.deliver_due()

    def page(self, person, **browser) -> Page:
        """This person's own browser; each day they sign in again."""
        today = self.clock.now().date().isoformat()
        day, page = self.pages.get(person.username, ("", None))
        page = page or self.open_page(**(self.browser | browser))
        if day != today:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": self.live_url}
            page.context.add_cookies([cookie])
        self.pages[person.username] = today, page
        return page

    def case_page(self, person) -> Page:
        page = self.page(person)
        page.goto(f"/requests/{self.reference}/")
        return page

    def does(self, person, code: str, **answers) -> Page:
        """A step on the page of the request: its button, and its form when it asks something."""
        page = self.case_page(person)
        step(page, code, **answers)
        page.wait_for_url(f"**/requests/{self.reference}/")
        assert page.locator("html").get_attribute("lang") == self.browser["locale"]
        self.background()
        return page

    def records(self, person, code: str, said: dict, **answers) -> Page:
        """OCHA writes down what somebody said: the link on the page of the request, who said it, what was said."""
        page = self.page(person)
        if person.username not in self.stands_on_case or not page.url.endswith(f"/requests/{self.reference}/"):
            page = self.case_page(person)
        self.stands_on_case.add(person.username)
        page.locator("#steps summary").click()
        page.locator(f'#steps a[href$="/record/{code}/"]').click()
        fill(page, **{f"said-{name}": answer for name, answer in said.items()}, **answers)
        page.locator("main form[method=post] .btn:not(.line)").last.click()
        page.wait_for_url(f"**/requests/{self.reference}/")
        self.background()
        return page

    @property
    def case(self) -> Case:
        return Case.objects.get(reference=self.reference)


def step(page: Page, code: str, **answers) -> None:
    """Press the button of a step where it stands; fill its form and send it."""
    at_once = page.locator(f'main form[action$="/{code}/"] button')
    if at_once.count():
        return at_once.first.click()
    page.locator(f'main a[href$="/{code}/"]').first.click()
    fill(page, **answers)
    return page.locator("main form[method=post] .btn:not(.line)").last.click()


def fill(page: Page, **answers) -> None:
    """Answer questions by the names of their inputs; a row stands in Model or text, boxes in a list."""
    for name, answer in answers.items():
        value = str(answer.pk) if isinstance(answer, Model) else answer
        field = page.locator(f'[name="{name}"]')
        kind = field.first.evaluate("e => e.type")
        if kind == "radio":
            page.check(f'[name="{name}"][value="{value}"]')
        elif kind == "checkbox" and isinstance(value, list):
            for box in field.all():
                box.set_checked(box.get_attribute("value") in value)
        elif kind == "checkbox":
            field.set_checked(value)
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(str(value))


def posted_to(person) -> list[str]:
    """Subjects of the mails that this person received, in their order, without the reference of the request."""
    return [message.subject.partition(":")[2].strip() for message in mail.outbox if message.to == [person.email]]
