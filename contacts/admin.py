"""Forces and the chains of their addressees as reference data: dated rows."""

from django.contrib import admin

from cmcoord.accounts.admin import ReferenceAdmin
from cmcoord.accounts.models import User
from contacts.models import Addressee, Force


@admin.register(Force)
class ForceAdmin(ReferenceAdmin):
    list_display = ["acronym", "name_en", "country", "category", "organisation", "active_from", "active_to"]
    list_filter = ["country", "category"]
    list_select_related = ["country", "organisation"]


@admin.register(Addressee)
class AddresseeAdmin(ReferenceAdmin):
    list_display = ["force", "place", "function", "telephone", "account", "active_from", "active_to"]
    list_filter = ["force__country", "force"]
    list_select_related = ["force", "account"]
    fixed_fields = ("force",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only accounts of military and police: nobody else is an addressee."""
        if db_field.name == "account":
            kwargs["queryset"] = User.objects.filter(is_active=True, organisation__forces__isnull=False).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
