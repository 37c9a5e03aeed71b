"""Reference data that an administrator may correct. Nothing is deleted: rows are set inactive or dated."""

from django.contrib import admin

from cmcoord.places.models import AdminArea, Axis, AxisPlace, Country, DutyStation, Holiday, Place

MANAGE = "manage_accounts"  # cmcoord.accounts.roles.Perm, which lies above this app


class ReferenceAdmin(admin.ModelAdmin):
    """Open to portal administrators; their right is an appointment, so Django's own permissions are not asked."""

    is_reference = True

    def has_module_permission(self, request):
        return request.user.has_perm(MANAGE)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


class RowsOfReference(admin.TabularInline):
    extra = 0

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    list_display = ["code", "name_en", "name_fr", "national_unit_telephone"]
    fields = [
        "name_en",
        "name_fr",
        "languages",
        "national_unit_telephone",
        "working_from",
        "working_to",
        "working_days",
    ]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(DutyStation)
class DutyStationAdmin(ReferenceAdmin):
    list_display = ["name", "country", "has_cell", "has_contact", "telephone", "covered_by", "active"]
    list_filter = ["country"]
    list_select_related = ["country", "covered_by"]
    raw_id_fields = ["place"]


@admin.register(AdminArea)
class AdminAreaAdmin(ReferenceAdmin):
    list_display = ["name", "kind", "country", "code", "code_verified", "valid_from", "valid_to"]
    list_filter = ["country", "kind"]


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    list_display = ["name", "country", "area", "latitude", "longitude", "position_verified"]
    list_filter = ["country"]
    list_select_related = ["country", "area"]
    search_fields = ["folded_name", "name"]


class AxisPlaceInline(RowsOfReference):
    model = AxisPlace
    raw_id_fields = ["place"]


@admin.register(Axis)
class AxisAdmin(ReferenceAdmin):
    list_display = ["name", "country"]
    list_filter = ["country"]
    inlines = [AxisPlaceInline]


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ["date", "country", "name_en", "name_fr"]
    list_filter = ["country"]
    date_hierarchy = "date"

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)
