"""Who may see and note which visits, and who decides about calendars and files of visits."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from delight.customers.models import Visit, VisitCalendar, VisitFile
from delight.customers.visit_models import VisitQuerySet
from staff.people.access import managed_team_ids, require_manager, teams_visible_to
from staff.people.models import Membership, Team, User


def visits_visible_to(user: User) -> VisitQuerySet:
    """Those of one's teams, and those where one serves."""
    if user.is_sponsor:
        return Visit.objects.all()
    return Visit.objects.filter(Q(team__in=own_teams(user).values("pk")) | Q(served_by=user))


def own_teams(user: User) -> QuerySet[Team]:
    """The teams in which the user works now; a sponsor may work in none."""
    return Team.objects.filter(pk__in=Membership.objects.now().filter(user=user).values("team_id"))


def get_visit_for(user: User, pk: int) -> Visit:
    """A visit of an own team; 404 for strangers to it. Whoever sees it may note what came of it."""
    return get_object_or_404(visits_visible_to(user).with_names(), pk=pk)


def teams_to_visit(user: User) -> QuerySet[Team]:
    """The teams for which the user may note visits by hand."""
    return teams_visible_to(user)


def managed_teams(user: User) -> QuerySet[Team]:
    """The teams whose calendars and files the user decides about; 403 for those who manage none."""
    require_manager(user)
    return Team.objects.filter(pk__in=managed_team_ids(user))


def calendars_visible_to(user: User) -> QuerySet[VisitCalendar]:
    return VisitCalendar.objects.filter(team__in=managed_teams(user)).select_related("team", "created_by")


def get_calendar_for(user: User, pk: int) -> VisitCalendar:
    """A calendar of a team that the user manages; 403 for staff, 404 for managers of others."""
    return get_object_or_404(calendars_visible_to(user), pk=pk)


def visit_files_visible_to(user: User) -> QuerySet[VisitFile]:
    return VisitFile.objects.filter(team__in=managed_teams(user)).select_related("team", "created_by", "file", "job")


def get_visit_file_for(user: User, pk: int) -> VisitFile:
    """A file for a team that the user manages; 403 for staff, 404 for managers of others."""
    return get_object_or_404(visit_files_visible_to(user), pk=pk)
