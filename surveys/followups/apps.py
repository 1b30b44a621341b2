from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "surveys.followups"

    def ready(self) -> None:
        from delight.organisation.hooks import AFTER_CALENDAR
        from surveys.answering.hooks import AFTER_RESPONSE
        from surveys.followups import praise
        from surveys.followups.rescheduling import reschedule
        from surveys.followups.services import after_response

        AFTER_RESPONSE.append(after_response)
        AFTER_RESPONSE.append(praise.after_response)
        AFTER_CALENDAR.append(reschedule)
