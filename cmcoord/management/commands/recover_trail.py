"""manage.py recover_trail: two administrators, each with password and second factor, accept what was changed by hand.

It writes a recovery seal that names every bad row; it rewrites nothing. docs/trail.md says what comes before it.
"""

from django.core.management.base import BaseCommand, CommandError

from cmcoord.accounts import console, rights, scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity import checks, recovery


class Command(BaseCommand):
    help = "Let the decisions of a broken stream go on, by two administrators who have read what was changed."

    def add_arguments(self, parser):
        parser.add_argument("stream")
        parser.add_argument("--by", required=True, help="user name of the first administrator")
        parser.add_argument("--second", required=True, help="user name of the second administrator")
        parser.add_argument("--reason", required=True, help="what was found out, for the trail")

    def handle(self, *args, stream: str, by: str, second: str, reason: str, **options):
        if stream not in checks.streams():
            raise CommandError(f"There is no stream {stream}.")
        persons = [self.administrator(username) for username in (by, second)]
        for defect in checks.all_defects(stream):
            self.stdout.write(f"  {defect}")
        try:
            proofs = {person.username: console.prove(person) for person in persons}
            seal, defects = recovery.recover(stream, by=persons[0], second=persons[1], reason=reason, proofs=proofs)
        except (recovery.Unrecoverable, console.NotProven) as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{stream}: recovered by seal {seal.number}, which names {len(defects)} bad rows.")

    def administrator(self, username: str) -> User:
        person = User.objects.filter(username=username, is_active=True).first()
        grant = scope.grant_for(person, Perm.CONFIRM_RIGHTS) if person else None
        if person is None or grant is None:
            raise CommandError(f"{username} is not a portal administrator.")
        if unfounded := rights.why_not_founded(grant, in_detail=True):
            raise CommandError(f"{username}: {unfounded}")
        return person
