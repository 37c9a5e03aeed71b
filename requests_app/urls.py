"""Which page of a request answers which address?"""

from django.urls import path

from requests_app.views import (
    case,
    closed,
    confirming,
    exporting,
    filing,
    force,
    importing,
    issued,
    joining,
    ledger,
    papers,
    register,
    sheet,
)

app_name = "requests"

urlpatterns = [
    path("requests/", register.register, name="list"),
    path("requests/new/", filing.start, name="new"),
    path("requests/import/", importing.upload, name="import"),
    path("requests/import/template/<slug:form>/", importing.template, name="import_template"),
    path("requests/import/<int:pk>/", importing.look, name="import_look"),
    path("requests/export/", exporting.export, name="export"),
    path("requests/<slug:reference>/edit/", filing.edit_first, name="edit_first"),
    path("requests/<slug:reference>/edit/<int:step>/", filing.edit, name="edit"),
    path("requests/<slug:reference>/submit/", filing.send, {"code": "submit"}, name="submit"),
    path("requests/<slug:reference>/resubmit/", filing.send, {"code": "resubmit"}, name="resubmit"),
    path("requests/<slug:reference>/copy/", filing.copy, name="copy"),
    path("requests/<slug:reference>/sheet/", sheet.sheet, name="sheet"),
    path("requests/<slug:reference>/sheet/names/", sheet.sheet_names, name="sheet_names"),
    path("requests/<slug:reference>/sheet/<int:part>/", sheet.sheet_part, name="sheet_part"),
    path("requests/<slug:reference>/files/", papers.papers, name="papers"),
    path("requests/<slug:reference>/files/begin/", papers.begin, name="begin_file"),
    path("requests/<slug:reference>/files/arriving/<uuid:key>/", papers.piece, name="piece"),
    path("requests/<slug:reference>/files/<int:pk>/", papers.paper, name="paper"),
    path("requests/<slug:reference>/files/<int:pk>/withdraw/", papers.withdraw_paper, name="withdraw_paper"),
    path("requests/<slug:reference>/", case.case_detail, name="case"),
    path("requests/<slug:reference>/open/<slug:what>/", closed.open_closed, name="open"),
    path("requests/<slug:reference>/papers/<slug:kind>/", issued.issue, name="issue"),
    path("requests/<slug:reference>/joining/", joining.ask, name="join_ask"),
    path("requests/<slug:reference>/joining/<int:pk>/withdraw/", joining.withdraw, name="join_withdraw"),
    path("requests/<slug:reference>/confirmation/", confirming.confirmation, name="confirmation"),
    path("requests/<slug:reference>/record/<slug:move>/", case.case_record, name="record"),
    path("requests/<slug:reference>/<slug:move>/", case.case_move, name="move"),  # after every page of its own name
    path("joining/", joining.convoys, name="joining"),
    path("joining/<int:pk>/", joining.part, name="joining_part"),
    path("confirm/", confirming.with_code, name="confirm_code"),
    path("confirm/<str:secret>/", confirming.confirm, name="confirm"),
    path("verify/", issued.verify, name="verify"),
    path("releases/", ledger.releases, name="releases"),
    path("force/", force.force_list, name="force_list"),
    path("force/<slug:reference>/", force.force_case, name="force_case"),
    path("force/<slug:reference>/names/", force.force_names, name="force_names"),
    path("force/<slug:reference>/papers/<int:number>/", force.force_paper, name="force_paper"),
    path("force/<slug:reference>/open/", force.force_open, name="force_open"),
    path("force/<slug:reference>/<slug:act>/", force.force_act, name="force_act"),
]
