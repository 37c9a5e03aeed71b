"""What a mail says, in whose language, and what it never says."""

import re

import pytest
from django.core import mail as django_mail

from cmcoord.activity import delivery, kinds
from cmcoord.activity.models import Notification
from cmcoord.activity.services import Tell, record

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def english(requester, force_officer, settings):
    """These tests read English; who reads French is tested apart."""
    settings.PORTAL_URL = "https://portal.example"
    for reader in (requester, force_officer):
        reader.language = "en"
        reader.save()


def sent(subject, kind, reader, expects="", by=None, **more):
    record(subject, kind, by=by, tell=[Tell(reader, expects)], **more)
    delivery.deliver_due()
    assert not Notification.objects.exclude(status="sent").exists()
    return django_mail.outbox[-1]


def html_of(message):
    return message.alternatives[0][0]


@pytest.mark.parametrize(
    ("kind", "expects", "subject_line"),
    [
        ("case.submit", "review", "CAF-AE-2026-0042: please review (request submitted)"),
        ("case.submit", "advise", "CAF-AE-2026-0042: please give your opinion (request submitted)"),
        ("case.draft_decision", "clear", "CAF-AE-2026-0042: please clear and draft the decision (decision drafted)"),
        ("case.forward", "decide", "CAF-AE-2026-0042: please decide (request cleared for decision)"),
        ("case.approve", "transmit", "CAF-AE-2026-0042: please transmit to the force (request approved)"),
        ("case.approve", "", "CAF-AE-2026-0042: request approved, for your information"),
        ("case.approve", "confirm", "CAF-AE-2026-0042: please confirm (request approved)"),
        ("case.return", "answer", "CAF-AE-2026-0042: please answer the question (request returned for completion)"),
        ("case.complete", "after_action", "CAF-AE-2026-0042: please file the after-action review (escort completed)"),
        ("case.remind", "decide", "CAF-AE-2026-0042: reminder, please decide"),
        ("case.escalate", "act", "CAF-AE-2026-0042: overdue, please act"),
        ("case.escalate", "", "CAF-AE-2026-0042: overdue, for your information"),
        ("appointment.give", "confirm_rights", "CAF-AE-2026-0042: please confirm an appointment (appointment given)"),
    ],
)  # fmt: skip
def test_the_subject_says_what_is_expected(subject, requester, kind, expects, subject_line):
    assert sent(subject, kind, requester, expects).subject == subject_line


def test_a_mail_says_what_happened_what_is_expected_by_when_and_who_is_on_duty(subject, requester, officer):
    message = sent(
        subject, "case.submit", requester, "review", by=officer,
        data={
            "due": "2026-11-24T13:00:00+00:00",
            "timezone": "Africa/Bangui",
            "duty": {"function": "OCHA Bria", "telephone": "+236 70 00 00 01"},
            "whose": {"en": "OCHA Bria", "fr": "OCHA Bria (fr)"},
        },
    )  # fmt: skip
    for text in (message.body, re.sub(r"<[^>]+>", "", html_of(message))):
        assert "OCHA Bria submitted the request." in text
        assert "You are asked to review the request." in text
        assert "Tuesday 24 November 2026, 14:00 local time (13:00 UTC)" in text
        assert "Whose turn it is: OCHA Bria" in text
        assert "OCHA Bria: +236 70 00 00 01" in text
    assert "https://portal.example/requests/CAF-AE-2026-0042/" in message.body
    assert 'href="https://portal.example/requests/CAF-AE-2026-0042/"' in html_of(message)
    assert 'href="tel:+23670000001"' in html_of(message)


def test_each_reader_gets_their_own_time(subject, requester, officer):
    due = {"review": "2026-11-24T13:00:00+00:00", "advise": "2026-11-25T07:30:00+00:00"}
    review = sent(subject, "case.submit", requester, "review", data={"due": due})
    advise = sent(subject, "case.submit", officer, "advise", data={"due": due})
    assert "Tuesday 24 November 2026, 13:00 UTC" in review.body
    assert "Wednesday 25 November 2026, 07:30 UTC" in advise.body


CLOCKS = {
    "due": "2026-11-24T13:00:00+00:00",
    "clock": "cluster",
    "clocks": {"cluster": "2026-11-24T13:00:00+00:00", "station": "2026-11-25T07:30:00+00:00"},
}


@pytest.mark.parametrize(
    ("expects", "told"),
    [
        ("advise", "Tuesday 24 November 2026, 13:00 UTC"),
        ("review", "Wednesday 25 November 2026, 07:30 UTC"),
        ("act", "Tuesday 24 November 2026, 13:00 UTC"),
        ("decide", None),
    ],
)
def test_of_several_clocks_each_reader_gets_the_one_of_their_step(subject, requester, expects, told):
    body = sent(subject, "case.submit", requester, expects, data=CLOCKS).body
    assert ("By when" in body) is bool(told)
    assert not told or f"By when: {told}" in body


def test_who_is_only_informed_learns_whose_turn_it_is_and_until_when(subject, requester):
    body = sent(subject, "case.submit", requester, data=CLOCKS).body
    assert "Whose turn it is: the cluster, for its opinion\nBy when: Tuesday 24 November 2026, 13:00 UTC" in body


def test_a_force_does_not_learn_whose_turn_it_is(subject, force_officer):
    assert "Whose turn" not in sent(subject, "case.escalate", force_officer, "act", data=CLOCKS).body


def test_who_is_only_informed_of_a_time_that_is_nobodys_gets_none(subject, requester):
    message = sent(subject, "case.submit", requester, data={"due": "2026-11-24T13:00:00+00:00"})
    assert "By when" not in message.body + html_of(message)


@pytest.mark.parametrize(
    ("due", "told"),
    [(None, None), ("", None), ("soon", "soon"), ("2026-11-24T13:00:00", "Tuesday 24 November 2026, 13:00 UTC")],
)
def test_any_time_or_none_can_be_told(subject, requester, due, told):
    body = sent(subject, "case.submit", requester, "review", data={"due": due}).body
    assert ("By when" in body) is bool(told)
    assert not told or f"By when: {told}" in body


def test_a_stand_in_is_shown_with_the_person_they_act_for(subject, requester, officer, coordinator):
    message = sent(subject, "case.approve", requester, by=officer, acting_for=coordinator)
    assert "OCHA Bria for Humanitarian Coordinator approved the request" in message.body


def test_what_was_recorded_for_somebody_says_so(subject, requester, officer):
    message = sent(subject, "case.approve", requester, by=officer, data={"recorded_for": "Humanitarian Coordinator"})
    assert "OCHA Bria, recording for Humanitarian Coordinator, approved the request" in message.body


def test_the_portal_itself_is_named_where_nobody_acted(subject, requester):
    assert "The portal returned the request" in sent(subject, "case.return", requester).body


def test_a_reader_of_french_gets_french(subject, requester):
    requester.language = "fr"
    requester.save()
    message = sent(subject, "case.submit", requester, "review", data={"due": "2026-11-24T13:00:00+00:00"})
    assert "mardi 24 novembre 2026" in message.body
    assert '<html lang="fr">' in html_of(message)


def test_nothing_confidential_is_in_a_mail(subject, requester, officer):
    message = sent(
        subject, "case.deny", requester, by=officer,
        secret={"reason": "canary-reason"},
        data={"note": "canary-note", "area": "canary-area", "from": "canary-from"},
    )  # fmt: skip
    assert "canary" not in message.subject + message.body + html_of(message)


def test_text_is_not_escaped_and_html_is(subject, requester, officer):
    officer.function_title = "Health & food <b>"
    officer.save()
    message = sent(subject, "case.review", requester, by=officer)
    assert "Health & food <b> started the review." in message.body
    assert "Health &amp; food &lt;b&gt; started the review." in html_of(message)


@pytest.mark.parametrize(("kind", "always"), [("case.review", False), ("case.approve", True)])
def test_a_mail_says_whether_it_can_be_switched_off(subject, requester, kind, always):
    message = sent(subject, kind, requester)
    assert ("cannot be switched off" in message.body) is always
    assert ("https://portal.example/notifications/preferences/" in message.body) is not always


@pytest.mark.parametrize("kind", [*kinds.KINDS, "case.unheard_of", "thing.unheard_of"])
def test_every_kind_has_a_mail_in_both_languages(subject, requester, kind):
    for language in ("en", "fr"):
        requester.language = language
        requester.save()
        check_words(sent(subject, kind, requester, "review"))


@pytest.mark.parametrize("expects", ["", *kinds.EXPECTS, "unheard_of"])
def test_everything_expected_has_words(subject, requester, expects):
    check_words(sent(subject, "case.review", requester, expects))


def check_words(message):
    assert message.subject.strip()
    assert "%(" not in message.subject + message.body + html_of(message)
    assert "http" in message.body


def test_mails_have_no_scripts_styles_or_pictures(subject, requester):
    assert not re.search(r"<(script|style|img|link)|style=", html_of(sent(subject, "case.approve", requester)))


# What a force reads


@pytest.mark.parametrize("kind", [kind for kind in kinds.KINDS if kind.startswith("case.")])
def test_a_force_learns_neither_the_reference_nor_the_reason(subject, force_officer, officer, kind):
    message = sent(
        subject, kind, force_officer, "acknowledge", by=officer,
        data={
            "force_reference": "F-CAF-2026-017", "force_url": "/force/F-CAF-2026-017/", "whose": "canary",
            "note": "canary", "from": "reviewing",
        },
        secret={"reason": "canary"},
    )  # fmt: skip
    said = message.subject + message.body + html_of(message)
    assert message.subject == "F-CAF-2026-017: please acknowledge receipt"
    assert "https://portal.example/force/F-CAF-2026-017/" in message.body
    assert not re.search(r"CAF-AE|/requests/|canary|reviewing|denied|opinion|draft|cluster", said)


def test_without_a_reference_of_its_own_a_force_gets_none(subject, force_officer):
    message = sent(subject, "case.transmit", force_officer, "reply")
    assert message.subject == "Escort: please reply"
    assert "CAF-AE" not in message.body + html_of(message)
    assert "https://portal.example/force/" in message.body


def test_a_person_of_no_known_side_gets_no_more_than_a_force(subject, requester):
    requester.organisation = None
    requester.save()
    message = sent(subject, "case.approve", requester)
    assert "CAF-AE" not in message.subject + message.body


def test_a_force_reads_about_its_own_account_like_everybody(subject, force_officer, officer):
    message = sent(subject, "appointment.confirm", force_officer, by=officer, data={"reference": "force.u3"})
    assert message.subject == "force.u3: appointment confirmed, for your information"
