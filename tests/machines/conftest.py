"""Two hosts with one PostgreSQL and one Redis, a company, a mail server, and the web server in front."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from delight.local.stack import listen
from tests.conftest import PASSWORD, PostOffice, html_of
from tests.faults.conftest import figures as figures
from tests.faults.servers import own_valkey
from tests.faults.sink import LINK, Copy
from tests.machines.browser import SITE
from tests.machines.hosts import Host
from tests.machines.proxy import Proxy


class Letters(PostOffice):
    """A mail server that takes its time."""

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.02)
        return answer

    def surveys(self) -> list[Copy]:
        """The mails that ask something, as the invariant checker reads them."""
        found = []
        for mail in list(self.mails):
            links = sorted({link for link in LINK.findall(html_of(mail).encode()) if b"/a/" in link})
            if links and "/follow-ups/" not in html_of(mail):
                digest = hashlib.sha256(b"\n".join(links)).hexdigest()
                found.append(Copy(str(mail["Message-ID"]), str(mail["To"]), digest))
        return found


@pytest.fixture
def letters() -> Iterator[Letters]:
    probe = listen(0)
    assert probe is not None
    made = Letters(port=probe.getsockname()[1])
    probe.close()
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    yield made
    controller.stop()


@pytest.fixture
def company(settings, transactional_db):
    """Set up under its real address, with Mert, who manages the shop, and his password."""
    from delight.organisation.models import Organisation
    from delight.organisation.services import set_up_organisation
    from staff.people.models import Membership, Team, User

    settings.BASE_URL, settings.BASE_HOST = SITE, urlsplit(SITE).netloc
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    set_up_organisation(name="Barber & Sons", postal_address="1 Mill Lane, Ghent", time_zone="Europe/Brussels")
    Organisation.objects.update(set_up_at=timezone.now())
    team = Team.objects.create(name="Mill Lane")
    mert = User.objects.create_user("mert@company.com", PASSWORD, name="Mert")
    Membership.objects.create(user=mert, team=team, role="manager", since=date(2020, 1, 1))
    return mert


@pytest.fixture
def hosts(company, letters, tmp_path: Path) -> Iterator[list[Host]]:
    """Two hosts, prepared; nothing runs on them yet."""
    with own_valkey() as valkey:
        made = [Host(tmp_path / name, redis_url=valkey.url, mail_port=letters.port) for name in ("anna", "berta")]
        for host in made:
            host.prepare()
        yield made
        for host in made:
            host.clear()


@pytest.fixture
def proxy(hosts) -> Iterator[Proxy]:
    """The web servers of both hosts, and the one in front of them."""
    for host in hosts:
        host.start_web()
    for host in hosts:
        host.wait_until_it_answers()
    made = Proxy([host.port for host in hosts])
    yield made
    made.stop()
