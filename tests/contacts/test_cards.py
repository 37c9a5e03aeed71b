"""Does another program read back everything that a card was given?"""

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.cards import VERSIONS, cards, uid
from contacts.entries import Entry, Number
from tests.contacts.vcards import read

AT = dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC)
WHOLE = Entry(
    post=7,
    function="Chargée d’affaires humanitaires ; point focal, Bria",
    organisation="OCHA",
    station="Kaga-Bandoro",
    country="République centrafricaine",
    covers=("Ndélé", "Birao"),
    roles=("ocha_focal_point", "cell_chair"),
    mailbox="cmcoord-bria@example.org",
    duty_telephone="+23670000001",
    person=4,
    held=True,
    name="Élodie Ŋɔkɛ-Mɓoma, dite \\ la doyenne",
    languages=("fr", "sg"),
    telephones=(
        Number("+23672000002", "mobile", day_and_night=True, whatsapp=True),
        Number("+8821612345678", "satellite"),
        Number("+23621000003", "radio"),
    ),
    addresses=("e.n@example.org",),
    starts=dt.date(2026, 1, 2),
    ends=dt.date(2026, 12, 1),
    confirmed_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    remark="First line; with a comma, and\na second line",
)
FUNCTION = Entry(
    post=8, function="Duty officer", organisation="OCHA", station="Bangui", country="CAR", duty_telephone="+23670000009"
)


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_lost(version):
    [card] = read(cards([WHOLE], version=version, at=AT))
    assert card["VERSION"][0].text == version
    assert card["FN"][0].text == WHOLE.name
    assert card["N"][0].parts == [WHOLE.name, "", "", "", ""]
    assert card["ORG"][0].text == "OCHA"
    assert card["TITLE"][0].text == WHOLE.function
    assert card["ROLE"][0].text == "OCHA CMCoord focal point, Cell chair"
    assert card["ADR"][0].parts == ["", "", "", "Kaga-Bandoro", "", "", "République centrafricaine"]
    numbers = [one.text.removeprefix("tel:") for one in card["TEL"]]
    assert numbers == ["+23670000001", "+23672000002", "+8821612345678", "+23621000003"]
    kinds = [set(one.params["TYPE"].lower().split(",")) - {"pref"} for one in card["TEL"]]
    assert kinds == [
        {"work", "voice", "x-day-and-night"},
        {"cell", "voice", "x-day-and-night", "x-whatsapp"},
        {"voice", "x-satellite"},
        {"voice", "x-radio"},
    ]
    assert [one.text for one in card["EMAIL"]] == ["e.n@example.org", "cmcoord-bria@example.org"]
    assert [one.text for one in card["LANG" if version == "4.0" else "X-LANG"]] == ["fr", "sg"]
    note = card["NOTE"][0].text
    assert note.splitlines() == [
        "Covers: Ndélé, Birao",
        "In post from 2026-01-02 to 2026-12-01",
        "Confirmed on 2026-11-01",
        "First line; with a comma, and",
        "a second line",
        "Confidential: names and numbers are for coordination only.",
    ]
    assert card["REV"][0].text == "20261122T213000Z"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_function_without_a_person_is_a_card_too(version):
    [card] = read(cards([FUNCTION], version=version, at=AT))
    assert card["FN"][0].text == card["TITLE"][0].text == "Duty officer"
    assert card["TEL"][0].text.endswith("+23670000009")
    assert "EMAIL" not in card
    if version == "4.0":
        assert card["KIND"][0].text == "org"
    else:
        assert card["CLASS"][0].text == "PUBLIC"


def test_the_same_holder_is_the_same_card_each_time():
    assert uid(WHOLE) == uid(WHOLE)
    assert uid(WHOLE) != uid(FUNCTION)


def test_the_note_is_in_the_readers_language():
    with translation.override("fr"):
        [card] = read(cards([WHOLE], version="4.0", at=AT))
    assert "Couvre" in card["NOTE"][0].text


def test_an_unknown_version_is_refused():
    with pytest.raises(ValueError, match=r"2\.1"):
        cards([WHOLE], version="2.1", at=AT)


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=90), version=st.sampled_from(VERSIONS))
def test_no_name_breaks_a_card(name, version):
    entry = Entry(
        post=1, function="Officer", organisation="X", station="Y", country="Z", person=1, held=True, name=name
    )
    [card] = read(cards([entry], version=version, at=AT))
    assert set(card) == set(read(cards([WHOLE], version=version, at=AT))[0]) - {
        "ROLE",
        "TEL",
        "EMAIL",
        "LANG",
        "X-LANG",
    }
