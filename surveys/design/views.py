"""Surveys: the list, a new one, and its words."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from staff.people.access import require_manager
from staff.people.requests import SignedInRequest
from surveys.design.access import get_survey_for
from surveys.design.forms import SurveyForm, WordsForm
from surveys.design.models import Survey
from surveys.design.services import change_words, create_survey, words_of


def survey_list(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    page = Paginator(Survey.objects.select_related("created_by"), 50).get_page(request.GET.get("page"))
    return render(request, "design/survey_list.html", {"page_obj": page, "query": ""})


def survey_new(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        survey = create_survey(by=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("The survey is ready. Look at the words, then send it."))
        return redirect("survey", survey.pk)
    return render(request, "design/survey_new.html", {"form": form})


def survey_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The words of a survey in one language, with a look at what the customer will see."""
    survey = get_survey_for(request.user, pk)
    language = _chosen_language(request)
    words = words_of(survey.current, language)
    form = WordsForm(request.POST or None, words=words)
    if request.method == "POST" and form.is_valid():
        change_words(by=request.user, survey=survey, language=language, words=form.cleaned_data)
        messages.success(request, _("Saved. The next sending uses these words."))
        return redirect(f"{reverse('survey', args=[survey.pk])}?language={language}")
    tabs = [
        {"label": name, "url": f"?language={code}", "current": code == language} for code, name in settings.LANGUAGES
    ]
    return render(request, "design/survey.html", {"survey": survey, "form": form, "tabs": tabs, "language": language})


def _chosen_language(request: SignedInRequest) -> str:
    language = request.GET.get("language") or request.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language
