"""Somebody leaves the company: what they looked after goes to a colleague, and the login ends, in one step."""

from dataclasses import astuple, dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import people_to_give
from delight.customers.models import Account, Customer
from delight.customers.services import hand_over as hand_over_customers
from delight.programme.models import Issue
from delight.programme.services import hand_over as hand_over_issues
from staff.people.access import get_person_to_deactivate_for, managers_of
from staff.people.models import Membership, User
from staff.people.requests import SignedInRequest
from staff.people.services import LastSponsor, deactivate_person
from staff.wins.actions import hand_over as hand_over_actions
from staff.wins.actions import open_actions
from surveys.followups.models import FollowUp
from surveys.followups.services import hand_over as hand_over_follow_ups


@dataclass(frozen=True)
class Belongings:
    """How much somebody looks after."""

    customers: int
    accounts: int
    follow_ups: int
    issues: int
    actions: int

    @classmethod
    def of(cls, person: User) -> "Belongings":
        return cls(
            customers=Customer.objects.filter(owner=person, erased_at=None).count(),
            accounts=Account.objects.filter(owner=person).count(),
            follow_ups=FollowUp.objects.open().filter(owner=person).count(),
            issues=Issue.objects.open().filter(owner=person).count(),
            actions=open_actions(person).count(),
        )

    def __bool__(self) -> bool:
        return any(astuple(self))


@transaction.atomic
def leave_company(*, by: User | None, person: User, to: User | None) -> None:
    """All or nothing. `to` takes over customers, accounts, open conversations and actions; None where there are none.

    Open issues go there, too, else to the managers of their teams. Raises LastSponsor.
    """
    deactivate_person(by=by, user=person)
    hand_over_issues(by=by, person=person, to=to)
    if to is not None:
        hand_over_customers(by=by, person=person, to=to)
        hand_over_follow_ups(by=by, person=person, to=to)
        hand_over_actions(by=by, person=person, to=to)


def who_may_take_over(by: User, person: User) -> QuerySet[User]:
    return people_to_give(by).exclude(pk=person.pk)


def who_usually_takes_over(person: User) -> User | None:
    """The manager of the team in which the person has been longest."""
    for place in Membership.objects.now().filter(user=person).select_related("team").order_by("since", "id"):
        manager = managers_of(place.team).exclude(pk=person.pk).first()
        if manager is not None:
            return manager
    return None


class LeaveForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Who takes over"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose somebody")
    )

    def __init__(self, *args: Any, by: User, person: User, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        field.queryset, field.required = who_may_take_over(by, person), needed
        self.helper = FormHelper()
        self.helper.form_tag = False


def person_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_deactivate_for(request.user, pk)
    has = Belongings.of(person)
    usual = who_usually_takes_over(person) or request.user
    form = LeaveForm(request.POST or None, by=request.user, person=person, needed=bool(has), initial={"to": usual})
    if request.method == "POST" and (form.is_valid() if has else True):
        try:
            leave_company(by=request.user, person=person, to=form.cleaned_data["to"] if has else None)
        except LastSponsor:
            messages.error(request, _("This is the only sponsor. Make somebody else a sponsor first."))
            return redirect("person", pk)
        messages.success(request, _closed_words(person, form.cleaned_data["to"] if has else None))
        return redirect("team_list")
    return render(request, "front/leaving.html", {"form": form, "person": person, "has": has})


def _closed_words(person: User, to: User | None) -> str:
    if to is None:
        return _("Login closed: %(name)s.") % {"name": person.name}
    return _("Login closed: %(name)s. Now looked after by: %(to)s.") % {"name": person.name, "to": to.name}
