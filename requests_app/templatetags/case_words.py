"""How is a decision, a signature or the class of a record said in a template?"""

import uuid

from django import template

from cmcoord.activity.barrier import Sensitivity
from cmcoord.activity.sentences import function_of
from cmcoord.guidance.clauses import cited_in
from requests_app import bases, classes, signed
from requests_app.forms.pieces import clause_link
from requests_app.models.terms import RequestType

register = template.Library()

register.filter("decision_line", signed.decision_line)
register.filter("in_person_for_own", signed.in_person_for_own)
register.filter("signed_by", signed.signed_by)
register.filter("after_the_team", signed.after_the_team)
register.filter("signed_at", signed.signed_at)
register.filter("function_of", function_of)


@register.filter
def type_words(codes: list[str]) -> str:
    """Types of request in the reader's language, from their codes."""
    return ", ".join(str(dict(RequestType.choices).get(code, code)) for code in codes)


@register.simple_tag(takes_context=True)
def class_of(context, row) -> dict:
    """The class of one record on this page, whether it is shown closed, and who may change it."""
    case = context["case"]
    found = classes.class_of(case, row)
    is_request = row == case
    floor = classes.floor_of(classes.name_of(row))
    return {
        "class": found,
        "record": classes.name_of(row),
        "row": row.pk,
        "closed": classes.is_closed(case, row) and row != context.get("opened"),
        "own": floor.rank < found.rank and (is_request or not context.get("strict")),
        "below": "C" if found == Sensitivity.STRICT else floor,
        "key": uuid.uuid4(),
    }


@register.simple_tag
def cite(basis: str, country: str) -> str:
    """The link to the clause on which a sentence of a page rests in a country: {% cite "NO_ARMS" "CAF" %}"""
    return clause_link(cited_in(getattr(bases, basis), country))


@register.filter
def cited_conditions(limits, country: str) -> list[tuple[str, str]]:
    """Each condition of an approval with the link to its clause, "" where no text speaks of it."""
    pairs = []
    for code, label in signed.conditions_of(limits):
        clause = cited_in(bases.CONDITIONS.get(code, ""), country)
        pairs.append((label, clause_link(clause) if clause else ""))
    return pairs


@register.simple_tag
def new_key() -> str:
    """A key of its own for one form, by which a second click is known."""
    return str(uuid.uuid4())
