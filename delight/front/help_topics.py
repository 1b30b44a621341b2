"""What stands in the help: short topics, each true of this version. Those for sponsors lie beside."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ALL, MANAGERS, SPONSORS = "all", "managers", "sponsors"


@dataclass(frozen=True)
class Topic:
    """A page of help. `code` is what is typed or copied; %(…)s in it is filled in with what this site knows.

    `links` are words and the name of the page behind them.
    """

    slug: str
    title: str | Promise
    paragraphs: tuple[str | Promise, ...]
    readers: str = ALL
    code: tuple[str, ...] = ()
    points: tuple[tuple[str | Promise, str | Promise], ...] = field(default=())
    links: tuple[tuple[str | Promise, str], ...] = ()

    @property
    def text(self) -> str:
        """All its words, for the search."""
        said = [self.title, *self.paragraphs, *(word for point in self.points for word in point)]
        return "\n".join(map(str, said))


TOPICS = (
    Topic(
        "loop",
        _("How Delight works"),
        (
            _(
                "A manager sends customers one short question by mail: how likely are you to recommend us, and why? A"
                " customer answers in ten seconds. Only what a person sends counts; mail programs that open every link"
                " do not."
            ),
            _(
                "An answer from 0 to 6 opens a follow-up for the person who looks after the customer, to be done by the"
                " end of the next working day. An answer of 9 or 10 from a company opens one, too: say thank you, and"
                " ask what else and who else."
            ),
            _(
                "That person talks to the customer and writes down what came of it. When the time is up a reminder"
                " comes, and an hour later their manager hears of it."
            ),
        ),
    ),
    Topic(
        "today",
        _("The page “Today”"),
        (
            _("It shows who is expected, which customers wait for you, the most urgent first, and the latest answers."),
            _(
                "Managers also see what is overdue with others, answers that need checking, and the score with its"
                " margin."
            ),
        ),
    ),
    Topic(
        "roles",
        _("Who sees and does what"),
        (_("A role belongs to a place in a team; somebody can be staff in one team and manager in another."),),
        points=(
            (
                _("Staff"),
                _("Look customers up, read the answers of customers they look after, and have their own follow-ups."),
            ),
            (
                _("Manager"),
                _(
                    "Also sees the answers, follow-ups and customers of their teams and those of nobody; sends surveys;"
                    " imports customers; invites people to their teams."
                ),
            ),
            (_("Sponsor"), _("Sees everything in all teams, changes the settings, and looks after the installation.")),
        ),
    ),
    Topic(
        "follow-ups",
        _("Follow-ups"),
        (
            _("A follow-up is a conversation that somebody owes a customer. There is at most one open per customer."),
            _(
                "Its page has the customer’s words, the phone number on a tap, and what to say. Write down what came"
                " of it: whether it was put right, what else the customer needs, and who else could use us."
            ),
            _("It can be handed to somebody else at any time, for example while the right person is away."),
        ),
    ),
    Topic(
        "answers",
        _("Answers"),
        (
            _("An answer belongs to a person: the first one counts, and nothing that a machine does replaces it."),
            _(
                "“Needs checking” stands beside an answer with two or more signs of a machine. A manager looks at the"
                " evidence and decides; nothing is deleted."
            ),
            _("A second answer from another device is shown beside the first. A manager may let it count instead."),
        ),
    ),
    Topic(
        "surveys",
        _("Surveys"),
        (
            _("Before anything is sent you see who will be asked, who will not and why, and the mail as it will look."),
            _("Nobody is asked again within the days that the settings name, whoever sends the survey."),
            _("Words that were sent do not change any more: a change makes a new version of the survey."),
            _("Whoever has not answered gets one reminder. Stopping a survey holds back all that has not left yet."),
        ),
        MANAGERS,
    ),
    Topic(
        "score",
        _("The score and its ±"),
        (
            _(
                "Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6. The score (NPS) is the share of"
                " promoters minus the share of detractors, from -100 to 100."
            ),
            _(
                "The figure behind ± says how far chance alone can move the score. A change that is smaller is no"
                " change, and with too few answers there is no score at all."
            ),
        ),
        MANAGERS,
    ),
    Topic(
        "customers",
        _("Customers"),
        (
            _("Everybody may look a customer up by name or company. Managers also browse those of their teams."),
            _(
                "E-mail and phone show on a tap, for those who look after the customer or have to call, and for their"
                " managers. Each tap is in the audit."
            ),
            _(
                "A person is mailed only if they are a customer already or have given consent; which of the two is"
                " enough, the settings say. Somebody who does not want to be asked is never asked again, whoever"
                " imports the address anew."
            ),
        ),
    ),
    Topic(
        "companies",
        _("Companies"),
        (
            _(
                "A company is a customer with several people to talk to: some decide, some influence, some use what"
                " they get from you."
            ),
            _(
                "Its page shows who answered and who is silent, the lowest score, the last conversation, and what is"
                " promised and not done yet; beside it what the company is worth a year, and when it renews."
            ),
            _("Somebody looks after the company as a whole; each person in it may be with somebody else."),
        ),
    ),
    Topic(
        "duplicates",
        _("Duplicates"),
        (
            _(
                "Two entries with the same phone number, the same number in another system, or the same name in one"
                " company may be one person. Nothing is merged by itself."
            ),
            _(
                "You compare both and choose what stays. Visits, answers, conversations and mails of both go to the"
                " entry that stays. This cannot be undone."
            ),
            _("Whoever asked for no mail at one of the two addresses gets none afterwards."),
        ),
        MANAGERS,
    ),
    Topic(
        "rights",
        _("When a customer asks about their data"),
        (
            _("On the customer’s page you can download everything that is kept about them as a file, or erase it."),
            _(
                "Erasing empties the name, the addresses and all words, in every room. Scores and dates stay, without a"
                " name. If the person never wants to be written to again, the address is kept as a fingerprint, so that"
                " no import brings it back."
            ),
        ),
        MANAGERS,
    ),
    Topic(
        "import",
        _("Bringing customers in"),
        (
            _(
                "Upload a file as your other program saves it. The columns are recognised; before anything is written"
                " you see every row that is new, that changes something, or that is wrong."
            ),
            _("It is imported whole or not at all. The same file again changes nothing."),
            _("You are asked once how the addresses were obtained: that decides who may be mailed."),
        ),
        MANAGERS,
    ),
    Topic(
        "visits",
        _("Visits"),
        (
            _("A visit is planned, then the customer is here, or did not come. “Is here” is one tap."),
            _("Visits come from a calendar that Delight reads, from a file, or by hand; the same one never twice."),
            _("A customer who is here today is found by the reference of the visit, too: a room, a table, a number."),
        ),
    ),
    Topic(
        "calendars",
        _("Calendars of bookings"),
        (
            _(
                "A calendar is read every quarter of an hour. Its bookings of the coming fourteen days become planned"
                " visits, and follow when they are moved or cancelled."
            ),
            _("What came of a visit is never changed by its calendar."),
            _(
                "Whoever is not recognised stands there as the booking says, until somebody answers “Who is it?” beside"
                " the visit."
            ),
            _("If a calendar cannot be read, its page says why, and the visits that it brought stay."),
        ),
        MANAGERS,
    ),
    Topic(
        "people",
        _("People and teams"),
        (
            _("An invitation is a link that works once. Whoever follows it chooses a password and is in."),
            _("Somebody who leaves loses access at once, on every device. What they have done stays."),
            _("A change of role or team begins today; the past stays as it was."),
        ),
    ),
    Topic(
        "codes",
        _("Codes, passwords and PINs"),
        (
            _(
                "An invitation by mail works once, within seven days. A code that a manager shows works once, within a"
                " day. When it is too old, a fresh one takes its place."
            ),
            _(
                "Whoever has no e-mail address logs in with a sign-in name. If the password is forgotten, a manager"
                " shows a code on that person’s page, and a new one is chosen with it."
            ),
            _(
                "A PIN is for devices that a team shares, and opens nothing else. You set it on your own page. After"
                " five wrong ones in a row there is a pause; the password works all the time."
            ),
            _(
                "A second step makes your login safer: a passkey, or an app that shows codes. Sponsors need one. Keep"
                " the recovery codes somewhere else than the phone; each opens once."
            ),
        ),
    ),
    Topic(
        "shared-device",
        _("A device that the team shares"),
        (
            _(
                "On the tablet or computer itself open the team’s page and make that browser a shared device. You are"
                " logged out of it."
            ),
            _(
                "People tap their name and type their PIN. Everybody has the rights of staff there, managers too, and"
                " after two idle minutes it locks."
            ),
            _("A device that is lost is taken off the list on the team’s page. Whoever is in is out at once."),
        ),
        MANAGERS,
    ),
    Topic(
        "leaving",
        _("When somebody leaves"),
        (
            _(
                "On the person’s page choose “Leaves the company”. Their customers, companies, open follow-ups,"
                " issues and actions go to a colleague in the same step."
            ),
            _("The login closes on every device at once, and join links that this person has sent open nothing."),
        ),
        MANAGERS,
    ),
    Topic(
        "mail",
        _("Why a mail was not sent"),
        (
            _("Every mail ends in one of two ways: it was sent, or it was not, and then the reason stands beside it."),
            _("You find it on the survey’s page, on the customer’s page, and for sponsors in the outbox."),
            _(
                "Until set-up is finished no customer gets a mail. A restored copy and a changed address also switch"
                " sending off, until a sponsor switches it on."
            ),
        ),
        MANAGERS,
    ),
    Topic(
        "privacy",
        _("What is kept, and who sees it"),
        (
            _("No page counts what a person does for customers, and none compares colleagues."),
            _("It is not recorded whether a mail was opened: programs open mails as well, so it would say nothing."),
            _(
                "The audit trail says who did what to which entry, and never what the entry said. Addresses of people"
                " who do not want mail are kept as a fingerprint only."
            ),
            _(
                "Of customers, Delight keeps what is on their page: address, visits, answers, what they like, a"
                " birthday if they said it. From visits and birthdays it makes hints for whoever serves them. While a"
                " sponsor runs a trial, one kind of hint is left out for one customer in five, by chance; never what"
                " they asked for, and never after a low answer."
            ),
            _("How long logs are kept, and when silent customers are erased, a sponsor decides in the settings."),
        ),
    ),
    Topic(
        "phone",
        _("On your phone"),
        (
            _("Open this site in the phone’s browser and choose “Add to home screen”. It opens like any other app."),
            _("What you have typed and not sent yet is kept in that tab, also when the connection breaks."),
        ),
    ),
    Topic(
        "keyboard",
        _("By keyboard"),
        (_("All pages can be used without a mouse."),),
        points=(
            ("/", _("goes to the search box.")),
            ("n", _("opens the page for a new moment.")),
            ("Ctrl + Enter", _("logs the moment you have written.")),
            ("Tab", _("goes on to the next link or field; the first one on a page leads straight to its content.")),
            ("Esc", _("closes a dialog and changes nothing.")),
        ),
    ),
    Topic(
        "rooms",
        _("Rooms, opened one by one"),
        (
            _(
                "A programme grows week by week: first people and customers, then visits, then surveys, then the"
                " conversations."
            ),
            _("What you do not use can be hidden in the settings. Nothing is deleted, and it comes back as it was."),
            _("Links that customers have already keep working, and their answers are taken."),
        ),
        MANAGERS,
    ),
    Topic(
        "budget",
        _("Your delight budget"),
        (
            _(
                "A sum for each month that you may spend on surprising customers, without asking. It is a ceiling:"
                " nobody counts what you leave, and a gesture that costs nothing is worth as much."
            ),
            _(
                "You spend it by logging a moment with its cost. If it is withdrawn in the same month, the money comes"
                " back. What is left at the end of the month lapses."
            ),
            _(
                "Above a sum that the company sets, and for some companies, a manager is asked. The money is set aside"
                " meanwhile; after seven days without a word it is free again."
            ),
            _(
                "A budget can be closed, with a reason and a review date. You are told, you can reply, and on that"
                " day it opens by itself unless it is renewed. Moments that cost nothing stay open."
            ),
        ),
    ),
    Topic(
        "budgets",
        _("Budgets of your people"),
        (
            _(
                "Everybody with a role has the same monthly sum, unless you set one for a person. A new sum counts from"
                " next month, or from now; from now it never goes below what is spent or waits for approval."
            ),
            _(
                "Nobody decides about their own money. Somebody in several teams is looked after by who manages all of"
                " them, or by a sponsor."
            ),
            _(
                "Companies take no gifts that cost money until you choose a rule on their page: up to a sum a year, or"
                " ask. Public bodies, and companies while a bid is open, take none."
            ),
            _(
                "Under “Gifts” stands what each customer and company was given this year, and who gave to the same"
                " customer again and again. Each night the ledger is compared with the counters; a difference is an"
                " alarm for the sponsors."
            ),
        ),
        MANAGERS,
    ),
)
