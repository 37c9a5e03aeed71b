"""Positions as people write them, compared with the NGA's own code for the military grid (GEOTRANS, package mgrs)."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import mgrs
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cmcoord.activity.barrier import Side
from cmcoord.places.extents import EXTENTS, is_inside, is_near
from cmcoord.places.models import Place
from cmcoord.places.positions import HUNDRED, KILOMETRE, LONGEST, METRE, STORED, TEN, Position, Unreadable, read

GEOTRANS = mgrs.MGRS()
DEGREE = 111_320  # metres of latitude
LATITUDES = st.decimals(-79, 83, places=6)  # the whole of each square lies between the poles
LONGITUDES = st.decimals(-180, 180, places=6)


def at(latitude: str, longitude: str, metres: int = METRE) -> Position:
    return Position(Decimal(latitude), Decimal(longitude), metres)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Good enough for neighbours; the date line is one meridian."""
    north = (one[0] - other[0]) * DEGREE
    east = ((one[1] - other[1] + 180) % 360 - 180) * DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def place_of(position: Position) -> tuple[float, float]:
    return float(position.latitude), float(position.longitude)


def points(number: int) -> list[tuple[float, float]]:
    """A tenth from all over the world, the rest from the portal's countries and their neighbours; always the same."""
    dice = random.Random(20261122)
    world = [(dice.uniform(-80, 84), dice.uniform(-180, 180)) for _ in range(number // 10)]
    boxes = [box for extent in EXTENTS.values() for box in (extent.own, extent.own, *extent.neighbours)]
    rest = [boxes[turn % len(boxes)] for turn in range(number - len(world))]
    return world + [(dice.uniform(box.south, box.north), dice.uniform(box.west, box.east)) for box in rest]


# ── against another implementation ───────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_points_agree_to_a_metre_with_another_implementation():
    differing = 0
    for latitude, longitude in points(10_000):
        position = at(f"{latitude:.6f}", f"{longitude:.6f}")
        exact = place_of(position)
        theirs = GEOTRANS.toMGRS(*exact, MGRSPrecision=5)
        ours = position.mgrs.replace(" ", "")
        differing += ours != theirs.zfill(len(ours))
        for written in (position.decimal, position.dms):
            assert metres_between(place_of(read(written)), exact) < 1
        # Both read a reference as the middle of its square: what one wrote, the other reads at the same point.
        assert metres_between(GEOTRANS.toLatLon(ours), exact) < 1
        assert metres_between(place_of(read(theirs.zfill(len(ours)))), GEOTRANS.toLatLon(theirs)) < 1
    assert differing < 20, "the other one rounds up where half a millimetre is missing to the next metre"


@pytest.mark.parametrize(("metres", "digits"), [(METRE, 5), (TEN, 4), (HUNDRED, 3), (KILOMETRE, 2)])
def test_each_precision_agrees_with_another_implementation(metres, digits):
    for latitude, longitude in points(500):
        position = at(f"{latitude:.6f}", f"{longitude:.6f}", metres)
        theirs = GEOTRANS.toMGRS(*place_of(position), MGRSPrecision=digits)
        ours = position.mgrs.replace(" ", "")
        assert metres_between(GEOTRANS.toLatLon(ours), GEOTRANS.toLatLon(theirs)) <= metres * 1.5
        assert metres_between(place_of(read(ours)), GEOTRANS.toLatLon(ours)) < 1


# ── what one notation says, the others say ───────────────────────────────────────────────────────────────────────────


@given(LATITUDES, LONGITUDES, st.sampled_from([METRE, TEN, HUNDRED, KILOMETRE]), st.sampled_from(["en", "fr"]))
@settings(max_examples=300, deadline=None)
def test_what_is_printed_is_read_again(latitude, longitude, metres, language):
    position = Position(latitude, longitude, metres)
    with translation.override(language):
        again = [read(position.decimal), read(position.dms), read(position.mgrs)]
    for found in again:
        # minutes are twice as coarse as a kilometre, seconds three times as ten metres
        assert metres_between(place_of(found), place_of(position)) < 1.5 * metres
    assert metres_between(place_of(read(again[2].mgrs)), place_of(again[2])) < 1.5 * metres
    assert metres_between(place_of(read(position.whole)), place_of(position)) < metres


@given(st.text(max_size=120))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_position_or_a_sentence(text):
    try:
        position = read(text)
    except Unreadable as unreadable:
        assert str(unreadable)
    else:
        assert abs(position.latitude) <= 90 and abs(position.longitude) <= 180


SIGNS = "0123456789 .,;/°'\"′″NSEWOnsew+-ABCPQRM\u202e\u200f\u2066٣"


@given(st.text(SIGNS, max_size=50))
@settings(max_examples=600, deadline=None)
def test_whatever_is_typed_with_the_signs_of_positions(text):
    try:
        assert read(text).latitude == read(text).latitude.quantize(STORED)
    except Unreadable as unreadable:
        assert str(unreadable)


BAMBARI = at("5.765400", "20.678900", TEN)


@pytest.mark.parametrize(
    "text",
    [
        "5.7654, 20.6789",
        "5.7654,20.6789",
        "5,7654 20,6789",
        "5,7654; 20,6789",
        "5,7654, 20,6789",
        "5,7654,20,6789",
        "5.7654 / 20.6789",
        "N 5.7654 E 20.6789",
        "20,6789 E, 5,7654 N",
        "Nord 5,7654 Est 20,6789",
        "lat: 5.7654 lon: 20.6789",
        "+5.7654 +20.6789",
        "\t5.7654,\n20.6789 ",
        "５.７６５４, ２０.６７８９",
        "٥٫٧٦٥٤ ٢٠٫٦٧٨٩",
        "5.7654N20.6789E",
        "\u202e5.7654,\u202c \u200f20.6789\u2069\x00\x07",
    ],
)
def test_decimal_degrees_are_read_however_they_are_written(text):
    assert read(text) == BAMBARI


@pytest.mark.parametrize(
    "text",
    [
        "14°29′24,5″ N 4°10′48,2″ O",
        "14°29'24.5\"N, 4°10'48.2\"W",
        "14° 29' 24.5'' N  4° 10' 48.2'' W",
        "14 29 24.5 N 4 10 48.2 W",
        "N14°29’24,5” O4°10’48,2”",
        "4º10´48,2´´ Ouest 14º29´24,5´´ Nord",
        "142924.5N 0041048.2W",
        "142924,5N0041048,2O",
        "14°29'24.5\" -4°10'48.2\"",
        "14°29′24,5″\u202a N\u202c, 4°10′48,2″ O",
    ],
)
def test_degrees_minutes_and_seconds_are_read_with_point_and_comma(text):
    assert (read(text).latitude, read(text).longitude) == (Decimal("14.490139"), Decimal("-4.180056"))


@pytest.mark.parametrize(
    "text",
    [
        "34N BL 12345 67890",
        "34nbl1234567890",
        " 34 N B L 12345 67890",
        "MGRS: 34N-BL-12345-67890",
        "34N\u202e BL\u200b1234567890",
    ],
)
def test_a_grid_reference_is_read_with_and_without_blanks(text):
    assert (read(text).latitude, read(text).longitude) == (Decimal("5.132472"), Decimal("18.405463"))
    assert read(text).mgrs == "34N BL 12345 67890"


@pytest.mark.filterwarnings("ignore:Warning in .Convert_MGRS_To_Geodetic")
@pytest.mark.parametrize(
    ("text", "own_zone"),
    [
        ("33N ZF 67000 68000", "34N"),  # both from just beyond the border of their zone
        ("35N JF 50000 00000", "34N"),
        ("30Q ZF 99999 00000", "31Q"),
        ("28P HA 99999 99999", "29P"),
        ("29P QT 99999 99999", "29Q"),  # and of their band
        ("30S UD 48955 15596", "30S"),  # SUD is no direction here
        ("33P XP 00000 00000", "33P"),
    ],
)
def test_a_reference_of_another_zone_is_the_same_point(text, own_zone):
    assert metres_between(place_of(read(text)), GEOTRANS.toLatLon(text.replace(" ", ""))) < 1
    assert read(text).mgrs.startswith(own_zone)
    assert metres_between(place_of(read(read(text).mgrs)), place_of(read(text))) < 1


@pytest.mark.parametrize(
    ("text", "metres", "printed"),
    [
        ("34N DM 6444 3728", TEN, "34N DM 6444 3728"),
        ("34N DM 644 372", HUNDRED, "34N DM 644 372"),
        ("34N DM 64 37", KILOMETRE, "34N DM 64 37"),
        ("5.77, 20.67", KILOMETRE, "34N DM 63 37"),
        ("5°46' N 20°40' E", KILOMETRE, "34N DM 63 37"),
        ("5.765, 20.679", HUNDRED, "34N DM 644 372"),
    ],
)
def test_no_more_digits_are_printed_than_somebody_knew(text, metres, printed):
    assert (read(text).metres, read(text).mgrs) == (metres, printed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write it for example"),
        ("market of Bambari", "Write it for example"),
        ("5.77", "Write it for example"),
        ("5,77", "Write it for example"),
        ("5.77 N 20.67", "Write it for example"),
        ("5.77.3, 20.67", "Write it for example"),
        ("5.5°30' N 20°10' E", "Write it for example"),
        ("1" * 5000, "Write it for example"),
        ("<script>5.77, 20.67</script>", "Write it for example"),
        ("5, 20", "too coarse"),
        ("34N BL 1 2", "too coarse"),
        ("34N BL", "too coarse"),
        ("34N BL 12345 6789", "not 9"),
        ("34N BL 123456 123456", "not 12"),
        ("34N BI 12345 67890", "no square"),
        ("34N ZZ 12345 67890", "no square"),
        ("34S BL 12345 67890", "no square"),
        ("61N BL 12345 67890", "no square"),
        ("0N BL 12345 67890", "no square"),
        ("34I BL 12345 67890", "no square"),
        ("ZAB 12345 67890", "pole"),
        ("91.22, 20.67", "latitude goes from 0 to 90"),
        ("5.77, 200.67", "longitude goes from 0 to 180"),
        ("5.77 N 6.77 N", "the other the longitude"),
        ("5°75' N 20°10' E", "0 to 59"),
        ("5°45'60\" N 20°10' E", "0 to 59"),
        ("-5.77 S 20.67 E", "not both"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(text, said):
    with pytest.raises(Unreadable, match=said):
        read(text)


def test_west_is_written_as_the_reader_says_it():
    gao = at("16.271234", "-0.041234")
    assert gao.dms == "16°16′16.44″ N 0°02′28.44″ W"
    with translation.override("fr"):
        assert gao.dms == "16°16′16.44″ N 0°02′28.44″ O"


def test_sixty_seconds_are_a_minute():
    assert at("5.999999", "20.999999").dms == "6°00′00.00″ N 21°00′00.00″ E"
    assert at("5.999", "20.999", KILOMETRE).dms == "6°00′ N 21°00′ E"


def test_near_the_pole_there_is_no_reference():
    pole = at("89.123456", "20.123456")
    assert (pole.mgrs, str(pole)) == ("", "89.12346, 20.12346")


def test_a_value_for_a_paper_comes_back_whole():
    assert Position.frozen(BAMBARI.as_value()) == BAMBARI


# ── where it may lie, and who may know it ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("country", "text", "inside", "near"),
    [
        ("CAF", "5.77, 20.67", True, True),
        ("CAF", "12.11, 15.04", False, True),  # N'Djamena
        ("CAF", "4.05, 9.70", False, True),  # Douala
        ("CAF", "12.64, -8.00", False, False),  # Bamako
        ("CAF", "20.67, 5.77", False, False),  # swapped
        ("MLI", "16.27, -0.04", True, True),
        ("MLI", "13.51, 2.11", True, True),  # Niamey lies in the box, though not in Mali
        ("MLI", "14.69, -17.44", False, True),  # Dakar
        ("MLI", "4.36, 18.55", False, False),  # Bangui
        ("XXX", "0.00, 0.00", True, True),
    ],
)
def test_a_point_lies_in_the_country_or_next_to_it(country, text, inside, near):
    assert (is_inside(read(text), country), is_near(read(text), country)) == (inside, near)


@pytest.mark.django_db
def test_every_place_of_the_reference_data_lies_in_its_country(reference):
    for place in Place.objects.exclude(latitude=None):
        assert is_inside(place.position, place.country_id)


@pytest.mark.django_db
def test_another_side_gets_a_place_to_a_kilometre(reference):
    place = Place.objects.get(name="Bambari")
    place.latitude, place.longitude = Decimal("5.765432"), Decimal("20.678912")
    assert place.position.mgrs == "34N DM 64450 37285"
    assert place.position_for(Side.HUMANITARIAN) == place.position
    for side in set(Side) - {Side.HUMANITARIAN}:
        known = place.position_for(side)
        assert (known.decimal, known.mgrs, known.metres) == ("5.77, 20.68", "34N DM 64 37", KILOMETRE)
    assert Place(name="Nzacko").position_for(Side.FORCE) is None


def test_a_long_text_is_refused_before_it_is_searched():
    with pytest.raises(Unreadable):
        read("5 " * LONGEST + "°" * 10_000)
