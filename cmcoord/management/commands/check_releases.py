"""manage.py check_releases: is everything that reached a force in the release ledger, and nothing else?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from requests_app import ledger


class Command(BaseCommand):
    help = "Compare the release ledger with papers, texts, mails sent and downloads; name what differs."

    def handle(self, *args, **options):
        with translation.override("en"):
            found = 0
            for difference in ledger.differences():
                self.stdout.write(difference)
                found += 1
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("The release ledger adds up.")
