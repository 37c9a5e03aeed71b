"""Which page of a request answers which address?"""

from django.urls import path

from requests_app.views import case, filing, force, register

app_name = "requests"

urlpatterns = [
    path("requests/", register.register, name="list"),
    path("requests/new/", filing.start, name="new"),
    path("requests/<str:reference>/edit/", filing.edit_first, name="edit_first"),
    path("requests/<str:reference>/edit/<int:step>/", filing.edit, name="edit"),
    path("requests/<str:reference>/submit/", filing.send, {"code": "submit"}, name="submit"),
    path("requests/<str:reference>/resubmit/", filing.send, {"code": "resubmit"}, name="resubmit"),
    path("requests/<str:reference>/copy/", filing.copy, name="copy"),
    path("requests/<str:reference>/files/<int:pk>/", filing.paper, name="paper"),
    path("requests/<str:reference>/", case.case_detail, name="case"),
    path("requests/<str:reference>/record/<str:move>/", case.case_record, name="record"),
    path("requests/<str:reference>/<str:move>/", case.case_move, name="move"),  # after every page of its own name
    path("force/", force.force_list, name="force_list"),
    path("force/<str:reference>/", force.force_case, name="force_case"),
    path("force/<str:reference>/<str:act>/", force.force_act, name="force_act"),
]
