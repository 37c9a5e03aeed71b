"""Which forces does a new portal know? Dated rows without a rating."""

import datetime as dt

from cmcoord.accounts.models import Organisation
from cmcoord.places.reference_data import add_missing
from contacts.models import Force

ENGLISH = (
    "MINUSCA",
    "MINUSMA",
    "AFISMA",
    "EUTM Mali",
)  # forces whose headquarters work in English; all others read French

BOUND, ENCOURAGED = Force.Bound.BOUND, Force.Bound.ENCOURAGED
# The guidelines of 2017 bind MINUSCA; bilateral forces and those of the State are encouraged (CAR-CMC §4). In Mali
# nobody signed any. Days as the mandates and the communiqués name them: MINUSMA resolution 2690 (2023), Serval and
# Barkhane (2013, 2014, 2022), AFISMA resolutions 2085 and 2100 (2012, 2013), G5 Sahel (2017, 2023), EUTM (2013, 2024).
FORCES = [
    # organisation's acronym, country, acronym, name in English and in French,
    # category, reach of the guidelines, present from, present until
    ("MINUSCA", "CAF", "MINUSCA", "MINUSCA Force", "Force de la MINUSCA",
     "mission_military", BOUND, dt.date(2014, 9, 15), None),
    ("MINUSCA UNPOL", "CAF", "UNPOL", "MINUSCA Police (UNPOL, FPU)", "Police de la MINUSCA (UNPOL, FPU)",
     "mission_police", BOUND, dt.date(2014, 9, 15), None),
    ("EUTM RCA", "CAF", "EUTM RCA", "EU Training Mission in CAR", "Mission de formation de l’UE en RCA",
     "bilateral", ENCOURAGED, dt.date(2016, 7, 16), None),
    ("FACA", "CAF", "FACA", "Central African Armed Forces", "Forces armées centrafricaines",
     "host_army", ENCOURAGED, None, None),
    ("AFISMA", "MLI", "AFISMA", "African-led Mission in Mali", "Mission internationale de soutien au Mali",
     "regional", ENCOURAGED, dt.date(2013, 1, 17), dt.date(2013, 6, 30)),
    ("Serval", "MLI", "Serval", "Operation Serval", "Opération Serval",
     "bilateral", ENCOURAGED, dt.date(2013, 1, 11), dt.date(2014, 7, 31)),
    ("Barkhane", "MLI", "Barkhane", "Operation Barkhane", "Opération Barkhane",
     "bilateral", ENCOURAGED, dt.date(2014, 8, 1), dt.date(2022, 8, 15)),
    ("FC-G5S", "MLI", "FC-G5S", "Joint Force of the G5 Sahel", "Force conjointe du G5 Sahel",
     "regional", ENCOURAGED, dt.date(2017, 7, 2), dt.date(2023, 12, 6)),
    ("EUTM Mali", "MLI", "EUTM Mali", "EU Training Mission in Mali", "Mission de formation de l’UE au Mali",
     "bilateral", ENCOURAGED, dt.date(2013, 2, 18), dt.date(2024, 5, 17)),
    ("MINUSMA", "MLI", "MINUSMA", "MINUSMA Force", "Force de la MINUSMA",
     "mission_military", ENCOURAGED, dt.date(2013, 7, 1), dt.date(2023, 12, 31)),
    ("FAMa", "MLI", "FAMa", "Malian Armed Forces", "Forces armées maliennes", "host_army", ENCOURAGED, None, None),
]  # fmt: skip


def load_forces() -> int:
    """Add the forces that are missing; returns how many. Their organisations must be there."""
    organisations = dict(Organisation.objects.values_list("acronym", "pk"))
    return add_missing(
        Force,
        ["country_id", "acronym", "active_from"],
        [
            Force(
                organisation_id=organisations[organisation],
                country_id=country,
                acronym=acronym,
                name_en=name_en,
                name_fr=name_fr,
                category=category,
                bound_by_guidelines=bound,
                language="en" if acronym in ENGLISH else "fr",
                active_from=since,
                active_to=until,
            )
            for organisation, country, acronym, name_en, name_fr, category, bound, since, until in FORCES
        ],
    )
