"""What a wall tells: open recognitions and told moments of the last weeks, without any customer's name.

Of whom no praise in front of others is wanted, nothing is shown by name; who has left is not shown either.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from delight.files.models import StoredFile
from delight.organisation.models import Organisation
from staff.moments.models import Moment
from staff.people.models import Membership
from staff.recognition.models import Recipient, Recognition, RecognitionQuerySet, Taste, Wall
from staff.recognition.names import Names, customers_named_in, names_of
from staff.recognition.walls import token_of

FOR = timedelta(days=60)
MOST = 15  # of each of the two
LONGEST = 300  # letters that can be read in the time one story stands
SHORT, MIDDLE = 110, 200


@dataclass(frozen=True)
class Story:
    """One story; `size` is "large", "middle" or "small", by how much there is to read."""

    kind: str
    at: datetime
    heading: str
    text: str
    foot: str
    size: str
    photo_url: str = ""


def stories_for(wall: Wall) -> list[Story]:
    """The newest first, in the active language."""
    recognitions, moments = list(recognitions_on(wall)[:MOST]), list(moments_on(wall)[:MOST])
    whole = customers_named_in([each.text for each in recognitions] + [_told(each) for each in moments])
    shy = set(Taste.objects.filter(likes_public=False).values_list("user_id", flat=True))
    told = [_of_recognition(each, whole, shy) for each in recognitions]
    told += [_of_moment(each, whole, shy, wall) for each in moments]
    return sorted(told, key=lambda story: story.at, reverse=True)


def recognitions_on(wall: Wall) -> RecognitionQuerySet:
    recipients = Recipient.objects.filter(recognition=OuterRef("pk"))
    found = Recognition.objects.public().filter(told_at__gte=timezone.now() - FOR)
    found = found.exclude(Exists(recipients.filter(Q(user__taste__likes_public=False) | Q(user__is_active=False))))
    if wall.team_id is not None:
        mates = Membership.objects.now().filter(team=wall.team_id).values("user_id")
        found = found.filter(Q(team=wall.team_id) | Q(Exists(recipients.filter(user__in=mates))))
    about = ("customer", "moment__customer", "moment__introduced_to", "moment__visit")
    return found.select_related("by", "team", *about).prefetch_related("recipients__user")


def moments_on(wall: Wall) -> QuerySet[Moment]:
    """Told ones with words; neither a stub nor what was withdrawn. None while their room is hidden."""
    if "moments" in Organisation.get().hidden_rooms:
        return Moment.objects.none()
    found = Moment.objects.told().filter(happened_at__gte=timezone.now() - FOR, user__is_active=True)
    if wall.team_id is not None:
        found = found.filter(team=wall.team_id)
    found = found.exclude(what="", idea=None)
    return found.select_related("user", "team", "idea", "customer", "introduced_to", "visit")


def photo_on(wall: Wall, pk: int) -> StoredFile | None:
    """The picture of a moment that this wall tells, if the people in it agreed."""
    shown = list(moments_on(wall)[:MOST].values_list("pk", flat=True))
    agreed = Moment.objects.filter(pk=pk, pk__in=shown, people_agreed=True, photo__isnull=False)
    moment = agreed.select_related("photo").first()
    return moment.photo if moment else None


def _told(moment: Moment) -> str:
    return moment.what or (moment.idea.words if moment.idea else "")


def _of_recognition(recognition: Recognition, whole: set[str], shy: set[int]) -> Story:
    kinds = Recognition.Kind
    words = {
        kinds.THANKS: _("Thanks to: %(names)s"),
        kinds.SPOTLIGHT: _("In the spotlight: %(names)s"),
        kinds.PRAISE: _("A guest’s praise for: %(names)s"),
        kinds.TREAT: _("A treat for: %(names)s"),
    }[kinds(recognition.kind)]
    people = [each.user.name for each in recognition.recipients.all()]
    names = ", ".join([*people, recognition.team.name] if recognition.team else people)
    text = _without(recognition.text, [recognition.customer], recognition.moment, whole)
    foot = ""
    if recognition.by is not None:
        by = recognition.by
        foot = _("from a colleague") if by.pk in shy else _("from: %(name)s") % {"name": by.name}
    return Story(recognition.kind, recognition.told_at, words % {"names": names}, text, foot, _size(text))


def _of_moment(moment: Moment, whole: set[str], shy: set[int], wall: Wall) -> Story:
    text = _without(_told(moment), [], moment, whole)
    name = "" if moment.user_id in shy else moment.user.name
    team = moment.team.name if moment.team else ""
    photo = ""
    if moment.photo_id is not None and moment.people_agreed:
        photo = reverse("wall_photo", args=[token_of(wall), moment.pk])
    foot = " · ".join(part for part in (name, team) if part)
    return Story("moment", moment.happened_at, _("A moment"), text, foot, _size(text), photo)


def _without(text: str, customers: list, moment: Moment | None, whole: set[str]) -> str:
    """Short enough, and without the names of those whom it is about, or of any customer by their whole name."""
    names = set(whole)
    if moment is not None:
        customers = [*customers, moment.customer, moment.introduced_to]
        names |= {word for word in moment.introduced_whom.split() if word[0].isupper()}
        names |= {moment.introduced_whom, moment.visit.guest if moment.visit else ""} - {""}
    return Truncator(Names(names | names_of(customers)).left_out_of(text)).chars(LONGEST)


def _size(text: str) -> str:
    return "large" if len(text) <= SHORT else "middle" if len(text) <= MIDDLE else "small"
