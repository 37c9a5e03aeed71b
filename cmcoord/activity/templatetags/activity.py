"""How a template tells how much is unread."""

from django import template

from cmcoord.activity.models import UNREAD_CAP, Notification

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context) -> str:
    """The number of unread notifications: "" for none and for visitors, "99+" at most."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    count = Notification.objects.unread_count(user)
    return f"{UNREAD_CAP - 1}+" if count >= UNREAD_CAP else str(count or "")
