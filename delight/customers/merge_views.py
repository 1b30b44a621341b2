"""Pages about customers who may be one person: the list of pairs, and merging two."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.access import get_customer_to_change_for
from delight.customers.duplicates import Duplicates
from delight.customers.forms import helper, posted
from delight.customers.merging import AlreadyMergedError, differing, keep_apart, merge_customers
from delight.customers.models import Customer
from delight.customers.views import PER_PAGE, SignedInRequest, tabs
from staff.people.access import require_manager


class MergeForm(forms.Form):
    """Which of two rows stays, and which value of each field that differs."""

    survivor = forms.TypedChoiceField(label=gettext_lazy("Which entry stays?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, one: Customer, other: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = {"one": one, "other": other}
        self.fields["survivor"].choices = [  # type: ignore[attr-defined]
            (one.pk, _("the older one (%(name)s)") % {"name": one.name}),
            (other.pk, _("the newer one (%(name)s)") % {"name": other.name}),
        ]
        self.initial.setdefault("survivor", one.pk)
        self.asked = differing(one, other)
        for name in self.asked:
            self._offer(name)
        self.helper = helper("survivor", Fieldset(_("What holds?"), *self.asked))

    def _offer(self, name: str) -> None:
        field = Customer._meta.get_field(name)
        choices = [(side, _shown(customer, name)) for side, customer in self.sides.items()]
        filled = "one" if getattr(self.sides["one"], name) else "other"
        label = str(field.verbose_name).capitalize()  # type: ignore[union-attr]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, initial=filled)

    @property
    def values(self) -> dict[str, Any]:
        """Field → what was chosen for it."""
        return {name: getattr(self.sides[self.cleaned_data[name]], name) for name in self.asked}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(name in cleaned for name in self.asked):
            chosen = {name: getattr(self.sides["one"], name) for name in ("email", "phone")} | self.values
            if not chosen["email"] and not chosen["phone"]:
                self.add_error(None, _("Give an e-mail address or a phone number."))
        return cleaned


def _shown(customer: Customer, name: str) -> str:
    display = getattr(customer, f"get_{name}_display", None)
    return str(display() if display else getattr(customer, name) or "") or _("(empty)")


@require_safe
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs among the customers whom this person may change."""
    require_manager(request.user)
    pairs: Any = Duplicates(request.user)
    page: Any = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "customers/duplicates.html", {"page_obj": page, "tabs": tabs("duplicates"), "query": ""})


def merge(request: SignedInRequest, one: int, other: int) -> HttpResponse:
    first, second = (get_customer_to_change_for(request.user, pk) for pk in sorted((one, other)))
    if first == second:
        raise Http404
    form = MergeForm(**posted(request), one=first, other=second)
    if request.method == "POST" and form.is_valid() and (kept := _merged(request, form, first, second)):
        messages.success(request, _("The two are one customer now."))
        return redirect("customer", kept.pk)
    return render(request, "customers/merge.html", {"form": form, "one": first, "other": second})


@require_http_methods(["GET", "HEAD", "POST"])
def two_people(request: SignedInRequest, one: int, other: int) -> HttpResponse:
    """They are no duplicates: the pair goes from the list. Who had to log in while posting comes back by GET."""
    first, second = (get_customer_to_change_for(request.user, pk) for pk in sorted((one, other)))
    if first == second:
        raise Http404
    if request.method != "POST":
        return redirect("merge", first.pk, second.pk)
    keep_apart(by=request.user, one=first, other=second)
    messages.success(request, _("Noted: they are two people. The pair is not shown again."))
    return redirect("duplicates")


def _merged(request: SignedInRequest, form: MergeForm, first: Customer, second: Customer) -> Customer | None:
    keep, away = (first, second) if form.cleaned_data["survivor"] == first.pk else (second, first)
    try:
        with transaction.atomic():
            return merge_customers(by=request.user, keep=keep, away=away, values=form.values)
    except (IntegrityError, AlreadyMergedError, ValueError):
        form.add_error(None, _("One of the two has changed meanwhile, or a third customer has the same. Look again."))
        return None
