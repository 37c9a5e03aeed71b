"""How does a file leave the portal so that a browser saves it and never runs it?"""

import csv
from collections.abc import Callable, Iterable

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that gives back what is written to it, so that rows stream."""

    def write(self, value: str) -> str:
        return value


def safe_cell(value: object) -> object:
    """A text that a spreadsheet program will not run as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value


def csv_download(name: str, columns: list[tuple[str, Callable]], rows: Iterable) -> StreamingHttpResponse:
    """Rows as CSV, with the mark by which spreadsheet programs read accents; columns are (heading, how to read it)."""
    writer = csv.writer(_Echo())

    def lines():
        yield "\ufeff" + writer.writerow([heading for heading, _read in columns])
        for row in rows:
            yield writer.writerow([safe_cell(read(row)) for _heading, read in columns])

    return _as_attachment(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), name)


def file_download(file, name: str, content_type: str = "application/octet-stream") -> FileResponse:
    """A stored file under its own name; always saved, never shown inside the portal."""
    return _as_attachment(FileResponse(file, content_type=content_type), name)


def _as_attachment(response: HttpResponse, name: str):
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
