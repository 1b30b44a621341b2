"""Help on moments, ideas and notes."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import Topic

TOPICS = (
    Topic(
        "moments",
        _("Moments"),
        (
            _(
                "A moment is something done for a customer that they did not expect. What costs nothing counts"
                " as much as what costs money, and nobody counts how many you log. Everybody who works here"
                " reads the stories; what one cost only you, your managers and sponsors see."
            ),
            _(
                "Two taps log one: who it was for, and what it was. Or write one sentence. Add a photo only"
                " when the people in it agreed. “Finish later” keeps what you have begun where only you see it."
                " Remember that a customer may ask to read what you write."
            ),
            _(
                "Without a network the moment is kept on your phone and sent once when the line is back. What"
                " is refused then, because the money was spent meanwhile, stays there with the reason, and you"
                " decide. On a shared device nothing is kept."
            ),
            _(
                "You can change a moment; what it said before stays in its history. You and your managers can"
                " withdraw it: within its month the money goes back to your budget. An introduction is asked"
                " about once, two weeks later. A missing receipt is asked for once, by mail."
            ),
        ),
    ),
    Topic(
        "ideas",
        _("Ideas to do and to say"),
        (
            _(
                "The bank holds things to do and things to say, the words ready to be said. Each is thanks to"
                " somebody: a colleague, a customer, or what one of you saw as a customer elsewhere."
            ),
            _(
                "Twenty ideas that cost nothing come with your trade; a sponsor chooses it in the settings. Pin"
                " what you want at hand when you log a moment. “Steal this idea” makes an idea of a story and"
                " pins it; the customer’s name is left out, so read the words once more."
            ),
            _(
                "An idea collects its stories and how customers took them. A sum is named from three times on,"
                " so that it is nobody’s own. Whoever put an idea in changes it, and so do managers, who also"
                " make it a kit or retire it."
            ),
        ),
    ),
    Topic(
        "notes",
        _("Personal notes"),
        (
            _(
                "After a visit you can write a customer a few lines in your own words, from a moment or from"
                " the customer’s page. They come in your name, and answers come to your own e-mail address."
            ),
            _(
                "You can write to customers whom you look after, whom you or your team served within thirty"
                " days, or for whom you did something. A customer gets one note a week at most, whoever writes,"
                " and you send twenty a day at most."
            ),
            _(
                "Nobody is written to whose address came another way, or who has asked for no notes. Where only"
                " recorded consent counts, notes need their own: the day stands in the customer’s form. At the"
                " foot of each note one press ends them; surveys are not touched by it."
            ),
        ),
    ),
)
