"""Workers are killed -9 at every moment that matters: nobody is told twice, and nobody is forgotten who need not be."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from accounts.models import Member
from common.clock import now
from delivery.actions import planning
from delivery.models import Outgoing
from delivery.tasks import tell_due_messages
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.delivery.services import Browser, MailServer, PushService
from tests.delivery.test_push import sign_up
from tests.messaging.test_send_message import say

ROOT = Path(django_settings.BASE_DIR)
# A process that starts on a machine with much to do takes its time; nothing else here waits.
PATIENCE = 100
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def start(*command: str, **environment: str) -> subprocess.Popen[bytes]:
    """A process of its own, with what this test has set."""
    known = {
        "DJANGO_SETTINGS_MODULE": "tests.delivery.worker_settings",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "SECRET_KEY": django_settings.SECRET_KEY,
        "PUSH_SERVICES": ",".join(django_settings.PUSH_SERVICES),
        "EMAIL_DELAY_SECONDS": "0",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env={**os.environ, **known, **environment})


def worker(**environment: str) -> subprocess.Popen[bytes]:
    """Does what there is to do, and ends."""
    return start("-m", "django", "db_worker", "--batch", "--no-startup-delay", **environment)


def works(**environment: str) -> None:
    assert worker(**environment).wait(PATIENCE) == 0


def killed_once(came: Event, one: subprocess.Popen[bytes]) -> None:
    assert came.wait(PATIENCE)
    one.kill()
    assert one.wait(PATIENCE) == -9


def everything_is_tried_again() -> None:
    """What a reaper, a ticker and time do: tasks of the dead are ready again, leases have run out."""
    DBTaskResult.objects.filter(status="RUNNING").update(status="READY")
    Outgoing.objects.exclude(leased_until=None).update(leased_until=now())
    tell_due_messages()


@pytest.fixture
def pair(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setattr(planning, "GRACE", timedelta())
    cast = committed_cast
    pair = start_conversation(cast.carol.actor, kind=Kind.DIRECT, member=cast.bob.member.id).conversation
    tell_due_messages()
    return pair


@pytest.fixture
def browser(committed_cast: Cast, service: PushService) -> Browser:
    browser = service.browser()
    sign_up(committed_cast.bob, browser)
    return browser


@pytest.fixture
def bobs_mail(committed_cast: Cast, post_office: MailServer) -> MailServer:
    Member.objects.filter(pk=committed_cast.bob.member.pk).update(email="bob@hotel.example")
    return post_office


def states() -> list[str]:
    return list(Outgoing.objects.order_by("pk").values_list("state", flat=True))


def test_while_a_push_service_thinks(
    committed_cast: Cast, pair: Conversation, service: PushService, browser: Browser
) -> None:
    service.holds = True
    say(committed_cast.carol, pair, "One")
    tell_due_messages()
    killed_once(service.came, worker())
    service.holds = False
    service.goes_on.set()
    assert states() == ["sending"]

    everything_is_tried_again()
    works()
    assert [browser.read(one)["body"] for one in service.take()] == ["Carol: One"]
    # It holds nothing up.
    say(committed_cast.carol, pair, "Two")
    tell_due_messages()
    works()
    assert [browser.read(one)["body"] for one in service.take()] == ["Carol: Two"]
    assert states() == ["sending", "sent"]


def test_while_a_mail_server_thinks(committed_cast: Cast, pair: Conversation, bobs_mail: MailServer) -> None:
    bobs_mail.holds = True
    say(committed_cast.carol, pair, "One")
    tell_due_messages()
    killed_once(bobs_mail.came, worker(EMAIL_URL=bobs_mail.url))
    bobs_mail.holds = False
    bobs_mail.goes_on.set()
    assert states() == ["sending"]

    everything_is_tried_again()
    works(EMAIL_URL=bobs_mail.url)
    assert len(bobs_mail.take()) == 1


@contextmanager
def silent_server() -> Iterator[tuple[str, Event]]:
    """Takes a call, and says nothing."""
    came = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            line, _ = server.accept()
            came.set()
            over.wait(PATIENCE)
            line.close()

        over = Event()
        thread = Thread(target=take)
        thread.start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}", came
        over.set()
        thread.join()


def test_before_the_first_byte_has_left(
    committed_cast: Cast, pair: Conversation, bobs_mail: MailServer
) -> None:
    """Then certainly nothing was sent: it is sent by another, once."""
    say(committed_cast.carol, pair, "One")
    tell_due_messages()
    with silent_server() as (url, came):
        killed_once(came, worker(EMAIL_URL=url))
    assert states() == ["due"]

    everything_is_tried_again()
    works(EMAIL_URL=bobs_mail.url)
    assert len(bobs_mail.take()) == 1
    assert states() == ["sent"]


def test_a_ticker_between_its_first_task_and_the_commit(
    committed_cast: Cast, pair: Conversation, service: PushService, browser: Browser
) -> None:
    say(committed_cast.carol, pair, "One")
    # So that it is old enough for a process that does wait.
    pair.messages.update(created_at=now() - timedelta(seconds=10))
    pair.participants.update(joined_at=now() - timedelta(seconds=20))
    assert start("-m", "tests.delivery.dying").wait(PATIENCE) == -9
    assert (states(), DBTaskResult.objects.count()) == ([], 0)

    tell_due_messages()
    works()
    assert [browser.read(one)["body"] for one in service.take()] == ["Carol: One"]


def test_two_workers_with_one_task(
    committed_cast: Cast, pair: Conversation, service: PushService, browser: Browser
) -> None:
    """A task of somebody who was only slow was given to another, too."""
    service.holds = True
    say(committed_cast.carol, pair, "One")
    tell_due_messages()
    slow = worker()
    assert service.came.wait(PATIENCE)
    everything_is_tried_again()
    works()
    service.goes_on.set()
    assert slow.wait(PATIENCE) == 0
    assert (len(service.take()), states()) == (1, ["sent"])
