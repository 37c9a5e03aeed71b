"""With whom may a request be shared, in words? (domain.md §4.4)

OCHA always reads what is filed with it. `consent_public` says that a request may be counted in figures for the public;
the portal has no public figures yet, and whatever makes them first has to leave out what lacks it.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import bases
from requests_app.models import Case

PARTNERS, FORCE, PUBLIC = "consent_partners", "consent_force", "consent_public"
NAMES = (PARTNERS, FORCE, PUBLIC)
CLAUSE = bases.CONSENT
# What a choice says; OCHA needs none.
LABELS: dict[str, str | Promise] = {
    PARTNERS: _("Humanitarian partners: clusters, UNDSS and advisers who are asked for an opinion"),
    FORCE: _("The force that is named in the request, or by OCHA in its review"),
    PUBLIC: _("Everybody, as a number in yearly figures"),
}
SHORT: dict[str, str | Promise] = {
    PARTNERS: _("humanitarian partners"),
    FORCE: _("the named force"),
    PUBLIC: _("public figures"),
}


def given(case: Case) -> dict[str, bool]:
    """Every consent as it stands."""
    return {name: getattr(case, name) for name in NAMES}


def in_words(case: Case) -> list[str]:
    """With whom it may be shared, for the page: "OCHA, humanitarian partners"."""
    return [str(_("OCHA")), *(str(SHORT[name]) for name in NAMES if getattr(case, name))]
