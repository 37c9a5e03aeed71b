"""Who takes part in the tests? One fixture for each person, named by role. Functions all of them.

Each holds a confirmed appointment that began a month ago. `reference` brings the countries, stations, organisations
and forces; the people ask for it themselves. PASSWORD signs any of them in.
"""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.accounts.models import Appointment, DecisionDelegation, Organisation, StandIn, User
from cmcoord.accounts.roles import ROLES, Role
from cmcoord.management.bench.people import write_events
from cmcoord.places.models import Axis, Country, DutyStation, Place
from contacts.models import Force
from tests.cast import ON_STAGE

PASSWORD = "demo-portal"
MONTH = dt.timedelta(days=30)


@pytest.fixture
def reference(db):
    """Countries, stations, organisations and forces; tests/conftest.py wrote them before the first test."""


def make_person(username, *, organisation, name="", title="", language="en", telephone="") -> User:
    """An account without any right."""
    if username in ON_STAGE:
        return ON_STAGE[username]
    return User.objects.create_user(
        username,
        email=f"{username}@example.org",
        password=PASSWORD,
        name=name or username,
        function_title=title,
        organisation=organisation,
        language=language,
        telephone=telephone,
    )


def administrators() -> tuple[User, User]:
    """The two who gave and confirmed every right of the tests; they need not be administrators themselves for that."""
    if "admin" in ON_STAGE:
        return ON_STAGE["admin"], ON_STAGE["admin2"]
    found = {user.username: user for user in User.objects.filter(username__in=("admin", "admin2"))}
    for number, username in ((1, "admin"), (2, "admin2")):
        if username not in found:
            ocha = Organisation.objects.get(acronym="OCHA")
            found[username] = make_person(
                username, organisation=ocha, name=f"Administrator {number}", title="Portal administrator"
            )
    return found["admin"], found["admin2"]


def appointed(user, role, *, country="CAF", station=None, cluster="", starts=None, ends=None, confirmed=True):
    """An appointment as if two administrators had given and confirmed it; own rights of theirs confirm each other."""
    giver, confirmer = administrators()
    if user in (giver, confirmer):
        giver, confirmer = None, confirmer if user == giver else giver
    rule = ROLES[Role(role)]
    appointment = Appointment.objects.create(
        user=user,
        role=role,
        country=Country.objects.get(pk=country) if "country" in rule.scope else None,
        station=DutyStation.objects.get(code=station) if station else None,
        cluster=cluster,
        organisation=user.organisation if {"organisation", "force"} & set(rule.scope) else None,
        starts=starts or timezone.localdate() - MONTH,
        ends=ends,
        given_by=giver,
        confirmed_by=confirmer if confirmed else None,
        confirmed_at=timezone.now() if confirmed else None,
    )
    write_events([appointment])
    return appointment


def standing_in(user, appointment, *, starts=None, ends=None) -> StandIn:
    """A stand-in from yesterday to tomorrow, unless told otherwise."""
    today = timezone.localdate()
    stand_in = StandIn.objects.create(
        appointment=appointment,
        user=user,
        starts=starts or today - dt.timedelta(days=1),
        ends=ends or today + dt.timedelta(days=1),
        given_by=appointment.user,
    )
    write_events([stand_in])
    return stand_in


EVERY_TYPE = ["AE", "MCDA-INF", "MCDA-LOG"]


def delegated(user, appointment, *, types=EVERY_TYPE, urgent_only=False, starts=None, ends=None) -> DecisionDelegation:
    """Decisions delegated from yesterday to tomorrow, unless told otherwise."""
    today = timezone.localdate()
    row = DecisionDelegation.objects.create(
        appointment=appointment,
        delegate=user,
        request_types=sorted(types),
        urgent_only=urgent_only,
        valid_from=starts or today - dt.timedelta(days=1),
        valid_to=ends or today + dt.timedelta(days=1),
        document="Memorandum of the first of the month",
        given_by=appointment.user,
    )
    write_events([row])
    return row


def person(username, role, *, organisation, name, title="", language="en", telephone="", **scope) -> User:
    """An account with one confirmed appointment."""
    if username in ON_STAGE:
        return ON_STAGE[username]
    if not isinstance(organisation, Organisation):
        organisation = Organisation.objects.get(acronym=organisation)
    user = make_person(
        username, organisation=organisation, name=name, title=title or name, language=language, telephone=telephone
    )
    appointed(user, role, **scope)
    return user


def made_up_organisation(acronym, name, org_type, country="CAF") -> Organisation:
    organisation, _created = Organisation.objects.get_or_create(
        acronym=acronym, defaults={"name": name, "org_type": org_type}
    )
    organisation.countries.add(country)
    return organisation


# ── places and organisations ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def car(reference):
    return Country.objects.get(pk="CAF")


@pytest.fixture
def mali(reference):
    return Country.objects.get(pk="MLI")


@pytest.fixture
def bria(reference):
    return DutyStation.objects.get(code="bria")


@pytest.fixture
def birao(reference):
    return DutyStation.objects.get(code="birao")


@pytest.fixture
def axis(reference):
    """Bambari-Ippy-Bria."""
    return Axis.objects.get(code="bambari-bria")


@pytest.fixture
def bambari_town(reference):
    return Place.objects.get(name="Bambari")


@pytest.fixture
def bria_town(reference):
    return Place.objects.get(name="Bria")


@pytest.fixture
def minusca(reference):
    """The force, as a dated record; its organisation answers for it."""
    return Force.objects.get(acronym="MINUSCA")


@pytest.fixture
def ngo(reference):
    """The organisation of the requester in Bria."""
    return made_up_organisation("AID-A", "Aid Organisation A", Organisation.Type.INGO)


@pytest.fixture
def other_ngo(reference):
    """The organisation of the requester in Birao."""
    return made_up_organisation("AID-B", "Aid Organisation B", Organisation.Type.NNGO)


# ── people of the Central African Republic ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def admin(reference):
    user = administrators()[0]
    if user.username not in ON_STAGE:
        appointed(user, Role.ADMIN)
    return user


@pytest.fixture
def admin2(reference):
    user = administrators()[1]
    if user.username not in ON_STAGE:
        appointed(user, Role.ADMIN)
    return user


@pytest.fixture
def requester_bria(ngo):
    return person(
        "req.bria",
        Role.REQUESTER,
        organisation=ngo,
        name="Field coordinator, Bria",
        station="bria",
        telephone="+236 00 00 02 01",
    )


@pytest.fixture
def colleague_bria(ngo):
    """Of the same organisation as the requester in Bria."""
    return person("req2.bria", Role.REQUESTER, organisation=ngo, name="Logistician, Bria", station="bria")


@pytest.fixture
def requester_birao(other_ngo):
    return person("req.birao", Role.REQUESTER, organisation=other_ngo, name="Field coordinator, Birao", station="birao")


@pytest.fixture
def requester_un(reference):
    return person("req.wfp", Role.REQUESTER, organisation="WFP", name="Logistics officer, WFP", station="bria")


@pytest.fixture
def ocha_bria(reference):
    return person(
        "ocha.bria",
        Role.OCHA_OFFICER,
        organisation="OCHA",
        name="OCHA Bria",
        title="CMCoord officer, Bria",
        station="bria",
        telephone="+236 00 00 02 02",
    )


@pytest.fixture
def ocha_birao(reference):
    """Without this fixture Birao has no officer and is covered by Bria."""
    return person(
        "ocha.birao",
        Role.OCHA_OFFICER,
        organisation="OCHA",
        name="OCHA Birao",
        title="CMCoord officer, Birao",
        station="birao",
    )


@pytest.fixture
def ocha_bgi(reference):
    return person(
        "ocha.bgi",
        Role.OCHA_NATIONAL,
        organisation="OCHA",
        name="OCHA Bangui",
        title="Head of the CMCoord and access unit",
        telephone="+236 00 00 02 03",
    )


@pytest.fixture
def hoo(reference):
    return person("hoo.car", Role.HEAD_OF_OFFICE, organisation="OCHA", name="OCHA Head of Office")


@pytest.fixture
def hc(reference):
    return person("hc.car", Role.HC, organisation="RC/HC", name="Humanitarian Coordinator")


@pytest.fixture
def log_cluster(reference):
    return person("log.cluster", Role.CLUSTER, organisation="WFP", name="Logistics cluster", cluster="LOG")


@pytest.fixture
def undss(reference):
    return person("undss.car", Role.UNDSS, organisation="UNDSS", name="UNDSS adviser")


@pytest.fixture
def ngosec(reference):
    return person("ngosec.car", Role.NGO_SECURITY, organisation="INSO", name="NGO security adviser")


@pytest.fixture
def force_u3(reference):
    return person(
        "force.u3",
        Role.FORCE_OPS,
        organisation="MINUSCA",
        name="U3 operations",
        language="fr",
        telephone="+236 00 00 02 04",
    )


@pytest.fixture
def force_sector(reference):
    return person(
        "force.sector", Role.FORCE_SECTOR, organisation="MINUSCA", name="G3 sector east", language="fr", station="bria"
    )


@pytest.fixture
def donor(reference):
    return person("donor", Role.DONOR, organisation="ECHO", name="Donor")


# ── people of Mali, outsiders to every case of the Central African Republic ─────────────────────────────────────────


@pytest.fixture
def ocha_bko(reference):
    return person("ocha.bko", Role.OCHA_NATIONAL, organisation="OCHA", name="OCHA Bamako", country="MLI")


@pytest.fixture
def hc_ml(reference):
    return person("hc.ml", Role.HC, organisation="RC/HC", name="Humanitarian Coordinator, Mali", country="MLI")


@pytest.fixture
def force_ml(reference):
    return person("force.ml", Role.FORCE_OPS, organisation="FAMa", name="Operations, FAMa", country="MLI")


@pytest.fixture
def requester_mopti(reference):
    ngo = made_up_organisation("INGO C", "International NGO C", Organisation.Type.INGO, country="MLI")
    return person(
        "req.mopti", Role.REQUESTER, organisation=ngo, name="Logistician, Mopti", country="MLI", station="mopti"
    )


@pytest.fixture
def ocha_mopti(reference):
    return person(
        "ocha.mopti", Role.OCHA_OFFICER, organisation="OCHA", name="OCHA Mopti", country="MLI", station="mopti"
    )


@pytest.fixture
def hct(reference) -> list[User]:
    """Four members of the country team of Mali, of four organisations."""
    made_up_organisation("INGO D", "International NGO D", Organisation.Type.INGO, country="MLI")
    return [
        person(f"hct.ml{number}", Role.HCT_MEMBER, organisation=acronym, name=f"Head of {acronym}", country="MLI")
        for number, acronym in enumerate(("WFP", "UNHCR", "UNICEF", "INGO D"), start=1)
    ]


@pytest.fixture
def outsider(ocha_bko):
    """Somebody with every right that OCHA has, in another country."""
    return ocha_bko


@pytest.fixture
def nobody(ngo):
    """Signed in, of an organisation, without any appointment."""
    return make_person("nobody", organisation=ngo, name="Without a role")
