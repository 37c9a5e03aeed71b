"""Does OCHA write its own findings before a request goes up, and do they stop what they should?"""

import pytest
from django.urls import reverse

from cmcoord.guidance.clauses import CLAUSES
from requests_app.forms.reviewing import AssessForm
from requests_app.models import Assessment
from requests_app.questions import REVIEW, questions
from requests_app.services import Refused, make_move
from tests.factories import case_at, fresh, limits_of, write_review

pytestmark = pytest.mark.django_db

FOUND = {
    "support_level": "indirect", "clusters": ["LOG", "HEA"], "provider_kind": "peacekeepers", "escort_mode": "distant",
    "need_met": "yes", "authorities_met": "yes", "safety_met": "yes", "sustainability_met": "yes",
}  # fmt: skip


def unwritten(people, **answers):
    case = case_at("submitted", people, **answers)
    make_move(case, "review", by=people.ocha_bria)
    return fresh(case)


def test_every_clause_of_the_review_is_known():
    asked = questions("AE", REVIEW)
    assert {row.by for row in asked} == {"ocha"}
    assert [row.clause for row in asked if not all(key in CLAUSES for key in row.clause.split(", ") if key)] == []


def test_nothing_is_validated_before_the_review_is_written(people):
    case = unwritten(people)
    with pytest.raises(Refused, match=r"review is not written.*IASC-AE §V"):
        make_move(case, "validate", by=people.ocha_bria)
    make_move(case, "assess", by=people.ocha_bria, **FOUND)
    make_move(case, "validate", by=people.ocha_bria)
    assert fresh(case).status == "clearing"


@pytest.mark.parametrize("value", ["no", "partly"])
@pytest.mark.parametrize("name", Assessment.CRITERIA)
def test_a_criterion_that_is_not_met_is_explained(people, name, value):
    case = unwritten(people)
    with pytest.raises(Refused, match="exceptional and unavoidable"):
        make_move(case, "assess", by=people.ocha_bria, **FOUND | {name: value})
    make_move(case, "assess", by=people.ocha_bria, **FOUND | {name: value, "criteria_text": "Nobody else is there."})
    assert case.assessments.get().criteria_text == "Nobody else is there."


@pytest.mark.parametrize(
    ("without", "with_it", "stops"),
    [("high", "medium", False), ("high", "high", True), ("low", "very_high", True), ("", "", False)],
)
def test_an_escort_that_does_not_lower_the_risk_goes_no_further(people, without, with_it, stops):
    case = unwritten(people)
    make_move(case, "assess", by=people.ocha_bria, **FOUND, risk_without=without, risk_with=with_it)
    if stops:
        with pytest.raises(Refused, match=r"does not lower the risk \(IASC-AE §V.3\)"):
            make_move(case, "validate", by=people.ocha_bria)
    else:
        make_move(case, "validate", by=people.ocha_bria)
    assert fresh(case).status == ("reviewing" if stops else "clearing")


def test_figures_of_risk_are_needed_with_the_united_nations_and_optional_for_others(people):
    case = unwritten(people, un_on_board=True)
    make_move(case, "assess", by=people.ocha_bria, **FOUND)
    with pytest.raises(Refused, match="names the residual risk"):
        make_move(case, "validate", by=people.ocha_bria)
    form = AssessForm(case=fresh(case), code="assess", user=people.ocha_bria)
    assert form.fields["risk_with"].required
    other = AssessForm(case=unwritten(people), code="assess", user=people.ocha_bria)
    assert not other.fields["risk_with"].required


def test_the_newest_counts_and_stops_the_way_up_again(people):
    case = case_at("clearing", people)
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", note="", **limits_of(case))
    write_review(case, by=people.ocha_bgi, risk_with="unacceptable")
    with pytest.raises(Refused, match="does not lower the risk"):
        make_move(case, "forward", by=people.ocha_bgi)
    write_review(case, by=people.ocha_bgi)
    make_move(case, "forward", by=people.ocha_bgi)


@pytest.mark.parametrize("who", ["requester_bria", "hc", "log_cluster", "undss", "force_u3", "ocha_birao"])
def test_others_write_no_review(people, who):
    case = unwritten(people)
    with pytest.raises(Refused) as refused:
        make_move(case, "assess", by=getattr(people, who), **FOUND)
    assert refused.value.kind == "right"


def test_unknown_clusters_are_refused(people):
    case = unwritten(people)
    for clusters in ([], ["NONE"]):
        with pytest.raises(Refused, match="at least one cluster"):
            make_move(case, "assess", by=people.ocha_bria, **FOUND | {"clusters": clusters})


def test_the_page_asks_it_and_shows_it(people, client):
    case = unwritten(people)
    client.force_login(people.ocha_bria)
    url = reverse("requests:move", args=[case.reference, "assess"])
    page = client.get(url)
    data = {"client_key": page.context["form"]["client_key"].value(), "base_version": case.version}
    answer = client.post(url, data | FOUND | {"need_met": "partly"})
    assert answer.status_code == 422 and "exceptional and unavoidable" in answer.content.decode()
    assert client.post(url, data | FOUND | {"risk_without": "high", "risk_with": "low"}).status_code == 302
    for who, sees_risk in (("ocha_bria", True), ("requester_bria", True)):
        client.force_login(getattr(people, who))
        page = client.get(case.get_absolute_url()).content.decode()
        assert "Distant escort" in page and "Logistics" in page
        assert ("Residual risk with escort" in page) == sees_risk


def test_of_the_review_the_force_reads_three_facts(people):
    case = case_at("transmitted", people)
    content = case.extracts.get().content
    assert (content["support_level"], content["provider_kind"], content["escort_mode"]) == (
        "indirect", "peacekeepers", "distant",
    )  # fmt: skip
    assert not {"need_met", "risk_with", "criteria_text", "clusters"} & set(content)
