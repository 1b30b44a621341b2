from django.apps import AppConfig


class WinsConfig(AppConfig):
    name = "staff.wins"
