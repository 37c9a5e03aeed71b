"""What do the pages about lists of contacts call what the rows hold by key?"""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def named(names: dict[int, str], key: int | None) -> str:
    """The name of an organisation or a station; "–" where the row has none."""
    return names.get(key or 0, "–")


@register.filter
def why_alike(why: str) -> str:
    """Why a row looks like somebody."""
    words = {"number": _("the same number or address"), "name": _("the same name"), "post": _("the same post")}
    return words.get(why, "")
