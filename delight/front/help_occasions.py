"""What the help says of occasions and trials."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import Topic

TOPICS = (
    Topic(
        "occasions",
        _("Occasions and trials"),
        (
            _(
                "An occasion is a suggested chance for a moment. Delight finds it in visits, birthdays and follow-ups,"
                " and shows it to whoever looks after the customer, else to whoever served them last, and to their"
                " team."
            ),
            _(
                "“Do it” opens the page for a moment with customer and idea chosen. “Not this one” puts it aside, and"
                " “Undo” brings it back. Nobody has to take one up, and none is counted for or against anybody."
            ),
            _(
                "Do hints matter? A sponsor may find out with a trial: for three months the hint of one kind is left"
                " out for one customer in five, by chance. It starts only where the last three months say that there"
                " will be enough occasions for an answer, and three days after everybody was told by mail."
            ),
            _(
                "Only Delight’s own hint is left out. What you do by yourself stays as it is. After a low answer no"
                " hint about this customer is left out for half a year, and a hint to ask after a repair never is."
            ),
            _(
                "Which group a customer is in is recorded and can be worked out again from the trial’s seed. The result"
                " compares how many of each group came again within 60 days. It is called an effect only when the"
                " 95 per cent interval of the difference excludes zero."
            ),
        ),
        points=(
            (_("First visit, fifth visit"), _("on the day itself and the day after")),
            (_("Anniversary"), _("of the first visit, for a week, if the customer was here in the last two years")),
            (_("Birthday"), _("for three days, where it is known")),
            (
                _("Long silence"),
                _("away for two months and twice as long as usual, with no visit planned; once, for a month"),
            ),
            (_("Something was put right"), _("a week after a follow-up that ended so, for two weeks")),
            (
                _("For your privacy notice"),
                _(
                    "“From your visits, and your birthday if you told us, we see when a small attention might please"
                    " you. To learn whether such hints matter, we sometimes leave them out at random. You lose nothing"
                    " that you asked for, and after a complaint nothing is left out.”"
                ),
            ),
        ),
    ),
)
