"""The company's settings are the sponsors'."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from delight.organisation.models import Holiday, Organisation


def get_organisation_for(user: Any) -> Organisation:
    """The row for a sponsor; everybody else is refused with 403, since all know that it is there."""
    if not user.is_sponsor:
        raise PermissionDenied
    return get_object_or_404(Organisation, pk=1)


def get_holiday_for(user: Any, pk: int) -> Holiday:
    """A holiday, for a sponsor."""
    get_organisation_for(user)
    return get_object_or_404(Holiday, pk=pk)
