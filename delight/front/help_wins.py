"""What the help says of the wins meeting and the staff pulse."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import MANAGERS, Topic

TOPICS = (
    Topic(
        "wins",
        _("The wins meeting"),
        (
            _(
                "Ten minutes a week: everybody tells one case of the week. The agenda makes itself of moments, thanks,"
                " customers’ praise, actions that are not done, and answers to what got in the way. What was not told"
                " comes again next time, once."
            ),
            _(
                "The day before a mail asks you to pick one of your moments. Will you not be there? Leave a story;"
                " somebody reads it out. Who leads goes round; “Somebody else” passes it on."
            ),
            _(
                "In the meeting one phone is enough; others that are open show the same by themselves. Two people may"
                " press at once, and the line may break: nothing is lost, and what you have typed stays."
            ),
            _(
                "One press makes of an item an action with a name and a day, an idea for the bank, or an issue. It"
                " closes with “What got in your way?”; the answer is shown in a later meeting."
            ),
            _(
                "The minutes come by mail at once, and stand on the page “Wins meetings”, where you can search all of"
                " them. Actions remind their owner the day before and once when they are late. A meeting that was"
                " not held leaves everything to the next one."
            ),
        ),
    ),
    Topic(
        "wins-plan",
        _("Setting the time of the wins meeting"),
        (
            _(
                "A manager sets the day, the hour and the zone of the team once. The link below it can be subscribed to"
                " in any calendar program; it names nobody. A new link ends the old one."
            ),
        ),
        readers=MANAGERS,
    ),
    Topic(
        "pulse",
        _("How are we? The two questions a month"),
        (
            _(
                "On the first working day of the month everybody is asked two questions, for ten days. That you have"
                " answered and what you have answered are kept apart, without name and time; when the month closes,"
                " the answers become means and are deleted."
            ),
            _(
                "You see the result of your team and of the company; managers see that of their teams. A result is"
                " shown from five answers, and only if nobody can work out a single answer by comparing it with"
                " another result: between two months the same people have answered, or at least five others."
            ),
        ),
    ),
)
