"""Can a request be started, written, checked, sent and copied, and is nothing typed lost on the way?"""

import datetime as dt
import html
import json
import re
import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import kept_words
from cmcoord.activity.models import Event
from cmcoord.guidance.clauses import cited_in
from cmcoord.places.models import Axis, DutyStation, Place
from cmcoord.ui import typed
from requests_app import services
from requests_app.forms.alternatives import ROW_FIELDS
from requests_app.forms.steps import StepForm
from requests_app.models import Case, Move
from requests_app.questions import questions
from tests import factories
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

NEW = "/requests/new/"
OTHERS = (
    "requester_birao", "requester_un", "force_u3", "force_sector", "donor", "ocha_bria", "ocha_bgi", "hc", "hoo",
    "undss", "log_cluster", "ocha_bko", "hc_ml", "force_ml", "nobody", "admin",
)  # fmt: skip


def text_of(answer) -> str:
    """What a person reads on a page: without marks, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def url_of(case, step):
    return reverse("requests:edit", args=[case.reference, step])


def send_url(case, code="submit"):
    return reverse(f"requests:{code}", args=[case.reference])


def sent_by(case, step, user, **changes):
    """What a browser sends from this step as it was opened just now, with these answers changed."""
    case = factories.fresh(case)
    form = StepForm(case=case, step=step, user=user, now=timezone.now())
    data = {name: text for name, text in form.stands().items() if text and name != "alternatives"}
    if data.get("risks"):
        data["risks"] = data["risks"].split("\n")
    data |= {
        "base_version": str(case.version),
        "marks": form.marks_now(),
        "keeper": kept_words.token(user, case.reference),
    }
    if form.rows is not None:
        data |= rows_of([{name: str(row[name]) for name in ROW_FIELDS} for row in form.rows.stored])
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def rows_of(rows, stored=None):
    data = {
        "alternatives-TOTAL_FORMS": str(len(rows)),
        "alternatives-INITIAL_FORMS": str(len(rows) if stored is None else stored),
    }
    for index, row in enumerate(rows):
        data |= {f"alternatives-{index}-{name}": value for name, value in row.items()}
    return data


def moment(case, value: dt.datetime) -> str:
    return value.astimezone(case.country.zone).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def requester(requester_bria, client):
    client.force_login(requester_bria)
    return requester_bria


@pytest.fixture
def draft(requester):
    return factories.draft_case(requester)


@pytest.fixture
def complete(requester):
    return factories.complete_draft(requester)


class TestStart:
    def opening(self, user, **more):
        station = DutyStation.objects.get(code="bria").pk
        return {"request_type": "AE", "station": station, "organisation": user.organisation_id} | more

    def test_it_shows_alternatives_effects_and_the_duty_telephone_before_the_form(self, client, requester, ocha_bria):
        words = text_of(client.get(NEW))
        form = words.index("What, where and for whom")
        for first in ("Telephone first", "+236", "A patrol on the axis", "A movement notification"):
            assert words.index(first) < form
        assert "Once in place they are hard to stop" in words
        assert "What may never be transported" in words

    def test_ones_own_station_is_proposed(self, client, requester, bria):
        assert f'<option value="{bria.pk}" selected>' in client.get(NEW).content.decode()

    def test_a_post_opens_the_draft_and_leads_to_the_first_step(self, client, requester):
        answer = client.post(NEW, self.opening(requester))
        case = Case.objects.get()
        assert answer.url == url_of(case, 1)
        assert (case.status, case.created_by, case.organisation) == ("draft", requester, requester.organisation)
        assert [event.kind for event in Event.objects.about(case)] == ["case.draft"]

    def test_opening_twice_with_one_key_opens_one_draft(self, client, requester):
        data = self.opening(requester, client_key=str(uuid.uuid4()))
        assert client.post(NEW, data).url == client.post(NEW, data).url
        assert Case.objects.count() == 1

    def test_the_key_of_somebody_else_opens_nothing(self, client, requester, requester_birao):
        case = factories.draft_case(requester_birao)
        answer = client.post(NEW, self.opening(requester, client_key=str(case.client_key)))
        assert answer.status_code == 409
        assert Case.objects.count() == 1

    def test_another_organisation_posted_by_hand_is_refused(self, client, requester, other_ngo):
        answer = client.post(NEW, self.opening(requester, organisation=other_ngo.pk))
        assert answer.status_code == 422
        assert "Choose one from the list." in text_of(answer)
        assert not Case.objects.exists()

    def test_a_station_of_another_country_posted_by_hand_is_refused(self, client, requester):
        mopti = DutyStation.objects.get(code="mopti")
        assert client.post(NEW, self.opening(requester, station=mopti.pk)).status_code == 422
        assert not Case.objects.exists()

    def test_the_service_refuses_it_too(self, requester_bria, other_ngo, bria, car):
        with pytest.raises(services.Refused, match="cannot file"):
            services.start_case(by=requester_bria, country=car, station=bria, organisation=other_ngo)

    @pytest.mark.parametrize("who", ["force_u3", "donor", "hc", "undss", "log_cluster", "nobody", "hoo"])
    def test_who_neither_asks_nor_records_is_told_so(self, client, people, who):
        client.force_login(getattr(people, who))
        answer = client.get(NEW)
        assert answer.status_code == 403
        assert client.post(NEW, self.opening(people.requester_bria)).status_code == 403

    def test_signed_out_leads_to_the_sign_in(self, client):
        assert "/account/login/" in client.get(NEW).url

    def test_where_the_policy_offers_nothing_nothing_can_be_started(self, client, people, mali):
        mali.profiles.update(request_types=[])
        client.force_login(people.ocha_bko)
        words = text_of(client.get(NEW))
        assert "No request can be filed here" in words
        assert "Start the request" not in words


class TestOnBehalf:
    CALL = {
        "person_function": "Logistician, Bria",
        "source": "telephone",
        "received_at": "2026-01-05T07:30",
        "witness": "Radio operator",
    }

    def opening(self, organisation, station, **more):
        return {"request_type": "AE", "station": station.pk, "organisation": organisation.pk} | self.CALL | more

    def test_ocha_writes_down_what_somebody_asked_for(self, client, people, ngo, bria):
        client.force_login(people.ocha_bria)
        assert client.post(NEW, self.opening(ngo, bria)).status_code == 302
        row = Case.objects.get().records_on_behalf.get()
        assert (row.person_function, row.source, row.recorded_by) == (
            "Logistician, Bria",
            "telephone",
            people.ocha_bria,
        )
        assert row.received_at == dt.datetime(2026, 1, 5, 6, 30, tzinfo=dt.UTC), "typed on the clocks of Bangui"

    @pytest.mark.parametrize("gap", sorted(CALL))
    def test_who_how_when_and_the_witness_are_needed(self, client, people, ngo, bria, gap):
        client.force_login(people.ocha_bria)
        answer = client.post(NEW, self.opening(ngo, bria, **{gap: ""}))
        assert answer.status_code == 422
        assert "This answer is still missing." in text_of(answer)
        assert not Case.objects.exists()

    def test_nothing_is_said_in_the_future(self, client, people, ngo, bria):
        client.force_login(people.ocha_bria)
        assert client.post(NEW, self.opening(ngo, bria, received_at="2099-01-01T10:00")).status_code == 422

    def test_not_for_another_station(self, client, people, ngo, birao):
        client.force_login(people.ocha_bria)
        assert client.post(NEW, self.opening(ngo, birao)).status_code == 422
        assert not Case.objects.exists()

    def test_not_for_ocha_itself_nor_for_a_force(self, client, people, bria, minusca):
        client.force_login(people.ocha_bria)
        for organisation in (people.ocha_bria.organisation, minusca.organisation):
            assert client.post(NEW, self.opening(organisation, bria)).status_code == 422
        assert not Case.objects.exists()

    def test_the_service_needs_the_record(self, people, ngo, bria, car):
        with pytest.raises(services.Refused, match="Say who asked"):
            services.start_case(by=people.ocha_bria, country=car, station=bria, organisation=ngo)

    def test_it_is_sent_with_the_record_and_the_caller_confirms(self, client, people, ngo):
        case = factories.complete_draft(people.ocha_bria, organisation=ngo, on_behalf=factories.CALL)
        client.force_login(people.ocha_bria)
        page = client.get(send_url(case))
        assert factories.CALL["witness"] in page.content.decode()
        data = {
            "client_key": uuid.uuid4(),
            "base_version": case.version,
            "person": people.requester_bria.pk,
        } | self.CALL
        assert client.post(send_url(case), data).status_code == 302
        case = factories.fresh(case)
        assert case.status == "submitted"
        assert case.moves.get().on_behalf.person == people.requester_bria

    def test_without_the_record_it_is_not_sent(self, client, people, ngo):
        case = factories.complete_draft(people.ocha_bria, organisation=ngo, on_behalf=factories.CALL)
        client.force_login(people.ocha_bria)
        assert (
            client.post(send_url(case), {"client_key": uuid.uuid4(), "base_version": case.version}).status_code == 422
        )
        assert factories.fresh(case).status == "draft"

    def test_nobody_of_another_organisation_can_be_named(self, client, people, ngo):
        case = factories.complete_draft(people.ocha_bria, organisation=ngo, on_behalf=factories.CALL)
        client.force_login(people.ocha_bria)
        data = {
            "client_key": uuid.uuid4(),
            "base_version": case.version,
            "person": people.requester_birao.pk,
        } | self.CALL
        assert client.post(send_url(case), data).status_code == 422

    def test_another_officer_does_not_go_on_with_it(self, client, people, ngo):
        case = factories.draft_case(people.ocha_bria, organisation=ngo, on_behalf=factories.CALL)
        client.force_login(people.ocha_bgi)
        assert client.get(url_of(case, 1)).status_code == 404


class TestSteps:
    @pytest.mark.parametrize("step", [1, 2, 3])
    def test_each_step_opens_with_its_questions_and_their_clauses(self, client, draft, step):
        answer = client.get(url_of(draft, step))
        assert answer.status_code == 200
        page = answer.content.decode()
        for question in questions(draft, step=step):
            assert question.field == "files" or str(question.label) in html.unescape(page)
            assert cited_in(question.clause, "CAF") in page and "ML-POS" not in page

    def test_there_is_no_fourth_step(self, client, draft):
        assert client.get(url_of(draft, 4)).status_code == 404
        assert client.get(url_of(draft, 0)).status_code == 404

    def test_edit_leads_to_the_first_gap(self, client, requester, draft, complete):
        assert client.get(f"/requests/{draft.reference}/edit/").url == url_of(draft, 1)
        gap = factories.complete_draft(requester, cargo="")
        assert client.get(f"/requests/{gap.reference}/edit/").url == url_of(gap, 2)
        assert client.get(f"/requests/{complete.reference}/edit/").url == url_of(complete, 1)

    def test_a_whole_request_is_written_in_three_steps(self, client, requester, draft):
        leaves = timezone.now() + dt.timedelta(days=10)
        bambari, bria = Place.objects.get(name="Bambari"), Place.objects.get(name="Bria")
        first = {"need": "Food for Bria", "people": "4 200", "critical_by": moment(draft, leaves), "go": "1"}
        assert client.post(url_of(draft, 1), sent_by(draft, 1, requester, **first)).url == url_of(draft, 2)
        second = {
            "origin": bambari.pk, "destination": bria.pk, "axis": Axis.objects.get(code="bambari-bria").pk,
            "departure_at": moment(draft, leaves), "window_to": moment(draft, leaves + dt.timedelta(days=2)),
            "rotations": "1", "vehicles": "6", "cargo": "Rice", "no_weapons": "on", "un_on_board": "no",
            "force": factories.Force.objects.get(acronym="MINUSCA").pk, "go": "1",
        }  # fmt: skip
        assert client.post(url_of(draft, 2), sent_by(draft, 2, requester, **second)).url == url_of(draft, 3)
        day = str(timezone.localdate() - dt.timedelta(days=2))
        third = rows_of(
            [
                {"option": "patrol", "tried_on": day, "outcome": "refused", "note": ""},
                {"option": "air", "tried_on": day, "outcome": "cost", "note": "Too heavy"},
            ],
            stored=0,
        ) | {"why_safer": "a", "risks": ["none"], "exit_plan": "c", "go": "1"}
        assert client.post(url_of(draft, 3), sent_by(draft, 3, requester, **third)).url == send_url(draft)
        case = factories.fresh(draft)
        assert (case.people, case.vehicles, case.un_on_board) == (4200, 6, False)
        assert case.departure_at == leaves.replace(second=0, microsecond=0), "local time in, the same moment stored"
        assert [row.option for row in case.alternatives.all()] == ["patrol", "air"]
        assert client.post(send_url(case), {"base_version": case.version}).status_code == 302
        assert factories.fresh(case).status == "submitted"

    def test_saving_with_gaps_and_stopping(self, client, requester, draft):
        answer = client.post(url_of(draft, 1), sent_by(draft, 1, requester, need="Half a sent", stop="1"))
        assert answer.url == draft.get_absolute_url()
        assert factories.fresh(draft).need == "Half a sent"

    def test_going_on_with_gaps_says_so_beside_each_question_and_saves_the_rest(self, client, requester, draft):
        answer = client.post(url_of(draft, 1), sent_by(draft, 1, requester, need="Food", go="1"))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert page.count('<div class="err"') == 2
        assert 'id="id_people_error"' in page
        assert 'id="id_critical_by_error"' in page
        assert f'href="{url_of(draft, 2)}">Leave the rest' in page
        assert factories.fresh(draft).need == "Food"

    def test_gaps_are_counted_and_lead_to_their_question(self, client, requester):
        case = factories.complete_draft(requester, cargo="", people=None)
        answer = client.get(url_of(case, 3))
        assert "2 answers are still missing before sending." in text_of(answer)
        assert f'href="{url_of(case, 2)}#div_id_cargo"' in answer.content.decode()
        assert 'id="div_id_cargo"' in client.get(url_of(case, 2)).content.decode()

    def test_what_the_guidelines_say_stands_at_the_place(self, client, requester):
        case = factories.complete_draft(requester, rotations=7)
        page = text_of(client.get(url_of(case, 2)))
        assert "More than three rotations: is this an emergency or a habit? IASC-AE §V.4" in page

    def test_nothing_changed_writes_no_event(self, client, requester, complete):
        before = Event.objects.count()
        for step in (1, 2, 3):
            client.post(url_of(complete, step), sent_by(complete, step, requester, stop="1"))
        assert Event.objects.count() == before
        assert factories.fresh(complete).version == complete.version

    def test_a_colleague_goes_on_with_the_draft(self, client, people):
        case = factories.draft_case(people.requester_bria)
        client.force_login(people.colleague_bria)
        client.post(url_of(case, 1), sent_by(case, 1, people.colleague_bria, need="By two", stop="1"))
        assert factories.fresh(case).need == "By two"

    @pytest.mark.parametrize("who", OTHERS)
    def test_a_draft_does_not_exist_for_anybody_else(self, client, people, who):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(getattr(people, who))
        data = sent_by(case, 1, people.requester_bria, need="Taken over")
        for address in (
            url_of(case, 1),
            send_url(case),
            send_url(case, "resubmit"),
            f"/requests/{case.reference}/edit/",
        ):
            assert client.get(address).status_code == 404
        for address in (url_of(case, 1), send_url(case), f"/requests/{case.reference}/copy/"):
            assert client.post(address, data).status_code == 404
        assert factories.fresh(case).need == case.need

    def test_signed_out_leads_to_the_sign_in(self, client, requester_bria):
        case = factories.draft_case(requester_bria)
        for address in (url_of(case, 1), send_url(case), f"/requests/{case.reference}/edit/"):
            assert "/account/login/" in client.get(address).url

    def test_who_reviews_does_not_write(self, client, people):
        case = factories.case_at("returned", people)
        client.force_login(people.ocha_bria)
        assert client.get(url_of(case, 1)).status_code == 403
        assert client.post(url_of(case, 1), sent_by(case, 1, people.ocha_bria, need="Mine")).status_code == 403

    def test_a_request_that_was_sent_is_not_written_on(self, client, people):
        case = factories.case_at("submitted", people)
        client.force_login(people.requester_bria)
        assert client.get(url_of(case, 1)).status_code == 409
        answer = client.post(url_of(case, 1), sent_by(case, 1, people.requester_bria, need="Too late, but typed"))
        assert answer.status_code == 409
        assert "Too late, but typed" in text_of(answer), "what was typed can be copied"
        assert factories.fresh(case).need == case.need


class TestReturned:
    def test_the_question_stands_on_top_of_each_page(self, client, people):
        case = factories.case_at("returned", people)
        client.force_login(people.requester_bria)
        for address in (url_of(case, 1), url_of(case, 2), url_of(case, 3), send_url(case, "resubmit")):
            assert "On which days can you leave?" in text_of(client.get(address))

    def test_it_is_answered_and_sent_again(self, client, people):
        case = factories.case_at("returned", people)
        client.force_login(people.requester_bria)
        client.post(url_of(case, 1), sent_by(case, 1, people.requester_bria, need="Any day next week", stop="1"))
        case = factories.fresh(case)
        assert client.get(send_url(case, "submit")).url == send_url(case, "resubmit")
        sent = {"base_version": case.version, "reason": "Any day but Sunday."}
        assert client.post(send_url(case, "resubmit"), sent).status_code == 302
        assert factories.fresh(case).status == "submitted"

    def test_an_answer_cannot_be_emptied_any_more(self, client, people):
        case = factories.case_at("returned", people)
        client.force_login(people.requester_bria)
        data = sent_by(case, 2, people.requester_bria, cargo="", no_weapons=None, un_on_board="", vehicles="8")
        answer = client.post(url_of(case, 2), data)
        assert answer.status_code == 422
        assert answer.content.decode().count('<div class="err"') == 3
        stored = factories.fresh(case)
        assert (stored.vehicles, stored.cargo, stored.no_weapons) == (8, case.cargo, True)


WRONG = [
    (1, {"people": "many"}, "Write a whole number, for example 4200."),
    (1, {"people": "-4"}, "Write a number from 1 to 10,000,000."),
    (1, {"people": "10000001"}, "Write a number from 1 to 10,000,000."),
    (1, {"people": "9" * 400}, "Write a"),
    (1, {"need": "x" * 601}, "Please shorten this: at most 600 characters, it has 601."),
    (1, {"critical_by": "2020-01-01T10:00"}, "This moment is over already."),
    (1, {"critical_by": "next week"}, "Write a date and a time, for example 2026-11-28 05:30."),
    (1, {"critical_by": "9999-12-31T23:59"}, "Write a date and a time"),
    (1, {"critical_by": "0001-01-01T00:00"}, "Write a date and a time"),
    (1, {"urgency": "yesterday"}, "Choose one from the list."),
    (2, {"vehicles": "0"}, "Write a number from 1 to 100."),
    (2, {"vehicles": "101"}, "Write a number from 1 to 100."),
    (2, {"rotations": "21"}, "Write a number from 1 to 20."),
    (2, {"rotations": "1.5"}, "Write a whole number"),
    (2, {"departure_at": "2020-01-01T10:00"}, "The departure is in the past."),
    (2, {"origin": "999999"}, "Choose one from the list."),
    (2, {"axis": "'; DROP TABLE"}, "Choose one from the list."),
    (2, {"force": "\x00"}, "Choose one from the list."),
    (2, {"un_on_board": "perhaps"}, "Choose one from the list."),
    (2, {"cargo": "x" * 401}, "Please shorten this: at most 400 characters, it has 401."),
]


class TestBadInput:
    @pytest.mark.parametrize(("step", "typed", "sentence"), WRONG)
    def test_a_sentence_stands_beside_the_field_and_what_was_typed_stays(
        self, client, requester, complete, step, typed, sentence
    ):
        answer = client.post(url_of(complete, step), sent_by(complete, step, requester, **typed))
        assert answer.status_code == 422
        (name, value), page = next(iter(typed.items())), answer.content.decode()
        beside = page.split(f'id="id_{name}_error"')[1].split("</div></div>")[0]
        assert sentence in html.unescape(beside)
        if name not in ("origin", "axis", "force", "un_on_board", "urgency"):
            assert value in page
        assert getattr(factories.fresh(complete), name) == getattr(complete, name), "what is wrong is not saved"

    def test_what_is_fine_is_saved_although_something_else_is_wrong(self, client, requester, complete):
        answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, cargo="New", vehicles="1000"))
        assert answer.status_code == 422
        assert (factories.fresh(complete).cargo, factories.fresh(complete).vehicles) == ("New", 6)

    def test_the_page_with_errors_can_be_sent_again(self, client, requester, complete):
        """It carries the version that the saving of the fine answers made."""
        answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, cargo="New", vehicles="1000"))
        version = re.search(r'name="base_version" value="(\d+)"', answer.content.decode())[1]
        assert int(version) == factories.fresh(complete).version

    def test_dates_reversed(self, client, requester, complete):
        data = {
            "departure_at": moment(complete, complete.window_to),
            "window_to": moment(complete, complete.departure_at),
        }
        answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, **data))
        assert "The window ends before it begins." in text_of(answer)
        assert factories.fresh(complete).window_to == complete.window_to, "a window out of order is left as it was"

    def test_a_departure_after_the_stored_end_is_refused_in_words_not_by_the_database(
        self, client, requester, complete
    ):
        later = moment(complete, complete.window_to + dt.timedelta(days=3))
        answer = client.post(
            url_of(complete, 2), sent_by(complete, 2, requester, departure_at=later, window_to="garbage")
        )
        assert answer.status_code == 422
        assert factories.fresh(complete).departure_at == complete.departure_at

    def test_more_than_30_days(self, client, requester, complete):
        end = moment(complete, complete.departure_at + dt.timedelta(days=31))
        answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, window_to=end))
        assert "The window is longer than 30 days." in text_of(answer)

    def test_origin_and_destination_are_two_places(self, client, requester, complete):
        answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, destination=complete.origin_id))
        assert "Origin and destination are the same place." in text_of(answer)

    def test_an_axis_elsewhere_is_pointed_out_and_not_refused(self, client, requester, complete, car):
        axis = car.axes.exclude(places__name__in=["Bambari", "Bria"]).first()
        assert client.post(url_of(complete, 2), sent_by(complete, 2, requester, axis=axis.pk)).status_code == 302
        assert f"The axis {axis} does not touch Bambari or Bria." in text_of(client.get(url_of(complete, 2)))

    def test_a_place_of_another_country_is_not_on_the_list(self, client, requester, complete):
        mopti = Place.objects.get(name="Mopti")
        for name in ("origin", "destination"):
            answer = client.post(url_of(complete, 2), sent_by(complete, 2, requester, **{name: mopti.pk}))
            assert answer.status_code == 422
        assert "Mopti" not in text_of(answer)

    def test_an_organisation_that_is_not_ones_own_is_refused(self, client, requester, complete, other_ngo):
        client.post(url_of(complete, 1), sent_by(complete, 1, requester, organisation=other_ngo.pk))
        assert factories.fresh(complete).organisation == requester.organisation
        with pytest.raises(services.Refused):
            services.save_answers(
                complete, by=requester, base_version=complete.version, answers={"organisation": other_ngo}
            )

    def test_unseen_signs_are_taken_out(self, client, requester, complete):
        typed = "Rice\x00 and\u202e beans\u2066\x07\r\nfor Bria\ufeff"
        client.post(url_of(complete, 2), sent_by(complete, 2, requester, cargo=typed))
        assert factories.fresh(complete).cargo == "Rice and beans\nfor Bria"

    @pytest.mark.parametrize("typed", ["4200", "4 200", "4,200", "4.200", " 4\u00a0200 ", "4'200", "４２００"])
    def test_numbers_as_people_write_them(self, client, requester, complete, typed):
        client.post(url_of(complete, 1), sent_by(complete, 1, requester, people=typed))
        assert factories.fresh(complete).people == 4200

    def test_marks_and_version_of_ones_own_making_break_nothing(self, client, requester, complete):
        for odd in ("", "x", "-", "need-", "\x00", "9" * 50):
            data = sent_by(complete, 1, requester, base_version=odd, marks=odd, need=f"Food {len(odd)}")
            assert client.post(url_of(complete, 1), data).status_code in (302, 409)


class TestAlternatives:
    ROW = {"option": "air", "tried_on": "2026-01-05", "outcome": "cost", "note": "Too heavy"}

    def send(self, client, case, user, rows, stored=0, **more):
        data = {name: value for name, value in sent_by(case, 3, user).items() if not name.startswith("alternatives")}
        return client.post(url_of(case, 3), data | rows_of(rows, stored) | more)

    def options(self, case):
        return [row.option for row in case.alternatives.all()]

    def test_two_blank_rows_wait_in_a_new_draft_and_none_in_a_complete_one(self, client, draft, complete):
        assert client.get(url_of(draft, 3)).content.decode().count('<fieldset class="formrow">') == 2 + 1
        assert client.get(url_of(complete, 3)).content.decode().count('<fieldset class="formrow">') == 2 + 1

    def test_blank_rows_do_not_count(self, client, requester, draft):
        blank = dict.fromkeys(ROW_FIELDS, "")
        self.send(client, draft, requester, [blank, self.ROW, blank], stop="1")
        assert self.options(draft) == ["air"]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"option": ""}, "Choose what was tried."),
            ({"outcome": ""}, "Choose the result."),
            ({"tried_on": ""}, "Say when it was tried."),
            ({"tried_on": "soon"}, "Write a date, for example 2026-11-14."),
            ({"tried_on": "2099-01-01"}, "This day lies in the future."),
            ({"tried_on": "0001-01-01"}, "Write a date"),
            ({"option": "magic"}, "Choose one from the list."),
            ({"option": "other", "note": ""}, "Say in a sentence what was tried."),
            ({"note": "x" * 301}, "Please shorten this"),
        ],
    )
    def test_a_row_with_a_mistake_stays_on_the_page(self, client, requester, draft, typed, sentence):
        answer = self.send(client, draft, requester, [self.ROW, self.ROW | typed])
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert self.options(draft) == ["air"], "the sound row is saved"

    def test_a_stored_row_that_is_typed_over_wrongly_stays_stored(self, client, requester, complete):
        rows = [{name: str(row[name]) for name in ROW_FIELDS} for row in factories.alternatives()]
        answer = self.send(client, complete, requester, [rows[0] | {"tried_on": "2099-01-01"}, rows[1]], stored=2)
        assert answer.status_code == 422
        assert self.options(complete) == ["patrol", "acceptance"]

    def test_a_row_is_removed_by_its_tick_or_by_emptying_it(self, client, requester, complete):
        rows = [{name: str(row[name]) for name in ROW_FIELDS} for row in factories.alternatives()]
        self.send(client, complete, requester, [rows[0] | {"gone": "on"}, rows[1]], stored=2)
        assert self.options(complete) == ["acceptance"]
        self.send(client, complete, requester, [dict.fromkeys(ROW_FIELDS, "")], stored=1, stop="1")
        assert self.options(complete) == []

    def test_the_server_adds_a_row_and_keeps_what_was_typed(self, client, requester, draft):
        answer = self.send(client, draft, requester, [self.ROW], add_row="alternatives", why_safer="Typed before")
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'name="alternatives-1-option"' in page
        assert "Typed before" in page
        assert self.options(draft) == ["air"]

    def test_none_at_all_is_said_when_going_on(self, client, requester, draft):
        answer = self.send(client, draft, requester, [dict.fromkeys(ROW_FIELDS, "")], go="1")
        assert "Name at least two alternatives that were tried." in text_of(answer)

    def test_a_broken_row_count_is_no_crash(self, client, requester, draft):
        data = {
            name: value for name, value in sent_by(draft, 3, requester).items() if not name.startswith("alternatives")
        }
        for broken in ({}, {"alternatives-TOTAL_FORMS": "x"}, rows_of([]) | {"alternatives-TOTAL_FORMS": "100000"}):
            assert client.post(url_of(draft, 3), data | broken).status_code in (302, 422)


class TestAutosave:
    def save(self, client, case, step, user, **changes):
        data = sent_by(case, step, user, **changes)
        return client.post(url_of(case, step), data, headers={"X-Autosave": "1"})

    def test_it_says_when_it_saved_and_gives_the_new_version(self, client, requester, draft):
        answer = self.save(client, draft, 1, requester, need="Typed so far", people="x")
        told = json.loads(answer.content)
        assert re.fullmatch(r"\d\d:\d\d", told["time"])
        assert told["fields"]["base_version"] == factories.fresh(draft).version
        assert factories.fresh(draft).need == "Typed so far"

    def test_saving_by_hand_afterwards_is_no_conflict(self, client, requester, draft):
        opened = sent_by(draft, 1, requester)
        told = json.loads(client.post(url_of(draft, 1), opened | {"need": "A"}, headers={"X-Autosave": "1"}).content)
        by_hand = opened | {"need": "A and B", "stop": "1"} | {k: str(v) for k, v in told["fields"].items()}
        assert client.post(url_of(draft, 1), by_hand).status_code == 302
        assert factories.fresh(draft).need == "A and B"

    def test_the_button_that_overtakes_the_autosave_of_its_own_page_is_no_conflict(self, client, requester, draft):
        opened = sent_by(draft, 1, requester, page="abc")
        client.post(url_of(draft, 1), opened | {"need": "A"}, headers={"X-Autosave": "1"})
        assert client.post(url_of(draft, 1), opened | {"need": "A and B", "stop": "1"}).status_code == 302
        assert factories.fresh(draft).need == "A and B"

    def test_an_autosave_that_comes_after_the_button_changes_nothing(self, client, requester, draft):
        opened = sent_by(draft, 1, requester, page="abc")
        client.post(url_of(draft, 1), opened | {"need": "A and B", "stop": "1"})
        late = client.post(url_of(draft, 1), opened | {"need": "A"}, headers={"X-Autosave": "1"})
        assert late.status_code == 409
        assert factories.fresh(draft).need == "A and B"

    def test_two_windows_of_one_person_are_two_versions(self, client, requester, draft):
        first, second = (sent_by(draft, 1, requester, page=page) for page in ("one", "two"))
        client.post(url_of(draft, 1), first | {"need": "First", "stop": "1"})
        answer = client.post(url_of(draft, 1), second | {"need": "Second", "stop": "1"})
        assert answer.status_code == 409
        assert "You saved this page in another window" in text_of(answer)

    def test_the_page_asks_for_it(self, client, draft):
        assert f'data-autosave="{url_of(draft, 1)}"' in client.get(url_of(draft, 1)).content.decode()

    def test_signed_out_it_is_refused_without_losing_anything(self, draft, requester):
        assert Client().post(url_of(draft, 1), {"need": "x"}, headers={"X-Autosave": "1"}).status_code == 401

    def test_over_somebody_elses_words_it_does_not_write(self, client, people, draft):
        opened = sent_by(draft, 1, people.requester_bria, need="Mine")
        services.save_answers(draft, by=people.colleague_bria, base_version=draft.version, answers={"need": "Theirs"})
        assert client.post(url_of(draft, 1), opened, headers={"X-Autosave": "1"}).status_code == 409
        assert factories.fresh(draft).need == "Theirs"


class TestTwoPeople:
    @pytest.fixture
    def opened(self, people, complete):
        """The requester has the second step open; a colleague saves another cargo and two rotations meanwhile."""
        page = sent_by(complete, 2, people.requester_bria)
        services.save_answers(
            complete, by=people.colleague_bria, base_version=complete.version,
            answers={"cargo": "Theirs: beans", "rotations": 2},
        )  # fmt: skip
        return page

    def choice(self, answer):
        """The form of the page with both versions, as a browser would send it."""
        page = answer.content.decode()
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}

    def test_both_versions_are_shown_answer_by_answer(self, client, complete, opened, people):
        answer = client.post(url_of(complete, 2), opened | {"cargo": "Mine: rice", "vehicles": "9", "go": "1"})
        assert answer.status_code == 409
        words, page = text_of(answer), answer.content.decode()
        assert f"{people.colleague_bria} saved this page" in words
        assert "Mine: rice" in words
        assert "Theirs: beans" in words
        assert re.search(r'name="keep-cargo" value="mine" checked', page), "I changed it too: mine is proposed"
        assert re.search(r'name="keep-rotations" value="theirs" checked', page), (
            "I did not touch it: theirs is proposed"
        )
        assert "keep-vehicles" not in page, "nobody else touched it"
        assert factories.fresh(complete).cargo == "Theirs: beans", "nothing is saved before the choice"

    def test_the_choice_is_saved_and_nothing_is_lost(self, client, complete, opened):
        answer = client.post(url_of(complete, 2), opened | {"cargo": "Mine: rice", "vehicles": "9", "go": "1"})
        chosen = self.choice(answer) | {"keep-cargo": "mine", "keep-rotations": "theirs"}
        assert client.post(url_of(complete, 2), chosen).url == url_of(complete, 3)
        case = factories.fresh(complete)
        assert (case.cargo, case.rotations, case.vehicles) == ("Mine: rice", 2, 9)

    def test_a_third_version_asks_again(self, client, complete, opened, people):
        answer = client.post(url_of(complete, 2), opened | {"cargo": "Mine: rice"})
        case = factories.fresh(complete)
        services.save_answers(case, by=people.colleague_bria, base_version=case.version, answers={"cargo": "Newer"})
        again = client.post(
            url_of(complete, 2), self.choice(answer) | {"keep-cargo": "mine", "keep-rotations": "theirs"}
        )
        assert again.status_code == 409
        assert "Newer" in text_of(again)

    def test_work_on_different_steps_does_not_collide(self, client, complete, people):
        page = sent_by(complete, 1, people.requester_bria, need="My new need", stop="1")
        services.save_answers(
            complete, by=people.colleague_bria, base_version=complete.version, answers={"cargo": "Theirs"}
        )
        assert client.post(url_of(complete, 1), page).status_code == 302
        case = factories.fresh(complete)
        assert (case.need, case.cargo) == ("My new need", "Theirs")

    def test_rows_of_both_are_shown_and_chosen(self, client, complete, people):
        page = sent_by(complete, 3, people.requester_bria, **{"alternatives-0-note": "Mine"})
        rows = [row | {"note": "Theirs"} for row in factories.alternatives()]
        services.save_answers(
            complete, by=people.colleague_bria, base_version=complete.version, answers={}, alternatives=rows
        )
        answer = client.post(url_of(complete, 3), page)
        assert answer.status_code == 409
        assert "Patrol on the axis" in text_of(answer)
        client.post(url_of(complete, 3), self.choice(answer) | {"keep-alternatives": "theirs", "stop": "1"})
        assert [row.note for row in complete.alternatives.all()] == ["Theirs", "Theirs"]

    def test_submitted_by_the_colleague_meanwhile(self, client, complete, people):
        page = sent_by(complete, 1, people.requester_bria, need="Never saved words")
        services.make_move(complete, "submit", by=people.colleague_bria)
        answer = client.post(url_of(complete, 1), page)
        assert answer.status_code == 409
        assert "Never saved words" in text_of(answer)


class TestSignedOutWhileTyping:
    """Words sent after the session ended come back to their author, and to nobody else."""

    def sign_in(self, client, user):
        return client.post("/account/login/", {"login": user.username, "password": PASSWORD})

    def test_what_was_typed_is_there_after_signing_in(self, client, requester, draft):
        words = sent_by(draft, 1, requester, need="Typed while the session ended", people="not a number")
        client.logout()
        answer = client.post(url_of(draft, 1), words)
        assert answer.url == f"/account/login/?next={url_of(draft, 1)}"
        assert "Typed while" not in client.get(answer.url).content.decode()
        self.sign_in(client, requester)
        page = client.get(url_of(draft, 1))
        assert page.status_code == 200
        assert "Typed while the session ended" in page.content.decode()
        assert "not a number" in page.content.decode()
        assert "It is not saved yet" in text_of(page)
        assert factories.fresh(draft).need == ""
        client.post(url_of(draft, 1), sent_by(draft, 1, requester, need="Typed while the session ended", stop="1"))
        assert "This is what you had typed" not in text_of(client.get(url_of(draft, 1)))

    def test_another_person_on_the_same_device_never_sees_it(self, client, people, draft):
        words = sent_by(draft, 1, people.requester_bria, need="Only for its author")
        client.logout()
        client.post(url_of(draft, 1), words)
        self.sign_in(client, people.colleague_bria)
        assert "Only for its author" not in client.get(url_of(draft, 1)).content.decode()
        assert not client.session.get(typed.KEPT), "dropped unread"

    def test_words_without_a_token_of_the_page_are_not_kept(self, client, requester, draft):
        words = sent_by(draft, 1, requester, need="Planted", keeper="forged")
        client.logout()
        assert client.post(url_of(draft, 1), words).status_code == 302
        assert not client.session.get(typed.KEPT)

    def test_a_token_of_another_request_does_not_serve(self, client, requester, draft, complete):
        words = sent_by(draft, 1, requester, need="Planted", keeper=kept_words.token(requester, complete.reference))
        client.logout()
        client.post(url_of(draft, 1), words)
        assert not client.session.get(typed.KEPT)

    def test_words_typed_on_one_page_do_not_appear_on_another(self, client, requester, draft):
        client.logout()
        client.post(url_of(draft, 1), sent_by(draft, 1, requester, need="For step one"))
        self.sign_in(client, requester)
        assert "For step one" not in client.get(url_of(draft, 2)).content.decode()
        assert "For step one" in client.get(url_of(draft, 1)).content.decode()

    def test_words_of_two_windows_wait_side_by_side(self, client, requester, draft):
        words = {step: sent_by(draft, step, requester) for step in (1, 2)}
        client.logout()
        client.post(url_of(draft, 1), words[1] | {"need": "In the first window"})
        client.post(url_of(draft, 2), words[2] | {"cargo": "In the second window"})
        self.sign_in(client, requester)
        assert "In the first window" in client.get(url_of(draft, 1)).content.decode()
        assert "In the second window" in client.get(url_of(draft, 2)).content.decode()

    def test_no_more_than_a_handful_of_pages_waits(self, client, requester):
        cases = [factories.draft_case(requester) for _ in range(typed.MOST + 2)]
        words = [sent_by(case, 1, requester, need="Kept") for case in cases]
        client.logout()
        for case, sent in zip(cases, words, strict=True):
            client.post(url_of(case, 1), sent)
        assert list(client.session[typed.KEPT]) == [url_of(case, 1) for case in cases[2:]]

    def test_a_page_from_before_the_new_sign_in_is_shown_again_and_not_saved(self, requester, draft):
        """Signed in again in another window: the old page's token no longer holds."""
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(requester)
        browser.get(url_of(draft, 1))
        words = sent_by(draft, 1, requester, need="On the old page") | {"csrfmiddlewaretoken": "x" * 64}
        answer = browser.post(url_of(draft, 1), words)
        assert answer.status_code == 422
        assert "On the old page" in answer.content.decode()
        assert factories.fresh(draft).need == ""

    def test_a_post_from_elsewhere_is_refused(self, requester, draft):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(requester)
        for keeper in ("", "forged"):
            answer = browser.post(url_of(draft, 1), sent_by(draft, 1, requester, need="Planted", keeper=keeper))
            assert answer.status_code == 403
            assert "Planted" not in answer.content.decode()
        assert factories.fresh(draft).need == ""

    def test_with_the_token_of_the_page_it_is_saved(self, requester, draft):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(requester)
        page = browser.get(url_of(draft, 1)).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        words = sent_by(draft, 1, requester, need="Honest", stop="1") | {"csrfmiddlewaretoken": token}
        assert browser.post(url_of(draft, 1), words).status_code == 302
        assert factories.fresh(draft).need == "Honest"


class TestSending:
    def send(self, client, case, code="submit", **more):
        shared = ["consent_partners", "consent_force"]
        data = {"client_key": str(uuid.uuid4()), "base_version": case.version, "shared": shared} | more
        return client.post(send_url(case, code), data)

    def test_the_page_shows_every_answer_who_sees_it_who_is_asked_and_by_when(self, client, people):
        case = factories.complete_draft(people.requester_bria, un_on_board=True, rotations=5)
        client.force_login(people.requester_bria)
        words = text_of(client.get(send_url(case)))
        for answer in (case.need, "4,200", "Bambari", "Bria", case.cargo, case.why_safer, case.exit_plan, "MINUSCA",
                       "Patrol on the axis", "No guarantee was given."):  # fmt: skip
            assert answer in words
        assert "More than three rotations" in words
        for word in ("Who will see it", "The force sees nothing before the decision", "Who will be asked",
                     "the Logistics cluster, for an opinion", "UNDSS, for an opinion", "By when, if sent now",
                     "Decision of the Humanitarian Coordinator"):  # fmt: skip
            assert word in words

    def test_one_button_sends_it(self, client, people):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        answer = self.send(client, case)
        assert answer.url == case.get_absolute_url()
        case = factories.fresh(case)
        assert case.status == "submitted"
        assert case.consulted_bodies() == {"cluster:LOG", "ngo_adviser"}

    def test_a_second_click_sends_nothing_twice_and_says_so(self, client, complete):
        key = str(uuid.uuid4())
        assert self.send(client, complete, client_key=key).status_code == 302
        second = client.post(send_url(complete), {"client_key": key, "base_version": complete.version}, follow=False)
        assert second.url == complete.get_absolute_url()
        assert Move.objects.filter(case=complete, code="submit").count() == 1
        said = [str(message) for message in second.wsgi_request._messages]
        assert any("nothing was sent twice" in sentence for sentence in said)

    def test_sending_from_another_window_meets_the_conflict(self, client, complete):
        assert self.send(client, complete).status_code == 302
        again = self.send(client, factories.fresh(complete))
        assert again.status_code == 409
        assert Move.objects.filter(case=complete).count() == 1

    def test_gaps_leave_no_button_and_a_post_by_hand_is_refused(self, client, requester):
        case = factories.complete_draft(requester, exit_plan="")
        page = client.get(send_url(case))
        assert ">Submit<" not in page.content.decode()
        assert "1 answer is still missing before sending." in text_of(page)
        assert self.send(client, case).status_code == 422
        assert factories.fresh(case).status == "draft"

    def test_a_stop_leaves_no_button_and_a_post_by_hand_is_refused_with_its_clause(self, client, requester):
        rows = [row | {"outcome": "available"} for row in factories.alternatives()]
        case = factories.complete_draft(requester, alternatives=rows)
        assert ">Submit<" not in client.get(send_url(case)).content.decode()
        answer = self.send(client, case)
        assert answer.status_code == 422
        assert "CAR-CMC §8.1" in text_of(answer)

    def test_a_departure_that_has_passed_meanwhile(self, client, requester):
        case = factories.complete_draft(requester, now=timezone.now() - dt.timedelta(days=11))
        answer = client.get(send_url(case))
        assert "The departure is in the past." in text_of(answer)
        assert self.send(client, case).status_code == 422

    def test_changed_by_a_colleague_meanwhile_it_is_shown_again(self, client, complete, people):
        services.save_answers(
            complete, by=people.colleague_bria, base_version=complete.version, answers={"cargo": "Newer cargo"}
        )
        answer = self.send(client, complete)
        assert answer.status_code == 409
        assert "Newer cargo" in text_of(answer)
        assert factories.fresh(complete).status == "draft"

    def test_too_short_a_notice_is_said(self, client, requester):
        soon = timezone.now() + dt.timedelta(days=1)
        case = factories.complete_draft(requester, departure_at=soon, window_to=soon + dt.timedelta(days=2))
        assert "The usual times end after your departure" in text_of(client.get(send_url(case)))

    def test_an_urgent_request_skips_the_cluster(self, client, requester):
        case = factories.complete_draft(requester, urgency="urgent")
        assert "Logistics cluster" not in text_of(client.get(send_url(case)))
        assert self.send(client, case).status_code == 302
        assert "cluster:LOG" not in factories.fresh(case).consulted_bodies()

    def test_what_is_sent_already_leads_to_the_request(self, client, people):
        case = factories.case_at("reviewing", people)
        client.force_login(people.requester_bria)
        assert client.get(send_url(case)).url == case.get_absolute_url()

    def test_who_reviews_cannot_send_it_again_for_the_requester(self, client, people):
        case = factories.case_at("returned", people)
        client.force_login(people.ocha_bria)
        assert client.get(send_url(case, "resubmit")).status_code == 403
        assert self.send(client, case, "resubmit").status_code in (403, 422)
        assert factories.fresh(case).status == "returned"

    def test_sending_asks_few_questions_of_the_database(self, client, people, django_assert_max_num_queries):
        case = factories.complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        data = {"client_key": str(uuid.uuid4()), "base_version": case.version}
        ContentType.objects.get_for_model(Case)  # kept in memory by a running portal
        with django_assert_max_num_queries(23):
            assert client.post(send_url(case), data).status_code == 302


class TestCopy:
    def copy(self, client, case, **more):
        return client.post(f"/requests/{case.reference}/copy/", more)

    def test_a_past_request_becomes_a_new_draft_without_dates_and_statement(self, client, people):
        case = factories.case_at("closed", people)
        client.force_login(people.colleague_bria)
        answer = self.copy(client, case)
        copied = Case.objects.latest("id")
        assert answer.url == url_of(copied, 1)
        assert (copied.need, copied.cargo, copied.axis) == (case.need, case.cargo, case.axis)
        assert (copied.departure_at, copied.window_to, copied.critical_by, copied.no_weapons) == (
            None,
            None,
            None,
            False,
        )
        assert not copied.alternatives.exists()
        assert copied.created_by == people.colleague_bria
        event = Event.objects.about(copied).get()
        assert (event.kind, event.data["from_reference"]) == ("case.copy", case.reference)

    def test_the_button_stands_on_the_page_of_the_request_for_its_organisation(self, client, people):
        case = factories.case_at("closed", people)
        button = f'action="/requests/{case.reference}/copy/"'
        for person, there in ((people.requester_bria, True), (people.colleague_bria, True), (people.ocha_bria, False)):
            client.force_login(person)
            assert (button in client.get(case.get_absolute_url()).content.decode()) is there

    def test_a_second_click_copies_once(self, client, people):
        case = factories.case_at("denied", people)
        client.force_login(people.requester_bria)
        key = str(uuid.uuid4())
        assert self.copy(client, case, client_key=key).url == self.copy(client, case, client_key=key).url
        assert Case.objects.count() == 2

    def test_only_by_post(self, client, complete):
        assert client.get(f"/requests/{complete.reference}/copy/").status_code == 405

    def test_not_for_another_organisation(self, client, people):
        case = factories.case_at("closed", people)
        client.force_login(people.requester_un)
        assert self.copy(client, case).status_code == 404
        client.force_login(people.ocha_bria)
        assert self.copy(client, case).status_code in (403, 409)
        assert Case.objects.count() == 1


class TestWhereEscortsAreNotForeseen:
    """Mali: the escort is the exception, by consensus of the country team (ML-POS ¶6)."""

    def draft(self, requester, **overrides):
        return factories.complete_draft(requester, **overrides)

    def test_it_is_offered_with_a_warning_that_cites_the_position(self, client, requester_mopti, mali):
        client.force_login(requester_mopti)
        page = client.get(NEW).content.decode()
        assert 'id="not-foreseen"' in page
        assert "/guidance/#ml-pos-6" in page
        assert [kind for kind in ("AE", "MCDA-LOG", "MCDA-INF", "AREA") if f'value="{kind}"' in page] == [
            "AE",
            "MCDA-LOG",
            "MCDA-INF",
        ]

    def test_every_step_and_the_sending_say_it(self, client, requester_mopti):
        case = self.draft(requester_mopti)
        client.force_login(requester_mopti)
        for url in (url_of(case, 1), url_of(case, 3), f"/requests/{case.reference}/submit/", case.get_absolute_url()):
            assert "Armed escorts are not foreseen in Mali" in text_of(client.get(url)), url

    def test_nothing_is_said_where_they_are_allowed(self, client, requester):
        case = factories.complete_draft(requester)
        for url in (NEW, url_of(case, 1), case.get_absolute_url()):
            assert "not-foreseen" not in client.get(url).content.decode(), url

    @pytest.mark.parametrize("tried", [0, 1])
    def test_it_is_not_sent_without_alternatives(self, client, requester_mopti, tried):
        case = self.draft(requester_mopti, alternatives=factories.alternatives()[:tried])
        with pytest.raises(services.Refused):
            services.make_move(case, "submit", by=requester_mopti)
        client.force_login(requester_mopti)
        client.post(f"/requests/{case.reference}/submit/", {"shared": ["consent_partners"]})
        assert Case.objects.get().status == "draft"

    def test_with_alternatives_it_is_sent(self, requester_mopti):
        services.make_move(self.draft(requester_mopti), "submit", by=requester_mopti)
        case = Case.objects.get()
        assert case.status == "submitted"
        assert case.reference.startswith("MLI-AE-")

    def test_a_type_that_is_off_there_is_refused_by_the_form(self, client, requester_mopti):
        client.force_login(requester_mopti)
        station = DutyStation.objects.get(code="mopti")
        data = {"request_type": "AREA", "station": station.pk, "organisation": requester_mopti.organisation_id}
        assert client.post(NEW, data).status_code == 422
        assert not Case.objects.exists()
