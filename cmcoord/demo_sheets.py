"""What stands in the execution sheet of a made-up convoy? Written as a requester of the demonstration would."""

import datetime as dt
from typing import Any

from cmcoord.accounts.models import User
from contacts.models import FleetDriver, FleetVehicle
from contacts.services import keep
from requests_app import execution_sheet
from requests_app.models import Case, ExecutionSheet
from requests_app.services import save_sheet

HOUR = dt.timedelta(hours=1)


def write(case: Case, *, by: User, at: dt.datetime) -> ExecutionSheet:
    """Every part of the sheet, as it is due before the escort is scheduled."""
    sheet = execution_sheet.sheet_of(case)
    answers, rows = _answers(case), _rows(case, by)
    return save_sheet(case, by=by, base_version=sheet.version, answers=answers, rows=rows, now=at)


def _answers(case: Case) -> dict[str, Any]:
    leaves = case.departure_at
    assert leaves is not None  # noqa: S101  every story has one
    return {
        "convoy_name": f"ALPHA {case.destination}".upper(),
        "leaves_at": leaves,
        "arrives_at": leaves + HOUR * 9,
        "return_leg": "not_escorted",
        "convoy_leader": "Logisticien, INGO Alpha",
        "leader_telephone": "+236 00 00 02 01",
        "focal_point": "Responsable de la logistique, INGO Alpha",
        "focal_telephone": "+236 00 00 02 02",
        "alternate": "Coordination terrain, INGO Alpha",
        "alternate_telephone": "+236 00 00 02 03",
        "names_needed": True,
        "handling": "Douze manutentionnaires à Bambari ; à l'arrivée, l'équipe du partenaire.",
        "consignee": f"Magasinier du partenaire à {case.destination}",
        "consignee_telephone": "+236 00 00 02 04",
        "cost_arrangement": "free",
        "comms_plan": "Radio HF canal humanitaire, point toutes les deux heures avec la base ; téléphone satellite en "
        "secours. Aucun canal commun avec l'escorte.",
        "casevac_plan": "Arrêt du convoi, premiers secours, puis hôpital le plus proche par notre ambulance. Appeler "
        "d'abord OCHA de permanence.",
        "escort_rules": ["no_weapons", "distance", "no_presence", "leader_stops", "no_searches"],
        "escort_distance": 500,
        "community_message": "Le convoi apporte des secours ; l'escorte ne participe pas à la distribution.",
        "authority_notified": "Sous-préfecture, la semaine précédente",
        "join_allowed": False,
        "security_ref": "TRIP-DEMO-12" if case.un_on_board else "",
        "programme_criticality": "pc1" if case.un_on_board else "",
    }


def _rows(case: Case, by: User) -> dict[str, list[dict[str, Any]]]:
    leaves, owner = case.departure_at, by.organisation.acronym
    assert leaves is not None  # noqa: S101  every story has one
    trucks = [
        {"kind": "heavy_truck", "plate": f"DEMO {number:03d} BG", "owner": owner, "marking": "Blanc, logo",
         "radio": "VHF", "moss": False, "tracker": True}
        for number in range(1, 5)
    ]  # fmt: skip
    cars = [
        {"kind": "4x4", "plate": f"DEMO {number:03d} CD", "owner": owner, "marking": "Blanc, drapeau",
         "radio": "HF, VHF, satellite", "moss": True, "tracker": True}
        for number in (11, 12)
    ]  # fmt: skip
    ways = {"arrives_at": leaves + HOUR * 4, "leaves_at": leaves + HOUR * 5, "overnight": False}
    return {
        "convoy_vehicles": [*cars, *trucks],
        "stops": [{"place": None, "spot": "Poste de contrôle à mi-chemin", **ways}],
        "staff": [{"organisation": owner, "function": "Chauffeurs, logistique, distribution", "count": 11}],
        "drivers": [
            {"name": f"Chauffeur fictif {number}", "organisation": owner, "id_number": f"D-{number}", "telephone": ""}
            for number in range(1, 7)
        ],
        "passengers": [],
        "cargo_lines": [
            {"description": "Articles de secours", "packaging": "cartons", "pieces": 2400, "weight_kg": 36_000,
             "volume_m3": None, "un_number": "", "temperature": "", "value_usd": 90_000},
            {"description": "Carburant des groupes", "packaging": "fûts de 200 l", "pieces": 20, "weight_kg": 3_400,
             "volume_m3": None, "un_number": "1202", "temperature": "", "value_usd": None},
        ],
    }  # fmt: skip


VEHICLES = (
    ("4x4", "DM 101 BG", "Blanc, logo sur les portes", "HF, VHF", True, True),
    ("4x4", "DM 102 BG", "Blanc, logo sur les portes", "VHF", True, False),
    ("heavy_truck", "DM 201 BG", "Blanc, bâche bleue", "", False, True),
)


def keep_fleet(user: User) -> None:
    """A small fleet, from which a sheet is filled with one tap; the drivers are made up."""
    fleet: dict[str, Any] = {"by": user, "organisation": user.organisation, "country": "CAF"}
    keep(FleetVehicle, rows=[dict(zip(FleetVehicle.kept, row, strict=True)) for row in VEHICLES], **fleet)
    drivers = [
        {"name": f"Chauffeur fictif {number}", "id_number": f"D-{number}", "telephone": f"+236 00 00 04 0{number}"}
        for number in (1, 2)
    ]
    keep(FleetDriver, rows=drivers, **fleet)
