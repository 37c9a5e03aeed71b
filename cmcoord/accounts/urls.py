"""Where the pages about people and rights are. Signing in and passwords are allauth's, under /account/."""

from django.urls import path

from cmcoord.accounts import safety_views, upkeep_views, views

app_name = "accounts"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/sessions/", safety_views.my_sessions, name="sessions"),
    path("me/sessions/end/", safety_views.sessions_end, name="sessions_end"),
    path("me/sessions/<hidden:pk>/end/", safety_views.session_end, name="session_end"),
    path("me/appointments/<hidden:pk>/stand-in/", views.stand_in_give, name="stand_in_give"),
    path("me/stand-ins/<hidden:pk>/end/", views.stand_in_end, name="stand_in_end"),
    path("accounts/", views.people, name="people"),
    path("accounts/people/<int:pk>/", views.person, name="person"),
    path("accounts/people/<int:pk>/appoint/", views.appoint, name="appoint"),
    path("accounts/people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("accounts/people/<int:pk>/activate/", views.activate, name="activate"),
    path("accounts/people/<int:pk>/release/", safety_views.release, name="release"),
    path("accounts/people/<int:pk>/reset-factor/", safety_views.factor_ask, name="factor_ask"),
    path("accounts/factor-resets/<int:pk>/confirm/", safety_views.factor_confirm, name="factor_confirm"),
    path("accounts/factor-resets/<int:pk>/refuse/", safety_views.factor_refuse, name="factor_refuse"),
    path("accounts/telephone-taken/", safety_views.telephone_taken, name="telephone_taken"),
    path("accounts/confirmations/", views.confirmations, name="confirmations"),
    path("accounts/appointments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("accounts/appointments/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("accounts/appointments/<int:pk>/end/", views.end, name="end"),
    path("accounts/changes/", upkeep_views.changes, name="changes"),
    path("accounts/changes/<int:pk>/confirm/", upkeep_views.change_confirm, name="change_confirm"),
    path("accounts/changes/<int:pk>/refuse/", upkeep_views.change_refuse, name="change_refuse"),
    path("accounts/mails/", upkeep_views.mails, name="mails"),
    path("accounts/mails/<hidden:pk>/send/", upkeep_views.mail_send, name="mail_send"),
    path("accounts/invitations/", views.invitations, name="invitations"),
    path("accounts/invitations/new/", views.invite, name="invite"),
    path("accounts/invitations/<int:pk>/renew/", views.invitation_renew, name="invitation_renew"),
    path("accounts/invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitation/<str:token>/", views.accept, name="accept"),
]
