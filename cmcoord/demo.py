"""Who can a visitor of the demonstration be? One button for each role; exists only with DEMO=1."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Role

PASSWORD = "demo-portal"  # noqa: S105  printed on the sign-in page of the demonstration


@dataclass(frozen=True)
class DemoPerson:
    """One made-up account: function, organisation, role and scope. Telephones are from no real numbering range."""

    username: str
    name: str
    title: str
    organisation: str
    role: Role
    language: str = "en"
    country: str = "CAF"
    station: str = ""
    cluster: str = ""
    telephone: str = ""
    what: str = ""


ORGANISATIONS = (
    # acronym, name, type, country
    ("INGO Alpha", "International NGO Alpha (made up)", "ingo", "CAF"),
    ("ONG Bêta", "ONG nationale Bêta (fictive)", "nngo", "CAF"),
    ("INGO Gamma", "International NGO Gamma (made up)", "ingo", "MLI"),
)

PEOPLE = (
    DemoPerson("req.bria", "Coordination terrain, INGO Alpha", "Coordination terrain, Bria", "INGO Alpha",
               Role.REQUESTER, "fr", station="bria", telephone="+236 00 00 02 01",
               what=_("files requests for an NGO in Bria")),
    DemoPerson("req.birao", "Logisticien, ONG Bêta", "Logisticien, Birao", "ONG Bêta", Role.REQUESTER,
               "fr", station="birao", telephone="+236 00 00 02 02", what=_("files requests for another NGO, in Birao")),
    DemoPerson("ocha.bria", "OCHA Bria", "Point focal CMCoord, Bria", "OCHA", Role.OCHA_OFFICER,
               "fr", station="bria", telephone="+236 00 00 02 03", what=_("reviews what is filed at Bria")),
    DemoPerson("ocha.bgi", "OCHA Bangui", "OCHA CMCoord and access unit (national)", "OCHA", Role.OCHA_NATIONAL,
               "en", telephone="+236 00 00 02 04", what=_("clears requests and drafts the decision")),
    DemoPerson("hoo.car", "Head of Office", "OCHA Head of Office", "OCHA", Role.HEAD_OF_OFFICE,
               "en", telephone="+236 00 00 02 05", what=_("hears of what is late")),
    DemoPerson("hc.car", "Humanitarian Coordinator", "Humanitarian Coordinator", "RC/HC", Role.HC,
               "en", telephone="+236 00 00 02 06", what=_("decides")),
    DemoPerson("log.cluster", "Cluster Logistique", "Coordination du cluster Logistique", "WFP", Role.CLUSTER,
               "fr", cluster="LOG", telephone="+236 00 00 02 07", what=_("looks for civilian means")),
    DemoPerson("undss.car", "UNDSS adviser", "UNDSS security adviser", "UNDSS", Role.UNDSS,
               "en", telephone="+236 00 00 02 08", what=_("gives the security opinion for UN staff")),
    DemoPerson("ngosec.car", "Conseil sécurité des ONG", "Conseil sécurité des ONG", "INSO", Role.NGO_SECURITY,
               "fr", telephone="+236 00 00 02 09", what=_("advises NGOs on security")),
    DemoPerson("force.u3", "U3 operations", "Force operations, headquarters (U3)", "MINUSCA", Role.FORCE_OPS,
               "en", telephone="+236 00 00 02 10", what=_("answers for the force")),
    DemoPerson("force.sector", "G3 secteur Est", "Opérations du secteur (G3)", "MINUSCA", Role.FORCE_SECTOR,
               "fr", station="bria", telephone="+236 00 00 02 11", what=_("answers for the sector of the force")),
    DemoPerson("req.mopti", "Logistique, INGO Gamma", "Logistique, Mopti", "INGO Gamma", Role.REQUESTER,
               "fr", country="MLI", station="mopti", telephone="+223 00 00 02 01",
               what=_("files requests for an NGO in Mopti, Mali")),
    DemoPerson("ocha.mopti", "OCHA Mopti", "Point focal CMCoord, Mopti", "OCHA", Role.OCHA_OFFICER,
               "fr", country="MLI", station="mopti", telephone="+223 00 00 02 02",
               what=_("reviews what is filed at Mopti, Mali")),
    DemoPerson("ocha.bko", "OCHA Bamako", "OCHA CMCoord and access unit (Mali)", "OCHA", Role.OCHA_NATIONAL,
               "fr", country="MLI", telephone="+223 00 00 02 03", what=_("consults the country team of Mali")),
    DemoPerson("hc.ml", "Humanitarian Coordinator, Mali", "Humanitarian Coordinator, Mali", "RC/HC", Role.HC,
               "en", country="MLI", telephone="+223 00 00 02 04", what=_("signs how the country team agreed")),
    DemoPerson("hct.ml1", "WFP, Mali", "Country director of WFP, Mali", "WFP", Role.HCT_MEMBER,
               "en", country="MLI", telephone="+223 00 00 02 05", what=_("sits in the country team of Mali")),
    DemoPerson("hct.ml2", "HCR, Mali", "Représentation du HCR, Mali", "UNHCR", Role.HCT_MEMBER,
               "fr", country="MLI", telephone="+223 00 00 02 06", what=_("sits in the country team of Mali")),
    DemoPerson("hct.ml3", "UNICEF, Mali", "UNICEF representative, Mali", "UNICEF", Role.HCT_MEMBER,
               "en", country="MLI", telephone="+223 00 00 02 07", what=_("sits in the country team of Mali")),
    DemoPerson("hct.ml4", "INGO Gamma, Mali", "Direction pays, INGO Gamma", "INGO Gamma", Role.HCT_MEMBER,
               "fr", country="MLI", telephone="+223 00 00 02 08", what=_("sits in the country team of Mali")),
    DemoPerson("force.ml", "FAMa operations", "Opérations, FAMa", "FAMa", Role.FORCE_OPS,
               "fr", country="MLI", telephone="+223 00 00 02 09", what=_("answers for the army of Mali")),
    DemoPerson("donor", "Donor", "Donor", "ECHO", Role.DONOR, "en", what=_("sees figures only")),
    DemoPerson("admin", "Administrator 1", "Portal administrator", "OCHA", Role.ADMIN, "en", country="",
               what=_("manages accounts and rights")),
    DemoPerson("admin2", "Administrateur 2", "Administrateur du portail", "OCHA", Role.ADMIN, "fr", country="",
               what=_("confirms the rights that the other one gives")),
)  # fmt: skip


def _only_in_the_demonstration() -> None:
    if not settings.DEMO:
        raise Http404


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """The page with one button per role."""
    _only_in_the_demonstration()
    return render(request, "demo.html", {"people": PEOPLE, "password": PASSWORD, "hide_sign_in": True})


@require_POST
def be(request: HttpRequest, username: str) -> HttpResponse:
    """Sign the visitor in as this made-up person; no second factor is asked."""
    _only_in_the_demonstration()
    if username not in {person.username for person in PEOPLE}:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    if user.held_at is not None:
        return render(request, "account/account_held.html", {"contact": settings.PORTAL_CONTACT}, status=403)
    logout(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = redirect("home")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
    return response
