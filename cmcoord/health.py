"""Is the portal alive, and is it ready to serve?"""

from django.http import HttpResponse


def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request):
    return HttpResponse("ok\n", content_type="text/plain")
