"""What does an asynchronous server serve? The portal itself runs on wsgi.py."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmcoord.settings")

application = get_asgi_application()
