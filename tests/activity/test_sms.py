"""What presses within six hours also comes by SMS: to whom, what it says, through which troubles of the gateway."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone

from cmcoord.activity import delivery, gateway, sms, sms_delivery
from cmcoord.activity.models import Event, Notification, Release, SmsNumber
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import person, with_number

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("UTC"))


def tell(subject, by, reader, *, due=timedelta(hours=2), expects="decide", kind="case.forward", at=None, **data):
    """One event that asks the reader something by then."""
    at = at or timezone.now()
    facts = {"due": (at + due).isoformat()} if due is not None else {}
    return record(subject, kind, by=by, data=facts | data, tell=[Tell(reader, expects)], at=at)


def by_sms():
    return Notification.objects.filter(channel="sms")


def make_due():
    by_sms().filter(status="pending").update(due_at=timezone.now())


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_sms_one_mail_one_note(subject, officer, coordinator, sms_sink):
    event = tell(subject, officer, with_number(coordinator))
    assert sorted(event.notifications.values_list("channel", flat=True)) == ["mail", "portal", "sms"]
    assert [sms_delivery.deliver_due(), sms_delivery.deliver_due()] == [1, 0]
    (taken,) = sms_sink.taken
    assert taken["to"] == "+23600000201"
    assert taken["text"] == (
        "CMCoord CAF-AE-2026-0042: you are asked to act soon. http://127.0.0.1:8000/requests/CAF-AE-2026-0042/"
    )
    headers, path, _content = sms_sink.asked[0]
    assert (path, headers["Authorization"], headers["Idempotency-Key"]) == ("/send", "Bearer a-token", taken["id"])
    row = by_sms().get()
    assert (row.status, row.attempts, row.lease_until, row.last_error) == ("sent", 1, None, "")


@pytest.mark.parametrize(
    ("due", "told"),
    [(timedelta(hours=6), True), (timedelta(hours=6, seconds=1), False), (timedelta(hours=-3), True), (None, False)],
)
def test_six_hours_are_the_boundary(subject, officer, coordinator, sms_sink, due, told):
    tell(subject, with_number(officer), with_number(coordinator, "+23600000202"), due=due, at=NOON)
    assert by_sms().exists() == told


def test_the_own_clock_of_the_reader_counts(subject, officer, coordinator, sms_sink):
    clocks = {"hc": (NOON + timedelta(hours=9)).isoformat(), "cluster": (NOON + timedelta(hours=1)).isoformat()}
    tell(subject, officer, with_number(coordinator), due=timedelta(hours=1), clocks=clocks, clock="cluster", at=NOON)
    assert not by_sms().exists()


@pytest.mark.parametrize(
    ("kind", "expects", "data", "pressing"),
    [
        ("case.approve", "", {"urgent": True}, True),
        ("case.approve", "", {}, False),
        ("case.comment", "", {"urgent": True}, False),
        ("case.export", "", {"urgent": True}, False),
        ("user.change", "", {"urgent": True}, False),
        ("case.escalate", "act", {"clock": "hc", "due": NOON.isoformat()}, True),
        ("case.escalate", "act", {"clock": "after_action", "due": NOON.isoformat()}, False),
        ("case.escalate", "act", {"clock": "confirmation"}, False),
        ("case.remind", "decide", {"clock": "hc", "due": (NOON + timedelta(hours=5)).isoformat()}, True),
        ("case.submit", "review", {"due": "no moment"}, False),
    ],
)
def test_what_presses(kind, expects, data, pressing):
    assert sms.is_pressing(kind, expects, data, NOON) == pressing


def test_without_a_gateway_nothing_is_even_written(subject, officer, coordinator):
    tell(subject, officer, with_number(coordinator))
    assert not by_sms().exists()
    assert sms_delivery.deliver_due() == 0


def test_without_a_confirmed_number_nothing_goes(subject, officer, coordinator, sms_sink):
    SmsNumber.objects.create(
        user=coordinator, number="+23600000201", code_digest="x", code_until=timezone.now() + timedelta(minutes=5)
    )
    tell(subject, officer, coordinator)
    assert not by_sms().exists()


def test_who_took_the_number_back_gets_what_waited_no_more(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    SmsNumber.objects.all().delete()
    assert sms_delivery.deliver_due() == 0
    assert (sms_sink.asked, by_sms().get().status) == ([], "failed")


def test_an_account_that_was_closed_gets_no_sms(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    coordinator.is_active = False
    coordinator.save()
    assert (sms_delivery.deliver_due(), sms_sink.asked) == (0, [])


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_french_in_the_alphabet_of_every_network(subject, officer, requester, sms_sink):
    tell(subject, officer, with_number(requester), expects="answer", kind="case.return")
    sms_delivery.deliver_due()
    text = sms_sink.taken[0]["text"]
    assert set(text) <= sms.GSM
    assert len(text) <= 160, "one SMS in the alphabet of GSM 03.38"
    assert text.startswith("CMCoord CAF-AE-2026-0042 : ")


def test_a_force_reads_its_own_reference_and_address(subject, officer, force_officer, sms_sink):
    data = {"force_reference": "F-CAF-2026-001", "force_url": "/force/F-CAF-2026-001/"}
    tell(subject, officer, with_number(force_officer), expects="reply", kind="case.transmit", **data)
    sms_delivery.deliver_due()
    text = sms_sink.taken[0]["text"]
    assert "OCHA F-CAF-2026-001" in text
    assert text.endswith("http://127.0.0.1:8000/force/F-CAF-2026-001/")
    assert "CAF-AE" not in text


@pytest.mark.parametrize(
    ("typed", "sent"), [("a\u202fb  c\nd", "a b c d"), ("ê ɛ ’ œ", "e ? ' oe"), ("\u202eabc\x00", "?abc?")]
)
def test_other_signs_are_folded(typed, sent):
    assert sms.plain(typed) == sent


# ── troubles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_address_of_the_gateway_is_asked(sms_sink, settings):
    settings.SMS_GATEWAY_URL += "?account=7&unicode=0"
    gateway.send(number="+23600000201", text="A reference", key="one")
    assert [path for _headers, path, _content in sms_sink.asked] == ["/send?account=7&unicode=0"]


def test_a_gateway_that_is_down_costs_no_attempt_and_no_mail(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    sms_sink.stop()
    assert (sms_delivery.deliver_due(), delivery.deliver_due()) == (0, 1)
    assert [message.to for message in django_mail.outbox] == [[coordinator.email]]
    assert by_sms().values_list("status", "attempts").get() == ("pending", 0)
    sms_sink.start()
    assert sms_delivery.deliver_due() == 1


def test_a_slow_gateway_is_asked_again_under_the_same_key(subject, officer, coordinator, sms_sink, settings):
    settings.SMS_TIMEOUT = 0.2
    sms_sink.pause = 0.5
    tell(subject, officer, with_number(coordinator))
    assert sms_delivery.deliver_due() == 0
    assert by_sms().values_list("status", "attempts").get() == ("pending", 1)
    sms_sink.pause = 0
    assert sms_delivery.deliver_due() == 0
    make_due()
    assert sms_delivery.deliver_due() == 1
    assert len({content["id"] for _headers, _path, content in sms_sink.asked}) == 1


def test_a_gateway_that_hangs_up_leaves_it_in_doubt(subject, officer, coordinator, sms_sink):
    sms_sink.answer = 0
    tell(subject, officer, with_number(coordinator))
    assert sms_delivery.deliver_due() == 0
    assert by_sms().values_list("status", "attempts").get() == ("pending", 1)


@pytest.mark.parametrize(
    ("answer", "status", "attempts"),
    [(400, "failed", 1), (422, "failed", 1), (302, "failed", 1), (429, "pending", 1), (503, "pending", 1),
     (401, "pending", 0), (403, "pending", 0), (404, "pending", 0)],
)  # fmt: skip
def test_what_the_answers_mean(subject, officer, coordinator, sms_sink, answer, status, attempts):
    sms_sink.answer = answer
    tell(subject, officer, with_number(coordinator))
    assert sms_delivery.deliver_due() == 0
    row = by_sms().get()
    assert (row.status, row.attempts) == (status, attempts)
    assert "+236" not in row.last_error
    assert delivery.deliver_due() == 1


def test_one_that_is_refused_does_not_hold_up_the_others(subject, officer, sms_sink):
    readers = [with_number(person(f"reader{n}", "ingo"), f"+2360000020{n}") for n in range(3)]
    sms_sink.answers = {"+23600000201": 400}
    data = {"due": (timezone.now() + timedelta(hours=1)).isoformat()}
    record(subject, "case.forward", by=officer, data=data, tell=[Tell(reader, "decide") for reader in readers])
    assert sms_delivery.deliver_due() == 2
    assert sorted(by_sms().values_list("status", flat=True)) == ["failed", "sent", "sent"]


def test_a_fault_of_one_row_does_not_stop_the_others(subject, officer, sms_sink, monkeypatch):
    readers = [with_number(person(f"reader{n}", "ingo"), f"+2360000020{n}") for n in range(3)]
    usual = sms.text_for

    def broken(row):
        if row.recipient == readers[0]:
            raise ValueError("a template")
        return usual(row)

    monkeypatch.setattr(sms, "text_for", broken)
    data = {"due": (timezone.now() + timedelta(hours=1)).isoformat()}
    record(subject, "case.forward", by=officer, data=data, tell=[Tell(reader, "decide") for reader in readers])
    assert sms_delivery.deliver_due() == 2
    assert sorted(by_sms().values_list("status", flat=True)) == ["pending", "sent", "sent"]


def test_a_worker_that_died_is_taken_over_and_the_late_one_writes_nothing(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    (lost,) = delivery.claim(timezone.now(), 50, "sms")
    assert sms_delivery.deliver_due() == 0
    by_sms().update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sms_delivery.deliver_due() == 1
    sms_delivery.try_later(lost, Exception("woke up too late"))
    assert by_sms().get().status == "sent"


def test_what_comes_hours_late_is_not_sent(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator), at=timezone.now() - timedelta(hours=6, minutes=1))
    assert (sms_delivery.deliver_due(), sms_sink.asked) == (0, [])
    assert by_sms().get().status == "failed"


def test_mails_and_sms_are_claimed_apart(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    assert [row.channel for row in delivery.claim(timezone.now(), 50, "mail")] == ["mail"]
    assert [row.channel for row in delivery.claim(timezone.now(), 50, "sms")] == ["sms"]


def test_a_refused_sms_is_nobodys_refused_mail(subject, officer, coordinator, sms_sink):
    sms_sink.answer = 400
    tell(subject, officer, with_number(coordinator))
    sms_delivery.deliver_due()
    assert not Notification.objects.refused().exists()


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_sms_to_a_force_stands_in_the_ledger_with_its_text(subject, officer, coordinator, force_officer, sms_sink):
    data = {"force_reference": "F-CAF-2026-001", "due": (timezone.now() + timedelta(hours=1)).isoformat()}
    readers = [Tell(with_number(force_officer), "reply"), Tell(with_number(coordinator, "+23600000202"), "decide")]
    event = record(subject, "case.transmit", by=officer, data=data, tell=readers)
    sms_delivery.deliver_due()
    row = Release.objects.get()
    text = next(each["text"] for each in sms_sink.taken if each["to"] == "+23600000201")
    assert (row.what, row.recipient, row.event, row.reference) == ("sms", force_officer, event, "F-CAF-2026-001")
    assert row.sha256 == sms_delivery.releases.digest(text)
    assert row.notification == by_sms().get(recipient=force_officer)


def test_without_its_row_an_sms_does_not_count_as_sent(subject, officer, force_officer, sms_sink, monkeypatch):
    tell(subject, officer, with_number(force_officer), expects="reply", kind="case.transmit")

    def broken(*args, **kwargs):
        raise RuntimeError("no ledger")

    with monkeypatch.context() as patch, transaction.atomic(), pytest.raises(RuntimeError):
        patch.setattr(sms_delivery.releases, "enter_sms", broken)
        sms_delivery.deliver_due()
    assert by_sms().get().status != "sent"


def test_the_trail_names_no_number(subject, officer, coordinator, sms_sink):
    tell(subject, officer, with_number(coordinator))
    sms_delivery.deliver_due()
    assert "23600000201" not in str(list(Event.objects.values()))
