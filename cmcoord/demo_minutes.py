"""Which minutes does the demonstration show? Signed ones, one that waits for the force, one draft; all invented."""

from __future__ import annotations

from cmcoord.accounts.models import User
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting, Minutes
from cmcoord.meetings.services.writing import fresh

SAID = {
    3: "L’axe Bria–Ippy est ouvert. Deux postes de contrôle irréguliers ont été signalés entre Bria et Ouadda.",
    4: "INGO Alpha prévoit un convoi de trois camions vers Ippy dans dix jours. Le PAM distribue à Bria cette semaine.",
    5: "Les taxes au pont de Bria ont arrêté trois convois ce mois-ci.",
    8: "La force rappelle ses patrouilles de nuit à PK3.",
}
DECIDED = {5: "La force rencontre les autorités locales au sujet du pont avant la prochaine réunion."}
NOTE = ("Ton de la réunion", "La force hésite à parler des postes de contrôle ; à reprendre en bilatéral.")


def write_all(users: dict[str, User]) -> int:
    """Minutes of the last meetings of the cell of Bria; returns how many."""
    ocha, force = users["ocha.bria"], users["force.sector"]
    held = Meeting.objects.held().filter(body__kind="cell", body__station__code="bria").order_by("starts")
    for signers, meeting in zip(((ocha, force), (ocha,), ()), held.with_body(), strict=False):
        minutes = services.start_minutes(meeting, by=ocha, language="fr")
        for item in minutes.items.filter(order__in=SAID):
            services.write_item(item, by=ocha, version=1, title=item.title, summary=SAID[item.order])
            if item.order in DECIDED:
                services.add_decision(item, by=ocha, text=DECIDED[item.order])
        services.add_note(meeting, by=ocha, title=NOTE[0], text=NOTE[1])
        for signer in signers:
            services.sign_minutes(minutes, by=signer, digest=fresh(minutes.pk).digest)
    return Minutes.objects.count()
