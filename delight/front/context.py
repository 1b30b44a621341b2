"""What every page shows: the company, the navigation, and whether mail leaves."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "organisation": getattr(request, "organisation", None),
        "nav_primary": [],
        "nav_more": [],
        "sending_is_off": False,
        "sending_off_url": "",
        "local_mode": settings.LOCAL,
    }
