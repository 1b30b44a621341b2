"""What the help says of thanks among colleagues, of spotlights and of walls."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import MANAGERS, Topic

TOPICS = (
    Topic(
        "recognition",
        _("Thanks among colleagues"),
        (
            _(
                "Thank one or several colleagues, or a whole team: say in at least 20 characters what it was and"
                " what was good about it. It may show one of the company’s values, and be about a moment."
            ),
            _(
                "Open thanks are read by everybody here. Private ones only by you and those whom you thank:"
                " managers and sponsors do not see them either. You can take back what you gave."
            ),
            _(
                "On your own page you say how you like to be thanked. If not in front of others, new thanks to you"
                " alone become private by themselves, and a wall names you neither as the one who is thanked nor as"
                " the one who thanks. What was open stays in the feed."
            ),
            _("There are no points, and nobody is counted or ranked. A reaction shows who left it, and no number."),
            _(
                "Once a week a mail tells thanks to you and your teams, and spotlights: on Friday at 16:00 by"
                " your clock, unless you choose another time on your own page, where you can also switch it off."
                " So does one press at the foot of the mail. A week without thanks brings none."
            ),
        ),
    ),
    Topic(
        "recognition-managers",
        _("Spotlights, praise and walls"),
        (
            _(
                "A spotlight is a manager’s open recognition: one a week at most, unannounced, and nothing"
                " reminds you of it. It is told to the person at once."
            ),
            _(
                "A customer who is happy and names somebody of the team that served: those words come to you"
                " first, under Recognition. Release them to everybody or to the person alone, who hears of it at"
                " once, or do not share them."
            ),
            _(
                "What you did for one of your people can be noted, too. Others read it only as long as both of"
                " you agree."
            ),
            _(
                "“Not thanked in a while” names people of your own teams whom nobody has thanked for eight weeks."
                " It does not say who thanks whom."
            ),
            _(
                "A wall is a link for a screen in the room: thanks and moments of the last weeks, one at a time,"
                " without a login. Customers stand there as “a guest”, photos only if the people in them agreed."
                " Switch the link off whenever you like."
            ),
        ),
        MANAGERS,
    ),
)
