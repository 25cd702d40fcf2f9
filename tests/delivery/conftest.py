"""What people are told by, played by real services on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from delivery import tasks
from delivery.actions import inbox, planning
from delivery.models import Progress
from messaging.models import Conversation
from tests.delivery.services import MailServer, PushService, mail_server, push_service


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        yield service


@pytest.fixture
def post_office(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.SENDS_EMAIL = True
        settings.EMAIL_DELAY_SECONDS = 0
        yield server


Tell = Callable[[], None]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch, db: None) -> Tell:
    """What the ticker and a worker do: looks, and does what there is to do. What was said is old enough to tell."""
    monkeypatch.setattr(planning, "GRACE", timedelta())
    monkeypatch.setattr(inbox, "GRACE", timedelta())
    tasks.tell_due_messages()

    def tell() -> None:
        tasks.tell_due_messages()
        for one in DBTaskResult.objects.filter(status="READY"):
            one.task.func(*one.args_kwargs["args"])
            DBTaskResult.objects.filter(pk=one.pk).update(status="SUCCESSFUL")

    return tell


def later(conversation: Conversation, **time: float) -> None:
    """As if so much time had gone by for all that was said there, and for who is looked at again."""
    by = timedelta(**time)
    for message in conversation.messages.all():
        conversation.messages.filter(pk=message.pk).update(created_at=message.created_at - by)
    for row in conversation.participants.all():
        conversation.participants.filter(pk=row.pk).update(joined_at=row.joined_at - by)
    for progress in Progress.objects.filter(conversation=conversation, due_at__isnull=False):
        assert progress.due_at
        Progress.objects.filter(pk=progress.pk).update(due_at=progress.due_at - by)
