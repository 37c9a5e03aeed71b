"""Which page of minutes and notes answers which address? Of a meeting by its uid, of a point by its place."""

from django.urls import URLPattern, path

from cmcoord.meetings.views import minutes, notes, signing

urlpatterns: list[URLPattern] = [
    path("<uuid:uid>/minutes/", minutes.minutes, name="minutes"),
    path("<uuid:uid>/minutes/add/", minutes.add_point, name="minutes_add"),
    path("<uuid:uid>/minutes/<int:order>/", minutes.item, name="minutes_item"),
    path("<uuid:uid>/minutes/<int:order>/remove/", minutes.remove_point, name="minutes_remove"),
    path("<uuid:uid>/minutes/<int:order>/decide/", minutes.decide, name="minutes_decide"),
    path("<uuid:uid>/minutes/<int:order>/decide/<int:place>/", minutes.undecide, name="minutes_undecide"),
    path("<uuid:uid>/minutes/translation/", minutes.translation, name="minutes_translation"),
    path("<uuid:uid>/minutes/paper.<slug:form>", minutes.paper, name="minutes_paper"),
    path("<uuid:uid>/minutes/sign/", signing.sign, name="minutes_sign"),
    path("<uuid:uid>/minutes/object/", signing.object_to, name="minutes_object"),
    path("<uuid:uid>/minutes/adopt/", signing.adopt, name="minutes_adopt"),
    path("<uuid:uid>/minutes/release/", signing.release, name="minutes_release"),
    path("<uuid:uid>/minutes/addendum/", signing.amend, name="minutes_amend"),
    path("<uuid:uid>/minutes/addendum/<int:number>/", signing.addendum, name="minutes_addendum"),
    path("<uuid:uid>/notes/", notes.notes, name="notes"),
    path("<uuid:uid>/notes/<int:pk>/", notes.note, name="note"),
]
