"""Founds an empty portal: reference data, and two administrators who confirm each other and get a link each.

manage.py found_portal --admin "First one <first@example.org>" --admin "Second one <second@example.org>"
"""

from email.utils import parseaddr

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from cmcoord.accounts import services
from cmcoord.accounts.models import Organisation, User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--admin", action="append", required=True, metavar="'NAME <ADDRESS>'", help="give it twice: two people"
        )
        parser.add_argument(
            "--organisation", default="OCHA", help="acronym of the organisation of both (default: OCHA)"
        )
        parser.add_argument("--language", default="en", choices=["en", "fr"])

    @transaction.atomic
    def handle(self, *args, **options):
        people = [parseaddr(text) for text in options["admin"]]
        if len(people) != 2 or not all(name and "@" in address for name, address in people):
            raise CommandError("Two administrators are needed, each as 'NAME <ADDRESS>'.")
        if people[0][1].lower() == people[1][1].lower():
            raise CommandError("The two administrators are two people: their addresses must differ.")
        call_command("load_reference", verbosity=0)
        organisation = Organisation.objects.filter(acronym=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']}.")
        users = [
            User(
                username=address.lower(),
                email=address,
                name=name,
                function_title="Portal administrator",
                organisation=organisation,
                language=options["language"],
            )
            for name, address in people
        ]
        try:
            services.found(*users)
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from problem
        self.stdout.write("The portal is founded. Each link sets one password, once:")
        for user in users:
            self.stdout.write(f"{user.name} <{user.email}>: {password_link(user)}")


def password_link(user: User) -> str:
    """A link to set a password; it dies with its use, and with settings.PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.PORTAL_URL + path
