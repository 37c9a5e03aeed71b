"""Who changes the policy of a country, what contradicts itself, and what stays as it was?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.accounts.roles import Role
from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import Clock, Country, CountryProfile
from requests_app import policies
from requests_app.models import ProposedPolicy, RequestType
from requests_app.services import confirm_policy, propose_policy, refuse_policy
from tests.factories import complete_draft
from tests.people import appointed, standing_in

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=3)


def policy_of(country: Country, **changed):
    """What the form of this country would send, some of it changed; clocks by "type/pace/step", None takes one away."""
    profile = country.profile_on()
    clocks = policies.clocks_of(profile) | changed.pop("clocks", {})
    facts = {"in_force_from": country.today, "reason": "The country team decided so on Monday."}
    facts |= {name: changed.pop(name) for name in tuple(changed) if name in facts}
    return {
        "country": country,
        "values": policies.values_of(profile) | changed,
        "clocks": {key: minutes for key, minutes in clocks.items() if minutes is not None},
        **facts,
    }


def proposed(by, country, **changed) -> ProposedPolicy:
    return propose_policy(by=by, **policy_of(country, **changed))


class TestAChange:
    def test_counts_once_the_coordinator_confirms_and_not_before(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5, clocks={"AE/routine/national": 90})
        assert mali.profile_on().version == 1
        profile = confirm_policy(proposal, by=hc_ml)
        assert (mali.profile_on(), profile.version, profile.members_needed) == (profile, 2, 5)
        assert (profile.reason, profile.proposed_by, profile.confirmed_by) == (
            "The country team decided so on Monday.", ocha_bko, hc_ml,
        )  # fmt: skip
        assert Clock.minutes_of(profile.pk, "AE", "routine")["national"] == 90
        assert profile.clocks.count() == mali.profiles.get(version=1).clocks.count()
        assert {c.round_the_clock for c in profile.clocks.filter(step="consultation")} == {True}
        assert mali.profiles.get(version=1).members_needed == 3

    def test_leaves_old_and_new_values_and_the_reason_on_the_trail(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5, clocks={"AE/routine/national": 90})
        confirm_policy(proposal, by=hc_ml)
        events = list(Event.objects.about(proposal).order_by("id"))
        assert [(event.kind, event.by) for event in events] == [("policy.propose", ocha_bko), ("policy.confirm", hc_ml)]
        for event in events:
            assert event.data["reason"] == "The country team decided so on Monday."
            assert event.data["values"] == {
                "members_needed": {"old": "3", "new": "5"},
                "clock AE/routine/national": {"old": "120", "new": "90"},
            }
        told = Notification.objects.filter(event=events[0]).values_list("recipient__username", "expects")
        assert set(told) == {("hc.ml", "confirm_policy")}

    def test_waits_for_its_day(self, ocha_bko, hc_ml, mali):
        profile = confirm_policy(proposed(ocha_bko, mali, members_needed=5, in_force_from=mali.today + LATER), by=hc_ml)
        assert mali.profile_on().version == 1
        assert mali.profile_on(mali.today + LATER) == profile

    def test_leaves_a_request_with_the_policy_it_was_filed_under(self, ocha_bko, hc_ml, mali, requester_mopti):
        before = complete_draft(requester_mopti)
        confirm_policy(proposed(ocha_bko, mali, members_needed=5), by=hc_ml)
        before.refresh_from_db()
        assert before.profile.version == 1
        assert complete_draft(requester_mopti).profile.version == 2

    def test_refused_leaves_everything_as_it_was(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        refuse_policy(proposal, by=hc_ml, reason="Not before the country team has met.")
        assert mali.profiles.count() == 1
        event = Event.objects.about(proposal).get(kind="policy.refuse")
        assert event.data["reason"] == "Not before the country team has met."
        assert proposed(ocha_bko, mali, members_needed=5).is_open, "another one can be proposed"


class TestWhoMay:
    @pytest.mark.parametrize("who", ["ocha_mopti", "hc_ml", "requester_mopti", "ocha_bgi", "admin", "force_ml"])
    def test_propose(self, request, mali, who):
        person = request.getfixturevalue(who)
        with pytest.raises(PermissionDenied, match="the national unit of OCHA"):
            proposed(person, mali, members_needed=5)
        assert not ProposedPolicy.objects.exists()

    @pytest.mark.parametrize("who", ["ocha_bko", "ocha_mopti", "hc", "admin", "force_ml"])
    def test_confirm(self, request, ocha_bko, mali, who):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        with pytest.raises(PermissionDenied, match="the Humanitarian Coordinator"):
            confirm_policy(proposal, by=request.getfixturevalue(who))
        assert mali.profiles.count() == 1

    def test_nobody_confirms_what_they_proposed(self, ocha_bko, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        appointed(ocha_bko, Role.HC, country="MLI")
        ocha_bko._grants = None
        with pytest.raises(PermissionDenied, match="You proposed this policy"):
            confirm_policy(proposal, by=ocha_bko)
        with pytest.raises(IntegrityError), transaction.atomic():
            profile = mali.profile_on()
            ProposedPolicy.objects.update(confirmed_by=ocha_bko, confirmed_at=timezone.now(), profile=profile)

    def test_a_stand_in_does_not_confirm(self, ocha_bko, hc_ml, ocha_mopti, mali):
        standing_in(ocha_mopti, hc_ml.appointments.get())
        proposal = proposed(ocha_bko, mali, members_needed=5)
        with pytest.raises(PermissionDenied, match="the Humanitarian Coordinator"):
            confirm_policy(proposal, by=ocha_mopti)

    def test_the_proposer_takes_it_back(self, ocha_bko, ocha_mopti, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        with pytest.raises(PermissionDenied):
            refuse_policy(proposal, by=ocha_mopti, reason="No.")
        refuse_policy(proposal, by=ocha_bko, reason="A slip of the pen.")
        assert not ProposedPolicy.objects.get().is_open

    def test_it_is_answered_once(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        confirm_policy(proposal, by=hc_ml)
        for again in (
            lambda: confirm_policy(proposal, by=hc_ml),
            lambda: refuse_policy(proposal, by=hc_ml, reason="x"),
        ):
            with pytest.raises(PermissionDenied, match="has confirmed this change already"):
                again()
        assert mali.profiles.count() == 2

    def test_what_was_changed_by_hand_is_not_confirmed(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        ProposedPolicy.objects.update(values=proposal.values | {"members_needed": 1})
        with pytest.raises(PermissionDenied, match="does not agree with the trail"):
            confirm_policy(proposal, by=hc_ml)
        assert mali.profiles.count() == 1

    def test_its_day_has_passed_meanwhile(self, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        values = Event.objects.about(proposal).get()
        past = mali.today - LATER
        ProposedPolicy.objects.update(in_force_from=past)
        assert values.data["in_force_from"] != past.isoformat()
        with pytest.raises(PermissionDenied):
            confirm_policy(proposal, by=hc_ml)
        assert mali.profiles.count() == 1


CONTRADICTIONS = [
    # what is changed in the policy of Mali, the field that says so, and a word of its sentence
    ({"consensus_types": [], "decision_model": "hc_via_ocha"}, "escorts", "needs the consensus"),
    ({"members_needed": 0}, "members_needed", "needs members"),
    ({"request_types": ["MCDA-LOG", "MCDA-INF"]}, "consensus_types", "cannot be filed: Armed escort"),
    ({"request_types": ["AE"]}, "consulted_types", "cannot be filed"),
    ({"consulted_types": ["AE", "MCDA-LOG"]}, "consulted_types", "by consensus already"),
    ({"request_types": ["AE", "AREA"], "consulted_types": ["AREA"]}, "consulted_types", "the force plans"),
    ({"consensus_types": [], "escorts": "allowed"}, "consensus_types", "at least one type"),
    ({"decision_model": "hc_via_ocha"}, "decision_model", "decided by consensus"),
    ({"consensus_types": [], "consulted_types": [], "escorts": "allowed"}, "members_needed", "write 0"),
    ({"prohibited_transports": ["weapons"]}, "prohibited_transports", "every line"),
    ({"reverse_requests": "on", "prohibited_transports": []}, "prohibited_transports", "never carried"),
    ({"meetings": {"cluster": ["military"]}}, "meeting_cluster", "the cell only"),
    ({"languages": []}, "languages", "at least one language"),
    ({"clocks": {"AE/routine/reply": None}}, "clock_AE_routine_reply", "has no clock"),
    ({"clocks": {"AE/urgent/consultation": None}}, "clock_AE_urgent_consultation", "has no clock"),
    ({"clocks": {"AE/routine/station": 0}}, "clock_AE_routine_station", "has no clock"),
    ({"clocks": {"AE/urgent/hc": 121}}, "clock_AE_urgent_hc", "slower than routine"),
    ({"clocks": {"AE/routine/station": 90 * 24 * 60 + 1}}, "clock_AE_routine_station", "90 days"),
    ({"clocks": {"AE/routine/acknowledgement": 9 * 60}}, "clock_AE_routine_acknowledgement", "longer than the reply"),
    ({"clocks": {"AE/routine/hc": 121}}, "clock_AE_routine_lead_time", "41 hours"),
    ({"in_force_from": dt.date(2020, 1, 1)}, "in_force_from", "never in the past"),
    ({"reason": "  ", "members_needed": 5}, "reason", "Say why"),
]  # fmt: skip


class TestContradictions:
    def test_every_type_that_the_portal_brings_can_be_filed(self, reference):
        for profile in CountryProfile.objects.all():
            assert set(profile.request_types) <= set(RequestType.values), profile

    @pytest.mark.parametrize(("changed", "field", "word"), CONTRADICTIONS)
    def test_are_refused_at_the_field_and_nothing_is_saved(self, ocha_bko, mali, changed, field, word):
        with pytest.raises(ValidationError) as refused:
            proposed(ocha_bko, mali, **changed)
        assert word in " ".join(refused.value.message_dict[field])
        assert not ProposedPolicy.objects.exists()
        assert not Event.objects.filter(kind="policy.propose").exists()

    def test_the_policies_that_come_with_the_portal_have_none(self, reference):
        for profile in CountryProfile.objects.select_related("country"):
            draft = policies.Draft(policies.values_of(profile), policies.clocks_of(profile), profile.country.today)
            assert policies.contradictions(draft, country=profile.country, last=profile) == []

    def test_two_open_proposals_are_one_too_many(self, ocha_bko, mali):
        first = proposed(ocha_bko, mali, members_needed=5)
        with pytest.raises(PermissionDenied, match="has proposed another policy already"):
            proposed(ocha_bko, mali, members_needed=6)
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposedPolicy.objects.create(
                country=mali, values={}, clocks={}, in_force_from=mali.today, reason="Twice.", by=ocha_bko
            )
        assert ProposedPolicy.objects.get() == first

    def test_not_before_a_version_that_is_confirmed_already(self, ocha_bko, hc_ml, mali):
        confirm_policy(proposed(ocha_bko, mali, members_needed=5, in_force_from=mali.today + LATER), by=hc_ml)
        with pytest.raises(ValidationError, match="Version 2 is in force from a later day"):
            proposed(ocha_bko, mali, members_needed=6)

    def test_nothing_that_differs(self, ocha_bko, mali):
        with pytest.raises(ValidationError, match="Nothing differs"):
            proposed(ocha_bko, mali)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def typed(client, country, query="") -> dict:
    """What the form of this country shows, as a browser would send it back."""
    form = client.get(f"/countries/{country.pk}/propose/{query}").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not False and value not in (None, "")} | {
        "reason": "As agreed."
    }


class TestPages:
    @pytest.mark.parametrize(("language", "word"), [("en", "Coexistence"), ("fr", "Coexistence")])
    def test_home_of_mali_shows_the_strategy_and_leads_to_the_profile(self, client, requester_mopti, language, word):
        requester_mopti.language = language
        requester_mopti.save()
        client.force_login(requester_mopti)
        page = client.get("/").content.decode()
        assert word in page and "/countries/MLI/" in page and "/countries/CAF/" not in page

    def test_everybody_of_the_country_reads_who_decides_on_what(self, client, requester_mopti):
        client.force_login(requester_mopti)
        page = client.get("/countries/MLI/").content.decode()
        for word in ("Country profile: Mali", "The Humanitarian Country Team, by consensus", "48:00", "not foreseen"):
            assert word in page, word
        assert "/countries/MLI/propose/" not in page

    def test_a_change_from_the_form_to_the_page(self, client, ocha_bko, hc_ml, requester_mopti, mali):
        client.force_login(ocha_bko)
        sent = typed(client, mali) | {"members_needed": "5", "clock_AE_routine_national": "1:30"}
        assert client.post("/countries/MLI/propose/", sent).status_code == 302
        proposal = ProposedPolicy.objects.get()
        assert Event.objects.about(proposal).get().data["values"] == {
            "members_needed": {"old": "3", "new": "5"},
            "clock AE/routine/national": {"old": "120", "new": "90"},
        }
        client.force_login(hc_ml)
        assert "As agreed." in client.get("/").content.decode()
        page = client.get("/countries/MLI/").content.decode()
        assert "Put into force" in page and "Armed escort: national unit, routine" in page
        assert client.post(f"/countries/MLI/proposals/{proposal.pk}/confirm/").status_code == 302
        client.force_login(requester_mopti)
        page = client.get("/countries/MLI/").content.decode()
        assert "Version 2" in page and "As agreed." in page and "2:00 → <b>1:30</b>" in page
        assert "Version 1, in force from" in client.get("/countries/MLI/versions/1/").content.decode()
        assert client.get("/countries/MLI/versions/3/").status_code == 404

    def test_a_contradiction_stands_at_its_field_and_what_was_typed_stays(self, client, ocha_bko, mali):
        client.force_login(ocha_bko)
        sent = typed(client, mali) | {"members_needed": "0", "clock_AE_urgent_station": "900:00"}
        sent |= {"clock_AE_routine_station": "soon"}
        answer = client.post("/countries/MLI/propose/", sent)
        assert answer.status_code == 422
        assert "Write hours and minutes" in answer.content.decode()
        answer = client.post("/countries/MLI/propose/", sent | {"clock_AE_routine_station": "8:00"})
        errors = answer.context["form"].errors
        assert set(errors) == {"members_needed", "clock_AE_urgent_station"}
        assert 'value="900:00"' in answer.content.decode()
        assert not ProposedPolicy.objects.exists()

    def test_putting_it_into_force_asks_for_a_fresh_proof(self, client, ocha_bko, hc_ml, mali, settings):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        client.force_login(hc_ml)
        settings.SECOND_FACTOR = True
        answer = client.post(f"/countries/MLI/proposals/{proposal.pk}/confirm/")
        assert answer.status_code == 302 and mali.profiles.count() == 1

    def test_refused_proposals_stay_on_the_page(self, client, ocha_bko, hc_ml, mali):
        proposal = proposed(ocha_bko, mali, members_needed=5)
        client.force_login(hc_ml)
        url = f"/countries/MLI/proposals/{proposal.pk}/refuse/"
        assert client.post(url, {"reason": ""}).status_code == 422
        assert client.post(url, {"reason": "Not yet."}).status_code == 302
        assert "Not yet." in client.get("/countries/MLI/").content.decode()
        assert client.post(url, {"reason": "Again."}).status_code == 403

    def test_a_request_names_the_version_it_was_filed_under(self, client, requester_mopti):
        case = complete_draft(requester_mopti)
        client.force_login(requester_mopti)
        assert "/countries/MLI/versions/1/" in client.get(case.get_absolute_url()).content.decode()
