"""The sponsors' pages about the company itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delight.organisation import services
from delight.organisation.access import get_holiday_for, get_organisation_for
from delight.organisation.forms import HolidayForm, OrganisationForm
from delight.organisation.models import Holiday


def organisation(request: HttpRequest) -> HttpResponse:
    company = get_organisation_for(request.user)
    currency = company.currency
    form = OrganisationForm(request.POST or None, instance=company)
    if request.method == "POST" and form.is_valid():
        services.update_organisation(by=request.user, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("organisation")
    return render(request, "organisation/settings.html", {"form": form, "currency": currency})


def holidays(request: HttpRequest) -> HttpResponse:
    get_organisation_for(request.user)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_holiday(by=request.user, **form.cleaned_data)
        messages.success(request, _("The holiday is in the list."))
        return redirect("holidays")
    today = timezone.localdate()
    days = Paginator(Holiday.coming_first(today), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": days,
        "coming": [holiday for holiday in days if holiday.day >= today],
        "past": [holiday for holiday in days if holiday.day < today],
    }
    return render(request, "organisation/holidays.html", context)


@require_POST
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = get_holiday_for(request.user, pk)
    services.remove_holiday(by=request.user, holiday=holiday)
    messages.success(request, _("The holiday is out of the list."))
    return redirect("holidays")
