"""Organisations as reference data. People and their rights have pages of their own, with a second administrator."""

from django.contrib import admin

from cmcoord.accounts.models import Organisation
from cmcoord.places.admin import ReferenceAdmin


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    list_display = ["acronym", "name", "org_type", "telephone", "active"]
    list_filter = ["org_type"]
    search_fields = ["acronym", "name"]
    filter_horizontal = ["countries"]

    def get_readonly_fields(self, request, obj=None):
        """The type decides on which side people are; it is fixed once they have accounts."""
        return ["org_type"] if obj and obj.people.exists() else []
