import os

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def health(_request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"pid": os.getppid(), "mail": os.environ["EMAIL_URL"]})


urlpatterns = [path("healthz", health)]
