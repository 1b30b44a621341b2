"""Language and time zone of the person in front of the page."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from delight.organisation.models import Organisation


def own_language_and_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A user's own language and zone, else the organisation's; strangers get their browser's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        language = zone = ""
        if user.is_authenticated:
            organisation = Organisation.objects.first()
            request.organisation = organisation  # type: ignore[attr-defined]
            language = user.language or (organisation.default_language if organisation else "")
            zone = user.time_zone or (organisation.time_zone if organisation else "")
        language = language or translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware
