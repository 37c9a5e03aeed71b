"""Which forces does a new portal know? Dated rows without a rating."""

import datetime as dt

from cmcoord.accounts.models import Organisation
from cmcoord.places.reference_data import add_missing
from contacts.models import Force

ENGLISH = ("MINUSCA", "MINUSMA")  # forces whose headquarters work in English; all others read French

FORCES = [
    # organisation's acronym, country, acronym, name, category, present from, present until
    ("MINUSCA", "CAF", "MINUSCA", "MINUSCA Force", "mission_military", dt.date(2014, 9, 15), None),
    ("MINUSCA UNPOL", "CAF", "UNPOL", "MINUSCA Police (UNPOL, FPU)", "mission_police", dt.date(2014, 9, 15), None),
    ("EUTM RCA", "CAF", "EUTM RCA", "EU Training Mission in CAR", "bilateral", dt.date(2016, 7, 16), None),
    ("FACA", "CAF", "FACA", "Central African Armed Forces", "host_army", None, None),
    ("MINUSMA", "MLI", "MINUSMA", "MINUSMA Force", "mission_military", dt.date(2013, 7, 1), dt.date(2023, 12, 31)),
    ("FAMa", "MLI", "FAMa", "Malian Armed Forces", "host_army", None, None),
]


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
                name=name,
                category=category,
                language="en" if acronym in ENGLISH else "fr",
                active_from=since,
                active_to=until,
            )
            for organisation, country, acronym, name, category, since, until in FORCES
        ],
    )
