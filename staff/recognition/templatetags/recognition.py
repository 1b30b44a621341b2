"""What pages of lower rooms may show of this one."""

from django import template

from staff.moments.models import Moment
from staff.people.models import User
from staff.recognition.forms import TasteForm
from staff.recognition.models import RecognitionQuerySet
from staff.recognition.reading import recognitions_of_moment, recognitions_of_person
from staff.recognition.taste import taste_of

MOST = 5

register = template.Library()


@register.simple_tag
def taste_form(user: User) -> TasteForm:
    """How the user likes to be thanked, as a form to be sent to the address "taste"."""
    return TasteForm(instance=taste_of(user))


@register.simple_tag
def thanks_of_person(reader: User, person: User) -> RecognitionQuerySet:
    """The latest thanks to a person that the reader may see."""
    return recognitions_of_person(reader, person)[:MOST]


@register.simple_tag
def thanks_for_moment(reader: User, moment: Moment) -> RecognitionQuerySet:
    """The latest thanks for a moment that the reader may see."""
    return recognitions_of_moment(reader, moment)[:MOST]
