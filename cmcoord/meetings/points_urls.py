"""Which page of action points, cells and liaison answers which address?"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
