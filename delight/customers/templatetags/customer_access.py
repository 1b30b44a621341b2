"""What a template may ask about a reader and a customer."""

from django import template

from delight.customers import access
from delight.customers.models import Customer
from staff.people.models import User

register = template.Library()


@register.filter
def can_see_address_of(user: User, customer: Customer) -> bool:
    """E-mail and phone are for managers and the customer's owner."""
    return access.can_see_address(user, customer)


@register.filter
def can_change_customer(user: User, customer: Customer) -> bool:
    """Whether to offer the form."""
    return access.can_change(user, customer)
