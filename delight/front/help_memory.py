"""What the help says of remembering customers, the brief and issues."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import Topic

TOPICS = (
    Topic(
        "memory",
        _("What we remember of a customer"),
        (
            _(
                "One line and Enter keeps a fact: the usual, what helped last time, what nobody should ask again. It"
                " says whom we have it from and since when; “Still true” confirms it, once a day for each person."
            ),
            _(
                "Up to five facts are pinned on top. A fact can be for one visit only, and is gone the day after it; it"
                " can have a day on which it is forgotten; and it can be marked “never say aloud”."
            ),
            _(
                "Health, diet and belief are kept only with the customer’s consent and its day. Only those see them who"
                " look after the customer, serve them today, or whose team did in the last 30 days; for others there"
                " is nothing to see, not even that something is there."
            ),
            _(
                "“Ask next time” keeps a question for the next visit. It stands where the customer is expected, is"
                " ticked with the answer, and one tap makes a fact of the answer."
            ),
            _(
                "The brief shows the people of today on one screen, in order of time, with what is pinned and what to"
                " ask: without phone numbers and e-mail addresses, and ready to be printed. On a shared device facts"
                " are folded until somebody taps."
            ),
            _(
                "What you remove can be brought back for an hour, then it is gone for good. All of it is in the"
                " customer’s data export, and goes when the customer is erased."
            ),
        ),
    ),
    Topic(
        "issues",
        _("Issues"),
        (
            _(
                "A complaint, an obstacle, a need (training, a tool, information) or a rule to question: tap which, say"
                " it in a sentence, and it has somebody who looks after it, and a day. Without another word that is the"
                " manager of your team, and a week."
            ),
            _(
                "Whoever looks after it, the managers of the team and sponsors answer it: it is done, or it stays as it"
                " is. Both need a sentence, and whoever raised it is told. When the day is over, one reminder goes out."
            ),
            _(
                "The people of the team and sponsors see an issue. After a complaint about something that touched"
                " customers, no trial leaves out a hint about them for half a year."
            ),
        ),
    ),
)
