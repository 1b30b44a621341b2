"""What the views of signed-in people are handed."""

from django.http import HttpRequest

from staff.people.models import User


class SignedInRequest(HttpRequest):
    """For type checkers: behind the login, `request.user` is always one of ours."""

    user: User
