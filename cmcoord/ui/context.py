"""What does the frame of every page need to know?"""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict:
    """The demonstration banner and whom to ask for help."""
    return {"demo": settings.DEMO, "contact": getattr(settings, "PORTAL_CONTACT", "")}
