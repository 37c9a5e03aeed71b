"""What has the force of the demonstration asked of humanitarians? One request for each way in which it can end."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from cmcoord.accounts.models import User
from cmcoord.places.models import DutyStation
from requests_app.models import ReverseRequest
from requests_app.services import file_reverse, move_reverse

DAY = dt.timedelta(days=1)
VACCINES = "Deux glacières de vaccins du Ministère pour le poste de santé de Bria."
CONDITIONS = {"conditions": ["window_only", "no_uniform_no_arms", "checked_before", "owner_stops"]}

Step = tuple[str, str, dict[str, Any]]
CONSENTED: tuple[Step, ...] = (
    ("receive", "ocha.bria", {}),
    ("consent", "req.bria", {"reason": "Départ avant midi seulement."}),
)
PUT: tuple[Step, ...] = (*CONSENTED, ("forward", "ocha.bria", {"aim": "humanitarian", "reason": "Aucun autre vol."}))
DONE: tuple[Step, ...] = (
    *PUT,
    ("validate", "hc.car", CONDITIONS),
    ("report", "force.u3", {}),
    ("review", "ocha.bria", {"as_agreed": True, "conditions_respected": True}),
)
# begun how many days ago, what is asked and declared, and what became of it
STORIES: tuple[tuple[float, dict[str, Any], tuple[Step, ...]], ...] = (
    (20, {"purpose_text": VACCINES}, DONE),
    (9, {"asset_wanted": "seat", "content": ["uniformed"], "purpose_kind": "administrative",
         "purpose_text": "Six places pour la relève."}, ()),
    (6, {"asset_wanted": "forklift", "content": ["none"], "purpose_kind": "administrative",
         "purpose_text": "Décharger un conteneur au camp."},
     (*CONSENTED, ("decline", "ocha.bria", {"reason": "Un besoin logistique du camp, sans but humanitaire."}))),
    (5, {"asset_wanted": "warehouse", "purpose_text": "Abriter des dons pour l'hôpital pendant trois jours."},
     (CONSENTED[0], ("refuse", "req.bria", {}))),
    (4, {"purpose_text": VACCINES}, (*PUT, ("deny", "hc.car", {"reason": "Un vol civil part deux jours plus tôt."}))),
    (3, {"asset_wanted": "data", "purpose_text": "La carte des points d'eau de la Haute-Kotto."},
     (("withdraw", "force.u3", {}),)),
    (1.5, {"purpose_text": VACCINES}, (*PUT, ("validate", "hc.car", CONDITIONS))),
    (1, {"asset_wanted": "clinic", "purpose_kind": "life_saving", "purpose_text": "Un blessé, soins d'urgence."},
     (*CONSENTED, ("forward", "ocha.bria", {"aim": "other", "reason": "Aucun hôpital militaire ouvert."}))),
    (0.5, {"asset_wanted": "water", "purpose_text": "De l'eau pour l'école voisine du camp."}, CONSENTED[:1]),
    (0.1, {"asset_wanted": "vehicle", "purpose_text": "Un camion pour les semences du Ministère."}, ()),
)  # fmt: skip


def ask_all(users: dict[str, User]) -> list[ReverseRequest]:
    """File each of them and walk it to its end by real moves."""
    return [_tell(users, began, asked, way) for began, asked, way in STORIES]


def _tell(users: dict[str, User], days_ago: float, asked: dict[str, Any], way: tuple[Step, ...]) -> ReverseRequest:
    now = timezone.now()
    began = now - DAY * days_ago
    starts = began + DAY * 4
    reverse = file_reverse(
        by=users["force.u3"],
        now=began,
        **{
            "station": DutyStation.objects.get(code="bria"),
            "owner": users["req.bria"].organisation,
            "client_key": uuid.uuid4(),
            "component": "U4 logistique, secteur Est",
            "asset_wanted": "cargo",
            "purpose_kind": "humanitarian",
            "content": ["none"],
            "starts_at": starts,
            "ends_at": starts + DAY,
            "place": "De Bangui à Bria",
            **asked,
        },
    )
    pause = min(DAY / 2, (now - began) / (len(way) + 1))
    for number, (code, who, facts) in enumerate(way, start=1):
        at = starts + DAY if code in ("report", "review") else began + pause * number
        move_reverse(reverse, code, by=users[who], now=at, **facts)
    reverse.refresh_from_db()
    return reverse
