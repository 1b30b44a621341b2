"""Russian days as people write them: Django would write the month as it stands in a calendar."""

MONTH_DAY_FORMAT = "j E"
