"""Where the pages about people and rights are. Signing in and passwords are allauth's, under /account/."""

from django.urls import path

from cmcoord.accounts import upkeep_views, views

app_name = "accounts"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/appointments/<int:pk>/stand-in/", views.stand_in_give, name="stand_in_give"),
    path("me/stand-ins/<int:pk>/end/", views.stand_in_end, name="stand_in_end"),
    path("accounts/", views.people, name="people"),
    path("accounts/people/<int:pk>/", views.person, name="person"),
    path("accounts/people/<int:pk>/appoint/", views.appoint, name="appoint"),
    path("accounts/people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("accounts/people/<int:pk>/activate/", views.activate, name="activate"),
    path("accounts/confirmations/", views.confirmations, name="confirmations"),
    path("accounts/appointments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("accounts/appointments/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("accounts/appointments/<int:pk>/end/", views.end, name="end"),
    path("accounts/changes/", upkeep_views.changes, name="changes"),
    path("accounts/changes/<int:pk>/confirm/", upkeep_views.change_confirm, name="change_confirm"),
    path("accounts/changes/<int:pk>/refuse/", upkeep_views.change_refuse, name="change_refuse"),
    path("accounts/invitations/", views.invitations, name="invitations"),
    path("accounts/invitations/new/", views.invite, name="invite"),
    path("accounts/invitations/<int:pk>/renew/", views.invitation_renew, name="invitation_renew"),
    path("accounts/invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitation/<str:token>/", views.accept, name="accept"),
]
