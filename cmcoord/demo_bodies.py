"""Who sits in the bodies of the demonstration, and where liaison is missing? Organisations only, some seats vacant."""

from __future__ import annotations

from cmcoord.accounts.models import Organisation, User
from cmcoord.places.models import AdminArea
from contacts.models import Body, Force, MissingLiaison, Seat
from contacts.services import note_liaison, take_seat

# body, kind of seat, its function in English ("" for the chairs), organisation
SEATS = (
    ("CMCoord cell, Bangui", "chair", "", "OCHA"),
    ("CMCoord cell, Bangui", "co_chair", "", "MINUSCA"),
    ("CMCoord cell, Bangui", "member", "EU training mission (EUTM)", "EUTM RCA"),
    ("CMCoord cell, Bangui", "observer", "ECHO", "ECHO"),
    ("CMCoord cell, Bria", "chair", "", "OCHA"),
    ("CMCoord cell, Bria", "co_chair", "", "MINUSCA"),
    ("CMCoord cell, Bria", "member", "Heads of mission of INGOs", "INGO Alpha"),
    ("CMCoord cell, Bria", "member", "UN agencies, funds and programmes", "WFP"),
    ("CMCoord cell, Bambari", "chair", "", "OCHA"),
    ("CMCoord cell, Bamako", "chair", "", "OCHA"),
    ("CMCoord cell, Bamako", "member", "Armed forces", "FAMa"),
    ("CMCoord cell, Bamako", "member", "Logistics", "WFP"),
    ("Protection cluster", "chair", "", "UNHCR"),
    ("Protection cluster", "co_chair", "", "INGO Gamma"),
    ("Sub-cluster on child protection", "chair", "", "UNICEF"),
    ("Inter-cluster coordination group", "chair", "", "OCHA"),
)
KEEPERS = {"CAF": "ocha.bgi", "MLI": "ocha.bko"}
MISSING = (
    ("Kayes", MissingLiaison.Wanted.OFFICER, "FAMa"),
    ("Sikasso", MissingLiaison.Wanted.OFFICER, "FAMa"),
    ("Ségou", MissingLiaison.Wanted.CELL, ""),
    ("Ménaka", MissingLiaison.Wanted.CELL, ""),
)
SOURCE = "Inventé pour la démonstration."


def seat_all(users: dict[str, User]) -> int:
    """Everybody takes a seat, and what is missing is written down; returns how many seats were taken."""
    organisations = {row.acronym: row for row in Organisation.objects.all()}
    taken = 0
    for name, kind, function, acronym in SEATS:
        for body in Body.objects.filter(name_en=name):
            seat = Seat.objects.get(body=body, kind=kind, **({"function_en": function} if function else {}))
            take_seat(seat, by=users[KEEPERS[body.country_id]], organisation=organisations[acronym])
            taken += 1
    for area, wanted, force in MISSING:
        note_liaison(
            by=users["ocha.bko"], area=AdminArea.objects.current().get(country="MLI", name=area), wanted=wanted,
            note=SOURCE, force=Force.objects.get(country="MLI", acronym=force) if force else None,
        )  # fmt: skip
    return taken
