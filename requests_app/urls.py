"""Which page of a request answers which address?"""

from django.urls import path

from requests_app.views import case, force

app_name = "requests"

urlpatterns = [
    path("requests/<str:reference>/", case.case_detail, name="case"),
    path("force/<str:reference>/", force.force_case, name="force_case"),
]
