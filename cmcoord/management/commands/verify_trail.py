"""manage.py verify_trail: is every sealed row still what was sealed? Names each one that is not; 1 when there is one.
Without --stream it compares every appointment and stand-in with the events that gave and confirmed it, too.

Reads link after link, in constant memory. What it finds also stops the decisions of that stream (--only-tell: not).
"""

from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cmcoord.accounts import rights
from cmcoord.activity import checks, seals
from cmcoord.activity.models import Chain

SHOWN = 20


class Command(BaseCommand):
    help = "Read every chain of seals from its first link and name what was changed by hand."

    def add_arguments(self, parser):
        parser.add_argument("--stream", help="only this one (CAF, MLI, portal)")
        parser.add_argument("--anchors", type=Path, help="compare with the lines of this file too (kept outside)")
        parser.add_argument("--only-tell", action="store_true", help="do not stop the decisions of a broken stream")

    def handle(self, *args, stream: str | None, anchors: Path | None, only_tell: bool, **options):
        if anchors and not anchors.is_file():
            raise CommandError(f"There is no file {anchors}.")
        known = checks.streams()
        if stream and stream not in known:
            raise CommandError(f"There is no stream {stream}; there are: {', '.join(known) or 'none'}.")
        broken = [one for one in ([stream] if stream else known) if not self.is_whole(one, anchors, only_tell)]
        unfounded = [] if stream else self.unfounded_rights(only_tell)
        if unfounded:
            broken.append("rights")
        if broken:
            raise CommandError(f"Broken: {', '.join(broken)}.")

    def unfounded_rights(self, only_tell: bool) -> list[checks.Defect]:
        """The appointments and stand-ins that nobody gave and confirmed in the portal; they stop nobody else."""
        found = list(rights.all_defects())
        self.stdout.write(
            f"rights: {len(found)} DO NOT AGREE with the trail" if found else "rights: agree with the trail"
        )
        for defect in found:
            self.stdout.write(f"  {defect}")
            if not only_tell:
                rights.tell_of(defect)
        return found

    def is_whole(self, stream: str, anchors: Path | None, only_tell: bool) -> bool:
        found = checks.all_defects(stream, anchors)
        first = next(found, None)
        head = Chain.objects.filter(pk=stream).first()
        waiting = seals.waiting_count(stream)
        state = f"{head.number if head else 0} seals, {head.total if head else 0} rows, {waiting} waiting"
        if first is None:
            self.stdout.write(f"{stream}: whole ({state})")
            return True
        self.stdout.write(f"{stream}: BROKEN ({state})")
        self.stdout.write(f"  first bad row: {first}")
        for defect in islice(found, SHOWN):
            self.stdout.write(f"  {defect}")
        if next(found, None):
            self.stdout.write("  … and more.")
        if not only_tell:
            checks.mark_broken(stream, first)
        return False
