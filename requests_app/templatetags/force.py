"""How does a force read a moment? In its local time and as a date-time group."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cmcoord.ui.templatetags.ui import when
from requests_app.papers import zulu

register = template.Library()


@register.simple_tag
def both_times(at: datetime | None, style: str = "short") -> SafeString | str:
    """Local time and Zulu: 28 Nov 05:30 · 280430Z NOV 26."""
    if at is None:
        return "–"
    return format_html('{} <span class="soft nowrap num">· {}</span>', when(at, style), zulu(at))
