"""Where the mail of the demonstration portal goes: into rows that the mailbox page shows, each message once."""

from email.utils import make_msgid

from django.contrib.auth import get_user_model
from django.core.mail.backends.base import BaseEmailBackend

from cmcoord.activity.models import DemoMail


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        rows = [self.row_for(message, address) for message in email_messages for address in message.recipients()]
        DemoMail.objects.bulk_create(rows, ignore_conflicts=True)
        return len(email_messages)

    def row_for(self, message, address: str) -> DemoMail:
        html = [part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"]
        return DemoMail(
            recipient=get_user_model().objects.filter(email__iexact=address).first(),
            address=address,
            subject=message.subject[:300],
            text=message.body,
            html=html[0] if html else "",
            message_id=message.extra_headers.get("Message-ID") or make_msgid(),
        )
