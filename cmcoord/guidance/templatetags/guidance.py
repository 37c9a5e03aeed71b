"""How a page links a clause that it cites."""

from django import template

from cmcoord.guidance.clauses import url_of

register = template.Library()


@register.filter
def clause_url(key: str) -> str:
    """{{ finding.clause|clause_url }} → /guidance/#car-cmc-8-1"""
    return url_of(key)
