"""How does a fact look on a page? The pieces that pages are built of; see the gallery (/ui/gallery/) for each of them.

What stands in rows (badge, clock, when) is built without a template, because a page holds hundreds of them.
"""

import base64
import hashlib
import json
import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from django import template
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cmcoord.ui.durations import in_words

register = template.Library()
E164 = re.compile(r"\+\d{8,15}")
LETTERS = str.maketrans("0123456789", "ghijklmnop")

COLOURS = {"", "blue", "green", "amber", "red", "violet", "grey"}
FORMATS = {
    "long": "l j F Y, H:i",
    "date": "j F Y",
    "day": "j M",
    "time": "H:i",
}
SOON = timedelta(hours=2)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A drawing beside a word; screen readers skip it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)


@register.simple_tag
@cache
def script(name: str) -> SafeString:
    """A script of the portal, which the browser runs only if it is byte for byte this one."""
    digest = base64.b64encode(hashlib.sha384(Path(finders.find(name)).read_bytes()).digest()).decode()
    return format_html('<script src="{}" integrity="sha384-{}" defer></script>', static(name), digest)


@register.filter
def as_json(value) -> str:
    """Data for a script, in an attribute: pages hold no script of their own."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag
def colon() -> str:
    """What stands between a label and its words; French puts a space before it."""
    return pgettext("between a label and its words", ": ")


@register.simple_tag
def badge(word: str, colour: str = "", icon_name: str = "") -> SafeString:
    """A state as a word in a colour. Raises ValueError for a colour that the stylesheet does not have."""
    if colour not in COLOURS:
        raise ValueError(f"No badge is {colour}; choose one of {sorted(COLOURS)}.")
    mark = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge {}">{}{}</span>', colour, mark, word)


def _local(moment: datetime, zone: str | None) -> datetime:
    return timezone.localtime(moment, ZoneInfo(zone) if zone else None)


def moment_in_words(moment: datetime, style: str = "short", zone: str | None = None) -> str:
    """The local time as text, e.g. "today 16:05", "20 Nov 16:05" or, of another year, "20 Nov 2025 16:05"."""
    local = _local(moment, zone)
    if style != "short":
        return date_in_words(local, FORMATS[style])
    now = _local(timezone.now(), zone)
    if local.date() == now.date():
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    return date_in_words(local, "j M H:i" if local.year == now.year else "j M Y H:i")


def date_in_words(moment: datetime | date, pattern: str) -> str:
    """As the language writes it: "20 Nov" and "1 Nov" in English, "20 nov." and "1er nov." in French."""
    days, time, _end = pattern.partition("H:i")
    day = moment.date() if isinstance(moment, datetime) else moment
    words = _day_in_words(day, days, get_language()) if days else ""
    return f"{words}{moment:%H:%M}" if time else words


@register.filter
def day_in_words(day: date) -> str:
    """A day where no element can stand, as in an attribute: "20 Nov", "20 nov."."""
    return date_in_words(day, FORMATS["day"])


@lru_cache(maxsize=2048)
def _day_in_words(day: date, pattern: str, language: str | None) -> str:
    """A list prints the same few days again and again."""
    if language == "fr":
        pattern = pattern.replace("M", "N").replace("j", r"j\e\r" if day.day == 1 else "j")
    return date_format(day, pattern)


def zone_in_words(local: datetime) -> str:
    """What stands behind a time that is not of the reader's own country: its place, or UTC."""
    name = str(local.tzinfo)
    if name == "UTC":
        return " UTC"
    return "" if name == timezone.get_current_timezone_name() else f" ({name.rpartition('/')[2].replace('_', ' ')})"


@register.simple_tag
def when(moment: datetime | date | None, style: str = "short", zone: str | None = None) -> SafeString | str:
    """A moment in the zone of the station (`zone`), else in the reader's; `style` is short, long, date, day or time."""
    if moment is None:
        return "–"
    if not isinstance(moment, datetime):
        day = date_in_words(moment, FORMATS["day" if style == "day" else "date"])
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), day)
    local = _local(moment, zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        f"{local:%Y-%m-%d %H:%M} {local.tzinfo}",
        moment_in_words(moment, style, zone) + ("" if style in ("date", "day") else zone_in_words(local)),
    )


@register.simple_tag
def period(start: datetime, end: datetime, zone: str | None = None) -> SafeString:
    """From one moment to another, with the date once when both are on one day, and whose time if not one's own."""
    first, last = _local(start, zone), _local(end, zone)
    pattern = "j F H:i" if first.year == last.year == timezone.localdate().year else "j F Y H:i"
    ends = {
        "start": _time_element(first, date_in_words(first, pattern)),
        "end": _time_element(last, date_in_words(last, "H:i" if first.date() == last.date() else pattern)),
    }
    words = _("%(start)s to %(end)s") % ends
    return mark_safe(words + escape(zone_in_words(last)))  # noqa: S308  both ends are elements made by format_html


def _time_element(local: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.simple_tag
def clock(due: datetime | None, whose: str = "", paused: bool = False, zone: str | None = None) -> SafeString | str:
    """What is left until `due`, and whose time it is; late and soon carry an own icon besides the colour."""
    if due is None:
        return ""
    left = due - timezone.now()
    words = {"time": in_words(left)}
    if paused:
        state, sign, text = "paused", "pause", _("clock paused")
    elif left < timedelta(0):
        state, sign, text = "late", "alert", _("late by %(time)s") % words
    else:
        state, sign, text = ("soon" if left < SOON else ""), "clock", _("%(time)s left") % words
    local = _local(due, zone)
    return format_html(
        '<time class="clock {}" datetime="{}" title="{}">{}{}</time>{}',
        state,
        local.isoformat(timespec="minutes"),
        _("until %(moment)s") % {"moment": f"{local:%Y-%m-%d %H:%M}"},
        icon(sign),
        text,
        format_html(' <span class="whose">· {}</span>', whose) if whose else "",
    )


@register.filter
def capped(count: int, cap: int = 1000) -> str:
    """A count that was cut off one above the cap, as "1,000+"."""
    text = number_format(min(count, cap), force_grouping=True)
    return f"{text}+" if count > cap else text


@register.simple_tag
def tel(number: object, label: str = "") -> SafeString:
    """A telephone number to tap, or a sentence that there is none; a function before it ("A, +236 …") stays text."""
    text = "" if number is None else str(number)  # once: a telephone number is looked at each time that it is written
    words = text if label is number else str(label)
    if not text:
        return format_html('<span class="soft">{}</span>', _("no telephone recorded"))
    function, comma, tail = text.rpartition(", ")
    if not any(sign.isdigit() for sign in tail):
        function, comma, tail = "", "", text
    dialled = "".join(sign for sign in tail if sign.isdigit() or sign == "+")
    shown = _in_groups(tail, number) if words in ("", text) else words
    link = format_html('<a class="tel" href="tel:{}">{}{}</a>', dialled, icon("phone"), shown)
    return format_html("{}{}{}", function, comma, link) if function and not words else link


def _in_groups(number: str, read: object = None) -> str:
    """A number that stands there without blanks, as it is read aloud; what somebody grouped themself stays so.

    `read` may be the same as it was read from the database: then it is not taken apart once more.
    """
    if not E164.fullmatch(number.strip()):
        return number
    try:
        found = read if isinstance(read, phonenumbers.PhoneNumber) else phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.simple_tag
def person_mark(user) -> str:
    """By which a browser knows whose words it keeps; it tells no row number and, in letters, looks like none."""
    return salted_hmac("cmcoord.ui.person", str(user.pk)).hexdigest()[:12].translate(LETTERS)


@register.simple_tag
def saved_at(moment: datetime | None) -> SafeString:
    """Says until when nothing can be lost; the autosave script keeps it current."""
    words = _("Saved at %(time)s") % {"time": moment_in_words(moment, "time")} if moment else _("Not saved yet")
    return format_html(
        '<p class="saved" role="status" data-saved="{}" data-unsaved="{}">{} <span>{}</span></p>',
        _("Saved at %(time)s") % {"time": "{time}"},
        _("Not saved: no connection. Your text stays on this page."),
        icon("check") if moment else "",
        words,
    )


@register.inclusion_tag("components/track.html")
def track(steps: list) -> dict:
    """The stages of a case; each step has label, detail and state (done, now, next, skipped, stopped)."""
    steps = list(steps)
    places = [index for index, step in enumerate(steps) if _of(step, "state") in ("now", "stopped")]
    place = places[0] if places else len(steps) - 1
    return {
        "steps": steps,
        "current": steps[place] if steps else None,
        "number": place + 1,
        "total": len(steps),
        "following": next((step for step in steps[place + 1 :] if _of(step, "state") == "next"), None),
    }


def _of(thing: object, name: str) -> object:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.inclusion_tag("components/acts.html", takes_context=True)
def acts(context: template.Context, choices: list) -> dict:
    """Buttons for what is possible; greyed with the reason what is not. A choice has label, url, why, kind, post."""
    choices = list(choices)
    return {
        "possible": [choice for choice in choices if not _of(choice, "why")],
        "refused": [choice for choice in choices if _of(choice, "why")],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: object) -> dict:
    """All errors of forms and formsets (or lists of them) in one box on top, each with a link to its field."""
    every = [each for form in forms for each in (form if isinstance(form, list) else [form])]
    return {"mistakes": [mistake for form in every if form is not None for mistake in _mistakes(form)]}


def _mistakes(form) -> list[dict]:
    if hasattr(form, "management_form"):
        rows = [mistake for row in form.forms for mistake in _mistakes(row)] if form.is_bound else []
        return [{"text": text, "target": ""} for text in form.non_form_errors()] + rows
    found = [{"text": text, "target": ""} for text in form.non_field_errors()] if form.is_bound else []
    for field in form:
        target = field.id_for_label or f"{field.auto_id}_0"
        label = str(field.label).rstrip(".:? \u00a0\u202f")
        found += [{"text": text, "label": label, "target": target} for text in field.errors]
    return found


@register.filter
def label_of_kind(kind: str) -> str:
    """The classes of a button of this kind: main (or nothing), line, danger."""
    return {"line": "btn line", "danger": "btn danger line"}.get(kind, "btn")


@register.simple_tag
def zone_name() -> str:
    """The time zone in which this page shows its times, e.g. "Africa/Bangui, UTC+1"."""
    now = timezone.localtime()
    hours = now.utcoffset() / timedelta(hours=1)
    return f"{now.tzinfo}, UTC{hours:+g}" if hours else "UTC"
