"""What pages of lower rooms may show of this one."""

from django import template

from staff.people.models import User
from staff.recognition.forms import TasteForm
from staff.recognition.taste import taste_of

register = template.Library()


@register.simple_tag
def taste_form(user: User) -> TasteForm:
    """How the user likes to be thanked, as a form to be sent to the address "taste"."""
    return TasteForm(instance=taste_of(user))
