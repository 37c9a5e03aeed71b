"""Where does a script go after a form that it has sent by itself?"""

from django.http import JsonResponse

HEADER = "X-Sent-By"


class Onward:
    """A script that sends a form is told the next address instead of being led there unseen.

    It opens that page itself, so that the page comes once over a slow line and shows what it has to say.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get(HEADER) != "script" or response.status_code not in (302, 303):
            return response
        told = JsonResponse({"to": response["Location"]})
        told.cookies = response.cookies
        return told
