"""Whom do I call now, with two taps; and without a network?"""

import pytest

from cmcoord.places.models import DutyStation
from tests.contacts.directory import alternate_in, post_of

NUMBER = "+236 70 00 00 22"


@pytest.fixture
def reached(people):
    DutyStation.objects.filter(code="bria").update(telephone=NUMBER)
    post = post_of(people.ocha_bgi, "Focal point", "Élodie Koyambounou", roles=("ocha_focal_point",))
    alternate_in(post, people.ocha_bgi, "Next in line", "+23672000009")


def test_the_duty_telephones_stay_readable_without_a_network(open_page, people, reached):
    page = open_page(people.requester_bria, width=320)
    page.goto("/directory/duty/")
    page.wait_for_selector("#kept button[data-kept='1']")
    page.context.set_offline(True)
    page.reload()
    assert page.is_visible(f"text={NUMBER}")
    assert "Koyambounou" not in page.content()
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("#kept button[data-kept='1']")
    page.click("#kept button")
    page.wait_for_selector("#kept button[data-kept='']")
    assert page.evaluate("caches.has('duty-telephones')") is False


def test_another_persons_duty_telephones_are_forgotten(open_page, people, reached):
    page = open_page(people.requester_bria)
    page.goto("/directory/duty/")
    page.wait_for_selector("#kept button[data-kept='1']")
    page.goto("/directory/")
    assert page.evaluate("caches.has('duty-telephones')") is True
    page.evaluate("localStorage.setItem('duty', 'somebody else')")
    page.goto("/directory/")
    page.wait_for_function("caches.has('duty-telephones').then(kept => !kept)")


def test_two_taps_lead_to_a_number_and_to_the_alternate_without_script(open_page, people, reached):
    page = open_page(people.requester_bria, width=320, javascript=False)
    page.goto("/directory/")
    page.click("main a >> text='Bria'")
    numbers = [one.get_attribute("href") for one in page.query_selector_all("main a[href^='tel:']")]
    assert numbers.index("tel:+23672000001") < numbers.index("tel:+23672000009")
