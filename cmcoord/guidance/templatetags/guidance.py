"""How a page links a clause that it cites."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cmcoord.activity.sentences import function_of
from cmcoord.guidance.clauses import cited_in, source_of, url_of

register = template.Library()

register.filter("function_of", function_of)

register.filter("cited_in", cited_in)  # {{ "CAR-CMC §8.5, ML-POS ¶6"|cited_in:"MLI" }} → ML-POS ¶6


KEYS = re.compile(r"\(([^()]+)\)")


@register.filter
def with_clauses(sentence: str) -> SafeString:
    """A refusal with links in place of the clauses that it names in brackets: "… (CAR-CMC §8.1)"."""
    words = conditional_escape(sentence)

    def link(found: re.Match) -> str:
        key = found[1]
        return format_html('(<a href="{}">{}</a>)', url_of(key), key) if source_of(key) else found[0]

    return mark_safe(KEYS.sub(link, words))  # noqa: S308  escaped above; the links are of known keys


@register.filter
def clause_url(key: str) -> str:
    """{{ finding.clause|clause_url }} → /guidance/#car-cmc-8-1"""
    return url_of(key)
