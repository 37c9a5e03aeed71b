"""Adds the reference data that is missing: countries, places, stations, organisations, forces, bodies. At any time."""

from django.core.management.base import BaseCommand
from django.db import transaction

from cmcoord.accounts.reference_data import load_organisations
from cmcoord.places.reference_data import load_reference
from contacts.reference_bodies import load_bodies
from contacts.reference_data import load_forces


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options):
        added = load_reference() + load_organisations() + load_forces() + load_bodies()
        if options["verbosity"]:
            self.stdout.write(f"Reference data: {added} rows added.")
