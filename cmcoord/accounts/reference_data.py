"""Which organisations does a new portal know? Institutions only: no people, and no telephone number that is real."""

from cmcoord.accounts.models import Organisation
from cmcoord.places.reference_data import add_missing

CAR, MALI = ("CAF",), ("MLI",)
BOTH = CAR + MALI

ORGANISATIONS = [
    # acronym, name, type, countries
    ("OCHA", "Office for the Coordination of Humanitarian Affairs", "un_agency", BOTH),
    ("RC/HC", "Office of the Resident and Humanitarian Coordinator", "un_agency", BOTH),
    ("UNDSS", "United Nations Department of Safety and Security", "undss", BOTH),
    ("WFP", "World Food Programme", "un_agency", BOTH),
    ("UNHCR", "Office of the United Nations High Commissioner for Refugees", "un_agency", BOTH),
    ("UNICEF", "United Nations Children's Fund", "un_agency", BOTH),
    ("UNHAS", "United Nations Humanitarian Air Service", "air_service", BOTH),
    ("INSO", "International NGO Safety Organisation", "security_ngo", BOTH),
    ("CCO", "INGO coordination committee (CAR)", "ngo_coordination", CAR),
    ("ECHO", "European Civil Protection and Humanitarian Aid Operations", "donor", BOTH),
    ("MINUSCA", "MINUSCA, military component", "un_military", CAR),
    ("MINUSCA UNPOL", "MINUSCA, police component", "un_police", CAR),
    ("MINUSCA civilian", "MINUSCA, civilian component", "un_civilian", CAR),
    ("EUTM RCA", "European Union Training Mission in the Central African Republic", "bilateral_force", CAR),
    ("FACA", "Central African Armed Forces", "host_army", CAR),
    ("MINUSMA", "MINUSMA, military component", "un_military", MALI),
    ("FAMa", "Malian Armed Forces", "host_army", MALI),
    # Who was in Mali before: the register of forces is dated, and old requests name them.
    ("AFISMA", "African-led International Support Mission in Mali", "bilateral_force", MALI),
    ("Serval", "Operation Serval (France)", "bilateral_force", MALI),
    ("Barkhane", "Operation Barkhane (France)", "bilateral_force", MALI),
    ("FC-G5S", "Joint Force of the G5 Sahel", "bilateral_force", MALI),
    ("EUTM Mali", "European Union Training Mission in Mali", "bilateral_force", MALI),
]


def load_organisations() -> int:
    """Add the organisations that are missing, with their countries; returns how many."""
    known = set(Organisation.objects.values_list("name", flat=True))
    added = add_missing(
        Organisation,
        ["name"],
        [Organisation(acronym=acronym, name=name, org_type=kind) for acronym, name, kind, _countries in ORGANISATIONS],
    )
    new = {org.name: org for org in Organisation.objects.exclude(name__in=known)}
    through = Organisation.countries.through
    through.objects.bulk_create(
        through(organisation_id=new[name].pk, country_id=code)
        for _acronym, name, _kind, countries in ORGANISATIONS
        if name in new
        for code in countries
    )
    return added
