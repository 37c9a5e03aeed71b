"""Which bodies does a new portal know, and which seats has each? From the sources of each country, with nobody in them.

The 13 cells and their members as CAR-CMC §10 names them, the cell of Bamako (ML-POS ¶4), the protection cluster of
Mali with its sub-clusters and groups (ML-PS §3). How often a cell meets is said where a source says it.
"""

from dataclasses import dataclass
from typing import Any

from cmcoord.places.models import DutyStation
from cmcoord.places.reference_data import add_missing
from contacts.models import Body, Category, Seat

K, C = Body.Kind, Category
CHAIR, CO_CHAIR, MEMBER, OBSERVER = Seat.Kind.CHAIR, Seat.Kind.CO_CHAIR, Seat.Kind.MEMBER, Seat.Kind.OBSERVER


@dataclass(frozen=True)
class Chair:
    """One seat by function; `kind` says at which end of the table."""

    kind: str
    english: str
    french: str
    category: str = Category.OTHER
    mandatory: bool = False
    several: bool = False


def _of(category: Category, english: str, french: str, kind: str = MEMBER) -> Chair:
    """The seat of a category of members, which several organisations share."""
    return Chair(kind, english, french, category, several=True)


OCHA_CHAIR = Chair(CHAIR, "OCHA (chair)", "OCHA (présidence)", C.OCHA, mandatory=True)
MEMBERS = (
    _of(C.INGO, "Heads of mission of INGOs", "Chefs de mission des ONGI"),
    _of(C.NNGO, "National NGOs", "ONG nationales"),
    _of(C.RED_CROSS, "Red Cross and Red Crescent Movement", "Mouvement Croix-Rouge et Croissant-Rouge"),
    _of(C.UN_AGENCY, "UN agencies, funds and programmes", "Agences, fonds et programmes des Nations Unies"),
    _of(C.UNHAS, "UNHAS", "UNHAS"),
    _of(C.INSO, "INSO", "INSO"),
    _of(C.CCO, "INGO coordination committee", "Comité de coordination des ONGI"),
    _of(C.LOGISTICS, "Logistics cluster", "Cluster Logistique"),
    _of(C.PROTECTION, "Protection cluster", "Cluster Protection"),
    _of(C.MISSION_POLICE, "Police of the mission (UNPOL, FPU)", "Police de la mission (UNPOL, UPC)"),
    _of(C.MISSION_CIVILIAN, "Civilian sections (JMAC, PoC)", "Sections civiles (JMAC, PdC)"),
    _of(C.DONOR, "Humanitarian donors", "Bailleurs humanitaires"),
    _of(C.UNDSS, "UNDSS", "UNDSS"),
    _of(C.SECURITY_FORCES, "Internal security forces", "Forces de sécurité intérieure"),
    _of(C.AUTHORITIES, "Local authorities", "Autorités locales"),
)  # fmt: skip
CELL = (
    OCHA_CHAIR,
    Chair(CO_CHAIR, "Force operations (G3, U3/U35)", "Opérations de la Force (G3, U3/U35)", C.MISSION_MILITARY, True),
    *MEMBERS,
)
# In Bangui also EUTM and the French detachment (CAR-CMC §10); observers of the terms of 2015.
BANGUI = (
    *CELL,
    _of(C.EUTM, "EU training mission (EUTM)", "Mission de formation de l’UE (EUTM)"),
    _of(C.BILATERAL, "French Operational Support Detachment", "Détachement français d’appui opérationnel"),
    _of(C.RED_CROSS, "ICRC", "CICR", OBSERVER),
    _of(C.DONOR, "ECHO", "ECHO", OBSERVER),
)
# Each of the four is needed: without one of them the liaison of the cell has a hole (ML-POS ¶4).
BAMAKO = (
    Chair(CHAIR, "Overall coordination (OCHA)", "Coordination globale (OCHA)", C.OCHA, mandatory=True),
    Chair(MEMBER, "Armed forces", "Forces armées", C.ARMED_FORCES, mandatory=True, several=True),
    Chair(MEMBER, "Security", "Sécurité", C.UNDSS, mandatory=True),
    Chair(MEMBER, "Logistics", "Logistique", C.UN_AGENCY, mandatory=True),
)
HCT = (
    Chair(CHAIR, "Humanitarian Coordinator", "Coordonnateur humanitaire", C.UN_AGENCY, mandatory=True),
    *MEMBERS[:4],
    _of(C.CCO, "INGO coordination", "Coordination des ONGI"),
    _of(C.DONOR, "Donors", "Bailleurs", OBSERVER),
)
ICCG = (OCHA_CHAIR, Chair(MEMBER, "Cluster coordinators", "Coordonnateurs des clusters", several=True))
GENERAL = (OCHA_CHAIR, *MEMBERS[:4])
LEAD = "Lead agency", "Agence chef de file"


def _led(category: str = C.UN_AGENCY, *more: Chair) -> tuple[Chair, ...]:
    return (Chair(CHAIR, *LEAD, category, mandatory=True), *more)


CO_LEAD = Chair(CO_CHAIR, "Co-facilitator (NGO)", "Co-facilitation (ONG)", C.INGO)
PARTNERS = _of(C.OTHER, "Partners", "Partenaires")
GROUP = (*_led(), PARTNERS)
ADVISORY = (
    Chair(CHAIR, "Coordination of the cluster", "Coordination du cluster", mandatory=True),
    Chair(MEMBER, "Child protection", "Protection de l’enfance", C.UN_AGENCY),
    Chair(MEMBER, "Gender-based violence", "Violences basées sur le genre", C.UN_AGENCY),
    Chair(MEMBER, "Mine action", "Lutte antimines humanitaire"),
    Chair(MEMBER, "Population movement", "Mouvement de population"),
    Chair(MEMBER, "OCHA", "OCHA", C.OCHA),
    _of(C.NNGO, "Two national NGOs", "Deux ONG nationales"),
    _of(C.INGO, "Two international NGOs", "Deux ONG internationales"),
    Chair(MEMBER, "Authorities (social development)", "Autorités (développement social)", C.AUTHORITIES),
    _of(C.MISSION_CIVILIAN, "PoC and human rights sections", "Sections PdC et droits de l’homme", OBSERVER),
    _of(C.RED_CROSS, "ICRC", "CICR", OBSERVER),
    _of(C.DONOR, "Donors", "Bailleurs", OBSERVER),
)


@dataclass(frozen=True)
class Known:
    """One body as the sources name it; `under` is the English name of the one that it belongs to."""

    country: str
    kind: str
    english: str
    french: str
    seats: tuple[Chair, ...]
    station: str = ""
    under: str = ""
    every: str = ""
    switches: tuple[str, ...] = ()


def _cell(name: str, code: str, seats: tuple[Chair, ...] = CELL, country: str = "CAF", **more: Any) -> Known:
    of = f"d’{name}" if name[0] in "AO" else f"de {name}"
    return Known(country, K.CELL, f"CMCoord cell, {name}", f"Cellule CMCoord {of}", seats, code, **more)


CLUSTER = "Protection cluster"
REGIONS = (("Mopti", "mopti"), ("Gao", "gao"), ("Tombouctou", "tombouctou"))
BODIES = (
    *(
        Known(country, K.HCT, "Humanitarian Country Team", "Équipe humanitaire pays", HCT, every="month")
        for country in ("CAF", "MLI")
    ),
    *(
        Known(
            country, K.ICCG, "Inter-cluster coordination group", "Coordination inter-clusters", ICCG,
            under="Humanitarian Country Team",
        )
        for country in ("CAF", "MLI")
    ),
    _cell("Bangui", "bangui", BANGUI, every="week"),
    *(
        _cell(name, name.lower())
        for name in (
            "Alindao", "Bambari", "Bangassou", "Batangafo", "Birao", "Bocaranga", "Bossangoa", "Bouar", "Bria",
            "Kaga-Bandoro", "Obo", "Paoua",
        )
    ),
    _cell("Bamako", "bamako", BAMAKO, country="MLI", switches=("security_forces",)),
    Known("MLI", K.COORDINATION, "General coordination", "Coordination générale", GENERAL),
    Known(
        "MLI", K.ACCESS_GROUP, "Humanitarian access working group", "Groupe de travail sur l’accès humanitaire",
        (OCHA_CHAIR, Chair(CO_CHAIR, "NGO (co-chair)", "ONG (coprésidence)", C.INGO, mandatory=True), PARTNERS),
        under="Inter-cluster coordination group",
    ),
    Known(
        "MLI", K.WORKING_GROUP, "Accountability working group", "Groupe de travail sur la redevabilité",
        (Chair(CHAIR, "Chair", "Présidence", mandatory=True), PARTNERS), under="Inter-cluster coordination group",
    ),
    Known(
        "MLI", K.CLUSTER, CLUSTER, "Cluster Protection", (*_led(C.UN_AGENCY, CO_LEAD), PARTNERS),
        under="Inter-cluster coordination group", every="month",
    ),
    *(
        Known(
            "MLI", K.CLUSTER, f"{CLUSTER}, {name}", f"Cluster Protection, {name}", GROUP, station, CLUSTER, "month"
        )
        for name, station in REGIONS
    ),
    *(
        Known("MLI", kind, english, french, GROUP, under=CLUSTER)
        for kind, english, french in (
            (K.SUB_CLUSTER, "Sub-cluster on gender-based violence", "Sous-cluster Violences basées sur le genre"),
            (K.SUB_CLUSTER, "Sub-cluster on child protection", "Sous-cluster Protection de l’enfance"),
            (K.WORKING_GROUP, "Population movement commission", "Commission mouvement de population"),
            (K.WORKING_GROUP, "Working group on mine action", "Groupe de travail Lutte antimines humanitaire"),
            (K.WORKING_GROUP, "Working group on civil documentation", "Groupe de travail Documentation civile"),
        )
    ),
    *(
        Known(
            "MLI", K.WORKING_GROUP, f"Working group on social cohesion, {name}",
            f"Groupe de travail Cohésion sociale, {name}", GROUP, station, f"{CLUSTER}, {name}",
        )
        for name, station in REGIONS
    ),
    Known(
        "MLI", K.ADVISORY_GROUP, "Strategic advisory group", "Groupe consultatif stratégique", ADVISORY, under=CLUSTER,
        switches=("authorities",),
    ),
)  # fmt: skip


def load_bodies() -> int:
    """Add the bodies that are missing, each with its seats; returns how many rows. Four queries, one for each level."""
    stations = dict(DutyStation.objects.values_list("code", "pk"))
    there = {(country, name) for country, name in Body.objects.values_list("country", "name_en")}
    new = [known for known in BODIES if (known.country, known.english) not in there]
    added = 0
    while new:
        keys = {(country, name): pk for country, name, pk in Body.objects.values_list("country", "name_en", "pk")}
        ready = [known for known in new if not known.under or (known.country, known.under) in keys]
        if not ready:
            break
        added += add_missing(Body, ["country_id", "name_en"], [_body(known, stations, keys) for known in ready])
        new = [known for known in new if known not in ready]
    return added + _load_seats({(known.country, known.english) for known in BODIES} - there)


def _body(known: Known, stations: dict[str, int], keys: dict[tuple[str, str], int]) -> Body:
    return Body(
        kind=known.kind,
        name_en=known.english,
        name_fr=known.french,
        country_id=known.country,
        station_id=stations[known.station] if known.station else None,
        parent_id=keys[known.country, known.under] if known.under else None,
        stage=Body.Stage.ACTIVE,
        rules=dict.fromkeys(known.switches, True),
        cadence={"every": known.every} if known.every else None,
    )


def _load_seats(names: set[tuple[str, str]]) -> int:
    """The seats of the bodies that were just added; seats that OCHA closed since do not come back."""
    keys = {(country, name): pk for country, name, pk in Body.objects.values_list("country", "name_en", "pk")}
    rows = [
        Seat(
            body_id=keys[known.country, known.english], kind=chair.kind, function_en=chair.english,
            function_fr=chair.french, category=chair.category, mandatory=chair.mandatory, several=chair.several,
            order=order,
        )
        for known in BODIES
        if (known.country, known.english) in names
        for order, chair in enumerate(known.seats, start=1)
    ]  # fmt: skip
    return len(Seat.objects.bulk_create(rows))
