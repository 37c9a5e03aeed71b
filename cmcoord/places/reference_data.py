"""What does a new portal know of its countries? Rules, clocks, areas, places, stations and axes.

Rows are added where they are missing and never overwritten, so that an administrator's corrections stay. Positions and
codes that come from memory are marked as not verified; import the official boundary files before real use.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from cmcoord.places.models import (
    AdminArea,
    Axis,
    AxisPlace,
    Clock,
    Country,
    CountryProfile,
    DutyStation,
    Holiday,
    Place,
    folded,
)

COUNTRIES = [
    # code, English, French, zone, duty telephone of the national unit (not a real number)
    ("CAF", "Central African Republic", "République centrafricaine", "Africa/Bangui", "+236 00 00 00 00"),
    ("MLI", "Mali", "Mali", "Africa/Bamako", "+223 00 00 00 00"),
]

EVERY_TRANSPORT = [
    "weapons", "ammunition", "equipment", "uniformed", "plain_clothes", "goods", "detainees", "fuel"
]  # fmt: skip
PROFILES: list[dict[str, Any]] = [
    {
        "country_id": "CAF",
        "in_force_from": dt.date(2017, 10, 3),
        "decision_model": "hc_via_ocha",
        "escorts": "allowed",
        "strategy": "coexistence",
        "request_types": ["AE", "MCDA-LOG", "MCDA-INF", "EVAC", "MED", "AREA"],
        "reverse_requests": "on",
        "prohibited_transports": ["weapons", "ammunition", "equipment", "uniformed"],  # CAR-CMC §9.3
        "meetings": {
            "cell": ["military", "police", "civilian", "bilateral", "national", "authorities"],
            "general": ["civilian", "authorities", "donor"],
            "cluster": ["authorities"],
        },
        "languages": ["fr", "en"],
    },
    {
        "country_id": "MLI",
        "in_force_from": dt.date(2013, 2, 1),
        "decision_model": "hct_consensus",
        "escorts": "not_foreseen",
        "strategy": "coexistence",
        "request_types": ["AE", "MCDA-LOG", "MCDA-INF", "EVAC", "MED"],
        "consensus_types": ["AE"],  # ML-POS ¶6
        "consulted_types": ["MCDA-LOG", "MCDA-INF"],
        "members_needed": 3,
        "reverse_requests": "no_transport",
        "prohibited_transports": EVERY_TRANSPORT,  # ML-POS ¶5
        "meetings": {"cell": ["military", "police", "civilian", "bilateral", "national"], "general": ["donor"]},
        "languages": ["fr", "en"],
    },
]

HOUR, DAY = 60, 24 * 60
# Minutes for a request in CAR. Routine: working minutes, 40 h of 8 h days = 5 working days in all. Urgent: round
# the clock, cluster opinion skipped. The after-action review is counted round the clock at both paces.
ROUTINE = {
    "cluster": 8 * HOUR,
    "station": 8 * HOUR,
    "security": 8 * HOUR,
    "national": 4 * HOUR,
    "hc": 12 * HOUR,
    "transmission": 2 * HOUR,
    "acknowledgement": 2 * HOUR,
    "reply": 10 * HOUR,
    "scheduling": 4 * HOUR,
    "lead_time": 40 * HOUR,
}
URGENT = {
    "cluster": 0,
    "station": HOUR,
    "security": HOUR,
    "national": 30,
    "hc": 2 * HOUR,
    "transmission": 30,
    "acknowledgement": 30,
    "reply": 2 * HOUR,
    "scheduling": HOUR,
}
AFTER_ACTION = 7 * DAY
# An asset is asked for with three working days in all, the Humanitarian Coordinator with five hours of them.
ASSET_ROUTINE = ROUTINE | {"station": 6 * HOUR, "cluster": 6 * HOUR, "security": 6 * HOUR, "hc": 5 * HOUR,
                           "national": 3 * HOUR, "reply": 4 * HOUR, "lead_time": 24 * HOUR}  # fmt: skip
# A patrol goes from the duty station to the force: nobody decides, three working days in all. In Mali the country team
# has not said yet whether it wants them.
PATROL = {"station": 10 * HOUR, "acknowledgement": 2 * HOUR, "reply": 14 * HOUR, "lead_time": 24 * HOUR}
# In Mali the country team is consulted for 48 hours, urgently for 12, round the clock; the lead time stays five days.
MALI_ROUTINE = ROUTINE | {"national": 2 * HOUR, "hc": 2 * HOUR, "reply": 8 * HOUR, "scheduling": 2 * HOUR}
CONSULTATION = {"routine": 48 * HOUR, "urgent": 12 * HOUR}
CLOCKS: dict[str, dict[str, dict[str, int]]] = {
    # country: type of request: routine minutes in working hours; the urgent ones are the same everywhere
    "CAF": {
        "AE": ROUTINE,
        "MCDA-LOG": ASSET_ROUTINE,
        "MCDA-INF": ASSET_ROUTINE,
        "AREA": PATROL,
        "EVAC": URGENT,
        "MED": URGENT,
    },
    "MLI": {
        "AE": MALI_ROUTINE,
        "MCDA-LOG": MALI_ROUTINE,
        "MCDA-INF": MALI_ROUTINE,
        "EVAC": URGENT,
        "MED": URGENT,
    },
}

HOLIDAYS = {
    # fixed dates only: (month, day, English, French). Movable feasts are entered when they are announced.
    "CAF": [
        (1, 1, "New Year's Day", "Jour de l’an"),
        (3, 29, "Boganda Day", "Journée Boganda"),
        (5, 1, "Labour Day", "Fête du Travail"),
        (6, 30, "National Day of Prayer", "Journée nationale de prière"),
        (8, 13, "Independence Day", "Fête de l’Indépendance"),
        (8, 15, "Assumption Day", "Assomption"),
        (11, 1, "All Saints' Day", "Toussaint"),
        (12, 1, "National Day", "Fête nationale"),
        (12, 25, "Christmas Day", "Noël"),
    ],
    "MLI": [
        (1, 1, "New Year's Day", "Jour de l’an"),
        (1, 20, "Armed Forces Day", "Fête de l’Armée"),
        (3, 26, "Martyrs' Day", "Journée des Martyrs"),
        (5, 1, "Labour Day", "Fête du Travail"),
        (5, 25, "Africa Day", "Journée de l’Afrique"),
        (9, 22, "Independence Day", "Fête de l’Indépendance"),
        (12, 25, "Christmas Day", "Noël"),
    ],
}
HOLIDAY_YEARS = range(2025, 2036)

UNTIL_2020, SINCE_2021 = dt.date(2020, 12, 31), dt.date(2021, 1, 1)


@dataclass(frozen=True)
class Area:
    country: str
    kind: str
    name: str
    code: str
    verified: bool
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


def _prefecture(name, code, verified, since=None, until=None, kind="prefecture") -> Area:
    return Area("CAF", kind, name, code, verified, since, until)


def _region(name, code="", since=None, kind="region") -> Area:
    return Area("MLI", kind, name, code, False, since)


FEBRUARY_2023 = dt.date(2023, 2, 1)
AREAS = [
    # CAR: 16 prefectures and the autonomous commune of Bangui until 2020, 20 prefectures since 2021.
    _prefecture("Ombella-M'Poko", "CF11", True),
    _prefecture("Lobaye", "CF12", True),
    _prefecture("Mambéré-Kadéï", "CF21", False, until=UNTIL_2020),
    _prefecture("Mambéré-Kadéï", "CF21", False, since=SINCE_2021),
    _prefecture("Mambéré", "CF24", False, since=SINCE_2021),
    _prefecture("Nana-Mambéré", "CF22", True),
    _prefecture("Sangha-Mbaéré", "CF23", True),
    _prefecture("Ouham-Pendé", "CF31", False, until=UNTIL_2020),
    _prefecture("Ouham-Pendé", "CF31", False, since=SINCE_2021),
    _prefecture("Lim-Pendé", "CF34", True, since=SINCE_2021),
    _prefecture("Ouham", "CF32", False, until=UNTIL_2020),
    _prefecture("Ouham", "CF32", False, since=SINCE_2021),
    _prefecture("Ouham-Fafa", "CF33", True, since=SINCE_2021),
    _prefecture("Kémo", "CF41", False),
    _prefecture("Nana-Grébizi", "CF42", True),
    _prefecture("Ouaka", "CF43", False),
    _prefecture("Bamingui-Bangoran", "CF51", False),
    _prefecture("Haute-Kotto", "CF52", True),
    _prefecture("Vakaga", "CF53", True),
    _prefecture("Basse-Kotto", "CF61", False),
    _prefecture("Mbomou", "CF62", True),
    _prefecture("Haut-Mbomou", "CF63", True),
    _prefecture("Bangui", "CF71", True, until=UNTIL_2020, kind="commune"),
    _prefecture("Bangui", "CF71", True, since=SINCE_2021),
    # Mali: eight regions and the district; Ménaka and Taoudénit in practice since 2016; nine more by the law of 2023.
    _region("Kayes", "ML01"),
    _region("Koulikoro", "ML02"),
    _region("Sikasso", "ML03"),
    _region("Ségou", "ML04"),
    _region("Mopti", "ML05"),
    _region("Tombouctou", "ML06"),
    _region("Gao", "ML07"),
    _region("Kidal", "ML08"),
    _region("Bamako", "ML09", kind="district"),
    _region("Ménaka", "ML10", since=dt.date(2016, 1, 1)),
    _region("Taoudénit", since=dt.date(2016, 1, 1)),
    *[
        _region(name, since=FEBRUARY_2023)
        for name in (
            "Nioro", "Kita", "Dioïla", "Nara", "Bougouni", "Koutiala", "San", "Douentza", "Bandiagara"
        )
    ],
]  # fmt: skip

PLACES: dict[str, dict[str, tuple[str | None, str | None, str | None, bool]]] = {
    # name: (current area, latitude, longitude, position verified); a place without a position is still to be located
    "CAF": {
        "Bangui": ("Bangui", "4.36", "18.55", True),
        "Bambari": ("Ouaka", "5.77", "20.67", True),
        "Alindao": ("Basse-Kotto", "5.03", "21.21", False),
        "Bangassou": ("Mbomou", "4.74", "22.82", True),
        "Batangafo": ("Ouham-Fafa", "7.30", "18.28", False),
        "Bocaranga": ("Ouham-Pendé", "6.98", "15.64", False),
        "Bossangoa": ("Ouham", "6.49", "17.45", True),
        "Bouar": ("Nana-Mambéré", "5.94", "15.60", True),
        "Birao": ("Vakaga", "10.28", "22.79", False),
        "Bria": ("Haute-Kotto", "6.54", "21.99", True),
        "Kaga-Bandoro": ("Nana-Grébizi", "7.00", "19.18", True),
        "Obo": ("Haut-Mbomou", "5.40", "26.49", False),
        "Paoua": ("Lim-Pendé", "7.24", "16.44", False),
        "Zémio": ("Haut-Mbomou", "5.03", "25.14", False),
        "Berbérati": ("Mambéré-Kadéï", "4.26", "15.79", True),
        "Ndélé": ("Bamingui-Bangoran", "8.41", "20.65", False),
        "Mobaye": ("Basse-Kotto", "4.32", "21.18", False),
        "Sibut": ("Kémo", "5.73", "19.08", False),
        "Mbaïki": ("Lobaye", "3.87", "17.99", False),
        "Carnot": ("Mambéré", "4.94", "15.87", False),
        "Bimbo": ("Ombella-M'Poko", "4.33", "18.52", False),
        "Boali": ("Ombella-M'Poko", "4.80", "18.13", False),
        "Bozoum": ("Ouham-Pendé", "6.32", "16.38", False),
        "Nola": ("Sangha-Mbaéré", "3.53", "16.04", False),
        "Ippy": ("Ouaka", "6.27", "21.20", False),
        "Nzacko": ("Mbomou", None, None, False),
        "Bakouma": ("Mbomou", "5.70", "22.78", False),
        "Baoro": ("Nana-Mambéré", "5.66", "15.97", False),
        "Béloko": ("Nana-Mambéré", None, None, False),
        "Grimari": ("Ouaka", "5.73", "20.06", False),
        "Rafaï": ("Mbomou", "4.97", "23.93", False),
        "Ouandja": ("Vakaga", None, None, False),
    },
    "MLI": {
        "Bamako": ("Bamako", "12.64", "-8.00", True),
        "Kayes": ("Kayes", "14.44", "-11.44", True),
        "Koulikoro": ("Koulikoro", "12.86", "-7.56", False),
        "Sikasso": ("Sikasso", "11.32", "-5.67", True),
        "Ségou": ("Ségou", "13.43", "-6.27", True),
        "Mopti": ("Mopti", "14.49", "-4.18", True),
        "Tombouctou": ("Tombouctou", "16.77", "-3.01", True),
        "Gao": ("Gao", "16.27", "-0.04", True),
        "Kidal": ("Kidal", "18.44", "1.41", True),
        "Ménaka": ("Ménaka", "15.92", "2.40", False),
        "San": ("San", "13.30", "-4.90", True),
        "Koutiala": ("Koutiala", "12.39", "-5.46", True),
        "Bougouni": ("Bougouni", "11.42", "-7.48", True),
        "Douentza": ("Douentza", "15.00", "-2.95", False),
        "Bandiagara": ("Bandiagara", "14.35", "-3.61", False),
        "Sévaré": ("Mopti", None, None, False),
        "Bankass": (None, None, None, False),
        "Koro": (None, None, None, False),
        "Boni": (None, None, None, False),
        "Mondoro": (None, None, None, False),
        "Gossi": (None, None, None, False),
        "Ansongo": ("Gao", None, None, False),
        "Anderamboukane": ("Ménaka", None, None, False),
        "Gourma-Rharous": ("Tombouctou", None, None, False),
        "Bourem": ("Gao", None, None, False),
        "Niono": ("Ségou", None, None, False),
        "Macina": ("Ségou", None, None, False),
        "Boulkessy": (None, None, None, False),
        "Indelimane": (None, None, None, False),
        "Ogossagou": (None, None, None, False),
        "Borko": (None, None, None, False),
        "Socoura": (None, None, None, False),
    },
}


@dataclass(frozen=True)
class Station:
    """A place of the flyer of 2020. Who covers whom is our proposal, editable."""

    country: str
    place: str
    code: str
    covered_by: str = ""


STATIONS = [
    Station("CAF", "Bangui", "bangui"),
    Station("CAF", "Bambari", "bambari"),
    Station("CAF", "Alindao", "alindao", covered_by="bambari"),
    Station("CAF", "Bangassou", "bangassou"),
    Station("CAF", "Batangafo", "batangafo"),
    Station("CAF", "Bocaranga", "bocaranga"),
    Station("CAF", "Bossangoa", "bossangoa", covered_by="batangafo"),
    Station("CAF", "Bouar", "bouar"),
    Station("CAF", "Birao", "birao", covered_by="bria"),
    Station("CAF", "Bria", "bria"),
    Station("CAF", "Kaga-Bandoro", "kaga-bandoro"),
    Station("CAF", "Obo", "obo", covered_by="zemio"),
    Station("CAF", "Paoua", "paoua", covered_by="bocaranga"),
    Station("CAF", "Zémio", "zemio", covered_by="bangassou"),
    Station("CAF", "Berbérati", "berberati", covered_by="bouar"),
    Station("MLI", "Bamako", "bamako"),
    Station("MLI", "Mopti", "mopti"),
    Station("MLI", "Tombouctou", "tombouctou"),
    Station("MLI", "Gao", "gao"),
]

AXES = [
    # country, code, name, places in order
    ("CAF", "msr1", "MSR1 Bangui–Bouar–Béloko", ["Bangui", "Boali", "Baoro", "Bouar", "Béloko"]),
    ("CAF", "bambari-bria", "Bambari–Ippy–Bria", ["Bambari", "Ippy", "Bria"]),
    ("CAF", "bangui-bambari", "Bangui–Sibut–Bambari", ["Bangui", "Sibut", "Grimari", "Bambari"]),
    ("CAF", "bangassou-obo", "Bangassou–Zémio–Obo", ["Bangassou", "Rafaï", "Zémio", "Obo"]),
    ("CAF", "kaga-batangafo", "Kaga-Bandoro–Batangafo", ["Kaga-Bandoro", "Batangafo"]),
    ("CAF", "bossangoa-paoua", "Bossangoa–Paoua", ["Bossangoa", "Paoua"]),
    ("CAF", "bria-nzacko", "Bria–Nzacko", ["Bria", "Nzacko"]),
    ("CAF", "bria-birao", "Bria–Birao", ["Bria", "Ouandja", "Birao"]),
    ("MLI", "mopti-mondoro", "Mopti–Douentza–Boni–Mondoro", ["Mopti", "Douentza", "Boni", "Mondoro"]),
    ("MLI", "mopti-tombouctou", "Mopti–Douentza–Tombouctou", ["Mopti", "Douentza", "Tombouctou"]),
    ("MLI", "mopti-gao", "Mopti–Gossi–Gao", ["Mopti", "Gossi", "Gao"]),
]


@transaction.atomic
def load_reference() -> int:
    """Add the rows that are missing; returns how many. About thirty queries, whatever is there already."""
    added = add_missing(
        Country,
        ["code"],
        [
            Country(code=code, name_en=english, name_fr=french, timezone=zone, national_unit_telephone=telephone)
            for code, english, french, zone, telephone in COUNTRIES
        ],
    )
    added += add_missing(
        CountryProfile,
        ["country_id", "version"],
        [CountryProfile(version=1, **facts) for facts in PROFILES],
    )
    added += _load_clocks()
    added += add_missing(Holiday, ["country_id", "date"], _holidays())
    added += add_missing(
        AdminArea,
        ["country_id", "kind", "name", "valid_from"],
        [
            AdminArea(
                country_id=area.country,
                kind=area.kind,
                name=area.name,
                code=area.code,
                code_verified=area.verified,
                valid_from=area.valid_from,
                valid_to=area.valid_to,
            )
            for area in AREAS
        ],
    )
    return added + _load_places() + _load_stations() + _load_axes()


def add_missing(model: type[models.Model], keys: list[str], rows: list) -> int:
    """Insert the rows whose key is not there yet, in one statement; existing rows are left alone."""
    known = set(model._default_manager.values_list(*keys))
    new = [row for row in rows if tuple(getattr(row, key) for key in keys) not in known]
    model._default_manager.bulk_create(new)
    return len(new)


def _load_clocks() -> int:
    profiles = {profile.country_id: profile for profile in CountryProfile.objects.filter(version=1)}
    return add_missing(
        Clock,
        ["profile_id", "request_type", "pace", "step"],
        [clock for country, types in CLOCKS.items() for clock in _clocks(profiles[country], types)],
    )


def _clocks(profile: CountryProfile, types: dict[str, dict[str, int]]) -> list[Clock]:
    """Every clock of one profile; a consultation runs round the clock, whatever the pace."""
    rows: list[tuple[str, str, str, int]] = []
    for kind, routine in types.items():
        rows += [(kind, "routine", step, minutes) for step, minutes in routine.items()]
        rows += [(kind, "urgent", step, minutes) for step, minutes in URGENT.items() if step in routine]
        for pace in Clock.Pace.values:
            rows.append((kind, pace, "after_action", AFTER_ACTION))
            if profile.decision_for(kind) in (profile.CONSENSUS, profile.CONSULTED):
                rows.append((kind, pace, "consultation", CONSULTATION[pace]))
    return [
        Clock(
            profile=profile,
            request_type=kind,
            pace=pace,
            step=step,
            minutes=minutes,
            round_the_clock=Clock.never_sleeps(kind, pace, step),
        )
        for kind, pace, step, minutes in rows
    ]


def _holidays() -> list[Holiday]:
    return [
        Holiday(country_id=country, date=dt.date(year, month, day), name_en=english, name_fr=french)
        for country, days in HOLIDAYS.items()
        for month, day, english, french in days
        for year in HOLIDAY_YEARS
    ]


def _load_places() -> int:
    areas = {(area.country_id, area.name): area.pk for area in AdminArea.objects.current()}
    return add_missing(
        Place,
        ["country_id", "name"],
        [
            Place(
                country_id=country,
                name=name,
                folded_name=folded(name),
                area_id=areas[country, area] if area else None,
                latitude=latitude,
                longitude=longitude,
                position_verified=verified,
            )
            for country, places in PLACES.items()
            for name, (area, latitude, longitude, verified) in places.items()
        ],
    )


def _load_stations() -> int:
    places = _places_by_name()
    known = set(DutyStation.objects.values_list("code", flat=True))
    added = add_missing(
        DutyStation,
        ["code"],
        [
            DutyStation(
                country_id=station.country,
                place_id=places[station.country, station.place],
                name=station.place,
                code=station.code,
                telephone=f"{'+236' if station.country == 'CAF' else '+223'} 00 00 01 {number:02}",
            )
            for number, station in enumerate(STATIONS, start=1)
        ],
    )
    by_code = {station.code: station for station in DutyStation.objects.all()}
    new = [line for line in STATIONS if line.code not in known and line.covered_by]
    for line in new:
        by_code[line.code].covered_by = by_code[line.covered_by]
    DutyStation.objects.bulk_update([by_code[line.code] for line in new], ["covered_by"])
    return added


def _load_axes() -> int:
    places = _places_by_name()
    rows = [Axis(country_id=country, code=code, name=name) for country, code, name, _stops in AXES]
    added = add_missing(Axis, ["country_id", "code"], rows)
    by_code = {(axis.country_id, axis.code): axis.pk for axis in Axis.objects.filter(stops=None)}
    return added + add_missing(
        AxisPlace,
        ["axis_id", "order"],
        [
            AxisPlace(axis_id=by_code[country, code], place_id=places[country, stop], order=order)
            for country, code, _name, stops in AXES
            if (country, code) in by_code
            for order, stop in enumerate(stops, start=1)
        ],
    )


def _places_by_name() -> dict[tuple[str, str], int]:
    return {(country, name): pk for country, name, pk in Place.objects.values_list("country_id", "name", "pk")}
