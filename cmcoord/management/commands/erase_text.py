"""manage.py erase_text: what confidential texts stand in the rows of a case, and destroy one of them.

Without TABLE ROW FIELD it lists the places, not the texts. The national unit erases alone (--by); otherwise two
administrators do it together (--by and --second). Each is asked for password and second factor.
"""

from django.core.management.base import BaseCommand, CommandError

from cmcoord.accounts import console
from cmcoord.accounts.models import User
from requests_app.models import Case
from requests_app.services import Refused, erase_text
from requests_app.services.erasing import texts_of, why_not_erase


class Command(BaseCommand):
    help = "List the erasable texts of a case, or destroy one: REFERENCE [TABLE ROW FIELD --by --reason]."

    def add_arguments(self, parser):
        parser.add_argument("reference")
        parser.add_argument("table", nargs="?")
        parser.add_argument("row", nargs="?", type=int)
        parser.add_argument("field", nargs="?")
        parser.add_argument("--by", help="user name of who erases")
        parser.add_argument("--second", help="user name of the second administrator")
        parser.add_argument("--reason", default="")

    def handle(self, *args, reference: str, table, row, field, by, second, reason: str, **options):
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise CommandError(f"There is no case {reference}.")
        if field is None:
            for text in texts_of(case):
                self.stdout.write(f"{text.table} {text.row} {text.field} ({len(str(text.value))} characters)")
            return
        persons = {"by": self.person(by), "second": self.person(second) if second else None}
        if refusal := why_not_erase(case, **persons):
            raise CommandError(refusal)
        try:
            proofs = {person.username: console.prove(person) for person in persons.values() if person}
            places = erase_text(
                case=case,
                table=table,
                row=row,
                field=field,
                reason=reason,
                proofs=proofs,
                **persons,
            )
        except console.NotProven as why:
            raise CommandError(str(why)) from why
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        for place in places:
            self.stdout.write(f"{place.table} {place.row} {place.field}: erased")

    def person(self, username: str | None) -> User:
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active account {username}.")
        return found
