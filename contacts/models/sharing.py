"""With whom may a telephone, an address or a name be shared? Three switches (domain.md §4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Circle(models.TextChoices):
    """For whom a switch speaks. The order is from the nearest to the widest."""

    HUMANITARIANS = "humanitarians", _("the humanitarian side of the country")
    FORCE = "force", _("the forces of the country")
    PUBLIC = "public", _("everybody")


@dataclass(frozen=True)
class Shares:
    """The three switches, as a form or a file has them. What nobody was asked about is for humanitarians alone."""

    humanitarians: bool = True
    force: bool = False
    public: bool = False

    @classmethod
    def of(cls, circles) -> Shares:
        """Those that were ticked."""
        return cls(**{circle.value: circle.value in circles for circle in Circle})

    @property
    def circles(self) -> list[str]:
        return [circle.value for circle in Circle if getattr(self, circle.value)]


class Shared(models.Model):
    """Something of somebody with three switches of its own: default yes, no, no."""

    share_humanitarians = models.BooleanField(_("for the humanitarian side"), default=True)
    share_force = models.BooleanField(_("for the forces"), default=False)
    share_public = models.BooleanField(_("for everybody"), default=False)

    class Meta:
        abstract = True

    @property
    def shares(self) -> Shares:
        return Shares(**{circle.value: getattr(self, f"share_{circle}") for circle in Circle})

    @shares.setter
    def shares(self, shares: Shares) -> None:
        for circle in Circle:
            setattr(self, f"share_{circle}", getattr(shares, circle.value))

    def is_for(self, circle: Circle | None) -> bool:
        """Is it shared with this circle? What is for everybody is for each; None is nobody."""
        return circle is not None and (self.share_public or getattr(self, f"share_{circle}"))
