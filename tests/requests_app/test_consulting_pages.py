"""Who sees what of a consultation, who is told, and what do its pages do?"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from requests_app import consensus, listing, waiting
from requests_app.models import Case, Comment, ForceFile, OnBehalf, Position
from requests_app.services import make_move, remind_due
from tests.factories import HOUR, consulted_case, fresh
from tests.people import person
from tests.requests_app.test_consulting import establish, says

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

WORDS = "Fighters threatened whoever travels with this force."


@pytest.fixture
def case(mali_cast):
    found = consulted_case(mali_cast)
    says(found, mali_cast.hct[0], "object", words=WORDS)
    says(found, mali_cast.hct[1], "accept", condition="The escort leaves at Boni")
    make_move(found, "put_question", by=mali_cast.hct[2], text="Who speaks with the communities?")
    return fresh(found)


def page(client, user, case, name="consultation", **kwargs):
    client.force_login(user)
    return client.get(reverse(f"requests:{name}", args=[case.reference], kwargs=None), **kwargs)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestWhoReads:
    def test_the_team_ocha_and_the_coordinator_read_the_positions(self, client, mali_cast, case):
        for user in (*mali_cast.hct, mali_cast.hc_ml, mali_cast.ocha_bko, mali_cast.ocha_mopti):
            shown = text_of(page(client, user, case))
            assert WORDS in shown
            assert "The escort leaves at Boni" in shown
            assert "Who speaks with the communities?" in shown

    def test_each_reading_is_recorded_and_the_requester_does_not_learn_of_it(self, client, mali_cast, case):
        page(client, mali_cast.hct[3], case)
        read = Event.objects.get(kind="case.open_secret")
        assert (read.by, read.data["field"], read.data["audience"]) == (mali_cast.hct[3], "positions", "team")

    def test_the_requester_reads_the_window_and_nothing_else(self, client, mali_cast, case):
        assert page(client, mali_cast.requester_mopti, case).status_code == 404
        client.force_login(mali_cast.requester_mopti)
        shown = text_of(client.get(case.get_absolute_url() + "?events=all"))
        assert "Under consultation until" in shown
        for hidden in (WORDS, "leaves at Boni", "Who speaks", "members reached", "position of", "objection", "UNHCR"):
            assert hidden not in shown, hidden
        establish_over(case, mali_cast)
        shown = text_of(client.get(case.get_absolute_url() + "?events=all"))
        assert "Consensus established" in shown
        assert "leaves at Boni" in shown  # a condition of the approval by now; of whom, it does not say
        assert "UNHCR" not in shown

    @pytest.mark.parametrize("who", ["force_ml", "nobody", "hc", "ocha_bgi", "hct_elsewhere"])
    def test_for_everybody_else_there_is_no_such_page(self, client, request, case, who, reference):
        user = (
            person("hct.car", "hct_member", organisation="WFP", name="Member elsewhere", country="CAF")
            if who == "hct_elsewhere"
            else request.getfixturevalue(who)
        )
        assert page(client, user, case).status_code == 404
        assert page(client, user, case, "meeting").status_code == 404
        client.force_login(user)
        assert client.get(case.get_absolute_url()).status_code in (403, 404)
        assert not Case.objects.visible_to(user).exists()

    def test_a_member_sees_the_request_in_the_list_and_once(self, mali_cast, case):
        for member in mali_cast.hct:
            assert list(Case.objects.visible_to(member)) == [case]
            assert [row.pk for row in listing.page_for(member).rows] == [case.pk]

    def test_without_the_consent_to_share_the_team_sees_nothing(self, client, mali_cast, case):
        Case.objects.filter(pk=case.pk).update(consent_partners=False)
        assert not Case.objects.visible_to(mali_cast.hct[0]).exists()
        assert page(client, mali_cast.hct[0], case).status_code == 404

    def test_the_note_to_the_coordinator_is_not_the_teams(self, client, mali_cast, case):
        client.force_login(mali_cast.hct[0])
        assert "Only by consensus." not in text_of(client.get(case.get_absolute_url()))
        assert "Only by consensus." not in text_of(page(client, mali_cast.hct[0], case))

    def test_no_force_has_anything_of_it(self, case):
        assert not ForceFile.objects.filter(case=case).exists()


def establish_over(case, cast):
    says(case, cast.hct[0], "abstain")
    says(case, cast.hct[2], "support")
    says(case, cast.hct[3], "support")
    establish(case, cast.hc_ml)


class TestWhoIsTold:
    def test_the_members_are_asked_and_the_coordinator_hears_once_all_were_reached(self, mali_cast, case):
        told = Notification.objects.filter(event__kind="case.open_consultation", expects="take_position")
        assert {row.recipient for row in told} == set(mali_cast.hct)
        for member in mali_cast.hct[2:]:
            says(case, member, "support")
        asked = Notification.objects.filter(event__kind="case.take_position", expects="decide")
        assert {row.recipient for row in asked} == {mali_cast.hc_ml}

    def test_the_requester_is_told_of_no_position(self, mali_cast, case):
        told = Notification.objects.filter(recipient=mali_cast.requester_mopti).values_list("event__kind", flat=True)
        assert "case.open_consultation" in told
        assert not {"case.take_position", "case.put_question", "case.answer_question"} & set(told)

    def test_reminders_before_the_window_ends_and_at_its_end_which_decides_nothing(self, mali_cast, case):
        consultation = case.team_consultation
        half = consultation.opened_at + (consultation.closes_at - consultation.opened_at) / 2
        remind_due(half)
        silent = {mali_cast.hct[2], mali_cast.hct[3]}
        assert {row.recipient for row in Notification.objects.filter(event__kind="case.remind")} == silent
        remind_due(consultation.closes_at)
        remind_due(consultation.closes_at + HOUR)
        over = Event.objects.get(kind="case.window_over")
        asked = {(row.recipient, row.expects) for row in Notification.objects.filter(event=over)}
        assert {user for user, expects in asked if expects == "take_position"} == silent
        assert (mali_cast.hc_ml, "decide") in asked
        assert (fresh(case).status, over.data["not_reached"]) == ("consulting", 2)
        assert fresh(case).due_at > consultation.closes_at  # the Coordinator's clock by now


class TestWhatWaits:
    def group(self, user, code):
        return next((len(each.cases) for each in waiting.sections(user) if each.code == code), 0)

    def test_a_member_until_their_position_the_coordinator_from_then_on(self, mali_cast, case):
        said, silent = mali_cast.hct[0], mali_cast.hct[2]
        assert (self.group(said, "position"), self.group(silent, "position")) == (0, 1)
        assert (self.group(mali_cast.hc_ml, "decide"), self.group(mali_cast.ocha_bko, "team_question")) == (0, 1)
        make_move(case, "answer_question", by=mali_cast.ocha_bko, text="The organisation says: the committee of Boni.")
        for member in mali_cast.hct[2:]:
            says(case, member, "support")
        assert (self.group(mali_cast.hc_ml, "decide"), self.group(mali_cast.ocha_bko, "team_question")) == (1, 0)
        answer = Comment.objects.get(answers__isnull=False)
        assert (answer.audience, answer.answers.text) == ("team", "Who speaks with the communities?")


class TestPages:
    def test_a_member_states_a_position_with_its_condition(self, client, mali_cast, case):
        client.force_login(mali_cast.hct[3])
        url = reverse("requests:move", args=[case.reference, "take_position"])
        form = client.get(url).context["form"]
        sent = {"client_key": form["client_key"].value(), "base_version": case.version}
        assert client.post(url, sent | {"value": "object", "words": ""}).status_code == 422
        assert client.post(url, sent | {"value": "accept", "condition": "Only by day"}).status_code == 302
        assert consensus.seat_of(mali_cast.hct[3], fresh(case)).condition == "Only by day"

    def test_ocha_writes_down_a_meeting_on_one_page(self, client, mali_cast, case):
        url = reverse("requests:meeting", args=[case.reference])
        client.force_login(mali_cast.ocha_bko)
        form = client.get(url).context["form"]
        seats = {str(seat.row.organisation): f"seat{seat.row.pk}" for seat in form.seats}
        at = timezone.localtime(timezone.now() - HOUR).strftime("%Y-%m-%dT%H:%M")
        sent = {
            "client_key": form["client_key"].value(), "source": "in_person", "received_at": at,
            "witness": "Secretary of the country team",
            f"{seats['UNICEF']}_value": "support", f"{seats['UNICEF']}_person": mali_cast.hct[2].pk,
            f"{seats['INGO D']}_value": "abstain", f"{seats['INGO D']}_function": "Deputy of INGO D",
        }  # fmt: skip
        nameless = sent | {f"{seats['INGO D']}_function": ""}
        assert client.post(url, nameless).status_code == 422
        assert client.post(url, sent | {f"{seats['UNICEF']}_value": "object"}).status_code == 422
        assert Position.objects.count() == 2
        assert client.post(url, sent).status_code == 302
        assert client.post(url, sent).status_code == 302  # the same page sent twice
        assert Position.objects.count() == 4
        assert set(OnBehalf.objects.values_list("person", "person_function")) == {
            (mali_cast.hct[2].pk, mali_cast.hct[2].function_title), (None, "Deputy of INGO D"),
        }  # fmt: skip
        for stranger in (mali_cast.hct[0], mali_cast.hc_ml, mali_cast.requester_mopti):
            client.force_login(stranger)
            assert client.post(url, sent).status_code == 404

    @pytest.mark.parametrize("move", ["approve", "forward", "extend"])
    def test_tampering_with_the_address_finds_nothing(self, client, mali_cast, case, move):
        for user in (mali_cast.hc_ml, mali_cast.ocha_bko):
            client.force_login(user)
            for name in ("move", "record"):
                url = reverse(f"requests:{name}", args=[case.reference, move])
                nowhere = reverse(f"requests:{name}", args=[case.reference, "authorise"])
                for ask in (client.get, client.post):
                    assert ask(url).status_code == ask(nowhere).status_code == 404

    def test_the_coordinator_signs_on_a_page_that_shows_what_members_ask(self, client, mali_cast, case):
        client.force_login(mali_cast.hc_ml)
        url = reverse("requests:move", args=[case.reference, "establish_consensus"])
        assert "no consensus while an objection stands" in text_of(client.get(url))
        says(case, mali_cast.hct[0], "abstain")
        for member in mali_cast.hct[2:]:
            says(case, member, "support")
        response = client.get(url)
        assert "The escort leaves at Boni" in text_of(response)
        form = response.context["form"]
        sent = {name: form[name].value() for name in ("client_key", "base_version", "seen")}
        assert client.post(url, sent | {"statement": ""}).status_code == 422
        says(case, mali_cast.hct[0], "support")
        assert client.post(url, sent | {"statement": "By circulation."}).status_code == 409
        sent["seen"] = client.get(url).context["form"]["seen"].value()
        assert client.post(url, sent | {"statement": "By circulation."}).status_code == 302
        assert fresh(case).status == "approved"

    def test_in_french(self, client, mali_cast, case):
        mali_cast.hc_ml.language = "fr"
        mali_cast.hc_ml.save()
        shown = text_of(page(client, mali_cast.hc_ml, case))
        assert "Consultation de l’Équipe humanitaire pays" in shown
        assert "S’oppose" in shown
