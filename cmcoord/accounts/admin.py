"""Reference data that an administrator may correct: forms of Django's admin, which save nothing themselves.

What they hold goes to cmcoord.accounts.reference_changes: an event for each change, a second administrator where it
decides on rights or on whom people call. People, their rights and the policies of countries have pages of their own.
"""

from functools import partialmethod

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cmcoord.accounts import guarded, reference_changes, stepup
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Perm
from cmcoord.activity import barrier
from cmcoord.activity.barrier import Side
from cmcoord.places.forms import PlaceForm
from cmcoord.places.local_dates import zones
from cmcoord.places.models import AdminArea, Axis, AxisPlace, Country, DutyStation, Holiday, Place
from cmcoord.ui import typed


def _with_words(self, form, words: dict, *args, **kwargs) -> None:
    """The beginning of a form that was interrupted by the proof: what was typed stands in it again."""
    form.__init__(self, *args, **kwargs | {"initial": (kwargs.get("initial") or {}) | words})


class ReferenceAdmin(admin.ModelAdmin):
    """Open to portal administrators; their right is an appointment, so Django's own permissions are not asked."""

    is_reference = True
    fixed_fields: tuple[str, ...] = ()  # set with the row and never changed
    shown_by: dict[str, str] = {}  # what is no field of the row, and the field whose line decides

    def has_module_permission(self, request):
        """Whose side reads no row of this kind does not learn that there are any."""
        keys = barrier.line_of(self.model, self.model._meta.pk.name)
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS) and barrier.opens(keys, request.user.side)

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_change_permission = has_view_permission

    def is_open(self, request, name) -> bool:
        """Does the line of this field let the administrator's side read it as it stands?"""
        field = self.shown_by.get(name, name) if isinstance(name, str) else ""
        lines = barrier.lines_of(self.model)
        if field.partition("__")[0] not in lines:
            return True
        line, side = lines[field.partition("__")[0]], request.user.side
        return barrier.opens(line, side) and (side == Side.HUMANITARIAN or line.precision == barrier.Precision.EXACT)

    def get_fields(self, request, obj=None):
        return [name for name in super().get_fields(request, obj) if self.is_open(request, name)]

    def get_list_display(self, request):
        return [name for name in super().get_list_display(request) if self.is_open(request, name)]

    def get_list_filter(self, request):
        return [name for name in super().get_list_filter(request) if self.is_open(request, name)]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """What was fixed when the row was added, and what waits for a second administrator."""
        if not obj:
            return []
        fixed = [*self.fixed_fields, *(each.field for each in reference_changes.waiting_for(obj))]
        return [name for name in fixed if self.is_open(request, name)]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Somebody may propose the same while this form is open: their sentence stands above the form then.

        Who corrects reference data proves again that it is them; what they typed comes back into the form.
        """
        if not stepup.is_fresh(request):
            return stepup.ask(request)
        context = {"show_save_and_continue": False, "show_save_and_add_another": False} | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
        return redirect(request.path)

    def delete_view(self, request, *args, **kwargs):
        return super().delete_view(request, *args, **kwargs) if stepup.is_fresh(request) else stepup.ask(request)

    def response_action(self, request, *args, **kwargs):
        return super().response_action(request, *args, **kwargs) if stepup.is_fresh(request) else stepup.ask(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        kept = typed.kept(request)
        if not kept:
            return form
        fields = form.base_fields.items()
        words = {name: field.widget.value_from_datadict(kept, {}, name) for name, field in fields}
        return type(form.__name__, (form,), {"__init__": partialmethod(_with_words, form, words)})

    def save_model(self, request, obj, form, change):
        typed.forget(request)
        if not change:
            reference_changes.add(obj, by=request.user)
            request.proposed = reference_changes.waiting_for(obj)
            return
        own = {*(field.name for field in obj._meta.concrete_fields), *guarded.names(obj)}
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in own}
        request.proposed = reference_changes.change(obj, values=values, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Only what a form names in save_lists(); nothing else hangs on a row of reference data."""
        self.save_lists(request, form, formsets)

    def save_lists(self, request, form, formsets):
        """Lists that belong to the row; each has a service of its own."""

    def delete_model(self, request, obj):
        reference_changes.remove(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            reference_changes.remove(row, by=request.user)

    def construct_change_message(self, request, form, formsets, add=False):
        return super().construct_change_message(request, form, [], add)

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._said(request)

    def response_change(self, request, obj):
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._said(request)

    def _said(self, request):
        self.message_user(request, _("Saved."), messages.SUCCESS)
        if request.proposed:
            fields = ", ".join(each["field"] for each in reference_changes.in_words(request.proposed))
            sentence = _("A second administrator was asked to confirm: %(fields)s. Until then the old value counts.")
            self.message_user(request, sentence % {"fields": fields}, messages.WARNING)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    list_display = ["code", "name_en", "name_fr", "national_unit_telephone"]
    fields = [
        "code",
        "name_en",
        "name_fr",
        "timezone",
        "languages",
        "national_unit_telephone",
        "working_from",
        "working_to",
        "working_days",
    ]
    fixed_fields = ("code", "timezone")  # streams, references and days of rights hang on them

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "timezone":
            choices = [("", "---------"), *((zone, zone) for zone in zones())]
            return forms.ChoiceField(label=db_field.verbose_name.capitalize(), choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(DutyStation)
class DutyStationAdmin(ReferenceAdmin):
    list_display = ["name", "country", "telephone", "covered_by", "active"]
    list_filter = ["country"]
    list_select_related = ["country", "covered_by"]
    raw_id_fields = ["place"]
    fixed_fields = ("country", "place", "code")


@admin.register(AdminArea)
class AdminAreaAdmin(ReferenceAdmin):
    list_display = ["name", "kind", "country", "code", "code_verified", "valid_from", "valid_to"]
    list_filter = ["country", "kind"]


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    form = PlaceForm
    shown_by = {"position": "latitude"}
    list_display = ["name", "country", "area", "position", "position_verified"]
    list_filter = ["country"]
    list_select_related = ["country", "area"]
    search_fields = ["folded_name", "name"]


class AxisPlaceInline(admin.TabularInline):
    model = AxisPlace
    extra = 0
    raw_id_fields = ["place"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS)

    def has_change_permission(self, request, obj=None):
        """Not while other places are proposed for this axis."""
        return self.has_view_permission(request, obj) and not (obj and reference_changes.waiting_for(obj))

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(Axis)
class AxisAdmin(ReferenceAdmin):
    list_display = ["name", "country"]
    list_filter = ["country"]
    inlines = [AxisPlaceInline]

    def save_lists(self, request, form, formsets):
        if reference_changes.waiting_for(form.instance):
            return
        rows = [row for row in formsets[0].cleaned_data if row and not row.get("DELETE")]
        places = [row["place"] for row in sorted(rows, key=lambda row: row["order"])]
        request.proposed += reference_changes.change(form.instance, values={"places": places}, by=request.user)


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ["date", "country", "name_en", "name_fr"]
    list_filter = ["country"]
    date_hierarchy = "date"

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS)


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    list_display = ["acronym", "name", "org_type", "telephone", "active", "verified"]
    list_filter = ["verified", "org_type"]
    search_fields = ["acronym", "name"]
    filter_horizontal = ["countries"]

    def get_readonly_fields(self, request, obj=None):
        """The type decides on which side people are; it is fixed once they have accounts."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "org_type"] if obj and obj.people.exists() else fixed

    def save_lists(self, request, form, formsets):
        reference_changes.set_countries(form.instance, countries=form.cleaned_data["countries"], by=request.user)
