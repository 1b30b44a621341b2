"""Surveys are made by managers and sponsors; the words are the company's, so every manager sees every survey."""

from django.shortcuts import get_object_or_404

from staff.people.access import require_manager
from staff.people.models import User
from surveys.design.models import Survey


def get_survey_for(user: User, pk: int) -> Survey:
    """A survey; 403 for staff who manage no team."""
    require_manager(user)
    return get_object_or_404(Survey, pk=pk)
