"""How is a PDF cleaned without a hostile one holding up the portal? In a process of its own, with bounds."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

from requests_app.notes import pdf

WAIT = 6  # seconds, on a machine that is busy; the process has pdf.SECONDS of the processor


def pdf_without_notes(data: bytes) -> tuple[bytes, bool]:
    """The PDF as it is kept, and whether author data stay: where it cannot be written anew it stays as it came."""
    command = [sys.executable, "-m", pdf.__name__]
    try:
        done = subprocess.run(  # noqa: S603  the portal's own command, which is told nothing of its settings
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR, env={},
            timeout=WAIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return data, True
    if done.returncode not in (pdf.CLEAN, pdf.PARTLY):
        return data, True
    return done.stdout, done.returncode == pdf.PARTLY
