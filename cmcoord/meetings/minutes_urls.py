"""Which page of minutes and notes answers which address?"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
