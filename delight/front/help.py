"""Help inside the app: short topics, each true of this version. A flat table, and where each is asked for."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delight.front.setup import sender_domain
from staff.people.access import is_manager
from staff.people.models import User
from staff.people.requests import SignedInRequest

ALL, MANAGERS, SPONSORS = "all", "managers", "sponsors"


@dataclass(frozen=True)
class Topic:
    """A page of help. `code` is what is typed or copied; %(…)s in it is filled in with what this site knows."""

    slug: str
    title: str | Promise
    paragraphs: tuple[str | Promise, ...]
    readers: str = ALL
    code: tuple[str, ...] = ()
    points: tuple[tuple[str | Promise, str | Promise], ...] = field(default=())

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
                "Its page has the customer’s words, the number to call and what to say. Write down what came of it:"
                " whether it was put right, what else the customer needs, and who else could use us."
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
            _("E-mail and phone are shown to those who look after the customer, and to their managers."),
            _(
                "A person is mailed only if they are a customer already or have given consent; which of the two is"
                " enough, the settings say. Somebody who does not want to be asked is never asked again, whoever"
                " imports the address anew."
            ),
        ),
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
        "people",
        _("People and teams"),
        (
            _("An invitation is a link that works once. Whoever follows it chooses a password and is in."),
            _("Somebody who leaves loses access at once, on every device. What they have done stays."),
            _("A change of role or team begins today; the past stays as it was."),
        ),
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
            ("Tab", _("goes on to the next link or field; the first one on a page leads straight to its content.")),
            ("Esc", _("closes a dialog and changes nothing.")),
        ),
    ),
    Topic(
        "address",
        _("An address that customers can reach"),
        (
            _("Links in mails begin with BASE_URL. It needs its own name and https; ALLOWED_HOSTS gets that name."),
            _("In front of Delight stands a web server such as nginx with the certificate; the README shows one."),
            _("After a change of the address sending is off until you switch it on in the outbox. That is on purpose."),
        ),
        SPONSORS,
        ("BASE_URL=https://delight.your-company.com", "ALLOWED_HOSTS=delight.your-company.com", "TRUSTED_PROXIES=1"),
    ),
    Topic(
        "mail-server",
        _("Connecting a mail server"),
        (
            _("Your mail provider tells you a server, a user name and a password. They go into EMAIL_URL."),
            _("DEFAULT_FROM_EMAIL is the sender that customers see; it should belong to your own domain."),
        ),
        SPONSORS,
        (
            "EMAIL_URL=smtp+tls://user:password@smtp.your-provider.com:587",
            "DEFAULT_FROM_EMAIL=Your Company <hello@your-company.com>",
        ),
    ),
    Topic(
        "mail-records",
        _("SPF and DKIM"),
        (
            _("Both are entries in the domain of your sender address, where mail programs look if a mail is yours."),
            _(
                "Ask your mail provider: “Which SPF and DKIM records do I set for our domain?” They go where the domain"
                " is managed. The first line below shows what is there now; the second is what SPF usually looks like,"
                " with your provider’s name in it; the third asks mail programs to report what they think."
            ),
            _(
                "Whether it worked stands in the headers of the test mail: spf=pass and dkim=pass. Delight itself"
                " cannot know."
            ),
        ),
        SPONSORS,
        (
            "dig +short TXT %(domain)s",
            '%(domain)s.  TXT  "v=spf1 include:spf.your-provider.com ~all"',
            '_dmarc.%(domain)s.  TXT  "v=DMARC1; p=none; rua=mailto:postmaster@%(domain)s"',
        ),
    ),
    Topic(
        "worker",
        _("The worker"),
        (
            _("A worker sends what is due and does long work. Without one, nothing is lost; it waits."),
            _("“manage.py up” starts one by itself. Elsewhere a service runs the line below."),
        ),
        SPONSORS,
        ("python manage.py pump --loop",),
    ),
    Topic(
        "backup",
        _("Backups"),
        (
            _("Everything but SECRET_KEY is in one file. Keep it on another machine, and the key in a safe place."),
            _("A restored copy sends no mail until a sponsor says that it is the real one."),
            _("The second line makes one every night at three. Both keep the last fourteen."),
        ),
        SPONSORS,
        (
            "python manage.py backup /var/backups/delight --keep 14",
            "0 3 * * *  cd /srv/delight; set -a; . /etc/delight.env;"
            " .venv/bin/python manage.py backup /var/backups/delight --keep 14",
        ),
    ),
    Topic(
        "rooms",
        _("Rooms, opened one by one"),
        (
            _("A programme grows week by week: first people and customers, then surveys, then the conversations."),
            _("What you do not use can be hidden in the settings. Nothing is deleted, and it comes back as it was."),
            _("Links that customers have already keep working, and their answers are taken."),
        ),
        MANAGERS,
    ),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}

# Which topic the "?" of a page leads to, by the beginning of its address; the first that fits.
ASKED_AT = (
    ("/customers/import/", "import"),
    ("/customers/", "customers"),
    ("/follow-ups/", "follow-ups"),
    ("/answers/", "answers"),
    ("/surveys/", "surveys"),
    ("/sendings/", "surveys"),
    ("/people/", "roles"),
    ("/visits/", "visits"),
    ("/outbox/", "mail"),
    ("/organisation/rooms/", "rooms"),
    ("/path/", "rooms"),
    ("/setup/", "address"),
)


def topics_for(user: User) -> list[Topic]:
    """What concerns the reader; how to run the server concerns sponsors only."""
    readers = {ALL} | ({MANAGERS} if is_manager(user) else set()) | ({SPONSORS} if user.is_sponsor else set())
    return [topic for topic in TOPICS if topic.readers in readers]


def asked_at(request: HttpRequest) -> str:
    """The address of the help for this page; empty where there is none."""
    slug = next((slug for start, slug in ASKED_AT if request.path.startswith(start)), "")
    topic = BY_SLUG.get(slug)
    return reverse("help_topic", args=[slug]) if topic in topics_for(request.user) else ""  # type: ignore[arg-type]


@require_safe
def help_page(request: SignedInRequest) -> HttpResponse:
    topics = topics_for(request.user)
    groups: list[dict[str, Any]] = [
        {"label": label, "topics": [topic for topic in topics if topic.readers == readers]}
        for label, readers in ((_("For everybody"), ALL), (_("For managers"), MANAGERS), (_("For sponsors"), SPONSORS))
    ]
    return render(request, "front/help.html", {"groups": [group for group in groups if group["topics"]]})


@require_safe
def help_topic(request: SignedInRequest, slug: str) -> HttpResponse:
    topic = BY_SLUG.get(slug)
    if topic is None or topic not in topics_for(request.user):
        raise Http404
    known = {"domain": sender_domain(), "url": settings.BASE_URL}
    code = [line % known for line in topic.code]
    return render(request, "front/help_topic.html", {"topic": topic, "code": code})
