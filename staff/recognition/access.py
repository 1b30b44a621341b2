"""Who reads a recognition, takes it back, releases a customer's praise, and makes walls."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from staff.people.access import is_manager, managed_team_ids
from staff.people.models import Membership, Team, User
from staff.recognition.models import Comment, Recipient, Recognition, RecognitionQuerySet, Wall

Kind, State = Recognition.Kind, Recognition.State


def visible_to(user: User) -> RecognitionQuerySet:
    """Open ones: everybody who works here. Private ones: who gave or released them, and whom they thank."""
    return Recognition.objects.told().filter(_open_or_between(user))


def taken_back_from(user: User) -> RecognitionQuerySet:
    """Those that the user could read until they were taken back; not praise that was never released."""
    never_told = Q(kind=Kind.PRAISE, told_at__lte=F("created_at"))
    return Recognition.objects.filter(_open_or_between(user), state=State.WITHDRAWN).exclude(never_told)


def _open_or_between(user: User) -> Q:
    return Q(is_private=False) | Q(by=user) | Q(released_by=user) | Q(Exists(_thanks_to(user)))


def _thanks_to(user: User) -> QuerySet[Recipient]:
    return Recipient.objects.filter(recognition=OuterRef("pk"), user=user)


def get_recognition_for(user: User, pk: int) -> Recognition:
    """One to read; 404 for those from whom it is kept."""
    return get_object_or_404(visible_to(user).with_names(), pk=pk)


# --- What managers may ------------------------------------------------------------------------------------------


def manages(user: User, recognition: Recognition) -> bool:
    """Whether it is about somebody, or the whole, of a team that the user manages."""
    if user.is_sponsor:
        return True
    teams = managed_team_ids(user)
    if not teams:
        return False
    thanked = Recipient.objects.filter(recognition=recognition).values("user_id")
    return recognition.team_id in teams or Membership.objects.now().filter(team__in=teams, user_id__in=thanked).exists()


def may_withdraw(user: User, recognition: Recognition) -> bool:
    """Who gave it, or released it; of open ones also who manages those whom it thanks."""
    if user.pk in (recognition.by_id, recognition.released_by_id):
        return True
    return not recognition.is_private and manages(user, recognition)


def get_recognition_to_withdraw_for(user: User, pk: int) -> Recognition:
    recognition = get_recognition_for(user, pk)
    if not may_withdraw(user, recognition):
        raise PermissionDenied
    return recognition


def get_treat_to_decide_for(user: User, pk: int) -> Recognition:
    """What a manager did: both of them, and nobody else, say whether others may read it."""
    recognition = get_recognition_for(user, pk)
    is_recipient = any(each.user_id == user.pk for each in recognition.recipients.all())
    if recognition.kind != Kind.TREAT or not (is_recipient or recognition.by_id == user.pk):
        raise PermissionDenied
    return recognition


def may_remove(user: User, comment: Comment, recognition: Recognition) -> bool:
    """One's own; and any below what is about somebody of a team that the user manages."""
    return comment.by_id == user.pk or manages(user, recognition)


def get_comment_to_remove_for(user: User, pk: int) -> Comment:
    comment = get_object_or_404(Comment.objects.filter(removed_at=None), pk=pk)
    recognition = get_recognition_for(user, comment.recognition_id)
    if not may_remove(user, comment, recognition):
        raise PermissionDenied
    return comment


def people_to_thank(user: User) -> QuerySet[User]:
    """Everybody who is active but oneself."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk)


def people_managed_by(user: User) -> QuerySet[User]:
    """For whom a manager may note that they did something: people of own teams; for a sponsor everybody."""
    if user.is_sponsor:
        return people_to_thank(user)
    places = Membership.objects.now().filter(team__in=managed_team_ids(user))
    return people_to_thank(user).filter(pk__in=places.values("user_id"))


# --- Customers' praise ------------------------------------------------------------------------------------------


def drafts_for(user: User) -> RecognitionQuerySet:
    """Praise that the user may release: of people of teams that they manage, never of themselves."""
    drafts = Recognition.objects.filter(state=State.DRAFT).exclude(text="")
    if not is_manager(user):
        return drafts.none()
    drafts = drafts.exclude(Exists(_thanks_to(user)))
    if user.is_sponsor:
        return drafts
    teams = managed_team_ids(user)
    places = Membership.objects.now().filter(team__in=teams)
    theirs = Recipient.objects.filter(recognition=OuterRef("pk"), user__in=places.values("user_id"))
    return drafts.filter(Q(team__in=teams) | Q(Exists(theirs)))


def get_draft_for(user: User, pk: int) -> Recognition:
    """404 for all but those who may release it: nobody else is to know of it."""
    return get_object_or_404(drafts_for(user).with_names(), pk=pk)


# --- Walls ------------------------------------------------------------------------------------------------------


def walls_for(user: User) -> QuerySet[Wall]:
    """A manager's teams' walls; a sponsor's are all of them, those of the whole company, too."""
    walls = Wall.objects.select_related("team", "made_by")
    return walls if user.is_sponsor else walls.filter(team__in=managed_team_ids(user))


def get_wall_for(user: User, pk: int) -> Wall:
    if not is_manager(user):
        raise Http404
    return get_object_or_404(walls_for(user), pk=pk)


def teams_for_walls(user: User) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=managed_team_ids(user))
