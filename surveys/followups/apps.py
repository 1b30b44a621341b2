from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "surveys.followups"

    def ready(self) -> None:
        from surveys.answering.hooks import AFTER_RESPONSE
        from surveys.followups.services import after_response

        AFTER_RESPONSE.append(after_response)
