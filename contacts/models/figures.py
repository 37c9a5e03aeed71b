"""How fresh is the directory of a country? Counted every hour, so that no page reads everybody who is in a post."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.places.models import Country


class DirectoryFigure(models.Model):
    """Of one country: how many were in post, and how many of them were confirmed within 90 days."""

    country = models.OneToOneField(Country, models.PROTECT, primary_key=True, related_name="+")
    in_post = models.PositiveIntegerField(_("in post"))
    fresh = models.PositiveIntegerField(_("confirmed within 90 days"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    class Meta:
        verbose_name = _("figure of the directory")
        verbose_name_plural = _("figures of the directory")
        constraints = [models.CheckConstraint(condition=models.Q(fresh__lte=models.F("in_post")), name="figure_share")]

    def __str__(self):
        return f"{self.country_id}: {self.fresh} / {self.in_post}"
