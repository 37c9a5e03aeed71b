"""How long is left, in words that a tired reader takes in at once?"""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def in_words(length: timedelta) -> str:
    """A length of time rounded down to what matters: minutes, from six hours on hours, from two days on days."""
    length = abs(length)
    if length < MINUTE:
        return _("less than a minute")
    if length < HOUR:
        return _("%(minutes)s min") % {"minutes": length // MINUTE}
    hours, rest = divmod(length, HOUR)
    if length < 6 * HOUR and rest >= MINUTE:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest // MINUTE}
    if length < 2 * DAY:
        return _("%(hours)s h") % {"hours": hours}
    return ngettext("%(days)s day", "%(days)s days", length // DAY) % {"days": length // DAY}
