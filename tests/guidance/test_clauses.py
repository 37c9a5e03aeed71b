"""Does every citation lead to a clause, in both languages?"""

import re
from pathlib import Path

from django.template import Context, Template
from django.utils import translation

from cmcoord.guidance.clauses import CLAUSES, of_document, url_of
from cmcoord.guidance.documents import DOCUMENTS
from requests_app.guidelines import RULES

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


def test_every_rule_rests_on_a_clause_and_the_page_of_rules_tells_it():
    page = (ROOT / "docs" / "guidelines.md").read_text()
    for rule in RULES:
        assert rule.clause in CLAUSES, rule.code
        assert f"| {rule.code} | {rule.level} |" in page and CLAUSES[rule.clause].gist_en in page


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
