"""Does every citation lead to a clause, in both languages?"""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from cmcoord.guidance.clauses import CLAUSES, cited_in, compared_with, of_document, source_of, url_of
from cmcoord.guidance.documents import DOCUMENTS
from requests_app import bases
from requests_app.guidelines import RULES
from requests_app.models import Condition
from requests_app.questions import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
CITATION = re.compile(r"(?:CAR-CMC|IASC-AE|ML-[A-Z]+|SCR-2085) [§¶][0-9IVX]+(?:\.[0-9]+)?")


def test_every_clause_that_the_code_cites_has_a_line():
    cited = {
        key
        for folder in ("requests_app", "cmcoord")
        for path in (ROOT / folder).rglob("*.py")
        if "guidance" not in path.parts
        for key in CITATION.findall(path.read_text())
    }
    assert cited - set(CLAUSES) == set()


def citations():
    """Every citation of a rule, a statement, a question and a refusal, by the name of what cites it."""
    bases_by_name = {name: value for name, value in vars(bases).items() if name.isupper()}
    by_field = {question.field: question.clause for question in QUESTIONS if question.clause}
    bases_by_name |= bases_by_name.pop("CONDITIONS")
    return [*((rule.code, rule.clause) for rule in RULES), *by_field.items(), *bases_by_name.items()]


@pytest.mark.parametrize("country", ["CAF", "MLI", "TCD"])
def test_every_citation_has_a_clause_that_holds_in_each_country_and_none_of_another(country):
    for name, citation in citations():
        assert all(source_of(key) for key in citation.split(", ")), name
        found = cited_in(citation, country)
        assert found and source_of(found).holds_in(country), (name, country)
        assert not any(source_of(key).holds_in(country) for key in compared_with(citation, country))


def test_a_country_s_own_text_comes_before_one_that_holds_everywhere():
    citation = "IASC-AE §IV, CAR-CMC §8.1, ML-POS ¶6"
    assert [cited_in(citation, each) for each in ("CAF", "MLI", "TCD")] == ["CAR-CMC §8.1", "ML-POS ¶6", "IASC-AE §IV"]
    assert compared_with(citation, "MLI") == ["CAR-CMC §8.1"]
    assert cited_in("CAR-CMC §8.1", "MLI") == cited_in("nowhere §1", "CAF") == ""


def test_conditions_and_refusals_link_their_clause():
    assert set(bases.CONDITIONS) | {"costs_agreed", "no_joining"} == set(Condition.values)
    page = Template("{% load guidance %}{{ why|with_clauses }}")
    shown = page.render(Context({"why": "<b> too few. (CAR-CMC §8.1) (not one)"}))
    assert shown == '&lt;b&gt; too few. (<a href="/guidance/#car-cmc-8-1">CAR-CMC §8.1</a>) (not one)'


def test_a_document_without_text_is_cited_as_a_whole():
    assert cited_in(bases.BELLIGERENT, "CAF") == "IASC-2004"
    assert url_of("IASC-2004") == "/guidance/#iasc-2004"


def test_every_rule_is_told_on_the_page_of_rules_with_its_clause_in_each_country():
    page = (ROOT / "docs" / "guidelines.md").read_text()
    for rule in RULES:
        cells = [cited_in(rule.clause, country) for country in ("CAF", "MLI", "")]
        line = next(line for line in page.split("\n") if line.startswith(f"| {rule.code} | {rule.level}"))
        assert all(CLAUSES[key].gist_en in page for key in cells if key in CLAUSES) and line
        assert f"| {' | '.join(cells)} |" in page, rule.code


def test_anchors_are_unique_and_a_link_names_its_anchor():
    assert len({clause.anchor for clause in CLAUSES.values()}) == len(CLAUSES)
    assert url_of("CAR-CMC §8.1") == "/guidance/#car-cmc-8-1"
    assert url_of("nowhere §1") == "/guidance/"


def test_each_clause_stands_under_one_document():
    assert sum(len(of_document(document)) for document in DOCUMENTS) == len(CLAUSES)


def test_a_clause_is_told_in_the_readers_language():
    clause = CLAUSES["CAR-CMC §8.1"]
    with translation.override("fr"):
        assert clause.gist == "Les moyens de la MINUSCA ne servent qu’en dernier recours."
    with translation.override("en"):
        assert clause.gist.startswith("Assets of MINUSCA")


def test_only_sections_of_the_international_guidelines_are_cited_never_paragraphs():
    keys = [key for key in CLAUSES if key.startswith("IASC")]
    assert all(re.fullmatch(r"IASC-AE §[IVX]+(\.[1-4])?", key) for key in keys)


def test_the_page_needs_an_account_and_is_the_same_for_the_force(client, force_u3, nobody):
    assert client.get("/guidance/").status_code == 302
    for person in (force_u3, nobody):
        client.force_login(person)
        page = client.get("/guidance/")
        assert page.status_code == 200
        assert 'id="car-cmc-8-1"' in page.content.decode()


def test_a_page_links_the_clause_that_it_cites():
    page = Template("{% load guidance %}{{ 'IASC-AE §V.3'|clause_url }}")
    assert page.render(Context()) == "/guidance/#iasc-ae-v-3"
