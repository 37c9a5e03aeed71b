"""Can an organisation without an account confirm or correct what OCHA filed for it, once, and nobody else?"""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification
from requests_app import services, waiting
from requests_app.issuing import codes
from requests_app.models import Case, Confirmation, ConfirmationLink, OnBehalf
from requests_app.services import Refused, confirming, make_move
from requests_app.services.confirming import digest_of
from tests.factories import CALL, HOUR, case_at, complete_draft, fresh
from tests.people import made_up_organisation
from tests.requests_app.test_moves_views import local

pytestmark = pytest.mark.django_db
ADDRESS = "logistics@local.example"


@pytest.fixture
def stranger(reference):
    return made_up_organisation("LOCAL-C", "Local Organisation C", Organisation.Type.NNGO)


def filed(people, stranger, **overrides) -> Case:
    """OCHA Bria filed it an hour ago from a call."""
    before = timezone.now() - HOUR
    case = complete_draft(people.ocha_bria, organisation=stranger, on_behalf=CALL, now=before, **overrides)
    make_move(case, "submit", by=people.ocha_bria, on_behalf={**CALL, "person": None}, now=before)
    return fresh(case)


@pytest.fixture
def case(people, stranger):
    return filed(people, stranger)


@pytest.fixture
def link(case, people):
    handed = services.ask_to_confirm(case, by=people.ocha_bria, language="en", address=ADDRESS)
    return reverse("requests:confirm", args=[handed.secret])


def mark(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_numbers_and_hours_read_as_in_the_country(client, link):
    page = client.get(link).content.decode()
    assert "4,200" in page and "Times: Africa/Bangui" in page


def agree(client, link):
    return client.post(link, {"choice": "yes", "seen": mark(client.get(link).content.decode())})


def call(**overrides):
    said = timezone.now() - dt.timedelta(minutes=5)
    return {"agrees": True, "person_function": "Director", "received_at": said, "witness": "Duty officer"} | overrides


# ── an organisation that the portal does not know ────────────────────────────────────────────────────────────────────


def started(client, user, **changes):
    client.force_login(user)
    page = client.get(reverse("requests:new"))
    sent = {
        "request_type": "AE",
        "client_key": page.context["form"].initial["client_key"],
        "station": user.appointments.get().station_id or page.context["form"].fields["station"].queryset[0].pk,
        "org_name": "Association des femmes de Bria", "org_acronym": "AFB", "org_type": "nngo",
        "person_function": "President", "source": "radio", "received_at": local(timezone.now() - HOUR),
        "witness": "Radio operator",
    } | changes  # fmt: skip
    return client.post(reverse("requests:new"), sent), sent


def test_ocha_names_an_organisation_while_it_takes_the_request_down(client, people, admin):
    answer, sent = started(client, people.ocha_bria)
    assert answer.status_code == 302
    row = Organisation.objects.get(acronym="AFB")
    case = Case.objects.get(organisation=row)
    assert (row.verified, row.side, [c.pk for c in row.countries.all()]) == (False, "humanitarian", ["CAF"])
    record = OnBehalf.objects.get(case=case)
    assert (record.source, record.person_function, record.witness) == ("radio", "President", "Radio operator")
    assert Notification.objects.filter(kind="organisation.name", recipient=admin).exists()
    again = client.post(reverse("requests:new"), sent)
    assert again.status_code == 302, "a second click is the same draft"
    assert Organisation.objects.filter(acronym="AFB").count() == 1


def test_whoever_calls_it_later_has_its_telephone(client, people):
    started(client, people.ocha_bria, org_telephone="+236 70 00 00 09")
    assert Organisation.objects.get(acronym="AFB").telephone == "+236 70 00 00 09"
    assert not Event.objects.filter(data__icontains="70 00 00 09").exists()


def test_what_was_filed_is_not_sent_to_an_account_of_a_force(client, people, case, force_u3):
    with pytest.raises(Refused) as refused:
        services.ask_to_confirm(case, by=people.ocha_bria, language="en", address=force_u3.email.upper())
    assert refused.value.kind == "need"
    assert not ConfirmationLink.objects.exists()
    client.force_login(people.ocha_bria)
    page = reverse("requests:confirmation", args=[case.reference])
    answer = client.post(page, {"act": "ask", "ask-address": force_u3.email, "ask-language": "en"})
    assert answer.status_code == 422
    assert not Notification.objects.filter(kind="case.ask_confirmation").exists()


def test_an_administrator_reads_that_it_waits_for_a_look(client, people, admin):
    started(client, people.ocha_bria)
    client.force_login(admin)
    assert "Organisations that OCHA named" in client.get("/").content.decode()
    Organisation.objects.filter(acronym="AFB").update(verified=True)
    assert "Organisations that OCHA named" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"org_type": "host_army"},
        {"org_type": "undss"},
        {"org_type": ""},
        {"org_acronym": ""},
        {"org_telephone": "ask at the market"},
        {"org_name": "", "org_acronym": "", "org_type": "", "org_telephone": "+236 70 00 00 09"},
        {"org_name": "aid organisation á"},
        {"org_acronym": "aid-a"},
        {"witness": ""},
        {"source": "dream"},
    ],
)
def test_what_is_no_new_organisation_is_said_at_its_place(client, people, ngo, changes):
    before = Organisation.objects.count()
    answer, _sent = started(client, people.ocha_bria, **changes)
    assert answer.status_code == 422
    assert (Organisation.objects.count(), Case.objects.count()) == (before, 0)


def test_the_page_of_the_code_is_found_from_the_sign_in(client, db):
    assert 'href="/confirm/"' in client.get("/account/login/").content.decode()


def test_nobody_else_names_one(client, people):
    answer, _sent = started(client, people.requester_bria, organisation=people.requester_bria.organisation_id)
    assert answer.status_code == 302, "what is not asked is not taken"
    assert not Organisation.objects.filter(acronym="AFB").exists()
    with pytest.raises(Exception, match="Only OCHA"):
        services.start_case(
            by=people.requester_bria, country=people.requester_bria.appointments.get().country,
            station=people.ocha_bria.appointments.get().station, organisation=None,
            unknown={"name": "X", "acronym": "X", "org_type": "nngo"},
        )  # fmt: skip


# ── the link ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_mail_holds_the_reference_and_the_link_only(case, link):
    row = Notification.objects.get(kind="case.ask_confirmation")
    mail = message_for(row)
    assert mail.to == [ADDRESS]
    assert case.reference in mail.subject
    assert link in mail.body
    for told in (case.need, case.cargo, str(case.destination)):
        assert told not in mail.body + mail.subject + str(mail.alternatives)


def test_opening_it_changes_nothing_and_one_button_confirms(client, case, link, people):
    page = client.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert case.need in text and "Bambari" in text and "60 tonnes" in text
    assert not Confirmation.objects.exists()
    assert "confirmed" in agree(client, link).content.decode()
    row = Confirmation.objects.get()
    assert (row.how, row.agrees, row.recorded_by) == ("link", True, None)
    assert OnBehalf.objects.get(act="submit").confirmed_at
    event = Event.objects.get(kind="case.confirm_filing")
    assert event.by is None and "LOCAL-C" in event.data["actor"]
    client.force_login(people.ocha_bria)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "confirmed by its link what was filed" in page
    assert "not confirmed yet by the organisation" not in page


def test_nothing_of_the_deliberation_stands_on_it(client, people, stranger):
    case = filed(people, stranger)
    make_move(case, "review", by=people.ocha_bria)
    make_move(fresh(case), "comment", by=people.ocha_bria, audience="everybody", text="Words of others")
    make_move(fresh(case), "advise_cluster", by=people.log_cluster, value="not_priority", text="Opinion of others")
    handed = services.ask_to_confirm(fresh(case), by=people.ocha_bria, language="fr", address=ADDRESS)
    text = client.get(reverse("requests:confirm", args=[handed.secret])).content.decode()
    assert '<html lang="fr"' in text
    for word in ("Words of others", "Opinion of others", "Not a priority", "CAR-CMC"):
        assert word not in text


def test_a_correction_is_a_text_that_ocha_works_in(client, case, link, people):
    assert client.post(link, {"choice": "no", "text": "  "}).status_code == 422
    before = fresh(case)
    answer = client.post(link, {"choice": "no", "text": "We asked for eight trucks."})
    assert "works them in" in answer.content.decode()
    after = fresh(case)
    assert (after.vehicles, after.status, after.version) == (before.vehicles, before.status, before.version)
    assert not OnBehalf.objects.get(act="submit").confirmed_at
    assert Notification.objects.filter(kind="case.correct_filing", recipient=people.ocha_bria, expects="act").exists()
    event = Event.objects.get(kind="case.correct_filing")
    assert "eight trucks" not in str(event.data), "the trail keeps its digest only"
    client.force_login(people.ocha_bria)
    assert "We asked for eight trucks." in client.get(case.get_absolute_url()).content.decode()
    services.ask_to_confirm(fresh(case), by=people.ocha_bria, language="en")


def test_words_that_changed_since_are_shown_again(client, case, link):
    seen = mark(client.get(link).content.decode())
    Case.objects.filter(pk=case.pk).update(cargo="Something else.")
    answer = client.post(link, {"choice": "yes", "seen": seen})
    assert answer.status_code == 409
    assert "Something else." in answer.content.decode()
    assert not Confirmation.objects.exists()
    assert client.post(link, {"choice": "yes"}).status_code == 409
    assert agree(client, link).status_code == 200


def neutral(client, address) -> bytes:
    for answer in (client.get(address), client.post(address, {"choice": "yes", "seen": "x"})):
        assert answer.status_code == 410
        text = answer.content.decode()
        assert "CAF-" not in text and "LOCAL-C" not in text
    return re.sub(rb'value="\w{64}"', b"", client.get(address).content).replace(address.encode(), b"")


def test_wrong_used_void_and_expired_are_the_same_page(client, case, link, people, stranger):
    cache.clear()
    wrong = neutral(client, reverse("requests:confirm", args=["guessed"]))
    agree(client, link)
    assert neutral(client, link) == wrong
    other = filed(people, stranger)
    first = services.ask_to_confirm(other, by=people.ocha_bria, language="en", address=ADDRESS)
    second = services.ask_to_confirm(other, by=people.ocha_bria, language="en", address=ADDRESS)
    assert neutral(client, reverse("requests:confirm", args=[first.secret])) == wrong, "a newer one makes it void"
    ConfirmationLink.objects.filter(pk=second.link.pk).update(expires_at=timezone.now())
    assert neutral(client, reverse("requests:confirm", args=[second.secret])) == wrong
    third = services.ask_to_confirm(other, by=people.ocha_bria, language="en", address=ADDRESS)
    make_move(other, "raise_class", by=people.ocha_bria, to="S")
    assert neutral(client, reverse("requests:confirm", args=[third.secret])) == wrong
    assert Confirmation.objects.count() == 1


def test_who_guesses_codes_waits_and_bars_no_link(client, case, people, stranger, link):
    cache.clear()
    read_out = services.ask_to_confirm(filed(people, stranger), by=people.ocha_bria, language="en").secret
    address = reverse("requests:confirm_code")
    tried = [client.post(address, {"code": codes.new_code()}).status_code for _time in range(62)]
    assert tried[:60] == [410] * 60
    assert tried[60:] == [429] * 2
    spaced = codes.shown(read_out)
    assert client.post(address, {"code": spaced}).status_code == 429, "a right one tells nothing either"
    for number in range(62):
        assert client.get(reverse("requests:confirm", args=[f"guess-{number}"])).status_code == 410
    assert agree(client, link).status_code == 200
    cache.clear()


def test_a_request_that_ended_while_the_answer_waited_is_not_confirmed(client, case, people, link, monkeypatch):
    seen = mark(client.get(link).content.decode())

    def slow(asked):
        make_move(case, "reject", by=people.ocha_bria, reason="Not for an escort")
        return fresh(asked)

    monkeypatch.setattr(confirming, "locked", slow)
    assert client.post(link, {"choice": "yes", "seen": seen}).status_code == 410
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("who", ["ocha_bria", "ocha_bgi"])
def test_ocha_does_not_answer_its_own_link(client, people, link, who):
    client.force_login(getattr(people, who))
    for sent in ({"choice": "yes", "seen": mark(client.get(link).content.decode())}, {"choice": "no", "text": "No"}):
        assert client.post(link, sent).status_code == 403
    assert not Confirmation.objects.exists()
    client.logout()
    assert agree(client, link).status_code == 200


def test_only_a_digest_is_kept(case, link):
    secret = link.strip("/").split("/")[-1]
    row = ConfirmationLink.objects.get()
    assert row.token_digest == digest_of(secret)
    assert secret not in str(Event.objects.filter(kind="case.ask_confirmation").values())


def test_a_code_is_read_out_and_typed(client, case, people):
    cache.clear()
    client.force_login(people.ocha_bria)
    page = client.post(reverse("requests:confirmation", args=[case.reference]), {"act": "ask", "ask-language": "en"})
    code = re.search(r"\d{4} \d{4} \d{4}", page.content.decode())[0]
    assert code not in client.get(reverse("requests:confirmation", args=[case.reference])).content.decode()
    client.logout()
    address = reverse("requests:confirm_code")
    assert client.post(address, {"code": "12"}).status_code == 410
    assert client.post(address, {"code": ""}).status_code == 422
    assert client.post(address, {"choice": "yes"}).status_code == 422
    assert client.get(reverse("requests:confirm", args=[code.replace(" ", "")])).status_code == 410, (
        "logs keep addresses"
    )
    typed = client.post(address, {"code": code})
    assert typed.status_code == 200
    assert case.reference not in client.get(address).content.decode(), "the next at this browser reads nothing"
    assert not Confirmation.objects.exists()
    page = typed.content.decode()
    kept = re.findall(r'name="code" value="(\d+)"', page)
    assert kept == [code.replace(" ", "")] * 2, "with each of both answers"
    assert client.post(address, {"code": kept[0], "choice": "no", "text": ""}).status_code == 422
    assert client.post(address, {"code": kept[0], "choice": "yes", "seen": mark(page)}).status_code == 200
    assert Confirmation.objects.get().agrees
    assert client.post(address, {"code": code}).status_code == 410, "once"


def test_ocha_does_not_answer_its_own_code(client, case, people):
    cache.clear()
    code = services.ask_to_confirm(case, by=people.ocha_bria, language="en").secret
    client.force_login(people.ocha_bria)
    page = client.post(reverse("requests:confirm_code"), {"code": code}).content.decode()
    sent = {"code": code, "choice": "yes", "seen": mark(page)}
    assert client.post(reverse("requests:confirm_code"), sent).status_code == 403
    assert not Confirmation.objects.exists()


# ── the call ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ocha_writes_down_that_they_confirmed_by_telephone(client, case, people):
    client.force_login(people.ocha_bria)
    page = reverse("requests:confirmation", args=[case.reference])
    sent = {
        "act": "call", "call-agrees": "yes", "call-person_function": "Director", "call-witness": "Duty officer",
        "call-received_at": local(timezone.now() - dt.timedelta(minutes=5)),
    }  # fmt: skip
    for missing in ("call-agrees", "call-person_function", "call-witness", "call-received_at"):
        assert client.post(page, sent | {missing: ""}).status_code == 422
    assert client.post(page, sent | {"call-agrees": "no"}).status_code == 422, "and what is wrong?"
    assert client.post(page, sent | {"call-received_at": local(timezone.now() + HOUR)}).status_code == 422
    assert client.post(page, sent).status_code == 302
    row = Confirmation.objects.get()
    assert (row.how, row.recorded_by, row.witness) == ("call", people.ocha_bria, "Duty officer")
    assert client.post(page, sent).status_code == 409, "once"
    text = client.get(case.get_absolute_url()).content.decode()
    assert "recording for Director (LOCAL-C), confirmed by telephone" in text


def test_a_call_cannot_come_before_the_filing(case, people):
    with pytest.raises(Refused, match="before the request was filed"):
        services.log_call(case, by=people.ocha_bria, **call(received_at=timezone.now() - 3 * HOUR))


@pytest.mark.parametrize("who", ["requester_bria", "ocha_birao", "hc", "log_cluster", "force_u3", "ocha_bko", "admin"])
def test_nobody_else_asks_or_writes_down(client, case, people, who):
    user = getattr(people, who)
    with pytest.raises(Refused) as refused:
        services.ask_to_confirm(case, by=user, language="en")
    assert refused.value.kind == "right"
    with pytest.raises(Refused):
        services.log_call(case, by=user, **call())
    client.force_login(user)
    assert client.get(reverse("requests:confirmation", args=[case.reference])).status_code in (403, 404)


def test_a_request_that_its_organisation_filed_has_nothing_to_confirm(client, people):
    case = case_at("submitted", people)
    client.force_login(people.ocha_bria)
    assert client.get(reverse("requests:confirmation", args=[case.reference])).status_code == 404
    with pytest.raises(Refused, match="was not filed for"):
        services.log_call(case, by=people.ocha_bria, **call())


def test_of_a_strictly_confidential_request_nothing_leaves_by_link(case, people):
    make_move(case, "raise_class", by=people.ocha_bria, to="S")
    with pytest.raises(Refused, match="by telephone"):
        services.ask_to_confirm(fresh(case), by=people.ocha_bria, language="en", address=ADDRESS)
    services.log_call(fresh(case), by=people.ocha_bria, **call())


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def unconfirmed(user) -> list[Case]:
    found = {section.code: section.cases for section in waiting.sections(user)}
    return list(found.get("unconfirmed", ()))


def test_it_waits_at_the_station_until_it_is_confirmed(case, people):
    assert unconfirmed(people.ocha_bria) == [case]
    assert unconfirmed(people.ocha_birao) == []
    services.log_call(case, by=people.ocha_bria, **call())
    assert unconfirmed(people.ocha_bria) == []


def test_a_word_of_the_organisation_is_never_changed(case, people):
    services.log_call(case, by=people.ocha_bria, **call())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_confirmation SET agrees = false")
