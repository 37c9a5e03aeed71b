"""What do the pieces look like? A page for those who build the portal, absent from production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from cmcoord.ui import gallery as pieces
from cmcoord.ui.formsets import with_one_more_row
from cmcoord.ui.pages import form_page


def gallery(request: HttpRequest) -> HttpResponse:
    """Every piece once, with a form to send wrongly."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    if request.headers.get("X-Autosave"):
        return JsonResponse({"time": date_format(timezone.localtime(), "H:i")})
    adding = "add_row" in request.POST
    data = (with_one_more_row(request.POST) if adding else request.POST) if request.method == "POST" else None
    form, rows = pieces.GalleryForm(None if adding else data), pieces.GalleryRows(data, prefix="tried")
    context = pieces.facts_to_show() | {"form": form, "rows": rows}
    return form_page(request, "ui/gallery.html", context, *([] if adding else [form, rows]))
