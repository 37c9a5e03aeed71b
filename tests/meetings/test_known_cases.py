"""Is a request named only where the whole table may know of it, and hidden from who comes to the table later?"""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from cmcoord.activity.models import Notification
from cmcoord.meetings import known_cases, minutes_mails, services
from cmcoord.meetings.joint_text import mark_of
from cmcoord.meetings.models import Minutes, MinutesDecision
from requests_app.models import Case
from tests import pdf_text
from tests.factories import case_at
from tests.meetings.making import chaired, planned, seat
from tests.meetings.test_minutes_pages import browser, paper, url
from tests.meetings.test_points import post_of
from tests.meetings.writing import again, minutes_of, sign

pytestmark = pytest.mark.django_db

SEATS = {
    "ECHO": "Humanitarian donors",
    "WFP": "UN agencies, funds and programmes",
    "INSO": "INSO",
    "UNDSS": "UNDSS",
}
OF_TYPE = {"ingo": "Heads of mission of INGOs", "un_agency": SEATS["WFP"]}


def transmitted(people) -> Case:
    return Case.objects.get(pk=case_at("transmitted", people, un_on_board=True).pk)


@pytest.mark.parametrize("acronym", ["ECHO", "WFP"])
def test_a_request_is_not_named_before_those_who_may_not_know_of_it(people, acronym):
    body, case = chaired(people), transmitted(people)
    minutes, by = minutes_of(body, people.ocha_bria), people.ocha_bria
    item, meeting = minutes.items.get(order=3), planned(body, by)
    assert list(known_cases.of(by, body)) == [case]
    seat(body, "member", acronym, by=people.ocha_bgi, function=SEATS[acronym])
    assert not known_cases.of(by, body).exists()
    with pytest.raises(ValidationError, match=acronym) as refused:
        services.add_decision(item, by=by, text="Agreed", case=case)
    assert "case" in refused.value.message_dict
    with pytest.raises(ValidationError, match=acronym):
        services.add_item(meeting, by=by, title="Escort", case=case)
    assert "ref" not in browser(by).get(url(minutes, "minutes_item", 3)).content.decode().split("decide")[0][-200:]


def test_who_asked_was_consulted_or_works_where_it_was_opened_may_know_of_it(people):
    body, case = chaired(people), transmitted(people)
    asker = seat(
        body, "member", case.organisation.acronym, by=people.ocha_bgi, function=OF_TYPE[case.organisation.org_type]
    )
    assert asker and not known_cases.why_not_named(body, case)
    if not case.consultations.filter(body="undss").exists():
        case.consultations.create(body="undss", country=case.country, case_created_at=case.created_at)
    Case.objects.filter(pk=case.pk).update(consent_partners=True)
    seat(body, "member", "UNDSS", by=people.ocha_bgi, function="UNDSS")
    assert not known_cases.why_not_named(body, case)
    seat(body, "member", "INSO", by=people.ocha_bgi, function="INSO")
    if not case.consultations.filter(body="ngo_adviser").exists():
        assert "INSO" in known_cases.why_not_named(body, case)
    Case.objects.filter(pk=case.pk).update(sensitivity="R")
    assert not known_cases.why_not_named(body, Case.objects.get(pk=case.pk))
    Case.objects.filter(pk=case.pk).update(consent_partners=False)
    assert "INSO" in known_cases.why_not_named(body, case)
    Case.objects.filter(pk=case.pk).update(sensitivity="S")
    assert known_cases.why_not_named(body, Case.objects.get(pk=case.pk))


def test_who_takes_a_seat_later_reads_a_request_without_its_reference(people):
    body, case = chaired(people), transmitted(people)
    by, reference = people.ocha_bria, case.force_reference
    minutes = minutes_of(body, by)
    services.add_decision(minutes.items.get(order=3), by=by, text="Agreed on the axis", case=case)
    services.translate_minutes(
        minutes, by=by, language="fr", digest=again(minutes).digest,
        words=[{"title": item.title, "decisions": ["Accord sur l’axe"]} for item in minutes.items.all()],
    )  # fmt: skip
    minutes = sign(again(minutes), by, people.force_sector)
    assert minutes.is_final
    seat(body, "member", "ECHO", by=people.ocha_bgi, function=SEATS["ECHO"])
    for user, seen in ((by, True), (people.force_sector, True), (people.donor, False), (people.requester_un, False)):
        for address in (url(minutes), f"{url(minutes)}?language=fr"):
            words = browser(user).get(address).content.decode()
            assert (reference in words, "a request" in words) == (seen, not seen), (user, address)
            assert (minutes.short in words) is seen
        for language in ("en", "fr"):
            words = pdf_text.text(paper(user, minutes, "pdf", language))
            assert (reference in words) is (minutes.digest[:16] in words) is seen
        document = Document(BytesIO(paper(user, minutes, "docx")))
        assert (reference in "\n".join(row.text for row in document.paragraphs)) is seen
        assert (minutes.digest in document.sections[0].footer.paragraphs[0].text) is seen
    post, _held = post_of(people.ocha_birao, "Liaison")
    type(post).objects.filter(pk=post.pk).update(mailbox="liaison@example.org")
    body.seats.open().get(kind="chair").sittings.filter(ends=None).update(post=post)
    post.holdings.all().delete()
    services.release_minutes(minutes, by=people.ocha_bgi, addresses=["liaison@example.org"])
    mailed = Notification.objects.get(kind="minutes.release")
    sent = pdf_text.text(minutes_mails.attached(mailed)[0].get_payload(decode=True))
    assert reference not in sent and "a request" in sent and minutes.digest[:16] not in sent


def test_a_chair_signs_no_text_of_which_a_reference_is_hidden_from_it(people):
    body, case = chaired(people), case_at("approved", people)
    minutes, by = minutes_of(body, people.ocha_bria), people.ocha_bria
    Case.objects.filter(pk=case.pk).update(force_reference="F-CAF-2026-777")
    decision = MinutesDecision.objects.create(item=minutes.items.get(order=3), text="Agreed", case=case)
    services.refresh_minutes(minutes)
    assert "F-CAF-2026-777" in browser(by).get(url(minutes)).content.decode()
    for name in ("minutes", "minutes_sign"):
        content = browser(people.force_sector).get(url(minutes, name)).content.decode()
        assert "F-CAF-2026-777" not in content and "may not know" in content
        assert again(minutes).grouped[:19] not in content and again(minutes).digest not in content
    for name in ("minutes_object", "minutes_translation"):  # what a form carries names the text and gives nothing away
        page, digest = browser(people.force_sector).get(url(minutes, name)), again(minutes).digest
        assert page.context["form"]["digest"].value() == mark_of(digest) and digest not in page.content.decode()
    told = {"digest": again(minutes).digest, "text": "Guessed"}
    assert browser(people.force_sector).post(url(minutes, "minutes_object"), told).status_code == 409
    assert "F-CAF" not in browser(people.force_sector).get(url(minutes, "minutes_item", 3)).content.decode()
    with pytest.raises(ValidationError, match="may not know"):
        services.sign_minutes(minutes, by=people.force_sector, digest=again(minutes).digest)
    services.remove_decision(decision, by=by)
    assert sign(minutes, people.force_sector).stage == Minutes.Stage.SIGNING
