"""OCHA and the force, each in a browser of their own: a meeting from its plan to the minutes that both have signed.

Humanitarian notes lie beside it all the way; nothing that reaches the force hints at them.
"""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from cmcoord.accounts.models import Organisation
from cmcoord.activity.delivery import deliver_due
from cmcoord.activity.models import Notification
from cmcoord.meetings import services
from cmcoord.meetings.models import HumanitarianNote, Meeting, Minutes
from tests import pdf_text
from tests.browser.looking import overflows
from tests.browser.walking import fill
from tests.meetings.making import chaired
from tests.meetings.writing import minutes_of

NOTE = "Evasive about the checkpoint at Ippy"


def press(page, where: str) -> None:
    page.locator(where).first.click()
    page.wait_for_load_state()


def signed_by(page, uid) -> None:
    page.goto(f"/meetings/{uid}/minutes/sign/")
    assert not overflows(page)
    page.check("[name=read]")
    press(page, "main form .btn:not(.line)")


def test_two_sides_plan_hold_write_and_sign_a_meeting(open_page, people):
    cell = chaired(people)
    ocha, force = open_page(people.ocha_bria), open_page(people.force_sector)

    # Plan and invite.
    ocha.goto(f"/meetings/bodies/{cell.pk}/plan/")
    starts = timezone.now().astimezone(cell.country.zone) + dt.timedelta(minutes=40)
    ends = starts + dt.timedelta(hours=1)
    fill(ocha, kind="regular", starts=f"{starts:%Y-%m-%dT%H:%M}", ends=f"{ends:%Y-%m-%dT%H:%M}", modality="in_person",
         venue="neutral", place="Community hall", languages=["en"])  # fmt: skip
    press(ocha, "main form .btn:not(.line)")
    meeting = Meeting.objects.get()
    press(ocha, "form[action$='/invite/'] button")
    deliver_due()
    assert any(people.force_sector.email in letter.to and letter.attachments for letter in mail.outbox)

    # Hold: who is there, and both begin to write.
    ocha.goto(f"/meetings/{meeting.uid}/")
    press(ocha, "form[action$='/hold/'] button")
    Meeting.objects.update(starts=timezone.now())  # forty minutes later: nobody signs before it begins
    force.goto(f"/meetings/{meeting.uid}/attendance/")
    fill(
        force,
        **{f"of-{Organisation.objects.get(acronym=name).pk}": "present/in_person" for name in ("OCHA", "MINUSCA")},
    )
    press(force, "button[name=save]")
    ocha.goto(f"/meetings/{meeting.uid}/minutes/")
    ocha.check("main [name=language][value=en]")
    press(ocha, "main form .btn")
    ocha.goto(f"/meetings/{meeting.uid}/notes/")
    fill(ocha, title="Tone", text=NOTE)
    press(ocha, "main form .btn:not(.line)")
    assert HumanitarianNote.objects.get().text == NOTE

    # At once on one point: the later one sees both texts and writes one out of them.
    point = f"/meetings/{meeting.uid}/minutes/3/"
    for page in (ocha, force):
        page.goto(point)
    fill(ocha, summary="The axis to Ippy is open.")
    press(ocha, "button[name=save]")
    expect(ocha.locator("main")).to_contain_text("The axis to Ippy is open.")
    fill(force, summary="Patrols go out on Monday.")
    press(force, "button[name=save]")
    expect(force.locator("main")).to_contain_text("The axis to Ippy is open.")
    expect(force.locator("main")).to_contain_text("Patrols go out on Monday.")
    force.get_by_role("button", name="Save this text").click()
    force.wait_for_url(f"**/{meeting.uid}/minutes/")
    minutes = Minutes.objects.get()
    assert minutes.items.get(order=3).summary == "The axis to Ippy is open.\n\nPatrols go out on Monday."

    # Both sign; an edit makes it void; both sign again, and it is closed.
    signed_by(ocha, meeting.uid)
    item = minutes.items.get(order=3)
    force.goto(point)
    fill(force, summary=f"{item.summary} At 05:30.")
    press(force, "button[name=save]")
    expect(force.locator("main")).to_contain_text("what was signed before no longer holds")
    signed_by(force, meeting.uid)
    expect(force.locator("main")).to_contain_text("not signed")
    signed_by(ocha, meeting.uid)
    minutes.refresh_from_db()
    meeting.refresh_from_db()
    assert (minutes.stage, meeting.number) == ("final", 1)
    assert force.goto(point).status == 200
    fill(force, summary="Another text.")
    press(force, "button[name=save]")
    expect(force.locator("main")).to_contain_text("corrected by an addendum")

    # Nothing that reaches the force holds anything of the notes.
    deliver_due()
    seen = [letter.subject + letter.body for letter in mail.outbox if people.force_sector.email in letter.to]
    seen += [str(row.event.data) for row in Notification.objects.filter(recipient=people.force_sector)]
    for path in ("/force/", "/meetings/", f"/meetings/{meeting.uid}/", f"/meetings/{meeting.uid}/minutes/",
                 f"/meetings/bodies/{cell.pk}/", "/notifications/"):  # fmt: skip
        assert force.goto(path).status == 200, path
        seen.append(force.content())
    paper = force.request.get(f"/meetings/{meeting.uid}/minutes/paper.pdf").body()
    seen.append(pdf_text.text(paper))
    feed = services.open_feed(by=people.force_sector)
    seen.append(force.request.get(f"/meetings/feed/{feed}.ics").text())
    for text in seen:
        assert "Evasive" not in text and "/notes/" not in text and "umanitarian note" not in text
    assert force.goto(f"/meetings/{meeting.uid}/notes/").status == 404


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_line_1_24_minutes_count_once_both_chairs_signed_them(open_page, people, locale):
    """On a small screen without script, in each language."""
    minutes = minutes_of(chaired(people), people.ocha_bria)
    for person in (people.ocha_bria, people.force_sector):
        person.language = locale
        person.save(update_fields=["language"])
        page = open_page(person, locale=locale, width=320, javascript=False)
        signed_by(page, minutes.meeting.uid)
    expect(page.locator("main")).to_contain_text(
        {"en": "Signed by both chairs", "fr": "Signé par les deux présidences"}[locale]
    )
