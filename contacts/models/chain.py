"""To whom in a force go its papers, in which order, and on which telephone is each of them called?

The chain of a force: for example sector liaison, operations centre, civil-military cell of the headquarters. Functions
only; whoever has no account is told by telephone.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmcoord.accounts.models import User
from cmcoord.places.models import telephone_format
from contacts.models.force import Force


class AddresseeQuerySet(models.QuerySet):
    def of(self, organisation: int, country: str, on: dt.date):
        """The chain of an organisation's force in a country on a day, the first one to be addressed first."""
        there = self.filter(
            Q(active_from=None) | Q(active_from__lte=on),
            Q(active_to=None) | Q(active_to__gte=on),
            force__organisation=organisation,
            force__country=country,
        )
        return there.select_related("account", "force").order_by("place", "id")


class Addressee(models.Model):
    """One place in the chain of a force, from one date to another. Account and telephone need two administrators."""

    force = models.ForeignKey(Force, models.PROTECT, related_name="addressees", verbose_name=gettext_lazy("force"))
    place = models.PositiveSmallIntegerField(
        gettext_lazy("place in the chain"), help_text=gettext_lazy("1 comes first.")
    )
    function = models.CharField(gettext_lazy("function"), max_length=120, help_text=gettext_lazy("Never a name."))
    telephone = models.CharField(
        gettext_lazy("duty telephone"), max_length=40, blank=True, default="", validators=[telephone_format]
    )
    account = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("account"),
        help_text=gettext_lazy("Empty: told and answered by telephone."),
    )  # fmt: skip
    active_from = models.DateField(gettext_lazy("from"), null=True, blank=True)
    active_to = models.DateField(gettext_lazy("until"), null=True, blank=True)

    objects = AddresseeQuerySet.as_manager()

    activity_kind = "addressee"
    second_administrator = ("account", "telephone")

    class Meta:
        verbose_name = gettext_lazy("addressee of a force")
        verbose_name_plural = gettext_lazy("addressees of a force")
        ordering = ["force", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["force", "place"], condition=Q(active_to=None), name="addressee_one_per_place"
            ),
            models.CheckConstraint(condition=~Q(function=""), name="addressee_has_function"),
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_to=None) | Q(active_from__lte=F("active_to")),
                name="addressee_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.force}: {self.function}"

    @property
    def country_id(self) -> str:
        return self.force.country_id

    def clean(self):
        """Papers of one force never go to an account of another."""
        if self.account_id and self.force_id and self.account.organisation_id != self.force.organisation_id:
            raise ValidationError({"account": _("This account is not of this force.")})
