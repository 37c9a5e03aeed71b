"""The page of one request."""

from django.http import HttpResponse


def case_detail(request, reference):
    return HttpResponse(reference)
