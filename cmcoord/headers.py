"""Which headers keep a page of the portal with the person it was made for?"""

from django.conf import settings

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PrivacyHeaders:
    """No other site may embed an answer, no shared computer may keep a signed-in person's page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if "Cache-Control" not in response and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response["Cache-Control"] = "private, no-store"
        return response
