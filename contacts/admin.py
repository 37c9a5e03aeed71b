"""Forces as reference data: dated rows."""

from django.contrib import admin

from cmcoord.accounts.admin import ReferenceAdmin
from contacts.models import Force


@admin.register(Force)
class ForceAdmin(ReferenceAdmin):
    list_display = ["acronym", "name", "country", "category", "organisation", "active_from", "active_to"]
    list_filter = ["country", "category"]
    list_select_related = ["country", "organisation"]
