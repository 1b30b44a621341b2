"""What the help says of the wins meeting and the staff pulse."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import MANAGERS, Topic

TOPICS = (
    Topic(
        "wins",
        _("The wins meeting"),
        (
            _(
                "Ten minutes a week: everybody tells one case of the week. The agenda makes itself: customers’ praise"
                " and actions that are not done come first, then what was not told last time, answers to what got in"
                " the way, thanks and moments. The first six are shown, the rest is folded below them."
            ),
            _(
                "The day before a mail asks you to pick one of your moments. Will you not be there? Leave a story;"
                " somebody reads it out. Who leads goes round; “Somebody else” passes the lead to one of those"
                " who are there."
            ),
            _(
                "In the meeting one phone is enough; others that are open show the same by themselves. Two people may"
                " press at once, and the line may break: nothing is lost, and what you have typed stays."
            ),
            _(
                "What is told may become an action with a name and a day, an idea for the bank, or an issue; then it"
                " does not come again itself. It"
                " closes with “What got in your way?”; the answer is shown in a later meeting."
            ),
            _(
                "The minutes come by mail within a minute; until they leave, “Not over yet” takes the end back. They"
                " stand on the page “Wins meetings”, where you can search all of them. Actions remind their owner the"
                " day before and once when they are late; their owner, whoever leads and managers tick them off. A"
                " meeting that was not held leaves everything to the next one."
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
                "On the first working day of the month everybody is asked two questions; they can be answered for ten"
                " days, that day included. That you have answered and what you have answered are kept apart, without"
                " name and time; when the ten days are over, the answers become means and are deleted."
            ),
            _(
                "You see the result of your team and of the company; managers see that of their teams. A result is"
                " shown from five answers, and only if nobody can work out a single answer by comparing it with"
                " another result: between two months the same people have answered, or at least five others."
            ),
        ),
    ),
)
