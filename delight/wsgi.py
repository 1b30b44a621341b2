"""The web process's entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")
django = get_wsgi_application()

from delight.lib.odd_requests import in_utf8  # noqa: E402  (needs the settings that the line above loads)
from delight.organisation.services import check_key  # noqa: E402  (needs the apps that the line above loads)

check_key()
application = in_utf8(django)
