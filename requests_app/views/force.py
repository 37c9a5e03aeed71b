"""The pages of a force."""

from django.http import HttpResponse


def force_case(request, reference):
    return HttpResponse(reference)
