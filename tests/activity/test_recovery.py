"""How does a broken stream go on, and what stays known of what was changed?"""

import pytest
from django.core.management import CommandError, call_command

from cmcoord.accounts import console
from cmcoord.activity import checks, seals
from cmcoord.activity.models import Chain, Event, Seal
from cmcoord.activity.recovery import Unrecoverable, recover
from cmcoord.activity.services import record
from tests.activity.test_seals import by_hand
from tests.activity.test_verify_commands import inside, outside
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(subject, officer):
    """Three rows sealed one by one; the second was changed."""
    events = []
    for _number in range(3):
        events.append(record(subject, "case.comment", by=officer))
        seals.seal_waiting()
    change(events[1])
    checks.check_everything()
    return events[1]


def change(event, kind="case.edit"):
    by_hand("UPDATE activity_event SET kind = %s WHERE id = %s", [kind, event.pk])


def defects():
    return [(one.row, one.what) for one in checks.all_defects("CAF")]


def test_two_persons_accept_what_was_found_and_nothing_is_rewritten(broken, officer, coordinator):
    before = list(Seal.objects.values_list("number", "hash"))
    assert checks.why_stopped("CAF")
    seal, found = recover("CAF", by=officer, second=coordinator, reason="A restore went wrong.")
    assert checks.why_stopped("CAF") == "" and defects() == []
    assert list(Seal.objects.filter(stream="CAF", number__lte=3).values_list("number", "hash")) == before
    assert (seal.number, seal.count, [one.row for one in found]) == (4, 0, [broken.pk])
    assert (seal.recovery["by"], seal.recovery["second"]) == ("ocha.bria", "hc.car")
    event = Event.objects.get(kind="trail.recover")
    assert event.data["second"] == "hc.car" and event.by == officer


def test_a_further_change_of_the_same_row_stops_again(broken, officer, coordinator):
    recover("CAF", by=officer, second=coordinator, reason="A restore went wrong.")
    change(broken, "case.attach")
    assert defects() == [(broken.pk, "changed")]


def test_the_recovery_itself_is_sealed(broken, officer, coordinator):
    seal, _found = recover("CAF", by=officer, second=coordinator, reason="A restore went wrong.")
    by_hand("UPDATE activity_seal SET recovery = NULL WHERE id = %s", [seal.pk])
    assert (broken.pk, "changed") in defects() and (seal.pk, "seal_changed") in defects()


def test_seals_that_were_cut_off_are_recovered_too(broken, subject, officer, coordinator):
    last = Seal.objects.get(stream="CAF", number=3)
    by_hand("DELETE FROM activity_sealedrow WHERE seal_id = %s", [last.pk])
    by_hand("DELETE FROM activity_seal WHERE id = %s", [last.pk])
    seal, _found = recover("CAF", by=officer, second=coordinator, reason="A disk broke.")
    assert seal.number == 4
    record(subject, "case.comment", by=officer)
    seals.seal_waiting()
    assert defects() == [] and checks.why_stopped_here("CAF", "case/7") == ""


def test_both_verifiers_are_content_after_it(broken, officer, coordinator, tmp_path):
    recover("CAF", by=officer, second=coordinator, reason="A restore went wrong.")
    seals.seal_waiting()
    assert inside()[0]
    whole, said = outside(tmp_path)
    known = f"recovered: row {broken.pk} of activity_event: changed"
    assert (whole, said.splitlines()) == (True, [known, "whole: CAF, 4 seals, 3 rows, 0 anchors"])


@pytest.mark.parametrize(("second", "reason", "words"), [("officer", "x", "somebody else"), ("hc", " ", "Say why")])
def test_it_takes_two_and_a_reason(broken, officer, coordinator, second, reason, words):
    with pytest.raises(Unrecoverable, match=words):
        recover("CAF", by=officer, second=officer if second == "officer" else coordinator, reason=reason)
    assert Chain.objects.get(pk="CAF").broken_at


def test_what_is_whole_is_not_recovered(subject, officer, coordinator):
    record(subject, "case.comment", by=officer)
    seals.seal_waiting()
    with pytest.raises(Unrecoverable, match="Nothing is broken"):
        recover("CAF", by=officer, second=coordinator, reason="To be sure.")


@pytest.mark.parametrize(
    ("by", "second", "passwords", "words"),
    [
        ("admin", "ocha_bgi", [PASSWORD, PASSWORD], "not a portal administrator"),
        ("admin", "admin2", [PASSWORD, "guess"], "not the password of admin2"),
        ("admin", "admin", [PASSWORD, PASSWORD], "somebody else"),
        ("admin", "admin2", [PASSWORD, PASSWORD], ""),
    ],
)
def test_the_command_asks_each_for_their_password(subject, people, monkeypatch, by, second, passwords, words):
    event = record(subject, "case.comment", by=people.ocha_bria)
    seals.seal_waiting()
    change(event)
    checks.check_everything()
    monkeypatch.setattr(console, "getpass", lambda _prompt: passwords.pop(0))
    who = {"by": getattr(people, by).username, "second": getattr(people, second).username}
    if words:
        with pytest.raises(CommandError, match=words):
            call_command("recover_trail", "CAF", reason="A restore.", **who)
    else:
        call_command("recover_trail", "CAF", reason="A restore.", **who)
    assert bool(checks.why_stopped("CAF")) is bool(words)
