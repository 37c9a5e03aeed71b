"""What is asked on the pages about people and rights? No form that people fill for themselves has a role in it."""

from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cmcoord.accounts import safety
from cmcoord.accounts.models import LANGUAGES, SIDE_OF_TYPE, Organisation, User
from cmcoord.accounts.roles import CLUSTERS, ROLES, Role
from cmcoord.places.models import Country, DutyStation, telephone_format
from cmcoord.ui.layout import Act, Acts, Note, Pair, Section, Way, form_helper
from cmcoord.ui.widgets import DayInput, LongText, TelephoneInput

CODE_SECONDS = 120  # a code of the app is taken for a minute and a half at most
WHERE_HELP = gettext_lazy("Needed for a station's officer; for others it says where the person works.")


class StationField(forms.ModelChoiceField):
    def label_from_instance(self, station):
        return f"{station.name} ({station.country_id})"


class WhereForm(forms.Form):
    """A role and the place where it holds."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    country = forms.ModelChoiceField(
        Country.objects.all(),
        label=gettext_lazy("Country"),
        empty_label="–",
        required=False,
        help_text=gettext_lazy("Every role has one, except the administrators of the portal."),
    )
    station = StationField(
        DutyStation.objects.filter(active=True).select_related("country"),
        label=gettext_lazy("Duty station"),
        empty_label="–",
        required=False,
        help_text=WHERE_HELP,
    )
    cluster = forms.ChoiceField(
        label=gettext_lazy("Cluster"),
        required=False,
        choices=[("", "–"), *CLUSTERS.items()],
        help_text=gettext_lazy("For a cluster coordinator only."),
    )
    ends = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: without end."),
    )

    def __init__(self, *args, side=None, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if side is None or side in ROLES[role].sides]
        self.fields["role"].choices = [("", "–"), *[(role.value, role.label) for role in roles]]


class AppointForm(WhereForm):
    """A role for a person who has an account."""

    starts = forms.DateField(label=pgettext_lazy("first day", "From"), required=False, widget=DayInput())

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, side=person.side, **kwargs)
        self.person = person
        self.fields["starts"].help_text = _("Empty: from today on.")

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Appointment"),
                "role",
                Pair("country", "station"),
                "cluster",
                Pair("starts", "ends"),
                Note(_("It counts once a second administrator has confirmed it.")),
            ),
            Acts(Act(_("Give this appointment")), Way(_("Back"), self.person.get_absolute_url())),
        )


class InviteForm(WhereForm):
    """A person without an account, and the role that waits for them."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    function_title = forms.CharField(label=gettext_lazy("Function"), max_length=120, required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(active=True), label=gettext_lazy("Organisation"), empty_label="–"
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)

    def __init__(self, *args, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.back = back

    @property
    def helper(self):
        return form_helper(
            Section(_("Person"), "email", Pair("name", "function_title"), Pair("organisation", "language")),
            Section(
                _("Role"),
                "role",
                Pair("country", "station"),
                Pair("cluster", "ends"),
                Note(_("The link in the mail works once, for seven days. A second administrator confirms the role.")),
            ),
            Acts(Act(_("Send the invitation")), Way(_("Back"), self.back)),
        )


class ReasonForm(forms.Form):
    """Why a right or an account ends: one sentence that the person reads."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=LongText(rows=2))

    def __init__(self, *args, label, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.label, self.back = label, back

    @property
    def helper(self):
        return form_helper(Section("", "reason"), Acts(Act(self.label, kind="danger"), Way(_("Back"), self.back)))


class ProfileForm(forms.ModelForm):
    """What everybody sets for themselves."""

    class Meta:
        model = User
        fields = ["language", "telephone"]
        widgets = {"telephone": TelephoneInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].help_text = _("Of the pages and of the mails that you receive.")
        self.fields["telephone"].help_text = _("Shown to those who work with you on a request. With the country code.")

    @property
    def helper(self):
        return form_helper(Pair("language", "telephone"), Acts(Act(_("Save"))))


class StandInForm(forms.Form):
    """Who acts for me, and when. Somebody who cannot stand in here reads like nobody: no directory of others."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        max_length=254,
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
        help_text=gettext_lazy("User name or e-mail address. Your colleagues are proposed."),
    )
    starts = forms.DateField(label=pgettext_lazy("first day", "From"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Until"), widget=DayInput(), help_text=gettext_lazy("Last day included."))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False, help_text=gettext_lazy("For example: leave.")
    )

    def __init__(self, *args, appointment, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.appointment, self.back = appointment, back

    @property
    def helper(self):
        return form_helper(
            Section(
                _("Stand-in"),
                "person",
                Pair("starts", "ends"),
                "reason",
                Note(_("Both of you are told. What your stand-in does shows that it was done for you.")),
            ),
            Acts(Act(_("Name the stand-in")), Way(_("Back"), self.back)),
        )

    def clean_person(self):
        text = self.cleaned_data["person"].strip()
        found = User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text), is_active=True)
        person = found.select_related("organisation").first()
        if person is None or not may_stand_in(person, self.appointment):
            raise ValidationError(_("Nobody with an account has this user name or e-mail address."))
        return person


class TelephoneTakenForm(forms.Form):
    """Whose telephone or computer is in other hands. Somebody out of reach reads like nobody."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
        help_text=gettext_lazy("User name or e-mail address."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=200,
        widget=LongText(rows=2),
        help_text=gettext_lazy("Who called, and from where. The person does not read it."),
    )
    hold = forms.BooleanField(
        label=gettext_lazy("Let nobody sign in to this account until we have called the person back"), required=False
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    @property
    def helper(self):
        return form_helper(Section("", "person", "reason", "hold"), Acts(Act(_("End all sessions now"), kind="danger")))

    def clean_person(self):
        text = self.cleaned_data["person"].strip()
        found = User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text), is_active=True).first()
        if found is None or safety.why_not_end_sessions(found, by=self.by):
            raise ValidationError(_("Nobody with an account has this user name or e-mail address."))
        return found


class AcceptForm(forms.Form):
    """How an invited person will sign in."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        validators=[User.username_validator],
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
        help_text=gettext_lazy("You can sign in with it or with your e-mail address."),
    )
    telephone = forms.CharField(
        label=gettext_lazy("Duty telephone"),
        max_length=40,
        required=False,
        validators=[telephone_format],
        widget=TelephoneInput(),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=gettext_lazy("Password, once more"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, initial={"username": proposed_username(invitation.email)}, **kwargs)
        self.invitation = invitation
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    @property
    def helper(self):
        return form_helper(
            Section(_("Your account"), "username", "password", "repeated", "telephone"),
            Acts(Act(_("Accept and open the account"))),
        )

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("password")
        if password and cleaned.get("repeated") != password:
            self.add_error("repeated", _("The two passwords are not the same."))
        if password:
            try:
                validate_password(
                    password,
                    User(username=cleaned.get("username", ""), email=self.invitation.email, name=self.invitation.name),
                )
            except ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class FindForm(forms.Form):
    """A word from a name, user name or address."""

    marks_optional = False
    q = forms.CharField(
        label=gettext_lazy("Name or address"), max_length=80, required=False, widget=forms.TextInput({"type": "search"})
    )

    @property
    def helper(self):
        return form_helper("q", Acts(Act(_("Search"), kind="line")), method="get", css_class="filters")


def proposed_username(email: str) -> str:
    return slugify(email.partition("@")[0].replace(".", "-")).replace("-", ".")


def may_stand_in(person: User, appointment) -> bool:
    """Is this person of a side, and where the role names an organisation of the one, that the appointment takes?"""
    same = appointment.organisation_id in (None, person.organisation_id)
    return same and person.side in appointment.rule.sides


def colleagues_of(user: User, appointment) -> list[User]:
    """Up to 50 people who may stand in and are near: of the same organisation, else of a side that the role takes."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk).select_related("organisation")
    near = others.filter(organisation=user.organisation_id)
    if not appointment.organisation_id and not near.exists():
        wrong = [kind for kind, side in SIDE_OF_TYPE.items() if side not in appointment.rule.sides]
        near = others.filter(organisation__isnull=False).exclude(organisation__org_type__in=wrong)
    return list(near.order_by("folded_name")[:50])


class OnceOnly:
    """A code that was read over somebody's shoulder is worth nothing: each counts once while its time lasts."""

    def clean_code(self):
        code = super().clean_code()  # type: ignore[misc]
        used = f"factor.code.{self.user.pk}.{code.replace(' ', '')}"  # type: ignore[attr-defined]
        if not cache.add(used, True, CODE_SECONDS):
            raise get_factor_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):
    """The code at sign-in."""


class CodeAgainForm(OnceOnly, ReauthenticateForm):
    """The code before an act of weight."""


class AppForm(ActivateTOTPForm):
    """The first code of an app that is set up; its refusals name the question as the page does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
