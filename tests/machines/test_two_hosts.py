"""Two hosts that share a database and a broker and nothing else: the whole loop; one dies, and nobody notices."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from delight.customers.models import Customer
from delight.outbox.models import Message
from surveys.answering.models import Response
from surveys.followups.models import FollowUp
from surveys.sending.models import Invitation
from tests.conftest import PASSWORD, html_of
from tests.faults.invariants import examine
from tests.faults.senders import until
from tests.machines.browser import Browser, Page
from tests.machines.hosts import Host
from tests.machines.proxy import Proxy

HEADER = "Name,E-mail,Looked after by"
THANKS = "Your answer has arrived"


def link_in(mail, score: int) -> str:
    """Where a tap on this score leads."""
    found = [part for part in html_of(mail).replace("&amp;", "&").split('"') if f"/?s={score}" in part]
    return found[0]


def sign_in(proxy: Proxy) -> Browser:
    manager = Browser(proxy.port)
    page = manager.send(manager.get("/account/login/").form("password"), login="mert@company.com", password=PASSWORD)
    assert page.status == 200
    assert "Log out" in page.text
    return manager


def send_survey(manager: Browser, survey: str) -> Page:
    """To everybody who has not been asked yet."""
    page = manager.get(f"/sendings/new/{survey}/")
    page = manager.send(page.form("audience"), audience="all", look="1")
    return manager.send(page.form("idempotency_key"), send="1")


def import_customers(manager: Browser, proxy: Proxy, many: int) -> None:
    """The file is taken by one node, its columns and its preview come from the other."""
    rows = [f"Customer {number},customer{number}@mail.company.com,mert@company.com" for number in range(many)]
    proxy.pinned = 0
    file = ("customers.csv", "\n".join([HEADER, *rows]))
    page = manager.send(manager.get("/customers/import/").form("file"), file=file)
    proxy.pinned = 1
    page = manager.get(page.url)
    page = manager.send(page.form("address_source"), address_source="existing")
    assert not page.url.endswith("columns/"), page.text
    address = page.url.removesuffix("columns/")
    until(lambda: any(form.action.endswith("/start/") for form in manager.get(address).forms), what="the check")
    proxy.pinned = None
    manager.send(manager.get(address).form("/start/"))
    until(lambda: Customer.objects.count() == many, what="the import")


@pytest.mark.long
def test_the_whole_loop_over_two_hosts_and_nobody_notices_the_dead(hosts, proxy, letters, figures):
    anna, berta = hosts
    for host in hosts:
        host.start_worker()
    anna.start_beat()
    manager = sign_in(proxy)

    import_customers(manager, proxy, 20)
    survey = manager.send(manager.get("/surveys/new/").form("name"), name="How are we doing?").url.split("/")[4]
    send_survey(manager, survey)
    until(lambda: len(letters.surveys()) == 20, 40, "the mails")

    mail = letters.to("customer0@mail.company.com")[0]
    customer = Browser(proxy.port)
    page = customer.get(link_in(mail, 3))
    assert THANKS in customer.send(page.form("nonce"), comment="I waited half an hour.").text
    until(lambda: letters.to("mert@company.com"), 40, "the follow-up's mail")
    follow_up = FollowUp.objects.get()

    berta.start_beat()  # by mistake: one is enough, and two must do no harm
    some_days_pass(kinds=["remind", "follow-up"], but=f"follow-up:{follow_up.pk}:2")
    until(lambda: len(letters.surveys()) == 39, 40, "the reminders of all who have not answered")
    until(lambda: len(letters.to("mert@company.com")) == 2, 40, "the follow-up's reminder")
    assert "I waited half an hour." in manager.get(f"/follow-ups/{follow_up.pk}/").text
    page = manager.get(f"/follow-ups/{follow_up.pk}/")
    manager.send(page.form("/close/"), happened="Said sorry.")
    assert not FollowUp.objects.open().exists()
    some_days_pass(kinds=["follow-up"])

    a_web_node_dies_while_a_customer_answers(hosts, proxy, letters)
    workers_die_while_mail_leaves(hosts, manager, survey, letters)

    assert not proxy.failures()
    assert {each.node for each in proxy.served} == {0, 1}
    invitations = invited()
    found = examine([copy for copy in letters.surveys() if copy.message_id in invitations], killed=2)
    figures(found)
    assert not found.broken, str(found)
    assert found.figures["invitations"] == 80
    reminders = [copy.message_id for copy in letters.surveys() if copy.message_id not in invitations]
    assert (len(reminders), len(set(reminders))) == (19, 19)  # two beats doubled nothing
    last = Message.objects.get(key=f"follow-up:{follow_up.pk}:2")
    assert (last.state, last.reason) == ("skipped", "done")
    assert len(letters.to("mert@company.com")) == 2
    assert not Message.objects.filter(ended_at=None, due_at__lt=timezone.now()).exists()


def invited() -> set[str]:
    from delight.outbox.mail import message_id

    return {message_id(row) for row in Message.objects.filter(kind="invite")}


def some_days_pass(*, kinds: list[str], but: str = "") -> None:
    now = timezone.now()
    Message.objects.filter(kind__in=kinds, state="waiting").exclude(key=but).update(due_at=now, promised_at=now)


def a_web_node_dies_while_a_customer_answers(hosts: list[Host], proxy: Proxy, letters) -> None:
    anna, _berta = hosts
    customer = Browser(proxy.port)
    proxy.pinned = 0
    page = customer.get(link_in(letters.to("customer1@mail.company.com")[0], 9))
    assert THANKS in send_while_it_dies(customer, page, anna).text
    proxy.pinned = None
    for number in range(2, 8):
        other = Browser(proxy.port)
        page = other.get(link_in(letters.to(f"customer{number}@mail.company.com")[0], 8))
        assert THANKS in other.send(page.form("nonce"), comment="").text
    assert Response.objects.count() == 8
    anna.start_web()
    anna.wait_until_it_answers()


def send_while_it_dies(customer: Browser, page: Page, host: Host) -> Page:
    """The answer is in the middle of its transaction when its host's web server is killed."""
    held = connection.copy()
    with held.cursor() as cursor, ThreadPoolExecutor(1) as threads:
        cursor.execute("BEGIN; SELECT * FROM sending_invitation FOR UPDATE")
        sent = threads.submit(customer.send, page.form("nonce"), comment="Fine.")
        until(somebody_waits_for_a_lock, what="the answer's transaction")
        host.kill("web")
        cursor.execute("ROLLBACK")
        answer = sent.result(60)
    held.close()
    return answer


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def workers_die_while_mail_leaves(hosts: list[Host], manager: Browser, survey: str, letters) -> None:
    """Each of them is killed once among sixty mails, and started again as systemd would."""
    before = len(letters.surveys())
    Customer.objects.bulk_create(
        Customer(
            name=f"Guest {number}", sort_key=f"guest {number:03}", email=f"guest{number}@mail.company.com",
            address_source="existing", team_id=Customer.objects.values_list("team", flat=True)[0],
        )
        for number in range(60)
    )  # fmt: skip
    send_survey(manager, survey)
    for host, count in zip(hosts, (5, 30), strict=True):
        until(lambda many=count: len(letters.surveys()) >= before + many, 60, "some mails")
        host.kill("worker")
        host.start_worker()
    waiting = Message.objects.filter(kind="invite", ended_at=None)
    until(lambda: Invitation.objects.count() == 81 or not waiting.exists(), 90, "the rest of the mails")


# --- Web nodes alone ----------------------------------------------------------------------------------------------


@pytest.fixture
def invited_customers(company, make_people):
    """Addresses of answer pages, as they stand in mails that went out."""
    return make_people(30)


@pytest.fixture
def make_people(company):
    from delight.lib.tokens import make_token
    from surveys.design.services import create_survey
    from surveys.sending.services import prepare_sending
    from surveys.sending.services import send_survey as send

    def make(many: int) -> list[str]:
        Customer.objects.bulk_create(
            Customer(
                name=f"Guest {number}", sort_key=f"guest {number:03}", email=f"guest{number}@mail.company.com",
                address_source="existing", team=company.memberships.get().team,
            )
            for number in range(many)
        )  # fmt: skip
        sending = send(by=company, survey=create_survey(by=company, name="How are we doing?"), sender=company)
        prepare_sending(sending.pk, lambda *_: None)
        Invitation.objects.update(sent_at=timezone.now())
        return [
            f"/a/{make_token('answer', public_id)}/?s=9"
            for public_id in Invitation.objects.order_by("pk").values_list("public_id", flat=True)
        ]

    return make


@pytest.mark.slow
def test_a_node_killed_in_the_middle_of_an_answer_is_not_noticed(hosts, proxy, invited_customers):
    anna, berta = hosts
    customer, proxy.pinned = Browser(proxy.port), 0
    page = customer.get(invited_customers[0])
    assert THANKS in send_while_it_dies(customer, page, anna).text
    anna.start_web()
    anna.wait_until_it_answers()

    page = customer.get(invited_customers[1])
    proxy.after_reply = lambda _node: anna.kill("web")  # the answer is written, and its page never arrives
    assert THANKS in customer.send(page.form("nonce"), comment="Fine.").text
    assert proxy.served[-1].node == 1
    assert list(Response.objects.order_by("invitation").values_list("score", "is_active")) == [(9, True), (9, True)]

    page = customer.get(invited_customers[2])  # controls: without the other node, or without asking it, it shows
    proxy.retries = False
    assert customer.send(page.form("nonce")).status == 502
    proxy.retries = True
    berta.kill("web")
    assert customer.send(page.form("nonce")).status == 502
    assert Response.objects.count() == 2


@pytest.mark.long
@pytest.mark.parametrize("keep_socket", [False, True], ids=["behind a proxy", "by itself, under systemd's socket"])
def test_a_rolling_restart_loses_no_request(hosts, invited_customers, keep_socket):
    """TERM: what has begun is finished. Meanwhile the other node is asked, or the kept socket lets people wait."""
    nodes = hosts[:1] if keep_socket else hosts
    for host in nodes:
        host.start_web(keep_socket=keep_socket)
    for host in nodes:
        host.wait_until_it_answers()
    proxy = Proxy([host.port for host in nodes])
    links, failed, stop = iter(invited_customers), [], threading.Event()

    def keep_answering() -> None:
        for link in links:
            customer = Browser(proxy.port)
            page = customer.get(link)
            if THANKS not in customer.send(page.form("nonce"), comment="Fine.").text:
                failed.append(link)
            stop.wait(0.15)

    with ThreadPoolExecutor(1) as threads:
        work = threads.submit(keep_answering)
        for host in nodes:
            until(lambda: len(proxy.served) > 4, what="the first answers")
            host.running["web"].terminate()
            assert host.running.pop("web").wait(30) == 0
            host.start_web(keep_socket=keep_socket)
            host.wait_until_it_answers()
        work.result(60)
    proxy.stop()
    assert not failed
    assert not proxy.failures()
    assert Response.objects.count() == len(invited_customers)
