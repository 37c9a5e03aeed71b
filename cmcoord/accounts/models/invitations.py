"""Who was asked to take an account with a role?"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models.appointments import STATE_BADGES, Scoped
from cmcoord.accounts.models.organisations import Organisation
from cmcoord.accounts.models.people import LANGUAGES, User
from cmcoord.places.pairs import both_or_neither


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(Scoped):
    """Somebody was asked by mail to take an account with a role. Only a digest of the link's token is kept."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    function_title = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    ends = models.DateField(_("role until"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    activity_kind = "invitation"

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_neither("accepted_at", "user"),
                name="invitation_pair_accepted",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_one_open_per_address"
            ),
        ]

    def __str__(self):
        return f"{self.name} <{self.email}>"

    @property
    def scope_organisation(self) -> Organisation | None:
        return self.organisation if {"organisation", "force"} & set(self.rule.scope) else None

    @property
    def reference(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"

    @property
    def badge(self) -> tuple:
        return STATE_BADGES[self.state]
