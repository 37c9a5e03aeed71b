"""In which language and time does this person read, and may this session read anything yet?"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from cmcoord.accounts import factors, scope, services, sessions

# What somebody without their second factor still reaches: setting it up, signing out, the language, the health checks.
WITHOUT_FACTOR = ("/account/", "/i18n/", "/static/", "/healthz", "/readyz")


class PersonalSettings:
    """After sign-in: the account's language and the local time of the country where the person works."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if not user.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(scope.zone_of(user))):
            return self.get_response(request)


class SecondFactor:
    """Whoever must have a second factor shows it, or sets it up, before any other page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not self._is_held_back(request):
            return self.get_response(request)
        if not factors.has_one(request.user):
            return redirect("mfa_index")
        way_back = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
        return redirect(f"{reverse('mfa_reauthenticate')}?{way_back}")

    def _is_held_back(self, request) -> bool:
        return (
            settings.SECOND_FACTOR
            and request.user.is_authenticated
            and not request.path.startswith(WITHOUT_FACTOR)
            and not factors.was_shown(request)
            and factors.is_required(request.user)
        )


class LastSeen:
    """When was this session last in use? Noted every ten minutes, for its owner's list."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            sessions.see(request)
        return self.get_response(request)


class Refusals:
    """What a signed-in person was refused is written down: no right (403), or not there for them (404)."""

    KINDS = {403: "refused.denied", 404: "refused.absent"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kind, match = self.KINDS.get(response.status_code), request.resolver_match
        if kind and match and match.kwargs and request.user.is_authenticated:
            asked = match.kwargs.get("reference") or match.kwargs.get("pk") or ""
            services.refused(request.user, kind, page=match.view_name, asked=f"{request.method} {asked}")
        return response
