"""Pages of a request."""

from django.http import HttpResponse


def case_detail(request, reference):
    return HttpResponse(reference)


def force_case(request, reference):
    return HttpResponse(reference)
