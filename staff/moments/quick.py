"""The page on which a moment is logged or changed: by two taps, by a sentence, with or without JavaScript.

A script asks for JSON: then the page stays as it is, files included, until the moment is taken. Without a script the
page comes back with all that was typed.
"""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delight.customers.access import customers_visible_to, search_for
from delight.customers.models import Customer
from delight.lib.sortkey import fold
from delight.lib.tokens import fingerprints
from delight.organisation.models import Organisation
from staff.budget.services import Refused, in_words, suspension_of
from staff.budget.sums import budget_now
from staff.moments.access import get_moment_to_change_for
from staff.moments.asking import stubs_of
from staff.moments.chips import Chip, chip_of, chips_for, idea_behind, kept, people_today
from staff.moments.forms import WALK_IN, MomentForm, WhomForm, initial_of
from staff.moments.models import Moment
from staff.moments.services import KeyUsed, Withdrawn, change_moment, log_moment
from staff.people.models import User
from staff.people.requests import SignedInRequest

MOST_FOUND = 6
FEWEST = 2
CHOICES = ("whom", "did", "introduced")
KEEP_HEADER = "X-Keep-For-Offline"


def mark_of(user: User) -> str:
    """By which a device knows whose page it keeps; says nothing about the person."""
    return fingerprints("moments on a device", str(user.pk))[0][:24]


def moment_new(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request, None)
    if "kept" in request.GET:
        return _for_the_phone(request)
    logged = Moment.objects.with_names().filter(user=request.user, pk=_number(request.GET.get("logged"))).first()
    form = MomentForm(user=request.user, initial=_wished(request.GET))
    return _page(request, form, None, logged=logged)


def _for_the_phone(request: SignedInRequest) -> HttpResponse:
    """The page as a phone may keep it for when there is no line: ideas, and the names of today."""
    response = _page(request, MomentForm(user=request.user), None, kept_there=True)
    if not request.user.at_desk:
        response.headers[KEEP_HEADER] = "1"
    response.headers["Cache-Control"] = "no-store"
    return response


def moment_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """A stub to finish, or a moment to put right: the same form, filled in."""
    moment = get_moment_to_change_for(request.user, pk)
    if request.method == "POST":
        return _take(request, moment)
    return _page(request, MomentForm(user=request.user, moment=moment, initial=initial_of(moment)), moment)


@require_safe
def moment_whom(request: SignedInRequest) -> HttpResponse:
    """Whom some words may mean, as buttons."""
    form = WhomForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    purpose = "introduced" if typed.get("introduced_whom") else "whom"
    words = typed.get("introduced_whom") or typed.get("whom_words") or ""
    return render(request, "moments/_found.html", _found(request.user, words, purpose))


@require_safe
def moment_line(request: SignedInRequest) -> HttpResponse:
    """For the script that sends what a phone has kept: who is signed in, and a fresh token."""
    owner = "" if request.user.at_desk else mark_of(request.user)
    answer = JsonResponse({"owner": owner, "token": get_token(request)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


# --- Taking what was posted -------------------------------------------------------------------------------------


def _take(request: SignedInRequest, moment: Moment | None) -> HttpResponse:
    if (owner := request.POST.get("owner")) and owner != mark_of(request.user):
        return _not_taken(request, moment, _("Somebody else is signed in here now. Sign in as yourself, then send it."))
    data = _with_choices(request.POST)
    if _still_choosing(request.POST, data):
        return _page(request, MomentForm(user=request.user, moment=moment, initial=_so_far(data)), moment, data=data)
    draft = "later" in data and (moment is None or moment.state == Moment.State.STUB)
    form = MomentForm(data, request.FILES, user=request.user, moment=moment, draft=draft)
    if not form.is_valid():
        return _not_taken(request, moment, "", form)
    try:
        made = _written(request.user, form, moment)
    except Refused as refused:
        return _not_taken(request, moment, refused.sentence, form, can_be_free=True)
    except KeyUsed:
        return _not_taken(request, moment, _used(), form, status=409, data=data)
    except Withdrawn:
        return _not_taken(request, moment, _("This moment is withdrawn: it cannot be changed any more."), form)
    return _taken(request, made, moment)


def _with_choices(posted: QueryDict) -> QueryDict:
    """What stands in the form once the button that was pressed has done its work."""
    data = posted.copy()
    for name in CHOICES:
        if f"set_{name}" in posted:
            data[name] = str(posted[f"set_{name}"])
    if "free" in posted:
        data["cost"] = ""
    if "set_did" in posted and not data.get("cost"):
        idea = idea_behind(str(data["did"]))
        if idea is not None and idea.usual_cost:
            data["cost"] = f"{idea.usual_cost:.2f}"
    return data


def _still_choosing(posted: QueryDict, data: QueryDict) -> bool:
    """A customer and a chip are all it needs. What costs something is sent by a button that says so."""
    if "find" in posted or "set_introduced" in posted:
        return True
    chosen = "set_whom" in posted or "set_did" in posted
    return chosen and not (data.get("whom") and data.get("did") and not data.get("cost"))


def _written(user: User, form: MomentForm, moment: Moment | None) -> Moment:
    values = form.values() | {"idea": kept(form.cleaned_data["did"])}
    if moment is not None:
        return change_moment(by=user, moment=moment, finish=not form.draft, **values)
    extra = {"occasion": form.cleaned_data["occasion"], "happened_at": form.cleaned_data["happened_at"]}
    return log_moment(by=user, key=form.cleaned_data["key"], finish_later=form.draft, **values, **extra)


def _used() -> str:
    return _(
        "This page has been used for a moment already. What stands below is another one, and not logged yet: send it"
        " once more."
    )


def _taken(request: SignedInRequest, made: Moment, before: Moment | None) -> HttpResponse:
    if made.state == Moment.State.STUB:
        messages.success(request, _("Kept for later. Only you see it."))
        url = reverse("moment_new")
    elif before is not None and before.state == Moment.State.LOGGED:
        messages.success(request, _("Saved."))
        url = reverse("moment", args=[made.pk])
    else:
        if "kept" not in request.POST:
            messages.success(request, _said_about(made))
        url = f"{reverse('moment_new')}?logged={made.pk}"
    if _wants_json(request):
        return JsonResponse({"next": url}, status=201)
    return redirect(url)


def _said_about(made: Moment) -> str:
    if made.spend is None:
        return _("Logged.")
    company, period = Organisation.get(), made.spend.period
    period.refresh_from_db()
    sums = {"amount": in_words(made.spend.amount, company), "left": in_words(period.left, company)}
    if made.spend.state == "held":
        return _("Logged. %(amount)s wait for approval.") % sums
    return _("Logged: %(amount)s. Left this month: %(left)s.") % sums


def _not_taken(
    request: SignedInRequest, moment: Moment | None, sentence: str, form: MomentForm | None = None, *,
    can_be_free: bool = False, status: int = 422, data: QueryDict | None = None,
) -> HttpResponse:  # fmt: skip
    """Say why, and lose nothing: a script keeps its page, everybody else gets the form back as it was."""
    form = form or MomentForm(request.POST, user=request.user, moment=moment)
    if _wants_json(request):
        errors = {name: list(each) for name, each in form.errors.items()} if form.is_bound else {}
        told = {"sentence": sentence, "errors": errors, "can_be_free": can_be_free, "new_key": str(uuid4())}
        return JsonResponse(told, status=status)
    if data is not None:  # another key: what stands there is to be logged as another moment
        form = MomentForm({**data.dict(), "key": str(uuid4())}, user=request.user, moment=moment)
    return _page(request, form, moment, data=request.POST, sentence=sentence, can_be_free=can_be_free, status=status)


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


# --- What the page shows ----------------------------------------------------------------------------------------


def _page(
    request: SignedInRequest, form: MomentForm, moment: Moment | None, *, logged: Moment | None = None,
    data: QueryDict | None = None, sentence: str = "", can_be_free: bool = False, status: int = 200,
    kept_there: bool = False,
) -> HttpResponse:  # fmt: skip
    user, words = request.user, str(data.get("whom_words", "")) if data else ""
    chips, people = _chips(form, user), _people(form, user)
    context = {
        "form": form,
        "moment": moment,
        "is_stub": moment is not None and moment.state == Moment.State.STUB,
        "logged": logged,
        "reactions": Moment.Reaction.choices,
        "chips": chips,
        "people": people,
        "whom": form["whom"].value() or "",
        "did": form["did"].value() or "",
        "introduced": _introduced(form, user),
        "walk_in": WALK_IN,
        "found": _found(user, words, "whom") if words else None,
        "found_introduced": _found(user, form["introduced_whom"].value(), "introduced") if _finds(data) else None,
        "whom_words": words,
        "stubs": list(stubs_of(user)[:MOST_FOUND]) if moment is None and not kept_there else [],
        "sentence": sentence,
        "can_be_free": can_be_free,
        "files_lost": bool(request.FILES),
        "more_open": _more_open(form),
        "owner": mark_of(user),
        "keeps": not user.at_desk and moment is None,
        **_money(user),
    }
    if kept_there:
        context |= {"left": "", "messages": []}
    return render(request, "moments/moment_new.html", context, status=status)


def _finds(data: QueryDict | None) -> bool:
    return data is not None and data.get("find") == "introduced"


def _so_far(data: QueryDict) -> dict[str, Any]:
    """What was typed, as a form that complains of nothing yet."""
    return {name: data[name] for name in MomentForm.base_fields if name in data}


def _wished(asked: QueryDict) -> dict[str, Any]:
    """What a link to this page has chosen already."""
    wished = {"whom": asked.get("customer", ""), "did": asked.get("idea", ""), "occasion": asked.get("occasion", "")}
    idea = idea_behind(wished["did"]) if wished["did"] else None
    cost = {"cost": idea.usual_cost} if idea is not None and idea.usual_cost else {}
    return {name: value for name, value in wished.items() if value} | cost


def _chips(form: MomentForm, user: User) -> list[Chip]:
    """Those at hand, and the one that is chosen already."""
    chips, did = chips_for(user), form["did"].value() or ""
    if did and all(chip.value != did for chip in chips):
        idea = form.moment.idea if form.moment and str(form.moment.idea_id) == did else idea_behind(did)
        if idea is not None:
            chips = [chip_of(idea) if idea.pk else Chip(did, idea.words), *chips]
    return chips


def _people(form: MomentForm, user: User) -> list[Customer]:
    """Those of today, and the one who is chosen already."""
    people, chosen = people_today(user), _number(form["whom"].value())
    if chosen and all(customer.pk != chosen for customer in people):
        people = [*_customers(user, chosen), *people]
    return people


def _introduced(form: MomentForm, user: User) -> Customer | None:
    return next(iter(_customers(user, _number(form["introduced"].value()))), None)


def _customers(user: User, pk: int) -> list[Customer]:
    return list(customers_visible_to(user).select_related("account").filter(pk=pk)) if pk else []


def _number(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _found(user: User, words: str, purpose: str) -> dict[str, Any]:
    enough = len(fold(words)) >= FEWEST
    found: list[Customer] = []
    if enough:
        visible = customers_visible_to(user).select_related("account", "team")
        found = list(search_for(user, visible, words)[:MOST_FOUND])
    return {"found": found, "enough": enough, "purpose": purpose}


def _more_open(form: MomentForm) -> dict[str, bool]:
    """Which of the parts that are closed at first have something in them."""
    parts = {
        "cost": ("cost", "receipt"),
        "photo": ("photo", "people_agreed", "without_photo"),
        "introduced": ("introduced", "introduced_whom"),
    }
    wrong = set(form.errors) if form.is_bound else set()
    return {
        part: any(name in form.fields and (name in wrong or form[name].value()) for name in names)
        for part, names in parts.items()
    }


def _money(user: User) -> dict[str, Any]:
    """What is left, for whoever opens the cost; and whether anything can be spent now."""
    company = Organisation.get()
    left: Decimal = budget_now(user, company).left
    return {"left": in_words(left, company), "currency": company.currency, "closed": suspension_of(user, company)}
