"""The help for sponsors: the settings, and how to run the server."""

from django.utils.translation import gettext_lazy as _

from delight.front.help_topics import SPONSORS, Topic

TOPICS = (
    Topic(
        "settings",
        _("The settings"),
        (
            _(
                "Time zone and working time decide when a follow-up is due and when the morning mail comes. People in"
                " another zone set theirs on their own page."
            ),
            _(
                "The law of your country decides who may be asked by mail. Where it wants consent first, only people"
                " whose consent is recorded are asked."
            ),
            _("The currency is chosen at the beginning and stays."),
            _(
                "Values, walls, wins meetings and the two questions a month have pages of their own, in the rooms to"
                " which they belong."
            ),
        ),
        SPONSORS,
        links=(
            (_("Values"), "values"),
            (_("Walls"), "walls"),
            (_("Wins meetings"), "wins"),
            (_("How are we?"), "pulse"),
        ),
    ),
    Topic(
        "holidays",
        _("Holidays"),
        (
            _(
                "On a holiday nobody is expected to call a customer back: what is due then waits for the next working"
                " day, and no morning mail comes."
            ),
            _("When you add or remove a day, open follow-ups get their new date."),
        ),
        SPONSORS,
    ),
    Topic(
        "audit",
        _("Audit"),
        (
            _("It says who did what to which entry, and when; never what the entry said."),
            _(
                "Who looked up a phone number or an address stands there, too, for as many days as logs are kept."
                " Everything else stays."
            ),
            _("Choose a person, a kind of thing or days; the list can be downloaded as a CSV file."),
        ),
        SPONSORS,
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
            _("The file ends with a checksum. One that was cut off or damaged is refused when it is put back."),
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
)
