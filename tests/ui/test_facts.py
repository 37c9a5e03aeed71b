"""Do facts look as the reader expects: states, moments, clocks, counts, telephones?"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from cmcoord.ui.durations import in_words
from cmcoord.ui.templatetags import ui

NOW = dt.datetime(2026, 11, 20, 15, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def friday_afternoon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with translation.override("en"):
        yield


def shown(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"seconds": 20}, "less than a minute"),
        ({"minutes": 45}, "45 min"),
        ({"hours": 1, "minutes": 12}, "1 h 12 min"),
        ({"hours": 5}, "5 h"),
        ({"hours": 19, "minutes": 50}, "19 h"),
        ({"hours": 47, "minutes": 59}, "47 h"),
        ({"days": 2}, "2 days"),
        ({"days": -3}, "3 days"),
    ],
)
def test_a_length_of_time_is_rounded_to_what_matters(length, words):
    assert in_words(dt.timedelta(**length)) == words


def test_a_badge_always_holds_a_word():
    assert shown('{% badge "Returned" "amber" %}') == '<span class="badge amber">Returned</span>'


def test_a_badge_in_an_unknown_colour_is_a_mistake():
    with pytest.raises(ValueError, match="No badge is pink"):
        ui.badge("Returned", "pink")


def test_a_badge_escapes_its_word():
    assert "&lt;b&gt;" in ui.badge("<b>")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "today 16:05"),
        (NOW - dt.timedelta(days=1), "19 Nov 16:05"),
        (NOW - dt.timedelta(days=365), "20 Nov 2025 16:05"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_station(moment, words):
    assert ui.moment_in_words(moment, zone="Africa/Bangui") == words


def test_a_moment_without_zone_is_told_in_the_readers():
    with timezone.override("Africa/Bamako"):
        assert ">today 15:05</time>" in ui.when(NOW)


def test_a_moment_is_told_in_french():
    with translation.override("fr"):
        assert ui.moment_in_words(NOW, "long", "Africa/Bangui") == "vendredi 20 novembre 2026, 16:05"


def test_a_plain_date_has_no_time():
    assert ui.when(dt.date(2026, 11, 28)) == '<time datetime="2026-11-28">28 November 2026</time>'


def test_nothing_is_told_of_a_moment_that_is_not_there():
    assert ui.when(None) == "–"


def test_a_period_within_one_day_says_the_date_once():
    assert "20 November 16:05" in (text := ui.period(NOW, NOW + dt.timedelta(hours=2), "Africa/Bangui"))
    assert ">18:05</time>" in text


def test_a_period_of_another_country_says_whose_time_it_is():
    with timezone.override("Africa/Bangui"):
        assert ui.period(NOW, NOW, "Africa/Bangui").endswith("</time>") and ui.period(NOW, NOW).endswith("</time>")
        assert ui.period(NOW, NOW, "Africa/Bamako").endswith("</time> (Bamako)")


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (dt.timedelta(hours=19), "clock ", "19 h left"),
        (dt.timedelta(minutes=72), "clock soon", "1 h 12 min left"),
        (dt.timedelta(hours=-5), "clock late", "late by 5 h"),
    ],
)
def test_a_clock_says_what_is_left_in_words_and_in_colour(left, state, words):
    text = ui.clock(NOW + left)
    assert f'class="{state}"' in text
    assert words in text


def test_a_clock_says_whose_time_it_is():
    assert "· OCHA Bria" in ui.clock(NOW, whose="OCHA Bria")


def test_a_paused_clock_does_not_run_late():
    assert "clock paused" in (text := ui.clock(NOW - dt.timedelta(days=1), paused=True))
    assert "late" not in text


def test_without_a_due_time_there_is_no_clock():
    assert ui.clock(None) == ""


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (1001, "1,000+")])
def test_a_count_that_was_cut_off_says_so(count, text):
    assert ui.capped(count) == text


def test_a_telephone_number_can_be_tapped():
    assert 'href="tel:+23670000000"' in ui.tel("+236 70 00 00 00")


def test_a_function_before_a_number_is_read_and_never_dialled():
    text = ui.tel("G3, sector 2, +236 70 00 00 00")
    assert text.startswith("G3, sector 2, <a")
    assert 'href="tel:+23670000000"' in text
    assert 'href="tel:+23670000000"' in ui.tel("G3, sector 2, +236 70 00 00 00", "Call")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+23672000001", "+236 72 00 00 01"),
        ("+236 72000001", "+236 72000001"),
        ("+88216", "+88216"),
        ("+999123456789", "+999123456789"),
        ("72000001", "72000001"),
    ],
)
def test_a_telephone_number_is_shown_as_it_is_read_aloud(number, shown):
    for text in (ui.tel(number), ui.tel(number, number)):
        assert f"</svg>{shown}</a>" in text
    assert "</svg>Call</a>" in ui.tel(number, "Call")


def test_a_missing_telephone_is_said():
    assert "no telephone recorded" in ui.tel("")


STEPS = [{"label": "Submitted", "state": "done"}, {"label": "HC", "state": "now"}, {"label": "Force", "state": "next"}]


def test_the_stages_say_where_the_case_is_and_what_comes_next():
    text = shown("{% track steps %}", steps=STEPS)
    assert "Step 2 of 3 · HC" in text
    assert "Next: Force" in text
    assert text.count('aria-current="step"') == 1


def test_a_step_that_is_not_possible_stands_with_its_reason():
    choices = [{"label": "Approve", "url": "/a/"}, {"label": "Transmit", "url": "", "why": "The opinion is missing."}]
    text = shown("{% acts choices %}", choices=choices)
    assert '<a class="btn" href="/a/">Approve</a>' in text
    assert 'aria-disabled="true"' in text
    assert "The opinion is missing." in text


def test_many_impossible_steps_are_folded():
    text = shown("{% acts choices %}", choices=[{"label": f"Step {n}", "why": "Not yet."} for n in range(4)])
    assert "4 steps not available now" in text


def test_a_step_that_acts_at_once_is_a_form_with_its_token():
    choices = [{"label": "Recall", "url": "/recall/", "post": True}]
    text = shown("{% acts choices %}", choices=choices, csrf_token="abc")
    assert '<form method="post" action="/recall/">' in text
    assert 'value="abc"' in text


def test_the_frame_says_in_which_zone_times_are():
    with timezone.override("Africa/Bangui"):
        assert ui.zone_name() == "Africa/Bangui, UTC+1"


def test_a_time_that_is_not_of_the_readers_country_says_where():
    moment = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)
    with timezone.override(ZoneInfo("Africa/Bangui")):
        assert ">4 Mar 10:30<" in ui.when(moment)
        assert "10:30 (Bangui)" not in ui.when(moment, zone="Africa/Bangui")
        assert "09:30 (Bamako)<" in ui.when(moment, zone="Africa/Bamako")
        assert "(" not in ui.when(moment, "date", zone="Africa/Bamako").partition(">")[2]
    with timezone.override(ZoneInfo("UTC")):
        assert "09:30 UTC<" in ui.when(moment)
        assert "10:30 (Bangui)<" in ui.when(moment, zone="Africa/Bangui")
