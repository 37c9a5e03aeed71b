"""How a page links a clause that it cites."""

from django import template

from cmcoord.activity.sentences import function_of
from cmcoord.guidance.clauses import cited_in, url_of

register = template.Library()

register.filter("function_of", function_of)

register.filter("cited_in", cited_in)  # {{ "CAR-CMC §8.5, ML-POS ¶6"|cited_in:"MLI" }} → ML-POS ¶6


@register.filter
def clause_url(key: str) -> str:
    """{{ finding.clause|clause_url }} → /guidance/#car-cmc-8-1"""
    return url_of(key)
