"""How people like to be thanked. Without a row: in front of others, with the mail of the week on Friday at 16:00."""

from collections.abc import Iterable

from django.db import transaction

from staff.people.models import User
from staff.recognition.models import Taste


def taste_of(user: User) -> Taste:
    """Their own, else what holds for everybody; writes nothing."""
    return Taste.objects.filter(user=user).first() or Taste(user=user)


def kept_taste_of(user: User) -> Taste:
    """As a row: the off link of a mail needs one."""
    return Taste.objects.get_or_create(user=user)[0]


@transaction.atomic
def set_taste(*, user: User, **values: bool | int) -> Taste:
    """Say how one likes to be thanked: `likes_public`, `digest`, `digest_weekday`, `digest_hour`."""
    return Taste.objects.update_or_create(user=user, defaults=values)[0]


def want_digest(*, taste: Taste, wanted: bool) -> bool:
    """Switch the mails on or off; tells whether that was a change."""
    return bool(Taste.objects.filter(pk=taste.pk, digest=not wanted).update(digest=wanted))


def shy_among(users: Iterable[User]) -> set[int]:
    """Those who would rather not be praised in front of others."""
    found = Taste.objects.filter(user__in=[user.pk for user in users], likes_public=False)
    return set(found.values_list("user_id", flat=True))
