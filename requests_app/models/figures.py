"""Which figures do the pages show, rolled up once a day so that no page counts the whole register?"""

from __future__ import annotations

from django.db import models


class DailyFigure(models.Model):
    """One figure of one country and day: a count and, where it is a duration, its values in minutes."""

    country = models.ForeignKey("places.Country", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    figure = models.CharField(max_length=32)
    count = models.PositiveIntegerField(default=0)
    minutes = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="figure_once_a_day", fields=["country", "figure", "day"])]

    def __str__(self) -> str:
        return f"{self.country_id} {self.day} {self.figure}"
