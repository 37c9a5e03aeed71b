"""Which page about the policy of a country answers which address?"""

from django.urls import path

from requests_app.views import policy

app_name = "policy"

urlpatterns = [
    path("<slug:code>/", policy.country, name="country"),
    path("<slug:code>/versions/<int:number>/", policy.country, name="version"),
    path("<slug:code>/propose/", policy.propose, name="propose"),
    path("<slug:code>/proposals/<int:pk>/confirm/", policy.confirm, name="confirm"),
    path("<slug:code>/proposals/<int:pk>/refuse/", policy.refuse, name="refuse"),
]
