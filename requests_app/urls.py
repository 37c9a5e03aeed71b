"""Which page of a request answers which address?"""

from django.urls import path

from requests_app import views

app_name = "requests"

urlpatterns = [
    path("requests/<str:reference>/", views.case_detail, name="case"),
    path("force/<str:reference>/", views.force_case, name="force_case"),
]
