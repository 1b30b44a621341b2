"""Stories, and one moment."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from staff.people.requests import SignedInRequest


@require_safe
def moments(request: SignedInRequest) -> HttpResponse:
    return HttpResponse()
