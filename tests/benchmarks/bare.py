"""The plain reference: a Django view that does one SELECT and one INSERT, without middleware, as a WSGI application."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")


def view(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM bench_plain WHERE id = 1")
        cursor.fetchone()
        cursor.execute("INSERT INTO bench_plain (name) VALUES ('x')")
    return HttpResponse("ok")


urlpatterns = [path("bare/", view)]

django.setup()
from django.conf import settings  # noqa: E402  (after setup)

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "tests.benchmarks.bare"
application = WSGIHandler()
