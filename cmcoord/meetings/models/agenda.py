"""What does a meeting talk about, and what do humanitarians propose for it?

The agenda is joint: every side of the body reads all of it. A proposal is the humanitarian side's own, in a table of
its own; OCHA takes it into the joint agenda in words written for both sides.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmcoord.accounts.models import User
from cmcoord.meetings.models.meetings import Meeting
from cmcoord.places.pairs import both_or_neither
from contacts.models import Body
from requests_app.models import AccessIncident, Case


class Standard(models.TextChoices):
    """The ten items of the standard agenda (domain.md §3.7), in their order."""

    ADOPTION = "adoption", _("Adoption of the previous minutes")
    FOLLOW_UP = "follow_up", _("Follow-up of action points")
    SECURITY = "security", _("Security overview (UNDSS, force)")
    MOVEMENTS = "movements", _("Humanitarian movements and planned axes")
    ACCESS = "access", _("Access constraints")
    REQUESTS = "requests", _("Escort and MCDA requests (approved ones only)")
    CIMIC = "cimic", _("CIMIC and quick-impact projects")
    PROTECTION = "protection", _("Protection of civilians")
    GUIDELINES = "guidelines", _("Compliance with the guidelines")
    ANY_OTHER = "any_other", _("Any other business, date of the next meeting")


class AgendaItem(models.Model):
    """One item of the joint agenda. A request is named only where it went to every force that sits in the body."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, choices=Standard.choices, blank=True)
    title = models.CharField(_("item"), max_length=160)
    lead = models.CharField(_("who leads it"), max_length=120, blank=True)
    minutes_planned = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("request"))
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # none: standard

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["order", "id"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="agenda_item_has_title")]

    def __str__(self):
        return self.title


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self):
        return self.filter(state=Proposal.State.OPEN)


class Proposal(models.Model):
    """A humanitarian proposes something for an agenda, perhaps out of a request or an incident; for that side alone."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "open")
        TAKEN = "taken", pgettext_lazy("proposal", "on the agenda")
        DECLINED = "declined", pgettext_lazy("proposal", "not taken up")

    body = models.ForeignKey(Body, models.PROTECT, related_name="proposals", verbose_name=_("body"))
    title = models.CharField(_("what to talk about"), max_length=160)
    why = models.CharField(_("why"), max_length=500, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("request"))
    incident = models.ForeignKey(
        AccessIncident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("incident")
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    taken_as = models.OneToOneField(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("why not"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    activity_kind = "proposal"

    class Meta:
        verbose_name = _("proposal for an agenda")
        verbose_name_plural = _("proposals for agendas")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_neither("answered_by", "answered_at"), name="proposal_pair_answered"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="proposal_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="proposal_declined_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["body"], condition=Q(state="open"), name="proposal_open_of_body")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:proposals", args=[self.body_id])

    @property
    def stream(self) -> str:
        return self.body.country_id
