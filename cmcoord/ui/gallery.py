"""Made-up facts for the page that shows every piece once."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.ui.layout import Only, Pair, Section, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, DayInput, LongText, MomentInput, TelephoneInput


class GalleryForm(forms.Form):
    """One field of each sort."""

    need = forms.CharField(label=_("Need in one sentence"), help_text=_("What must reach whom, and by when."), max_length=200, widget=LongText(rows=2))
    people = forms.IntegerField(label=_("People concerned"), min_value=1)
    critical_by = forms.DateField(label=_("Critical by"), widget=DayInput)
    departure = forms.DateTimeField(label=_("Departure"), widget=MomentInput, help_text=_("Local time of the place of departure."))
    telephone = forms.CharField(label=_("Convoy leader's telephone"), widget=TelephoneInput, required=False)
    axis = forms.ChoiceField(label=_("Axis"), choices=[("", "–"), ("a", "Bambari – Ippy – Bria"), ("b", "Bangui – Damara – Sibut")])
    urgency = forms.ChoiceField(label=_("Urgency"), widget=ChoiceBoxes, choices=[("routine", _("Routine: five working days")), ("urgent", _("Urgent: lives are at risk within hours"))])
    urgent_why = forms.CharField(label=_("Why it cannot wait"), required=False)
    un_on_board = forms.ChoiceField(label=_("UN staff or assets on board"), widget=ChoiceLine, choices=[("yes", _("Yes")), ("no", _("No"))])
    no_weapons = forms.BooleanField(label=_("No weapon, ammunition or uniformed person travels in our vehicles."))
    told = forms.MultipleChoiceField(label=_("Who else knows"), required=False, widget=forms.CheckboxSelectMultiple, choices=[("log", _("Logistics cluster")), ("prot", _("Protection cluster"))])
    note = forms.FileField(label=_("Attachment"), required=False, help_text=_("PDF or picture, up to 5 MB."))

    @property
    def helper(self):
        return form_helper(
            Section(_("The need"), "need", Pair("people", "critical_by"), "urgency", Only("urgency", "urgent", "urgent_why")),
            Section(_("The convoy"), Pair("departure", "axis"), "telephone", "un_on_board", "told", "no_weapons", "note"),
            tag=False,
        )


class AlternativeForm(forms.Form):
    """One civilian alternative that was tried."""

    what = forms.CharField(label=_("What was tried"))
    day = forms.DateField(label=_("When"), widget=DayInput)
    result = forms.CharField(label=_("Result"), widget=LongText(rows=2))


GalleryRows = forms.formset_factory(AlternativeForm, extra=1, max_num=5)


def facts_to_show() -> dict:
    """What the gallery page shows, around the present moment."""
    now = timezone.now()
    hours = lambda number: now + timedelta(hours=number)  # noqa: E731
    return {
        "now": now,
        "urgent_due": now + timedelta(minutes=72),
        "soon": hours(19),
        "days": hours(80),
        "late": hours(-5),
        "window": (hours(130), hours(190)),
        "steps": [
            {"label": _("Submitted"), "detail": "19 Nov 09:12", "state": "done"},
            {"label": _("Cluster"), "detail": _("no civilian means"), "state": "done"},
            {"label": _("Security"), "detail": "UNDSS, 20 Nov 10:40", "state": "done"},
            {"label": _("OCHA"), "detail": _("cleared"), "state": "done"},
            {"label": _("HC decision"), "detail": _("%(hours)s h left") % {"hours": 19}, "state": "now"},
            {"label": _("Force reply"), "state": "next"},
            {"label": _("Under way"), "state": "next"},
            {"label": _("After action"), "state": "next"},
        ],
        "choices": [
            {"label": _("Approve as drafted"), "url": "#approve"},
            {"label": _("Change and approve"), "url": "#change", "kind": "line"},
            {"label": _("Ask OCHA a question"), "url": "#ask", "kind": "line", "post": True},
            {"label": _("Deny"), "url": "#deny", "kind": "danger"},
            {"label": _("Transmit"), "url": "", "why": _("The signed UNDSS opinion is missing.")},
            {"label": _("Suspend"), "url": "", "why": _("The request is not approved yet.")},
        ],
        "findings": [
            {"level": "stop", "title": _("The provider is a party to the conflict"), "text": _("Choose another force."), "clause": "IASC 2013, § 3.1", "clause_url": "#clause"},
            {"level": "justify", "title": _("Third escort in a row on this axis"), "text": _("Two other organisations moved without one in the same weeks."), "clause": "IASC 2013, § 4.4"},
            {"level": "inform", "title": _("Two axis patrols are planned"), "text": _("On 27 and 29 November."), "clause": "CAR 2017, § 8.6"},
            {"level": "ok", "title": _("Eleven other points: no concern")},
        ],
        "events": [
            {"sentence": _("OCHA Bangui cleared the request and drafted the decision"), "at": hours(-2), "key": True, "by": "OCHA"},
            {"sentence": _("UNDSS: risk lower with escort"), "at": hours(-8), "key": True},
            {"sentence": _("The requester answered two questions"), "at": hours(-11), "detail": _("for the head of sub-office")},
            {"sentence": _("Submitted"), "at": hours(-30), "key": True},
        ],
        "tabs": [
            {"label": _("Open"), "url": "#", "current": True, "count": 12},
            {"label": _("Closed"), "url": "#"},
            {"label": _("All"), "url": "#"},
        ],
        "parts": [
            {"label": _("Need"), "url": "#", "state": "done"},
            {"label": _("What was tried"), "state": "now"},
            {"label": _("Convoy"), "state": "next"},
        ],
        "facts": [
            (_("Need"), "420 t of food for 31,000 people displaced around Bria; stocks end 2 December"),
            (_("Route"), "Bambari, Ippy, Bria; 12 trucks, 2 light vehicles"),
            (_("Exit plan"), ""),
        ],
    }
