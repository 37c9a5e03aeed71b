"""A list of contacts through the browser: looked at, agreed to, two who are one, and two again."""

import re

from playwright.sync_api import expect

from contacts.models import Merge, Person
from tests.browser.test_lines_bodies import LOCALES, at
from tests.contacts.lists import row, table

LIST = table(
    row(Name="Awa Mbolido", E_mail=""),
    row(Name="Aristide Gonda", Function="Radio", E_mail=""),
    row(Name="Somebody Else", Function="Guard", Telephones="12345", E_mail=""),
)  # the first two by the same number


@LOCALES
def test_a_list_comes_in_two_become_one_and_two_again(open_page, people, locale):
    page = at(open_page, people.requester_bria, locale, "/directory/import/")
    main = page.locator("main")
    page.set_input_files("input[type='file']", {"name": "contacts.csv", "mimeType": "text/csv", "buffer": LIST})
    main.locator("form button.btn").first.click()
    expect(page).to_have_url(re.compile(r"/directory/import/\d+/"))
    main.locator(".tabs a[href='?rows=wrong']").click()
    expect(main).to_contain_text("E4")
    assert not Person.objects.exists(), "nothing is kept before the yes"
    page.check("input[name='without_wrong']")
    page.locator("form:has(input[name='without_wrong']) button.btn").click()
    expect(page.locator("a.btn[href='/directory/posts/']")).to_be_visible()
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Aristide Gonda", "Awa Mbolido"]

    page.goto("/directory/duplicates/")
    main.locator(".t a").click()
    main.locator("form button.btn").first.click()
    undo = main.locator("form[action*='/merges/'] button")
    expect(undo).to_be_visible()
    assert Person.objects.count() == 1
    undo.click()
    expect(main.locator(".t a")).to_be_visible()
    expect(undo).to_have_count(0)
    assert Person.objects.count() == 2 and Merge.objects.get().undone_at
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
