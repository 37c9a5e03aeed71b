"""manage.py recover_trail: two administrators, each with their own password, accept what was changed by hand.

It writes a recovery seal that names every bad row; it rewrites nothing. docs/trail.md says what comes before it.
"""

from getpass import getpass

from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand, CommandError

from cmcoord.accounts import scope
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
        for person in persons:
            if not check_password(getpass(f"Password of {person.username}: "), person.password):
                raise CommandError(f"This is not the password of {person.username}.")
        try:
            seal, defects = recovery.recover(stream, by=persons[0], second=persons[1], reason=reason)
        except recovery.Unrecoverable as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{stream}: recovered by seal {seal.number}, which names {len(defects)} bad rows.")

    def administrator(self, username: str) -> User:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None or scope.grant_for(person, Perm.CONFIRM_RIGHTS) is None:
            raise CommandError(f"{username} is not a portal administrator.")
        return person
