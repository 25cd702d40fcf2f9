"""Bob is away: his browser is pushed to what he has not read, and nobody else can read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from accounts.actions import deactivate_member, revoke_token
from accounts.models import Organisation
from common.clock import now
from delivery.actions import Notice, move_receipt, notify
from delivery.models import NoticeKind, Outgoing, PushSubscription
from delivery.tasks import tell_due_messages
from messaging.actions import (
    delete_message,
    edit_message,
    mute_conversation,
    send_message,
    start_conversation,
)
from messaging.models import Conversation, Kind, MessageKind
from presence.leases import Lease, leases
from presence.models import Availability
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast, Person
from tests.conftest import Api, ApiFactory
from tests.delivery.conftest import Tell, later
from tests.delivery.services import Browser, PushService, push_service
from tests.messaging.test_send_message import say


@pytest.fixture
def pair(cast: Cast, tell: Tell) -> Conversation:
    pair = start_conversation(cast.carol.actor, kind=Kind.DIRECT, member=cast.bob.member.id).conversation
    tell()
    return pair


def sign_up(person: Person, browser: Browser) -> Any:
    return Api(person).post("push-subscriptions/", browser.subscription())


@pytest.fixture
def browser(cast: Cast, service: PushService) -> Browser:
    browser = service.browser()
    assert sign_up(cast.bob, browser).status_code == 201
    return browser


def test_a_message(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell, api: ApiFactory
) -> None:
    say(cast.carol, pair, "The heating is off")
    tell()
    tell()

    (pushed,) = service.take()
    assert browser.read(pushed) == {
        "kind": "new_message",
        "conversation": str(pair.id),
        "title": "Carol at Hotel",
        "body": "Carol: The heating is off",
        "url": f"/chat/?organisation=hotel#{pair.id}",
        "tag": pair.id.hex,
        "unread": 0,
        "count": 1,
    }
    assert pushed.path == browser.path
    assert {name: pushed.headers[name] for name in ("Topic", "TTL", "Urgency")} == {
        "Topic": pair.id.hex,
        "TTL": "43200",
        "Urgency": "normal",
    }
    key = api(cast.bob).get("push-subscriptions/").json()["key"]
    claims = pushed.claims(key, audience=service.origin)
    assert claims["sub"] == "mailto:parley@localhost"
    assert 0 < claims["exp"] - now().timestamp() <= 24 * 60 * 60
    assert "The heating" not in repr(list(Outgoing.objects.values()))


def test_a_photo_without_a_word(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    say_with(cast.carol, pair, taken(cast.carol, pair, "leak.jpg", picture())["id"])
    tell()
    (pushed,) = service.take()
    assert browser.read(pushed)["body"] == "Carol: leak.jpg"


def test_a_mention_is_one_push_on_each_of_his_browsers(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    phone = service.browser()
    sign_up(cast.bob, phone)
    say(cast.carol, pair, "@Bob, are you there?")
    tell()

    pushed = {one.path: one for one in service.take()}
    assert set(pushed) == {browser.path, phone.path}
    told = phone.read(pushed[phone.path])
    assert (told["kind"], told["title"], told["unread"]) == ("mention", "Carol mentioned you", 1)
    assert pushed[phone.path].headers["Urgency"] == "high"


def test_named_by_an_edit_where_only_that_is_told(
    cast: Cast, service: PushService, browser: Browser, tell: Tell
) -> None:
    channel = start_conversation(
        cast.alice.actor, kind=Kind.CHANNEL, title="Works", members=[cast.bob.member.id]
    ).conversation
    message = say(cast.alice, channel, "Who can help?")
    tell()
    assert service.take() == []
    edit_message(cast.alice.actor, message_id=message.id, body="Can you help, @Bob?")
    tell()
    tell()
    assert [browser.read(one)["body"] for one in service.take()] == ["Alice: Can you help, @Bob?"]


def test_who_is_pushed_only_what_is_new(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    say(cast.carol, pair, "One")
    tell()
    say(cast.carol, pair, "Two")
    say(cast.carol, pair, "Three")
    say(cast.bob, pair, "I am on my way")
    tell()
    assert [(browser.read(one)["body"], browser.read(one)["count"]) for one in service.take()] == [
        ("Carol: One", 1),
        ("Carol: Three", 2),
    ]


def test_texts_stay_here_when_the_hotel_says_so(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    Organisation.objects.filter(pk=cast.hotel.pk).update(notices_show_text=False, locale="es")
    say(cast.carol, pair, "The safe opens with pelican")
    tell()
    told = browser.read(service.take()[0])
    assert (told["title"], told["body"]) == ("Carol en Hotel", "Mensaje nuevo")
    assert "pelican" not in str(told)


def test_nothing_that_is_gone(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    gone = say(cast.carol, pair, "@Bob The safe opens with pelican")
    kept = say(cast.carol, pair, "The safe is 0815")
    delete_message(cast.carol.actor, message_id=gone.id)
    edit_message(cast.carol.actor, message_id=kept.id, body="Forget the safe")
    tell()
    told = browser.read(service.take()[0])
    assert (told["body"], told["count"], told["kind"]) == ("Carol: Forget the safe", 1, "new_message")


def test_deleted_between_the_look_and_the_push(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    message = say(cast.carol, pair, "The safe opens with pelican")
    tell_due_messages()
    delete_message(cast.carol.actor, message_id=message.id)
    tell()
    assert service.take() == []
    assert [(one.state, one.outcome) for one in Outgoing.objects.all()] == [("dropped", "no news any more")]


# --- where he is ----------------------------------------------------------------------------------------------------


def test_whoever_is_here_is_not_pushed_until_they_go(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    leases().write([Lease(cast.bob.member.id, opened=(1.0,))])
    say(cast.carol, pair)
    tell()
    assert service.take() == []
    leases().write([Lease(cast.bob.member.id, is_away=True, opened=(1.0,))])
    tell()
    assert service.take() == []
    later(pair, minutes=2)
    tell()
    assert len(service.take()) == 1


def test_read_meanwhile(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    leases().write([Lease(cast.bob.member.id, opened=(1.0,))])
    message = say(cast.carol, pair)
    tell()
    move_receipt(cast.bob.actor, conversation_id=pair.id, read=message.seq)
    leases().write([Lease(cast.bob.member.id, is_away=True, opened=(1.0,))])
    later(pair, minutes=2)
    tell()
    assert service.take() == []


def test_busy_or_muted(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell, api: ApiFactory
) -> None:
    api(cast.bob).patch("me/presence/", {"availability": Availability.BUSY})
    say(cast.carol, pair)
    tell()
    api(cast.bob).patch("me/presence/", {"availability": Availability.AUTO})
    mute_conversation(cast.bob.actor, conversation_id=pair.id, muted=True)
    say(cast.carol, pair)
    tell()
    assert service.take() == []


def test_quiet_hours_wait_for_the_morning(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell, api: ApiFactory
) -> None:
    start = now() - timedelta(hours=1)
    quiet = {"from": f"{start:%H:%M}", "until": f"{start + timedelta(hours=3):%H:%M}"}
    api(cast.bob).patch("preferences/", {"quiet": quiet})
    say(cast.carol, pair)
    tell()
    assert service.take() == []
    api(cast.bob).patch("preferences/", {"quiet": None})
    later(pair, hours=2.1)
    tell()
    assert len(service.take()) == 1


def test_an_assignment_is_pushed_by_itself(
    cast: Cast, service: PushService, browser: Browser, tell: Tell
) -> None:
    told = Notice(NoticeKind.ASSIGNMENT, "1", cast.hotel.pk, [cast.bob.member.id], data={"title": "Heating"})
    notify([told])
    tell()
    tell()
    (pushed,) = service.take()
    told_of = browser.read(pushed)
    assert (told_of["title"], told_of["body"], told_of["unread"]) == (
        "A conversation was assigned to you",
        "Heating",
        1,
    )


# --- what the service says ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell, status: int
) -> None:
    service.answers = [(status, {})]
    say(cast.carol, pair)
    tell()
    assert not PushSubscription.objects.exists()
    say(cast.carol, pair)
    tell()
    assert len(service.take()) == 1


@pytest.mark.parametrize(
    ("answer", "least", "most"),
    [
        ((500, {}), 30, 40),
        ((429, {"Retry-After": "120"}), 115, 125),
        ((503, {"Retry-After": "soon"}), 30, 40),
    ],
)
def test_a_service_in_trouble_is_asked_again_later(
    cast: Cast,
    pair: Conversation,
    service: PushService,
    browser: Browser,
    tell: Tell,
    answer: tuple[int, dict[str, str]],
    least: int,
    most: int,
) -> None:
    service.answers = [answer]
    say(cast.carol, pair)
    tell()
    tell()
    assert len(service.take()) == 1
    waiting = Outgoing.objects.get()
    assert (waiting.state, waiting.outcome) == ("due", str(answer[0]))
    assert least - 5 < (waiting.due_at - now()).total_seconds() < most
    Outgoing.objects.update(due_at=now())
    tell()
    assert [browser.read(one)["count"] for one in service.take()] == [1]
    assert Outgoing.objects.get().state == "sent"


def test_it_is_given_up_one_day(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    service.answers = [(500, {})] * 10
    say(cast.carol, pair)
    waits = []
    for _ in range(8):
        tell()
        waits.append((Outgoing.objects.get().due_at - now()).total_seconds())
        Outgoing.objects.update(due_at=now())
    assert len(service.take()) == 6
    assert (Outgoing.objects.get().state, Outgoing.objects.get().outcome) == ("dropped", "given up: 500")
    assert waits[:5] == sorted(waits[:5])
    assert waits[4] > 400


def test_a_refusal_is_final(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    service.answers = [(400, {})]
    say(cast.carol, pair)
    tell()
    Outgoing.objects.update(due_at=now())
    tell()
    assert (len(service.take()), Outgoing.objects.get().state) == (1, "dropped")


def test_a_service_that_cannot_be_reached_was_not_sent_anything(
    cast: Cast, pair: Conversation, service: PushService, tell: Tell, settings: Settings
) -> None:
    with push_service() as closed:
        settings.PUSH_SERVICES = [closed.origin]
        sign_up(cast.bob, closed.browser())
    say(cast.carol, pair)
    tell()
    assert (Outgoing.objects.get().state, Outgoing.objects.get().outcome) == ("due", "ConnectionError")


def test_nobody_is_sent_on(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell
) -> None:
    with push_service() as elsewhere:
        service.answers = [(307, {"Location": f"{elsewhere.origin}/inside"})]
        say(cast.carol, pair)
        tell()
        assert elsewhere.take() == []
    assert Outgoing.objects.get().state == "dropped"


# --- with what it was signed up -------------------------------------------------------------------------------------


def ends_by_revocation(cast: Cast) -> None:
    revoke_token(cast.bob.actor, token_id=cast.bob.token_id)


def ends_by_removal(cast: Cast) -> None:
    deactivate_member(cast.alice.actor, member_id=cast.bob.member.id)


@pytest.mark.parametrize("end", [ends_by_revocation, ends_by_removal])
def test_it_ends_with_the_credential(
    cast: Cast, pair: Conversation, service: PushService, browser: Browser, tell: Tell, end: Any
) -> None:
    say(cast.carol, pair)
    end(cast)
    tell()
    assert service.take() == []


def test_it_ends_with_the_session(cast: Cast, pair: Conversation, service: PushService, tell: Tell) -> None:
    browser, page = service.browser(), Api()
    assert cast.bob.member.user
    page.client.force_login(cast.bob.member.user)
    assert page.post("push-subscriptions/", browser.subscription()).status_code == 201
    say(cast.carol, pair, "One")
    tell()
    page.client.logout()
    say(cast.carol, pair, "Two")
    tell()
    assert [browser.read(one)["body"] for one in service.take()] == ["Carol: One"]
    assert not PushSubscription.objects.exists()


# --- whom we push to ------------------------------------------------------------------------------------------------

REAL = "https://fcm.googleapis.com/fcm/send/a-secret-place"


@pytest.mark.parametrize(
    "endpoint",
    [
        REAL,
        "https://updates.push.services.mozilla.com/wpush/v2/a-secret-place",
        "https://wns2-par02p.notify.windows.com/w/?token=a-secret-place",
        "https://web.push.apple.com/a-secret-place",
    ],
)
def test_services_that_browsers_use(cast: Cast, endpoint: str) -> None:
    subscription = {**Browser("").subscription(), "endpoint": endpoint}
    response = Api(cast.bob).post("push-subscriptions/", subscription)
    assert (response.status_code, response.json()["service"]) == (201, endpoint.split("/")[2])
    assert "a-secret-place" not in response.text


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evil.example/fcm.googleapis.com",
        "https://evilpush.services.mozilla.com.example/",
        "https://notify.windows.com/",
        "https://fcm.googleapis.com:8443/abc",
        "https://me@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com@evil.example/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "http://localhost:6379/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://[fcm.googleapis.com/",
        "https://fcm.googleapis.com:port/",
        # To whoever posts there, these lead to evil.example.
        r"https://evil.example\.push.apple.com/abc",
        r"https://evil.example\x.push.apple.com/abc",
        "https://evil.example%2f.push.apple.com/abc",
        # Longer than any name.
        f"https://{'a.' * 100}push.apple.com/abc",
        "https://fcm.googleapis.com/\n.evil.example",
        "fcm.googleapis.com",
    ],
)
def test_nobody_else(cast: Cast, endpoint: str) -> None:
    subscription = {**Browser("").subscription(), "endpoint": endpoint}
    response = Api(cast.bob).post("push-subscriptions/", subscription)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["endpoint"])


def test_a_listed_name_that_leads_home_gets_nothing(
    cast: Cast, pair: Conversation, service: PushService, tell: Tell, settings: Settings
) -> None:
    """`localhost` stands for a name of a listed service that somebody lets point to our own network."""
    browser = service.browser()
    sign_up(cast.bob, browser)
    settings.PUSH_SERVICES = ["localhost"]
    PushSubscription.objects.update(endpoint=f"https://localhost{browser.path}")
    say(cast.carol, pair)
    tell()
    # It is not tried again, as one that cannot be reached would be: its address was refused.
    assert (service.take(), PushSubscription.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "A" * 87, "auth": "A" * 22},
        {"p256dh": "short", "auth": "A" * 22},
        {"auth": "A" * 22},
        {},
    ],
)
def test_keys_that_are_none(cast: Cast, keys: dict[str, str]) -> None:
    response = Api(cast.bob).post("push-subscriptions/", {"endpoint": REAL, "keys": keys})
    assert response.status_code == 400


def test_his_browsers(cast: Cast, service: PushService, browser: Browser, api: ApiFactory) -> None:
    again = sign_up(cast.bob, browser)
    (mine,) = api(cast.bob).get("push-subscriptions/").json()["results"]
    assert (again.status_code, again.json()) == (200, mine)
    assert set(mine) == {"id", "service", "created_at"}
    for other in (cast.carol, cast.mallory):
        assert api(other).get("push-subscriptions/").json()["results"] == []
        assert api(other).delete(f"push-subscriptions/{mine['id']}/").status_code == 404
    assert api(cast.bob).delete(f"push-subscriptions/{mine['id']}/").status_code == 204
    assert api(cast.bob).delete(f"push-subscriptions/{mine['id']}/").status_code == 404


def test_of_many_the_oldest_goes(cast: Cast, service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.actions.subscribing.BROWSERS_OF_A_MEMBER", 2)
    browsers = [service.browser() for _ in range(3)]
    for one in browsers:
        sign_up(cast.bob, one)
    kept = PushSubscription.objects.filter(member=cast.bob.member).values_list("endpoint", flat=True)
    assert set(kept) == {one.endpoint for one in browsers[1:]}


def test_the_key_stays(cast: Cast, api: ApiFactory, settings: Settings) -> None:
    kept = api(cast.bob).get("push-subscriptions/").json()["key"]
    assert api(cast.carol).get("push-subscriptions/").json()["key"] == kept
    settings.VAPID_PRIVATE_KEY = "A" * 42 + "E"
    assert api(cast.bob).get("push-subscriptions/").json()["key"] != kept


def test_a_note_is_pushed_to_whom_it_names_alone(
    cast: Cast, tell: Tell, service: PushService, browser: Browser
) -> None:
    """Dana's browser, too, would be pushed to."""
    support = start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation
    assert sign_up(cast.dana, service.browser()).status_code == 201
    say(cast.bob, support, "Good morning")
    later(support, minutes=2)
    tell()
    service.take()
    send_message(
        cast.marta.actor, conversation_id=support.pk, client_id=uuid4(), body="Late", kind=MessageKind.NOTE
    )
    later(support, minutes=2)
    tell()
    tell()
    assert service.take() == []
    send_message(
        cast.marta.actor, conversation_id=support.pk, client_id=uuid4(), body="@Bob", kind=MessageKind.NOTE
    )
    later(support, minutes=2)
    tell()
    tell()
    (pushed,) = service.take()
    told = browser.read(pushed)
    assert (told["kind"], told["body"]) == ("mention", "Marta: @Bob")
