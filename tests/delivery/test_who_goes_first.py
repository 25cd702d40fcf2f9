"""What people wait for goes before what only machines do: a host and a linked page may take their time to answer."""

from __future__ import annotations

from django_tasks_db.models import DBTaskResult

from common.ids import new_id
from delivery.tasks import send_notice, send_webhooks
from messaging.tasks import fetch_preview


def test_a_notice_overtakes_hosts_and_previews(db: None) -> None:
    fetch_preview.enqueue(str(new_id()))
    send_webhooks.enqueue(str(new_id()), [])
    send_notice.enqueue(str(new_id()))
    ready = DBTaskResult.objects.ready().values_list("task_path", flat=True)
    assert [path.rpartition(".")[2] for path in ready] == ["send_notice", "send_webhooks", "fetch_preview"]
