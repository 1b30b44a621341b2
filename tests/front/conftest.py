from tests.followups.conftest import answered, fall_due, follow_up  # noqa: F401 - fixtures
