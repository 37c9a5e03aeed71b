"""Which page of the directory answers which address?"""

from django.urls import path

from contacts.views import bodies, directory, links, lists, merging, people, places
from contacts.views import posts as views

app_name = "contacts"

urlpatterns = [
    path("", directory.directory, name="directory"),
    path("duty/", directory.duty, name="duty"),
    path("duty/worker.js", directory.duty_worker, name="duty_worker"),
    path("exports/", directory.exports, name="exports"),
    path("exports/flyer/<str:country>/<str:language>/", directory.flyer, name="flyer"),
    path("stations/<slug:code>/", places.station, name="station"),
    path("gaps/", places.gaps, name="gaps"),
    path("liaison/", places.liaison, name="liaison"),
    path("liaison/<int:pk>/settle/", places.settle, name="settle"),
    path("forces/", places.forces, name="forces"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.new_body, name="new_body"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<int:pk>/change/", bodies.edit_body, name="edit_body"),
    path("bodies/<int:pk>/seats/new/", bodies.new_seat, name="new_seat"),
    path("bodies/<int:pk>/stage/<slug:step>/", bodies.step_body, name="step_body"),
    path("seats/<int:pk>/take/", bodies.take_seat, name="take_seat"),
    path("seats/<int:pk>/close/", bodies.close_seat, name="close_seat"),
    path("sittings/<int:pk>/leave/", bodies.leave_seat, name="leave_seat"),
    path("confirm/<str:word>/", links.link, name="link"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/consent/", people.consent, name="consent"),
    path("people/<int:pk>/account/", people.link_account, name="link_account"),
    path("terms/<int:pk>/depart/", people.depart, name="depart"),
    path("terms/<int:pk>/<slug:what>/", people.act, name="act"),
    path("posts/", views.posts, name="posts"),
    path("posts/new/", views.new, name="new"),
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/holder/", views.holder, name="holder"),
    path("posts/<int:pk>/describe/", views.describe, name="describe"),
    path("posts/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("posts/<int:pk>/<slug:what>/", views.end, name="end"),
    path("duplicates/", merging.duplicates, name="duplicates"),
    path("people/<int:pk>/merge/<int:other>/", merging.make_one, name="merge"),
    path("merges/<int:pk>/undo/", merging.undo, name="unmerge"),
    path("import/", lists.upload, name="import"),
    path("import/template/<slug:form>/", lists.template, name="import_template"),
    path("import/<int:pk>/", lists.look, name="import_look"),
    path("import/<int:pk>/rows/", lists.choose, name="import_choose"),
    path("import/<int:pk>/give-up/", lists.cancel, name="import_cancel"),
]
