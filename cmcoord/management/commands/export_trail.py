"""manage.py export_trail: one chain as JSON lines, for the verifier that knows nothing of this portal.

Nothing confidential is in it: of hidden columns it has the salted digests that the seals hash. Each export is an event.
"""

import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cmcoord.accounts.models import User
from cmcoord.activity import checks, exports


class Command(BaseCommand):
    help = "Write one chain of seals with its rows to a file; docs/verify_trail.py reads it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--stream", required=True, help="CAF, MLI, portal …")
        parser.add_argument("--by", required=True, help="user name of who takes it, for the trail")
        parser.add_argument("--reason", required=True, help="why, for the trail")

    def handle(self, *args, file: Path, stream: str, by: str, reason: str, **options):
        person = User.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active account {by}.")
        if stream not in checks.streams():
            raise CommandError(f"There is no stream {stream}.")
        try:
            target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        last = exports.record_export(stream, by=person, reason=reason)
        with os.fdopen(target, "w", encoding="utf-8") as lines:
            for line in exports.lines(stream, last):
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.stdout.write(f"{stream}: {last} seals written to {file}.")
