"""The plain reference: a Django view that does one SELECT and one INSERT, with the middleware that
`django-admin startproject` writes, as a WSGI application."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")
django.setup()

from django.conf import settings  # noqa: E402  (after setup)

from delight.organisation.models import AuditEntry, Holiday  # noqa: E402  (after setup)


def view(request: HttpRequest) -> HttpResponse:
    Holiday.objects.filter(pk=1).first()
    AuditEntry.objects.create(verb="bare", object_type="bare")
    return HttpResponse("ok")


urlpatterns = [path("bare/", view)]
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
settings.ROOT_URLCONF = "tests.benchmarks.bare"
application = WSGIHandler()
