"""Do the services refuse by themselves what no page offers?"""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.activity.models import Event
from cmcoord.places.models import CountryProfile, DutyStation
from requests_app.models import Case
from requests_app.services import Refused, copy_case, make_move, start_case
from tests.factories import CALL, case_at, draft_case

pytestmark = pytest.mark.django_db


def closed(country, *, since=None, request_types=()):
    """From that day on the policy of the country is another one, which offers nothing unless told otherwise."""
    last = country.profile_on()
    return CountryProfile.objects.create(
        country=country, version=last.version + 1, in_force_from=since or timezone.localdate(),
        decision_model=last.decision_model, escorts=last.escorts,
        request_types=list(request_types), strategy=last.strategy,
    )  # fmt: skip


class TestWhatThePolicyDoesNotOffer:
    def test_no_draft_is_started(self, people, car):
        closed(car)
        with pytest.raises(Refused, match="cannot be asked for in Central African Republic") as refused:
            draft_case(people.requester_bria)
        assert refused.value.kind == "need"
        assert not Case.objects.exists()

    def test_none_is_started_by_ocha_for_somebody_else(self, people, car):
        closed(car)
        with pytest.raises(Refused):
            draft_case(people.ocha_bria, organisation=people.requester_bria.organisation, on_behalf=CALL)

    def test_no_past_request_is_copied(self, people, car):
        case = case_at("closed", people)
        closed(car)
        with pytest.raises(Refused) as refused:
            copy_case(case, by=people.requester_bria)
        assert refused.value.kind == "need"
        assert Case.objects.count() == 1

    def test_a_type_that_is_off_is_refused_while_another_is_on(self, people, car):
        closed(car, request_types=["MCDA-LOG"])
        assert draft_case(people.requester_bria, request_type="MCDA-LOG").status == "draft"
        with pytest.raises(Refused, match="“Armed escort” cannot be asked for"):
            draft_case(people.requester_bria)

    def test_in_mali_an_escort_is_not_foreseen_but_can_be_asked_for(self, people, mali):
        station = DutyStation.objects.filter(country=mali, active=True).first()
        case = start_case(
            by=people.ocha_bko, country=mali, station=station,
            organisation=people.requester_bria.organisation, on_behalf=CALL,
        )  # fmt: skip
        assert case.profile == mali.profile_on()
        assert case.is_exception
        assert not draft_case(people.requester_bria).is_exception

    def test_none_is_started_before_the_country_has_a_policy(self, people, car):
        car.profiles.update(in_force_from=timezone.localdate() + dt.timedelta(days=1))
        with pytest.raises(Refused) as refused:
            draft_case(people.requester_bria)
        assert refused.value.kind == "need"

    def test_a_policy_of_tomorrow_closes_nothing_today(self, people, car):
        closed(car, since=timezone.localdate() + dt.timedelta(days=1))
        assert draft_case(people.requester_bria).status == "draft"

    def test_it_opens_again_under_a_later_policy(self, people, car):
        closed(car)
        closed(car, request_types=["AE"])
        assert draft_case(people.requester_bria).status == "draft"


class TestCivilianMeans:
    def advised(self, people, *values):
        case = case_at("reviewing", people)
        for value in values:
            make_move(case, "advise_cluster", by=people.log_cluster, value=value, text="As we see it now.")
        make_move(case, "civilian", by=people.ocha_bria, reason="A transporter takes the cargo.")
        return case

    def basis(self, case):
        return Event.objects.about(case).get(kind="case.civilian").data["basis"]

    def test_the_opinion_of_the_cluster_is_the_basis(self, people):
        case = self.advised(people, "endorsed", "civilian")
        assert self.basis(case) == "cluster"
        assert not case.alternatives.filter(outcome="available").exists()

    def test_an_opinion_that_was_superseded_is_none(self, people):
        case = self.advised(people, "civilian", "endorsed")
        assert self.basis(case) == "alternative"
        assert case.alternatives.get(outcome="available").note == "A transporter takes the cargo."

    def test_the_newest_opinion_of_another_cluster_stands_beside(self, people):
        case = case_at("reviewing", people)
        make_move(case, "consult", by=people.ocha_bria, cluster="FSC")
        make_move(case, "advise_cluster", by=people.log_cluster, value="civilian", text="Our trucks go there.")
        case.opinions.create(body="cluster:FSC", value="endorsed", by=people.log_cluster)
        make_move(case, "civilian", by=people.ocha_bria, reason="Their trucks take it.")
        assert self.basis(case) == "cluster"
