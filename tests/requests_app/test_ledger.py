"""The release ledger: it adds up with what was sent, it names what does not, and only OCHA and the HC read it."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cmcoord.activity import delivery, kinds, triggers
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.releases import Release, digest
from requests_app import ledger
from requests_app.forms.ledger import LedgerForm
from requests_app.models import ReleasedText
from requests_app.services import make_move
from requests_app.tasks import check_releases
from tests.factories import DAY, case_at, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

READERS = ("ocha_bria", "ocha_bgi", "hoo", "hc")
OTHERS = (
    "requester_bria", "log_cluster", "undss", "ngosec", "donor", "admin", "force_u3", "force_ml", "nobody"
)  # fmt: skip


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paper_url(case, number=1):
    return reverse("requests:force_paper", args=[case.force_reference, number])


@pytest.fixture
def reached(people):
    """A case whose papers, mails and one download reached the force."""
    case = case_at("scheduled", people)
    signed_in(people.force_u3).get(paper_url(case))
    delivery.deliver_due()
    return fresh(case)


def shown(user, **asked):
    page = signed_in(user).get(reverse("requests:releases"), asked)
    return [line["row"].pk for line in page.context["lines"]]


# ── what stands in it ────────────────────────────────────────────────────────────────────────────────────────────────


def test_mails_in_the_ledger_are_the_mails_sent_to_forces(reached):
    sent = Notification.objects.filter(channel="mail", status="sent").select_related("recipient__organisation")
    to_forces = {row.pk for row in sent if row.recipient and row.recipient.side == "force"}
    assert to_forces
    assert set(Release.objects.filter(what="mail").values_list("notification", flat=True)) == to_forces
    assert len(sent) > len(to_forces)


def test_a_download_is_written_down_with_its_bytes(people):
    case = case_at("transmitted", people)
    answer = signed_in(people.force_u3).get(paper_url(case))
    content = b"".join(answer.streaming_content)
    row = Release.objects.get(what="download")
    assert (row.sha256, row.recipient, row.number) == (digest(content), people.force_u3, 1)
    assert (row.event.kind, row.event.by) == ("case.fetch_paper", people.force_u3)
    assert case.extracts.get().sha256 in content.decode()
    assert case.reference not in content.decode()
    assert "attachment" in answer["Content-Disposition"]
    signed_in(people.force_u3).get(paper_url(case))
    assert Release.objects.filter(what="download").count() == 2


@pytest.mark.parametrize("who", ["ocha_bria", "requester_bria", "hc", "force_ml", "donor", "nobody"])
def test_nobody_else_fetches_a_paper(people, who):
    case = case_at("transmitted", people)
    refused = signed_in(getattr(people, who)).get(paper_url(case))
    absent = signed_in(getattr(people, who)).get(paper_url(case).replace("/1/", "/9/"))
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert not Release.objects.filter(what="download").exists()


def test_a_paper_that_was_not_sent_leaves_no_trace(people):
    case = case_at("transmitted", people)
    assert signed_in(people.force_u3).get(paper_url(case, 2)).status_code == 404
    assert signed_in(people.force_u3).head(paper_url(case)).status_code == 405
    assert not Event.objects.filter(kind="case.fetch_paper").exists()


# ── who reads it ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ocha_and_the_coordinator_read_what_reached_the_force(reached, people):
    every = set(Release.objects.filter(subject_kind="case", subject_id=reached.pk).values_list("pk", flat=True))
    for who in READERS:
        assert set(shown(getattr(people, who))) == every, who
        page = signed_in(getattr(people, who)).get(reached.get_absolute_url()).content.decode()
        assert 'id="releases"' in page, who


@pytest.mark.parametrize("who", OTHERS)
def test_for_everybody_else_there_is_no_ledger(reached, people, who):
    client = signed_in(getattr(people, who))
    assert client.get(reverse("requests:releases")).status_code == 404
    assert 'id="releases"' not in client.get(reached.get_absolute_url()).content.decode()


def test_another_station_and_another_country_read_nothing_of_it(reached, people):
    for who in ("ocha_birao", "ocha_bko", "hc_ml"):
        assert shown(getattr(people, who)) == [], who


def test_filters_find_by_both_references_kind_force_and_day(reached, people):
    every = shown(people.ocha_bgi)
    assert shown(people.ocha_bgi, case=reached.reference) == every
    assert shown(people.ocha_bgi, case=reached.force_reference.lower()) == every
    assert shown(people.ocha_bgi, case="CAF-AE-2026-9999") == []
    assert shown(people.ocha_bgi, force=reached.force.organisation_id) == every
    assert len(shown(people.ocha_bgi, what="download")) == 1
    today = timezone.localdate()
    assert shown(people.ocha_bgi, since=today + DAY) == []
    mails = shown(people.ocha_bgi, what="mail", since=today - DAY, until=today + DAY)
    assert len(mails) == Release.objects.filter(what="mail").count()
    assert signed_in(people.ocha_bgi).get(reverse("requests:releases"), {"what": "x", "before": "x"}).status_code == 422


def test_pages_follow_each_other_within_six_queries(reached, people, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(ledger, "SIZE", 3)
    client = signed_in(people.ocha_bgi)
    client.get(reverse("requests:releases"))
    with django_assert_max_num_queries(6):
        first = client.get(reverse("requests:releases"))
    second = client.get(reverse("requests:releases") + first.context["older"])
    rows = [line["row"].pk for page in (first, second) for line in page.context["lines"]]
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == 6
    assert first.context["count"] == Release.objects.count()


# ── does it add up ───────────────────────────────────────────────────────────────────────────────────────────────────


def removed(rows):
    """As somebody with the database in hand would: around the triggers."""
    connection.check_constraints()  # PostgreSQL alters no table while constraints wait to be checked
    with triggers.lifted(connection):
        rows._raw_delete(rows.db)


def test_a_ledger_that_adds_up_says_so(reached, capsys):
    assert list(ledger.differences()) == []
    call_command("check_releases")
    assert "adds up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("extract", "Paper .* is not in the ledger"),
        ("text", "Text .* is not in the ledger"),
        ("mail", "Mail .* was sent and is not in the ledger"),
        ("download", "Download .* is not in the ledger"),
    ],
)
def test_a_row_missing_in_the_ledger_is_named(reached, what, sentence):
    removed(Release.objects.filter(pk=Release.objects.filter(what=what).first().pk))
    with translation.override("en"):
        (found,) = ledger.differences()
    assert re.match(sentence, found)
    with pytest.raises(CommandError, match="1 differences"):
        call_command("check_releases")


def test_a_row_without_its_thing_is_named(reached):
    text = ReleasedText.objects.first()
    removed(ReleasedText.objects.filter(pk=text.pk))
    mail = Release.objects.filter(what="mail").first()
    Notification.objects.filter(pk=mail.notification_id).update(status="failed")
    event = Event.objects.filter(kind="case.schedule").get()
    paper = Release.objects.filter(what="extract").first()
    common = {"stream": "CAF", "subject_kind": "case", "subject_id": reached.pk, "event": event, "sha256": "0" * 64}
    Release.objects.create(what="extract", code="request", organisation=paper.organisation, reference="F-1", number=9,
                           **common)  # fmt: skip
    Release.objects.create(what="download", code="request", organisation=paper.organisation, **common)
    with translation.override("en"):
        found = "\n".join(ledger.differences())
    assert "names text" in found
    assert f"names mail {mail.notification_id}" in found
    assert "names paper F-1/9" in found
    assert "a download that did not happen" in found
    assert len(found.splitlines()) == 4


def test_the_nightly_check_logs_each_difference(reached, caplog):
    removed(Release.objects.filter(what="download"))
    check_releases()
    assert [record.getMessage() for record in caplog.records if "Release ledger" in record.getMessage()]


# ── two references ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_humanitarians_see_both_references_and_mails_name_one(reached, people):
    page = signed_in(people.requester_bria).get(reached.get_absolute_url()).content.decode()
    assert reached.reference in page
    assert reached.force_reference in page


def test_each_side_reads_its_own_reference_in_its_mails(reached, people, mailoutbox):
    make_move(reached, "suspend", by=people.hc, reason="Fighting.")
    delivery.deliver_due()
    forces = {people.force_u3.email, people.force_sector.email}
    assert any(message.to[0] in forces for message in mailoutbox)
    for message in mailoutbox:
        everything = "\n".join([message.subject, message.body, message.alternatives[0].content])
        is_force = message.to[0] in forces
        assert (reached.reference in everything) != is_force
        assert (reached.force_reference in everything) == is_force


def test_ocha_finds_a_case_by_the_reference_of_the_force(reached, people):
    page = signed_in(people.ocha_bria).get(reverse("requests:list"), {"q": reached.force_reference})
    assert len(page.context["rows"]) == 1
    assert reached.reference in page.content.decode()


def test_a_force_that_types_a_humanitarian_reference_finds_nothing(reached, people):
    client = signed_in(people.force_u3)
    for path in ("requests:force_case", "requests:case"):
        assert client.get(reverse(path, args=[reached.reference])).status_code == 404
    assert client.get(reverse("requests:list"), {"q": reached.reference}).status_code == 403
    answers = [
        client.get(reverse("requests:force_list"), {"after": key}) for key in (reached.reference, "CAF-AE-2026-9")
    ]
    shown = [
        CHANGING.sub(b"", answer.content).replace(reached.reference.encode(), b"CAF-AE-2026-9") for answer in answers
    ]
    assert shown[0] == shown[1]


# ── without a reason ─────────────────────────────────────────────────────────────────────────────────────────────────

ENDS = ("case.withdraw", "case.cancel", "case.deny", "case.expire", "case.reject", "case.civilian")
WAYS = {
    "withdraw": ("requester_bria", {"reason": "REASONCANARY"}),
    "cancel": ("ocha_bgi", {"reason": "REASONCANARY"}),
    "deny": ("hc", {"reason_code": "civilian", "reason": "REASONCANARY"}),
}
CHANGING = re.compile(
    rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|name=\"csrfmiddlewaretoken\" value=\"\w+\""
    rb"|(?<=name=\"up_to\" value=\")[0-9a-f]+|(?<=/notifications/)[0-9a-f]{12}"
)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_end_has_the_same_sentence_for_a_force(language):
    with translation.override(language):
        assert len({str(kinds.kind_of(kind).force) for kind in ENDS}) == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whoever_ended_it_a_force_reads_the_same_bytes(people, mailoutbox, language):
    case = case_at("scheduled", people)
    make_move(case, "suspend", by=people.hc, reason="REASONCANARY")
    delivery.deliver_due()
    for soldier in (people.force_u3, people.force_sector):
        soldier.language = language
        soldier.save()
    now = timezone.now()
    told = {code: _told_by(case, people, mailoutbox, code, now) for code in WAYS}
    assert told["withdraw"]["mails"]
    for one, other in zip(told["withdraw"]["pages"], told["cancel"]["pages"], strict=True):
        assert one.splitlines() == other.splitlines()
    assert told["withdraw"] == told["cancel"] == told["deny"]
    assert b"REASONCANARY" not in str(told).encode()


def _told_by(case, people, mailoutbox, code, now):
    """Everything that the force reads after this end; undone afterwards, so that each begins from the same state."""
    who, facts = WAYS[code]
    mailoutbox.clear()
    with transaction.atomic():
        make_move(case, code, by=getattr(people, who), now=now, **facts)
        delivery.deliver_due()
        paper = case.extracts.order_by("-number").first()
        client = signed_in(people.force_u3)
        page = reverse("requests:force_case", args=[paper.force_reference])
        urls = (page, reverse("requests:force_list"), reverse("activity:notifications"))
        forces = (people.force_u3.email, people.force_sector.email)
        found = {
            "papers": list(case.extracts.values_list("kind", "content", "sha256")),
            "stage": list(case.force_files.values_list("stage", "expects", "place", "due_at")),
            "mails": sorted(
                (message.to[0], message.subject, message.body, message.alternatives[0].content)
                for message in mailoutbox
                if message.to[0] in forces
            ),
            "pages": [CHANGING.sub(b"", client.get(url).content) for url in urls],
            "download": b"".join(client.get(paper_url(case, paper.number)).streaming_content),
        }
        transaction.set_rollback(True)
    return found


def test_the_filter_by_day_is_no_place_in_french(people):
    with translation.override("fr"):
        labels = [str(field.label) for field in LedgerForm(forces=[])]
    assert "Du" in labels and "Lieu de départ" not in labels
