"""What does a visitor of the demonstration find? Made-up people, and requests walked there by real moves."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cmcoord import (
    demo_bodies,
    demo_consultation,
    demo_meetings,
    demo_minutes,
    demo_patrol,
    demo_posts,
    demo_register,
    demo_rescue,
    demo_reverse,
    demo_sheets,
)
from cmcoord.accounts import reference_changes
from cmcoord.accounts import services as accounts
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import ROLES, Role
from cmcoord.activity.models import SmsNumber
from cmcoord.activity.sms_numbers import e164
from cmcoord.demo import ORGANISATIONS, PASSWORD, PEOPLE
from cmcoord.places.models import Axis, Country, DutyStation, Place
from cmcoord.places.positions import read
from contacts.models import Addressee, Force
from requests_app.figures import roll_up_recent
from requests_app.models import Case
from requests_app.services import make_move, save_answers, start_case
from requests_app.transmission import TEXTS

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CONDITIONS = ["area_only", "window_only", "no_arms_on_board", "marked_apart", "leader_stops", "report_in_7_days"]

# Of the force: function, made-up telephone, account or none.
CHAIN = (
    ("G3 secteur Est", "+236 00 00 03 01", "force.sector"),
    ("Centre des opérations de la Force", "+236 00 00 03 02", ""),
    ("Cellule CIMIC du quartier général (U9)", "+236 00 00 03 03", "force.u3"),
)
BY_SMS = ("req.bria", "ocha.bria", "ocha.bgi", "hc.car", "force.sector")

# The way to each state, as codes of moves; the facts of each stand in _facts below.
TO_REVIEW = ("submit", "review")
TO_CLEARING = (*TO_REVIEW, "advise_cluster", "security", "assess", "validate")
TO_DECIDING = (*TO_CLEARING, "draft_decision", "forward")
TO_APPROVED = (*TO_DECIDING, "approve")
TO_FORCE = (*TO_APPROVED, "decide_security", "transmit")
TO_SCHEDULED = (*TO_FORCE, "acknowledge", "accept", "schedule")
TO_ROAD = (*TO_SCHEDULED, "start", "force_start")
TO_END = (*TO_ROAD, "end", "force_end")


@dataclass(frozen=True)
class Story:
    """One request: who files it, when it began, how far it went, what is special about it."""

    author: str
    days_ago: float
    leaves_in: float
    route: tuple[str, str, str]
    need: str
    way: tuple[str, ...]
    people: int = 4200
    answers: dict[str, Any] = field(default_factory=dict)
    kind: str = "AE"


BRIA = ("Bambari", "Bria", "bambari-bria")
IPPY = ("Bambari", "Ippy", "bambari-bria")
BIRAO = ("Bria", "Birao", "bria-birao")
NZACKO = ("Bria", "Nzacko", "bria-nzacko")
STORIES = (
    Story("req.bria", 58, -44, BRIA,
          "Semences et outils pour 2 300 ménages autour de Bria avant les pluies.", (*TO_END, "close"), 11500),
    Story("req.bria", 40, -30, BRIA, "Médicaments pour trois postes de santé de Bria.", (*TO_REVIEW, "civilian"), 9000),
    Story("req.birao", 33, -20, BRIA, "Kits ménage pour des familles arrivées à Bria.", (*TO_DECIDING, "deny"), 1800),
    Story("req.birao", 30, -18, BIRAO, "Moustiquaires pour 1 400 ménages de Birao.", (*TO_END, "close"), 7000),
    Story("req.bria", 16, -4, NZACKO, "Food for 2,900 people displaced at Nzacko; two weeks of stock.", TO_END, 2900),
    Story("req.bria", 12, 0, IPPY, "Bâches et couvertures pour 900 familles à Ippy.", TO_ROAD, 4500),
    Story("req.bria", 9, 3, NZACKO, "Vaccins et chaîne du froid pour la campagne de Nzacko.", TO_SCHEDULED, 21000),
    Story("req.birao", 8, 6, BIRAO, "Farine et huile pour la cantine de huit écoles.",
          (*TO_FORCE, "acknowledge", "limit"), 3100),
    Story("req.bria", 7, 7, BRIA, "Nutrition supplies for 640 children under treatment.", TO_FORCE, 640),
    Story("req.bria", 6, 8, BRIA, "420 t of food for 31,000 people displaced around Bria; stocks end soon.",
          TO_DECIDING, 31000, {"vehicles": 12, "un_on_board": True}),
    Story("req.birao", 0.15, 2, IPPY, "Eau potable pour 2 000 personnes regroupées à Ippy : plus de forage.",
          (*TO_REVIEW, "security", "assess", "validate", "draft_decision", "forward"), 2000,
          {"urgency": "urgent", "un_on_board": True}),
    Story("req.bria", 3, 12, NZACKO, "Matériel d'abri pour 350 familles sinistrées.", TO_CLEARING, 1750),
    Story("req.bria", 2, 14, BRIA, "Carburant pour les groupes de l'hôpital de Bria.", (*TO_REVIEW, "return"), 45000),
    Story("req.bria", 0.3, 16, BRIA, "Rations pour 5 200 personnes au sud de Bria.", ("submit",), 5200),
    Story("req.bria", 5, 9, BRIA, "Vivres pour 12 000 personnes : la crue coupe la piste, nos camions ne passent plus.",
          TO_DECIDING, 12000,
          {"asset_category": "heavy_truck", "asset_quantity": 4, "risks": ["comparable"],
           "capability_needed": "90 tonnes de vivres de Bambari à Bria avant la fin du mois, par une piste inondée.",
           "risk_comparable": "Des camions commerciaux tout-terrain viendraient de Bangui, mais dans cinq semaines.",
           "exit_plan": "Dès que la piste porte de nouveau nos camions, au plus tard dans un mois."}, "MCDA-LOG"),
    Story("req.birao", 4, 15, BIRAO, "Le pont de la Yata est rompu : 8 000 personnes sans marché ni poste de santé.",
          TO_CLEARING, 8000,
          {"asset_category": "bridge", "asset_quantity": 1, "risks": ["none"],
           "capability_needed": "Un pont provisoire qui porte des camions de vingt tonnes jusqu'en avril.",
           "exit_plan": "Les Travaux publics reconstruisent le pont d'ici avril."}, "MCDA-INF"),
    Story("req.bria", 0.1, 18, BRIA, "Kits scolaires pour la rentrée à Bria.", (), 2600),
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill an empty demonstration with made-up people and requests."

    @transaction.atomic
    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Only with DEMO=1.")
        if User.objects.exists():
            raise CommandError("This portal has people already.")
        users = _people()
        self.stdout.write(f"  {len(users)} people (password {PASSWORD})")
        _chain(users)
        for story in STORIES:
            case = _tell(story, users)
            self.stdout.write(f"  {case.reference} {case.get_status_display()}")
        for tell in (demo_consultation.tell, demo_rescue.tell, demo_patrol.tell):
            case = tell(users)
            self.stdout.write(f"  {case.reference} {case.get_status_display()}")
        self.stdout.write(f"  {demo_register.rate(users)} statuses of forces")
        self.stdout.write(f"  {demo_posts.fill(users)} posts in the directory")
        self.stdout.write(f"  {demo_bodies.seat_all(users)} seats taken")
        self.stdout.write(f"  {demo_meetings.meet_all(users)} meetings")
        self.stdout.write(f"  {demo_minutes.write_all(users)} minutes")
        for reverse in demo_reverse.ask_all(users):
            self.stdout.write(f"  {reverse.reference} {reverse.get_status_display()}")
        for name in BY_SMS:  # afterwards: what is weeks old is told to nobody by SMS
            SmsNumber.objects.create(user=users[name], number=e164(users[name].telephone), confirmed_at=timezone.now())
        demo_sheets.keep_fleet(users["req.bria"])
        _delegate(users)
        roll_up_recent(days=90)


def _people() -> dict[str, User]:
    """The two administrators found the portal; they give and confirm every other right."""
    password = make_password(PASSWORD)
    for acronym, name, kind, country in ORGANISATIONS:
        organisation = Organisation.objects.create(acronym=acronym, name=name, org_type=kind)
        organisation.countries.add(country)
    organisations = {row.acronym: row for row in Organisation.objects.all()}
    users = {
        person.username: User(
            username=person.username,
            email=f"{person.username}@example.org",
            name=person.name,
            function_title=person.title,
            organisation=organisations[person.organisation],
            language=person.language,
            telephone=person.telephone,
        )
        for person in PEOPLE
    }
    accounts.found(users["admin"], users["admin2"])
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    for person in PEOPLE:
        user = users[person.username]
        user.password = password
        user.save()
        if person.role == Role.ADMIN:
            continue
        needs = ROLES[person.role].scope
        given = accounts.appoint(
            user=user,
            role=person.role,
            by=users["admin"],
            country=Country.objects.get(pk=person.country) if "country" in needs else None,
            station=DutyStation.objects.get(code=person.station) if person.station else None,
            cluster=person.cluster,
            starts=year_ago,
        )
        accounts.confirm_appointment(given, by=users["admin2"])
    return users


def _delegate(users: dict[str, User]) -> None:
    """The Head of Office decides on assets for a month."""
    held = users["hc.car"].appointments.get(role=Role.HC)
    accounts.give_delegation(
        held,
        delegate=users["hoo.car"],
        request_types=["MCDA-INF", "MCDA-LOG"],
        urgent_only=False,
        valid_from=held.today,
        valid_to=held.today + DAY * 30,
        document="HC/2026/07",
        by=users["hc.car"],
    )


def _chain(users: dict[str, User]) -> None:
    """To whom papers go in the force: the sector, the operations centre by telephone, the cell of the headquarters."""
    force = Force.objects.get(country="CAF", acronym="MINUSCA")
    for place, (function, telephone, account) in enumerate(CHAIN, start=1):
        row = Addressee(force=force, place=place, function=function, telephone=telephone, account=users.get(account))
        reference_changes.add(row, by=users["admin"])
        for proposal in reference_changes.waiting_for(row):
            reference_changes.confirm(proposal, by=users["admin2"])


def _tell(story: Story, users: dict[str, User]) -> Case:
    """Walk one request along its way, its moves spread between its beginning and now (or its departure)."""
    now = timezone.now()
    author, country = users[story.author], Country.objects.get(pk="CAF")
    begins, leaves = now - DAY * story.days_ago, _at_dawn(now + DAY * story.leaves_in, country)
    if "start" in story.way and leaves > now:
        leaves -= DAY
    station = author.appointments.get(role=Role.REQUESTER).station
    case = start_case(
        by=author, country=country, station=station, organisation=author.organisation, language=author.language,
        request_type=story.kind, now=begins,
    )  # fmt: skip
    case = save_answers(
        case, by=author, base_version=case.version, now=begins,
        answers=_answers(story, leaves), alternatives=_alternatives(story, begins),
    )  # fmt: skip
    before = [step for step in story.way if step not in ROAD]
    pause = (min(now, leaves - HOUR * 2) - begins) / (len(before) + 1)
    at = begins
    for step in story.way:
        at = leaves + ROAD[step] if step in ROAD else at + pause
        moment = at if step in ROAD else _in_office_hours(at, country)
        code, person, facts = _move(step, case, users, author, at)
        when = moment if moment < now else min(at, now)
        if step == "schedule":
            facts["sheet_version"] = demo_sheets.write(case, by=author, at=when).version
        make_move(case, code, by=person, now=when, **facts)
        case.refresh_from_db()
    return case


def _at_dawn(moment: dt.datetime, country: Country) -> dt.datetime:
    return moment.astimezone(country.zone).replace(hour=6, minute=0, second=0, microsecond=0)


def _in_office_hours(moment: dt.datetime, country: Country) -> dt.datetime:
    """The same order of things, between 8:00 and 15:30: people of a demonstration do not work at night."""
    local = moment.astimezone(country.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + HOUR * 8 + (local - midnight) / 24 * 7.5


# moves on the road, at their distance from the departure
ROAD = {
    "start": HOUR * 0,
    "force_start": HOUR / 4,
    "end": HOUR * 9,
    "force_end": HOUR * 10,
    "close": DAY * 3,
}


OF_AN_ESCORT = ("vehicles", "why_safer", "neutrality", "mitigation", "exit_plan")


def _answers(story: Story, leaves: dt.datetime) -> dict[str, Any]:
    """What the requester writes; of an asset what it is for, and nothing of a convoy."""
    found = _of_escort(story, leaves)
    if story.kind == "AE":
        return found
    if story.kind == "MCDA-INF":
        found |= dict.fromkeys(("origin", "destination")) | {"cargo": ""}
    return {name: value for name, value in found.items() if name in story.answers or name not in OF_AN_ESCORT}


def _of_escort(story: Story, leaves: dt.datetime) -> dict[str, Any]:
    origin, destination, axis = story.route
    return {
        "urgency": "routine",
        "need": story.need,
        "people": story.people,
        "critical_by": leaves + DAY * 6,
        "origin": Place.objects.get(name=origin, country="CAF"),
        "destination": Place.objects.get(name=destination, country="CAF"),
        "axis": Axis.objects.get(code=axis, country="CAF"),
        "departure_at": leaves,
        "window_to": leaves + DAY * 2,
        "rotations": 1,
        "vehicles": 6,
        "cargo": "Secours humanitaires seulement, selon le manifeste.",
        "no_weapons": True,
        "un_on_board": False,
        "force": Force.objects.get(acronym="MINUSCA"),
        "why_safer": "Deux embuscades sur l'axe ce mois-ci ; aucune contre un convoi accompagné.",
        "risks": ["perception"],
        "neutrality": "L'escorte sera vue de tous, et d'autres organisations empruntent cet axe sans escorte.",
        "mitigation": "Les communautés sont prévenues ; aucune présence militaire à la distribution.",
        "exit_plan": "Une seule rotation ; ensuite patrouilles sur l'axe, puis convois sans escorte.",
        "consent_force": True,
        **story.answers,
    }


def _alternatives(story: Story, begins: dt.datetime) -> list[dict[str, Any]]:
    day = timezone.localdate(begins) - DAY * 4
    if story.kind != "AE":
        return [
            {"option": "own_fleet", "asked_to": "", "tried_on": day, "outcome": "inadequate",
             "note": "Nos moyens ne suffisent pas."},
            {"option": "commercial", "asked_to": "Deux transporteurs de Bambari", "tried_on": day + DAY,
             "outcome": "late", "note": "Rien avant cinq semaines."},
        ]  # fmt: skip
    return [
        {
            "option": "patrol",
            "tried_on": day,
            "outcome": "late",
            "note": "La prochaine patrouille est dans trois semaines.",
        },
        {"option": "acceptance", "tried_on": day + DAY, "outcome": "inadequate", "note": "Aucune garantie après Ippy."},
        {"option": "air", "tried_on": day + DAY, "outcome": "unavailable", "note": "Le tonnage dépasse l'avion."},
    ]


def _limits(case: Case) -> dict[str, Any]:
    return {
        "force": case.force,
        "axis": case.axis,
        "area": case.area,
        "valid_from": case.departure_at - HOUR * 12,
        "valid_to": case.window_to + DAY,
        "rotations": case.rotations,
        "conditions": CONDITIONS,
        "condition_text": "",
    }


def _move(step: str, case: Case, users: dict[str, User], author: User, at: dt.datetime):
    """The move behind one step of a way: its code, who makes it, its facts."""
    bria, bangui, force = users["ocha.bria"], users["ocha.bgi"], users["force.u3"]
    reviewer = bria if case.station.code == "bria" else bangui
    security = ("advise_ngo", users["ngosec.car"], "De jour seulement ; contact radio toutes les heures.")
    if case.un_on_board:
        security = ("advise_security", users["undss.car"], "By day only; radio check every hour.")
    moves: dict[str, tuple[str, User, dict[str, Any]]] = {
        "submit": ("submit", author, {}),
        "review": ("review", reviewer, {}),
        "return": ("return", reviewer, {"reason": "Quelle date de départ au plus tard ? Qui conduit le convoi ?"}),
        "civilian": ("civilian", reviewer, {"reason": "Un transporteur de Bambari prend le chargement jeudi."}),
        "advise_cluster": ("advise_cluster", users["log.cluster"],
                           {"value": "endorsed", "text": "Aucun camion ni vol avant la fin des stocks."}),
        "security": (*security[:2], {"value": "measures", "text": security[2]}),
        "decide_security": ("decide_security", author, {"value": "favourable", "analysis": "ALPHA-SEC-12"}),
        "assess": ("assess", reviewer,
                   {"support_level": "indirect", "clusters": ["LOG"], "provider_kind": "peacekeepers",
                    "escort_mode": "distant", "need_met": "yes", "authorities_met": "partly", "safety_met": "yes",
                    "sustainability_met": "yes", "risk_without": "high", "risk_with": "medium",
                    "criteria_text": "Aucune force de l'État ne tient l'axe ; l'accord des communautés est acquis."}),
        "validate": ("validate", reviewer, {}),
        "draft_decision": ("draft_decision", bangui,
                           {"recommendation": "approved", "note": "One use; patrols follow on the axis.",
                            **_limits(case)}),
        "forward": ("forward", bangui, {}),
        "approve": ("approve", users["hc.car"], _limits(case)),
        "deny": ("deny", users["hc.car"],
                 {"reason_code": "civilian", "reason": "A partner in Ippy can distribute from stock."}),
        "transmit": ("transmit", reviewer,
                     {"task": f"Escort {case.vehicles} civilian trucks with relief goods from {case.origin} to "
                              f"{case.destination}, at a distance.",
                      "cargo": "Relief goods only, as in the manifest.",
                      "exit_plan": "One journey; then patrols on the axis, and convoys without escort.",
                      "confirmed": TEXTS["request"]}),
        "acknowledge": ("acknowledge", force, {}),
        "accept": ("accept", force, {}),
        "limit": ("limit", force, {"text": "By day only; escort as far as the Ippy checkpoint."}),
        "schedule": ("schedule", reviewer,
                     {"departure_at": case.departure_at, "rendezvous": "Eastern exit of Bambari",
                      "rendezvous_position": read("34N DM 67120 37450"),
                      "rendezvous_at": case.departure_at - HOUR, "leader": "Convoy leader, INGO Alpha",
                      "contact": "+236 00 00 02 01", "call_signs": "ALPHA 1"}),
        "start": ("start", author, {"happened_at": at}),
        "force_start": ("log", force, {"what": "start", "happened_at": at}),
        "end": ("log", author, {"what": "end", "happened_at": at}),
        "force_end": ("log", force, {"what": "end", "happened_at": at}),
        "close": ("close", author, {"nothing_to_report": True}),
    }  # fmt: skip
    return moves[step]
