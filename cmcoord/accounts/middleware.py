"""In which language and which time does this person read? Their own language, unless they chose one on this device."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from cmcoord.accounts import scope


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
