"""manage.py roll_up: count the figures that pages show, for the last days. The clock does it every night."""

from django.core.management.base import BaseCommand

from requests_app import figures


class Command(BaseCommand):
    help = "Write the daily figures again, for today and the days before it."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=91, help="how many days, today included (default 91)")

    def handle(self, *args, days: int, **options):
        written = figures.roll_up_recent(days=max(1, min(days, 3660)))
        self.stdout.write(f"{written} figures written.")
