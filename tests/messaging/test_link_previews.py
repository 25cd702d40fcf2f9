"""Where an organisation wants it, a message shows what its link leads to."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import uuid4

import pytest
from django_tasks_db.models import DBTaskResult

from messaging.actions import delete_message, edit_message, erase_message, put_preview, send_messages
from messaging.models import Conversation, LinkPreview, Message
from messaging.previews import Page
from messaging.queries import messages_after
from messaging.saying import Saying
from tests.cast import Cast
from tests.conftest import ApiFactory, Published, RunTasks
from tests.hosts import Answer, Host
from tests.messaging.said import say
from tests.plans import asked_by

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"""<!doctype html><html><head><title>Painters</title>
<meta property="og:description" content="Since 1901.">
<meta property="og:image" content="https://evil.example/pixel.png"></head><body>Hello</body></html>"""


@pytest.fixture
def page(host: Host) -> Host:
    host.answer = Answer(200, PAGE, HTML)
    return host


@pytest.fixture
def wanted(cast: Cast) -> None:
    cast.hotel.link_previews = True
    cast.hotel.save()


def shown(api: ApiFactory, cast: Cast, pair: Conversation) -> list[Any]:
    timeline = api(cast.bob).get(f"chat/conversations/{pair.id}/messages/").json()["results"]
    return [one.get("preview") for one in timeline]


@pytest.mark.usefixtures("wanted")
def test_a_link_is_shown(
    cast: Cast, pair: Conversation, page: Host, api: ApiFactory, published: Published, run_tasks: RunTasks
) -> None:
    message = say(cast.carol, pair, f"Look: {page.url('/a')}!")
    published()
    assert len(run_tasks()) == 1

    preview = {
        "url": page.url("/a"),
        "title": "Painters",
        "description": "Since 1901.",
        "site": "127.0.0.1",
    }
    assert shown(api, cast, pair) == [preview]
    ((event, audience),) = published()
    frame = event.frame()
    assert (frame["event"], frame["version"], frame["message"]["version"]) == ("previewed", 3, 3)
    assert frame["message"]["preview"] == preview
    assert frame["message"]["edited_at"] is None
    assert audience == {cast.bob.member.id, cast.carol.member.id}
    pair.refresh_from_db()
    assert pair.version == 3
    # The page, and no picture of it.
    assert [one.path for one in page.heard] == ["/a"]
    assert LinkPreview.objects.get().message == message


@pytest.mark.usefixtures("wanted")
def test_its_own_link_comes_before_one_in_the_text(
    cast: Cast, pair: Conversation, page: Host, run_tasks: RunTasks
) -> None:
    say(cast.carol, pair, f"Look: {page.url('/a')}", link_url=page.url("/b"))
    run_tasks()
    assert [one.path for one in page.heard] == ["/b"]


def test_it_is_off_unless_somebody_wants_it(
    cast: Cast, pair: Conversation, page: Host, run_tasks: RunTasks
) -> None:
    say(cast.carol, pair, page.url())
    assert (len(run_tasks()), page.heard) == (0, [])


@pytest.mark.usefixtures("wanted")
def test_redirects_are_followed(
    cast: Cast, pair: Conversation, page: Host, api: ApiFactory, run_tasks: RunTasks
) -> None:
    """What is shown is where the message leads to, not where that leads on."""
    page.by_path["/a"] = Answer(302, headers={"Location": "/b"})
    say(cast.carol, pair, page.url("/a"))
    run_tasks()
    assert [one.path for one in page.heard] == ["/a", "/b"]
    assert shown(api, cast, pair)[0]["url"] == page.url("/a")


@pytest.mark.usefixtures("wanted")
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_hears_nothing(
    cast: Cast, pair: Conversation, listener: Host, name: str, settings: Any, run_tasks: RunTasks
) -> None:
    say(cast.carol, pair, f"http://{name}:{listener.port}/")
    assert (len(run_tasks()), listener.heard) == (1, [])
    settings.PRIVATE_HOSTS = [listener.place]
    listener.by_path["/"] = Answer(302, headers={"Location": f"http://localhost:{listener.port}/secret"})
    say(cast.carol, pair, listener.url())
    assert len(run_tasks()) == 1
    assert [one.path for one in listener.heard] == ["/"]
    assert not LinkPreview.objects.exists()


# --- what becomes of it ---------------------------------------------------------------------------------------------


@pytest.fixture
def previewed(cast: Cast, pair: Conversation, page: Host, wanted: None, run_tasks: RunTasks) -> Message:
    message = say(cast.carol, pair, page.url("/a"))
    run_tasks()
    return message


def test_another_text_with_the_same_link_keeps_it(
    cast: Cast, previewed: Message, page: Host, run_tasks: RunTasks
) -> None:
    edited = edit_message(cast.carol.actor, message_id=previewed.id, body=f"Look: {page.url('/a')}")
    assert edited.adornments.preview
    assert (len(run_tasks()), len(page.heard)) == (0, 1)


def test_another_link_takes_it_away_at_once(
    cast: Cast, pair: Conversation, previewed: Message, page: Host, api: ApiFactory, run_tasks: RunTasks
) -> None:
    page.by_path["/b"] = Answer(200, b"<title>Plumbers</title>", HTML)
    edit_message(cast.carol.actor, message_id=previewed.id, body=page.url("/b"))
    assert shown(api, cast, pair) == [None]
    run_tasks()
    assert shown(api, cast, pair)[0]["title"] == "Plumbers"


def test_so_does_none(
    cast: Cast, pair: Conversation, previewed: Message, api: ApiFactory, run_tasks: RunTasks
) -> None:
    edit_message(cast.carol.actor, message_id=previewed.id, body="Never mind")
    assert (len(run_tasks()), shown(api, cast, pair)) == (0, [None])
    assert not LinkPreview.objects.exists()


@pytest.mark.parametrize("how", [delete_message, erase_message])
def test_of_what_is_deleted_nothing_is_left(
    cast: Cast, pair: Conversation, previewed: Message, api: ApiFactory, how: Any
) -> None:
    how(cast.alice.actor, message_id=previewed.id)
    assert not LinkPreview.objects.exists()
    assert shown(api, cast, pair) == [None]


@pytest.mark.usefixtures("wanted")
def test_what_changes_while_the_page_is_fetched(cast: Cast, pair: Conversation, page: Host) -> None:
    message = say(cast.carol, pair, page.url("/a"))
    found = Page("Painters", "", "")
    edit_message(cast.carol.actor, message_id=message.id, body=page.url("/b"))
    assert not put_preview(message_id=message.id, url=page.url("/a"), page=found)
    cast.hotel.link_previews = False
    cast.hotel.save()
    assert not put_preview(message_id=message.id, url=page.url("/b"), page=found)
    cast.hotel.link_previews = True
    cast.hotel.save()
    assert put_preview(message_id=message.id, url=page.url("/b"), page=found)
    assert not put_preview(message_id=message.id, url=page.url("/b"), page=found)
    delete_message(cast.carol.actor, message_id=message.id)
    assert not put_preview(message_id=message.id, url=page.url("/b"), page=found)
    assert not put_preview(message_id=uuid4(), url=page.url("/b"), page=found)


@pytest.mark.usefixtures("wanted")
def test_what_is_deleted_before_is_not_fetched(
    cast: Cast, pair: Conversation, page: Host, run_tasks: RunTasks
) -> None:
    message = say(cast.carol, pair, page.url("/secret"))
    delete_message(cast.carol.actor, message_id=message.id)
    assert (len(run_tasks()), page.heard) == (1, [])
    assert not DBTaskResult.objects.filter(args_kwargs__icontains="secret").exists()


# --- pages of strangers ---------------------------------------------------------------------------------------------


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<title>Huge</title>")
    for _ in range(10_000):
        handler.wfile.write(b"<p>" * 5_000)


@pytest.mark.usefixtures("wanted")
def test_of_a_huge_page_the_beginning_is_read(
    cast: Cast, pair: Conversation, page: Host, api: ApiFactory, run_tasks: RunTasks
) -> None:
    page.by_path["/"] = huge
    say(cast.carol, pair, page.url())
    run_tasks()
    assert shown(api, cast, pair)[0]["title"] == "Huge"


@pytest.mark.usefixtures("wanted")
@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, PAGE, HTML),
        Answer(200, PAGE, {"Content-Type": "image/png"}),
        Answer(200, PAGE),
        Answer(200, b"", HTML),
        Answer(200, b"\x00" * 1000, HTML),
        Answer(200, PAGE[:20], {**HTML, "Content-Encoding": "gzip"}),
        Answer(302, PAGE, HTML),
        Answer(302, PAGE, {"Location": "javascript:alert(1)"}),
        Answer(302, PAGE, {"Location": "/again"}),
    ],
)
def test_what_is_no_page_shows_nothing(
    cast: Cast, pair: Conversation, page: Host, answer: Answer, run_tasks: RunTasks
) -> None:
    page.answer = answer
    say(cast.carol, pair, page.url())
    assert len(run_tasks()) == 1
    assert not LinkPreview.objects.exists()


@pytest.mark.usefixtures("wanted")
def test_nothing_that_a_page_says_is_more_than_text(
    cast: Cast, pair: Conversation, page: Host, api: ApiFactory, run_tasks: RunTasks
) -> None:
    page.answer = Answer(
        200, b"<meta property='og:title' content='&lt;script&gt;alert(1)&lt;/script&gt;\x00'>", HTML
    )
    say(cast.carol, pair, page.url())
    run_tasks()
    assert shown(api, cast, pair)[0]["title"] == "<script>alert(1)</script>"


# --- what it costs --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wanted")
def test_who_floods_the_queue_gets_so_many(
    cast: Cast, pair: Conversation, page: Host, run_tasks: RunTasks
) -> None:
    send_messages([Saying(cast.carol.actor, pair.id, uuid4(), page.url(f"/{n}")) for n in range(62)])
    run_tasks()
    assert len(page.heard) == 60


@pytest.mark.usefixtures("wanted")
def test_where_nothing_links_nothing_is_asked(cast: Cast, pair: Conversation) -> None:
    def asked(body: str) -> list[str]:
        found = asked_by(lambda: say(cast.carol, pair, body))
        return [one for one in map(str, found) if "link_previews" in one or "linkpreview" in one]

    say(cast.carol, pair)
    assert asked("Hello") == []
    assert len(asked("https://a.example/")) == 1


def test_it_is_one_more_query_where_something_is_adorned(
    cast: Cast, pair: Conversation, previewed: Message
) -> None:
    def about_previews() -> int:
        return sum(
            "linkpreview" in str(one) for one in asked_by(lambda: messages_after(cast.bob.actor, pair, 0, 50))
        )

    assert about_previews() == 1
    Message.objects.update(is_adorned=False)
    assert about_previews() == 0
