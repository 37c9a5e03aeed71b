"""Made-up facts for the page that shows every piece once."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from cmcoord.ui.layout import Only, Pair, Section, form_helper
from cmcoord.ui.widgets import ChoiceBoxes, ChoiceLine, DayInput, LongText, MomentInput, TelephoneInput


class GalleryForm(forms.Form):
    """One field of each sort."""

    summary_shown = True

    need = forms.CharField(
        label="Need in one sentence",
        help_text="What must reach whom, and by when.",
        max_length=200,
        widget=LongText(rows=2),
    )
    people = forms.IntegerField(label="People concerned", min_value=1)
    critical_by = forms.DateField(label="Critical by", widget=DayInput)
    departure = forms.DateTimeField(
        label="Departure", widget=MomentInput, help_text="Local time of the place of departure."
    )
    telephone = forms.CharField(label="Convoy leader's telephone", widget=TelephoneInput, required=False)
    axis = forms.ChoiceField(
        label="Axis", choices=[("", "–"), ("a", "Bambari – Ippy – Bria"), ("b", "Bangui – Damara – Sibut")]
    )
    urgency = forms.ChoiceField(
        label="Urgency",
        widget=ChoiceBoxes,
        choices=[("routine", "Routine: five working days"), ("urgent", "Urgent: lives are at risk within hours")],
    )
    urgent_why = forms.CharField(label="Why it cannot wait", required=False)
    un_on_board = forms.ChoiceField(
        label="UN staff or assets on board", widget=ChoiceLine, choices=[("yes", "Yes"), ("no", "No")]
    )
    no_weapons = forms.BooleanField(label="No weapon, ammunition or uniformed person travels in our vehicles.")
    told = forms.MultipleChoiceField(
        label="Who else knows",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("log", "Logistics cluster"), ("prot", "Protection cluster")],
    )
    note = forms.FileField(label="Attachment", required=False, help_text="PDF or picture, up to 5 MB.")

    @property
    def helper(self):
        return form_helper(
            Section(
                "The need", "need", Pair("people", "critical_by"), "urgency", Only("urgency", "urgent", "urgent_why")
            ),
            Section("The convoy", Pair("departure", "axis"), "telephone", "un_on_board", "told", "no_weapons", "note"),
            tag=False,
        )


class AlternativeForm(forms.Form):
    """One civilian alternative that was tried."""

    what = forms.CharField(label="What was tried")
    day = forms.DateField(label="When", widget=DayInput)
    result = forms.CharField(label="Result", widget=LongText(rows=2))


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
            {"label": "Submitted", "detail": "19 Nov 09:12", "state": "done"},
            {"label": "Cluster", "detail": "no civilian means", "state": "done"},
            {"label": "Security", "detail": "UNDSS, 20 Nov 10:40", "state": "done"},
            {"label": "OCHA", "detail": "cleared", "state": "done"},
            {"label": "HC decision", "detail": "19 h left", "state": "now"},
            {"label": "Force reply", "state": "next"},
            {"label": "Under way", "state": "next"},
            {"label": "After action", "state": "next"},
        ],
        "choices": [
            {"label": "Approve as drafted", "url": "#approve"},
            {"label": "Change and approve", "url": "#change", "kind": "line"},
            {"label": "Ask OCHA a question", "url": "#ask", "kind": "line", "post": True},
            {"label": "Deny", "url": "#deny", "kind": "danger"},
            {"label": "Transmit", "url": "", "why": "The signed UNDSS opinion is missing."},
            {"label": "Suspend", "url": "", "why": "The request is not approved yet."},
        ],
        "findings": [
            {
                "level": "stop",
                "title": "The provider is a party to the conflict",
                "text": "Choose another force.",
                "clause": "IASC 2013, § 3.1",
                "clause_url": "#clause",
            },
            {
                "level": "justify",
                "title": "Third escort in a row on this axis",
                "text": "Two other organisations moved without one in the same weeks.",
                "clause": "IASC 2013, § 4.4",
            },
            {
                "level": "inform",
                "title": "Two axis patrols are planned",
                "text": "On 27 and 29 November.",
                "clause": "CAR 2017, § 8.6",
            },
            {"level": "ok", "title": "Eleven other points: no concern"},
        ],
        "events": [
            {
                "sentence": "OCHA Bangui cleared the request and drafted the decision",
                "at": hours(-2),
                "key": True,
                "by": "OCHA",
            },
            {"sentence": "UNDSS: risk lower with escort", "at": hours(-8), "key": True},
            {
                "sentence": "The requester answered two questions",
                "at": hours(-11),
                "detail": "for the head of sub-office",
            },
            {"sentence": "Submitted", "at": hours(-30), "key": True},
        ],
        "tabs": [
            {"label": "Open", "url": "#", "current": True, "count": 12},
            {"label": "Closed", "url": "#"},
            {"label": "All", "url": "#"},
        ],
        "parts": [
            {"label": "Need", "url": "#", "state": "done"},
            {"label": "What was tried", "state": "now"},
            {"label": "Convoy", "state": "next"},
        ],
        "facts": [
            ("Need", "420 t of food for 31,000 people displaced around Bria; stocks end 2 December"),
            ("Route", "Bambari, Ippy, Bria; 12 trucks, 2 light vehicles"),
            ("Exit plan", ""),
        ],
    }
