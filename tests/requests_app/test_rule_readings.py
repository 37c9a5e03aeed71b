"""What do the rules find beside the answers, and does it stay as it was found? (domain.md §2.5, §2.6)"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from cmcoord.accounts.roles import Role
from cmcoord.guidance import positions
from cmcoord.guidance.models import CommonPosition
from cmcoord.places.local_dates import today_in
from cmcoord.places.models import AdminArea, Axis, Country, Place
from requests_app import dossier, facts, guidelines, provider
from requests_app.issuing.making import issue_paper
from requests_app.models import Case, RuleReading
from requests_app.services import Refused, make_move
from tests import factories, pdf_text
from tests.people import appointed

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = today_in("Africa/Bangui")


def found(case: Case) -> dict[str, str]:
    return {row.rule: row.level for row in guidelines.findings(factories.fresh(case))}


@pytest.fixture
def position(ocha_bgi, hc, car):
    """A function that enters and endorses one: rules out escorts from Bambari to Bria, unless told otherwise."""

    def made(*, endorsed=True, **changes) -> CommonPosition:
        values = {
            "axis": Axis.objects.get(code="bambari-bria"), "against": ["escorts"], "agreed_by": "Country team, 3 May",
            "text_en": "No armed escorts on this road.", "text_fr": "Pas d’escorte armée sur cet axe.",
            "valid_from": TODAY - DAY,
        }  # fmt: skip
        row = positions.enter(by=ocha_bgi, country=car, **values | changes)
        return positions.endorse(row, by=hc) if endorsed else row

    return made


class TestPositions:
    def test_a_request_against_one_in_force_is_not_filed_and_reads_it(self, requester_bria, position):
        position()
        case = factories.complete_draft(requester_bria)
        with pytest.raises(Refused) as refused:
            make_move(case, "submit", by=requester_bria)
        assert "“No armed escorts on this road.” (IASC-AE §V.3)" in str(refused.value)
        with translation.override("fr"):
            assert "Pas d’escorte armée sur cet axe." in guidelines.hard_stops(factories.fresh(case))[0].sentence

    @pytest.mark.parametrize(
        ("changes", "level"),
        [
            ({}, "stop"),
            ({"endorsed": False}, None),
            ({"against": []}, "inform"),
            ({"against": ["assets"]}, "inform"),
            ({"valid_from": TODAY + 60 * DAY}, None),
            ({"valid_to": TODAY + DAY}, None),  # it ends before the departure in ten days
            ({"valid_to": TODAY + 10 * DAY}, "stop"),
            ({"axis": None}, "stop"),  # the whole country
        ],
        ids=str,
    )
    def test_it_counts_when_it_is_endorsed_on_the_day_of_the_departure_and_against_this(
        self, requester_bria, position, changes, level
    ):
        position(**changes)
        rules = found(factories.complete_draft(requester_bria))
        assert {"stop": "position", "inform": "position_here", None: None}[level] in (*rules, None)
        assert ("position" in rules) == (level == "stop") and ("position_here" in rules) == (level == "inform")

    def test_it_counts_on_its_axis_or_in_its_area_alone(self, requester_bria, position, car):
        other = Axis.objects.filter(country=car).exclude(code="bambari-bria").first()
        area = AdminArea.objects.get(country=car, name="Ouaka", valid_to=None)
        position(axis=other)
        case = factories.complete_draft(requester_bria)
        assert found(case) == {}
        Place.objects.filter(name="Bambari").update(area=area)
        position(axis=None, area=area)
        assert found(case) == {"position": "stop"}
        Place.objects.filter(name="Bambari").update(area=None)
        assert found(case) == {}

    def test_assets_are_ruled_out_apart(self, requester_bria, position):
        position()
        assert "position" not in found(factories.complete_draft(requester_bria, request_type="MCDA-LOG"))
        position(against=["assets"])
        assert found(factories.complete_draft(requester_bria, request_type="MCDA-LOG"))["position"] == "stop"

    def test_one_endorsed_after_the_filing_stops_the_approval(self, people, position):
        case = factories.case_at("deciding", people)
        position()
        with pytest.raises(Refused, match="No armed escorts"):
            make_move(case, "approve", by=people.hc, **factories.limits_of(case))

    def test_it_stops_the_approval_of_another_axis_too(self, people, position, car):
        case = factories.case_at("deciding", people)
        axis = Axis.objects.filter(country=car).exclude(pk=case.axis_id).first()
        factories.write_sheet(case, alternative_axis=axis)
        position(axis=axis)
        with pytest.raises(Refused, match="No armed escorts"):
            make_move(case, "approve", by=people.hc, **factories.limits_of(case, axis=axis))
        make_move(case, "approve", by=people.hc, **factories.limits_of(case))

    def test_only_the_national_unit_enters_and_only_the_coordinator_in_person_endorses(
        self, position, ocha_bria, ocha_bgi, ocha_bko, hc, hc_ml, requester_bria, car
    ):
        row = position(endorsed=False)
        for person in (ocha_bria, ocha_bko, hc, requester_bria):
            with pytest.raises(PermissionDenied):
                positions.enter(by=person, country=car, valid_from=TODAY, text_en="x", text_fr="x", agreed_by="x")
        for person in (ocha_bgi, ocha_bria, hc_ml, requester_bria):
            with pytest.raises(PermissionDenied):
                positions.endorse(row, by=person)
            with pytest.raises(PermissionDenied):
                positions.end(row, by=person, on=TODAY)
        positions.endorse(row, by=hc)
        with pytest.raises(ValidationError):
            positions.endorse(row, by=hc)

    def test_what_contradicts_itself_is_refused_and_nothing_is_saved(self, position):
        mali = Country.objects.get(pk="MLI")
        area = AdminArea.objects.filter(country="CAF", valid_to=None).first()
        for wrong in (
            {"area": area},
            {"axis": None, "area": AdminArea.objects.filter(country=mali).first()},
            {"valid_to": TODAY - 2 * DAY},
            {"text_fr": ""},
        ):
            with pytest.raises(ValidationError):
                position(**wrong)
        assert not CommonPosition.objects.exists()

    def test_it_is_ended_once_and_not_before_it_began(self, position, hc, requester_bria):
        row = position()
        with pytest.raises(ValidationError):
            positions.end(row, by=hc, on=row.valid_from - DAY)
        positions.end(row, by=hc, on=TODAY)
        assert found(factories.complete_draft(requester_bria)) == {}


class TestThirdEscort:
    def earlier(self, people, status="closed", days=40, **changes) -> Case:
        case = factories.case_at(status, people, **changes)
        Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - days * DAY)
        return case

    def test_the_third_in_a_row_is_to_be_justified(self, people):
        self.earlier(people, days=60)
        case = factories.complete_draft(people.requester_bria)
        assert found(case) == {}
        self.earlier(people, days=40)
        assert found(case) == {"third_escort": "justify"}

    @pytest.mark.parametrize(
        "last", [{"status": "civilian"}, {"status": "denied"}, {"status": "withdrawn"}, {"days": 400}], ids=str
    )
    def test_a_row_is_broken(self, people, last):
        self.earlier(people, days=60)
        self.earlier(people, **last)
        assert found(factories.complete_draft(people.requester_bria)) == {}

    def test_another_organisation_and_another_axis_count_apart(self, people, car):
        for days in (60, 40):
            self.earlier(people, days=days)
        other = factories.complete_draft(people.requester_birao, origin=Place.objects.get(name="Bambari"))
        assert "third_escort" not in found(other)
        axis = Axis.objects.filter(country=car).exclude(code="bambari-bria").first()
        assert "third_escort" not in found(factories.complete_draft(people.requester_bria, axis=axis))

    def test_a_page_reads_the_same_with_its_dossier(self, people, django_assert_num_queries):
        for days in (60, 40):
            self.earlier(people, days=days)
        case = factories.fresh(factories.complete_draft(people.requester_bria))
        dossier.read(case)
        with django_assert_num_queries(0):
            said = guidelines.findings(case)
        assert [row.rule for row in said] == ["third_escort"]


class TestReview:
    @pytest.mark.parametrize(
        ("review", "rules"),
        [
            ({}, {}),
            ({"support_level": "direct", "support_text": "Nobody else."}, {"direct_support": "justify"}),
            ({"sustainability_met": "partly", "criteria_text": "Once."}, {"criteria": "justify"}),
        ],
        ids=str,
    )
    def test_what_ocha_found_is_weighed(self, people, review, rules):
        case = factories.case_at("reviewing", people)
        factories.write_review(case, by=people.ocha_bria, **review)
        assert found(case) == rules

    @pytest.mark.parametrize(("level", "rules"), [("pc1", {}), ("pc2", {}), ("pc3", 1), ("pc4", 1)])
    def test_a_programme_that_is_not_critical_is_to_be_justified(self, people, level, rules):
        case = factories.complete_draft(people.requester_bria)
        factories.write_sheet(case, programme_criticality=level)
        assert found(case) == ({"criticality": "justify"} if rules else {})

    def test_direct_assistance_without_a_word_is_refused(self, people):
        case = factories.case_at("reviewing", people)
        answers = dict.fromkeys(("need_met", "authorities_met", "safety_met", "sustainability_met"), "yes")
        answers |= {"provider_kind": "peacekeepers", "escort_mode": "close", "clusters": ["LOG"]}
        with pytest.raises(Refused, match="Direct assistance needs a justification"):
            make_move(case, "assess", by=people.ocha_bria, support_level="direct", **answers)
        make_move(case, "assess", by=people.ocha_bria, support_level="direct", support_text="Nobody.", **answers)


class TestKept:
    def test_each_sending_and_each_decision_keeps_what_was_found(self, people):
        case = factories.complete_draft(people.requester_bria, rotations=4)
        case = make_move(case, "submit", by=people.requester_bria).case
        kept = RuleReading.objects.get(case=case)
        assert (kept.occasion, kept.rule_set) == ("submission", guidelines.RULE_SET)
        assert [(row["rule"], row["level"], row["clause"]) for row in kept.findings] == [
            ("many_rotations", "justify", "IASC-AE §V.4")
        ]
        assert kept.findings[0]["en"].startswith("More than three") and kept.findings[0]["fr"].startswith("Plus de")

    def test_they_follow_the_life_of_a_request(self, people):
        case = factories.case_at("returned", people)
        make_move(case, "resubmit", by=people.requester_bria, reason="On Monday.")
        assert [row.occasion for row in case.readings.all()] == ["submission"] * 2
        decided = factories.case_at("denied", people)
        assert [row.occasion for row in decided.readings.all()] == ["submission", "decision"]

    def test_nobody_changes_them(self, people):
        row = RuleReading.objects.filter(case=factories.submitted_case(people)).get()
        for change in (lambda: RuleReading.objects.filter(pk=row.pk).update(findings=[]), row.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_one_query_reads_what_the_rules_need_beside_the_provider(self, people, django_assert_num_queries):
        case = factories.fresh(factories.case_at("deciding", people))
        facts.alternatives_of(case)
        provider.stop(case)
        with django_assert_num_queries(1):
            assert facts.facts_of(case) == facts.facts_of(case)

    def test_the_version_follows_the_table_of_rules(self):
        assert guidelines.RULE_SET.startswith(f"{len(guidelines.RULES)}-") and len(guidelines.RULE_SET) <= 24


@pytest.mark.pages
class TestShown:
    """On the page and on paper, as it was found, with what differs now."""

    def test_the_page_tells_what_was_found_and_what_has_changed_since(self, client, people, position):
        case = factories.case_at("approved", people, rotations=4)
        client.force_login(people.ocha_bria)
        page = client.get(case.get_absolute_url()).content.decode()
        assert page.count("As found when it was") == 2 and guidelines.RULE_SET in page
        assert "found since" not in page and "no longer found" not in page
        position()
        Case.objects.filter(pk=case.pk).update(rotations=1)
        page = client.get(case.get_absolute_url()).content.decode()
        assert page.count("found since") == page.count("no longer found") == 2

    def test_the_letter_and_the_case_file_print_it_in_both_languages(self, people):
        case = factories.case_at("approved", people, rotations=4)
        for language, words in (("en", "To justify: More than three"), ("fr", "À justifier\u202f: Plus de trois")):
            for kind, reader in (("letter", people.hc), ("file", people.ocha_bgi)):
                paper = issue_paper(case, kind, language=language, by=reader)
                text = " ".join(pdf_text.text(paper.content).split())
                assert words.replace("\u202f", " ") in text.replace("\u202f", " ") and guidelines.RULE_SET in text, kind


@pytest.mark.pages
class TestRegister:
    """The page on which positions are entered, endorsed, ended and read."""

    TYPED = {
        "text_en": "No armed escorts here.", "text_fr": "Pas d’escorte armée ici.", "against": ["escorts"],
        "agreed_by": "Country team", "valid_from": TODAY.isoformat(),
    }  # fmt: skip

    def test_from_the_national_unit_to_the_coordinator_to_the_form(self, client, people):
        client.force_login(people.ocha_bgi)
        axis = Axis.objects.get(code="bambari-bria")
        assert client.post("/guidance/positions/", self.TYPED | {"axis": axis.pk}).status_code == 302
        row = CommonPosition.objects.get()
        client.force_login(people.requester_bria)
        assert "No armed escorts here." not in client.get("/guidance/positions/").content.decode()
        client.force_login(people.hc)
        assert "Endorse for the country team" in client.get("/guidance/positions/").content.decode()
        assert client.post(f"/guidance/positions/{row.pk}/endorse/").status_code == 302
        client.force_login(people.requester_bria)
        assert "No armed escorts here." in client.get("/guidance/positions/").content.decode()
        case = factories.complete_draft(people.requester_bria)
        assert "No armed escorts here." in client.get(f"/requests/{case.reference}/edit/2/").content.decode()
        client.force_login(people.hc)
        assert client.post(f"/guidance/positions/{row.pk}/end/").status_code == 302
        assert CommonPosition.objects.get().valid_to == people.hc.appointments.first().country.today

    @pytest.mark.parametrize(
        "wrong", [{"text_fr": ""}, {"valid_to": (TODAY - DAY).isoformat()}, {"area": "both"}], ids=str
    )
    def test_what_is_wrong_stays_on_the_page_and_is_not_saved(self, client, ocha_bgi, wrong):
        if "area" in wrong:
            area = AdminArea.objects.get(country="CAF", name="Ouaka", valid_to=None)
            wrong = {"area": area.pk, "axis": Axis.objects.get(code="bambari-bria").pk}
        client.force_login(ocha_bgi)
        assert client.post("/guidance/positions/", self.TYPED | wrong).status_code == 422
        assert not CommonPosition.objects.exists()

    def test_a_unit_of_two_countries_says_for_which_one(self, client, ocha_bgi, mali):
        appointed(ocha_bgi, Role.OCHA_NATIONAL, country="MLI")
        client.force_login(ocha_bgi)
        axis = Axis.objects.get(code="mopti-mondoro")
        assert 'name="country"' in client.get("/guidance/positions/").content.decode()
        for wrong in ({}, {"country": "CAF", "axis": axis.pk}, {"country": "XXX"}):
            assert client.post("/guidance/positions/", self.TYPED | wrong).status_code == 422
        assert client.post("/guidance/positions/", self.TYPED | {"country": "MLI", "axis": axis.pk}).status_code == 302
        assert CommonPosition.objects.get().country == mali

    def test_no_force_and_no_other_country_reads_it(self, client, position, force_u3, ocha_bko, donor):
        row = position()
        for reader in (force_u3, donor):
            client.force_login(reader)
            assert client.get("/guidance/positions/").status_code == 404
        client.force_login(ocha_bko)
        assert row.text_en not in client.get("/guidance/positions/").content.decode()


class TestWithinWhatWasAsked:
    """An approval outside the area or the days of the request is refused, with its clause (CAR-CMC §8.6)."""

    def refused(self, case, hc, **limits) -> str:
        with pytest.raises(Refused) as refused:
            make_move(case, "approve", by=hc, **factories.limits_of(case, **limits))
        return str(refused.value)

    def test_other_days_and_another_axis_are_refused(self, people, car):
        case = factories.case_at("deciding", people)
        late = case.window_to + DAY
        assert self.refused(case, people.hc, valid_from=late, valid_to=late + DAY).endswith("asked for. (CAR-CMC §8.6)")
        axis = Axis.objects.filter(country=car).exclude(code="bambari-bria").first()
        assert "neither asked for nor proposed" in self.refused(case, people.hc, axis=axis)
        assert factories.fresh(case).status == "deciding" and not case.decisions.exists()

    def test_the_alternative_axis_of_the_sheet_may_be_approved(self, people, car):
        case = factories.case_at("deciding", people)
        axis = Axis.objects.filter(country=car).exclude(code="bambari-bria").first()
        factories.write_sheet(case, alternative_axis=axis)
        make_move(case, "approve", by=people.hc, **factories.limits_of(case, axis=axis))
