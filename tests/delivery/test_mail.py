"""Bob has not looked for a while: a mail server gets one e-mail for him, of what is unread when it leaves."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.validators import validate_email
from pytest_django import Settings

from accounts.actions import change_settings
from accounts.models import Member, Organisation
from attachments.models import Attachment, FileState
from common.clock import now
from delivery.actions import Notice, move_receipt, notify
from delivery.models import NoticeKind, Outgoing, Progress
from delivery.tasks import tell_due_messages
from messaging.actions import (
    choose_notices,
    delete_message,
    edit_message,
    remove_participant,
    start_conversation,
)
from messaging.models import Conversation, Kind
from presence.leases import Lease, leases
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import ApiFactory
from tests.delivery.conftest import Tell, later
from tests.delivery.services import MailServer
from tests.messaging.test_send_message import say

BOBS = "bob@hotel.example"


@pytest.fixture
def painters(cast: Cast, tell: Tell, post_office: MailServer) -> Conversation:
    Member.objects.filter(pk=cast.bob.member.pk).update(email=BOBS)
    others = [cast.bob.member.id, cast.alice.member.id]
    group = start_conversation(cast.carol.actor, kind=Kind.GROUP, title="Painters", members=others)
    tell()
    return group.conversation


def bodies(mail: EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    return plain.get_content(), html.get_content()


def test_what_is_unread(cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell) -> None:
    say(cast.carol, painters, "Which <colour>?\nRed, I'd say & blue")
    say(cast.alice, painters, "Both, €5 más")
    tell()
    tell()

    (mail,) = post_office.take()
    assert post_office.recipients == [[BOBS]]
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        BOBS,
        "Parley <parley@localhost>",
        "Painters at Hotel",
    )
    plain, html = bodies(mail)
    assert "Carol: Which <colour>?\nRed, I'd say & blue" in plain.replace("\r\n", "\n")
    assert "Alice: Both, €5 más" in plain
    assert f"http://127.0.0.1:8000/chat/?organisation=hotel#{painters.id}" in plain
    assert "<strong>Carol</strong><br>Which &lt;colour&gt;?<br>Red, I&#x27;d say &amp; blue" in html
    assert "Both, €5 más" in html


def test_it_waits_for_whoever_only_went_for_a_coffee(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell, settings: Settings
) -> None:
    settings.EMAIL_DELAY_SECONDS = 600
    read, unread = say(cast.carol, painters, "One"), None
    tell()
    later(painters, minutes=5)
    tell()
    move_receipt(cast.bob.actor, conversation_id=painters.id, read=read.seq)
    later(painters, minutes=6)
    tell()
    assert post_office.take() == []
    assert not Progress.objects.filter(due_at__isnull=False).exists()

    unread = say(cast.carol, painters, "Two")
    tell()
    later(painters, minutes=5)
    say(cast.carol, painters, "Three")
    tell()
    assert post_office.take() == []
    later(painters, minutes=6)
    tell()
    (mail,) = post_office.take()
    plain, _ = bodies(mail)
    assert (unread.seq, "One" in plain, "Carol: Two" in plain, "Carol: Three" in plain) == (
        2 + read.seq - 1,
        False,
        True,
        True,
    )


def test_one_thread_a_conversation(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    for body in ("One", "Two", "Three"):
        say(cast.carol, painters, body)
        tell()
    first, second, third = post_office.take()
    root = first["In-Reply-To"]
    assert first["References"] == root
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"].split() == [root, first["Message-ID"]]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [root, second["Message-ID"]]
    assert not any(one["Message-ID"].startswith(" ") for one in (first, second, third))
    assert len({root, first["Message-ID"], second["Message-ID"], third["Message-ID"]}) == 4
    assert {one["Subject"] for one in (first, second, third)} == {"Painters at Hotel"}
    assert "One" not in bodies(second)[0]


def test_in_his_own_language(cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell) -> None:
    change_settings(cast.bob.actor, locale="es")
    say(cast.carol, painters, "Red")
    tell()
    (mail,) = post_office.take()
    plain, html = bodies(mail)
    assert mail["Subject"] == "Painters en Hotel"
    assert "Recibes este correo" in plain
    assert '<html lang="es">' in html


def test_files_by_their_names(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    """Those that wait for approval by none: not everybody may know."""
    for name in ("leak.jpg", "secret.jpg"):
        say_with(cast.carol, painters, taken(cast.carol, painters, name, picture())["id"])
    Attachment.objects.filter(name="secret.jpg").update(state=FileState.PENDING)
    tell()
    (mail,) = post_office.take()
    plain, html = bodies(mail)
    assert "Carol: Files: leak.jpg" in plain
    assert "Carol: Files: a file" in plain
    assert "<strong>Carol</strong><br>" in html
    assert "Files: leak.jpg</span>" in html
    assert "secret" not in plain + html


def test_nothing_that_is_gone(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    gone, kept = (
        say(cast.carol, painters, "The safe opens with pelican"),
        say(cast.carol, painters, "pelican, I said"),
    )
    tell_due_messages()
    delete_message(cast.carol.actor, message_id=gone.id)
    edit_message(cast.carol.actor, message_id=kept.id, body="Forget it")
    tell()
    (raw,) = post_office.raw
    assert b"pelican" not in raw
    assert "Carol: Forget it" in bodies(post_office.take()[0])[0]


def test_texts_stay_here_when_the_hotel_says_so(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    Organisation.objects.filter(pk=cast.hotel.pk).update(notices_show_text=False, locale="pt-br")
    say(cast.carol, painters, "The safe opens with pelican")
    tell()
    (raw,) = post_office.raw
    assert b"pelican" not in raw
    plain, html = bodies(post_office.take()[0])
    for one in (plain, html):
        assert "Nova mensagem" in one
        assert "Abra a conversa para ler." in one
    assert '<html lang="pt">' in html


@pytest.mark.parametrize("end", ["leaves", "mutes", "is here", "has no address"])
def test_nothing_for_whoever(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell, end: str
) -> None:
    if end == "mutes":
        choose_notices(cast.bob.actor, conversation_id=painters.id, notify="mentions")
    say(cast.carol, painters)
    if end == "leaves":
        remove_participant(cast.bob.actor, conversation_id=painters.id, member=cast.bob.member.id)
    if end == "is here":
        leases().write([Lease(cast.bob.member.id, opened=(1.0,))])
    if end == "has no address":
        Member.objects.filter(pk=cast.bob.member.pk).update(email="")
    tell()
    assert post_office.take() == []


def test_in_a_channel_only_who_is_mentioned(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    channel = start_conversation(
        cast.alice.actor, kind=Kind.CHANNEL, title="Works", members=[cast.bob.member.id]
    ).conversation
    say(cast.alice, channel, "The lift is out of order")
    tell()
    assert post_office.take() == []
    say(cast.alice, channel, "@Bob, can you see to it?")
    tell()
    (mail,) = post_office.take()
    assert "Alice mentioned you" in bodies(mail)[0]


def test_a_decision_that_is_mailed_by_itself(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    notify(
        [
            Notice(
                NoticeKind.FILE_DECISION, "1", cast.hotel.pk, [cast.bob.member.id], data={"title": "plan.pdf"}
            )
        ]
    )
    tell()
    tell()
    (mail,) = post_office.take()
    assert (mail["Subject"], "plan.pdf" in bodies(mail)[0]) == ("A decision about a file", True)


def test_a_title_is_no_header(
    cast: Cast, post_office: MailServer, painters: Conversation, tell: Tell
) -> None:
    Conversation.objects.filter(pk=painters.pk).update(title="Hi\r\nBcc: everybody@hotel.example")
    say(cast.carol, painters)
    tell()
    (mail,) = post_office.take()
    assert (mail["Bcc"], mail["Subject"]) == (None, "Hi Bcc: everybody@hotel.example at Hotel")
    assert post_office.recipients == [[BOBS]]


# --- what the server says -------------------------------------------------------------------------------------------


def test_a_server_in_trouble_is_asked_again(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell
) -> None:
    post_office.answers = ["451 Greylisted"]
    say(cast.carol, painters)
    tell()
    assert (Outgoing.objects.get().state, Outgoing.objects.get().outcome) == ("due", "SMTP 451")
    Outgoing.objects.update(due_at=now())
    tell()
    assert (len(post_office.take()), Outgoing.objects.get().state) == (1, "sent")


def test_a_refusal_is_final(cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell) -> None:
    post_office.answers = ["550 No such person"]
    say(cast.carol, painters)
    tell()
    assert (Outgoing.objects.get().state, Outgoing.objects.get().outcome) == ("dropped", "SMTP 550")


@pytest.mark.parametrize(
    "address", ["bob@hotel.example\u202e", "=?utf-8?q?=0d=0aBcc=3a_evil=40hotel.example?=@hotel.example"]
)
def test_an_address_that_nobody_can_write_to(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell, address: str
) -> None:
    """A host may say so of its client: Django's rules for an address let it in."""
    validate_email(address)
    Member.objects.filter(pk=cast.bob.member.pk).update(email=address)
    say(cast.carol, painters)
    tell()
    assert (post_office.take(), Outgoing.objects.get().state) == ([], "dropped")


def test_a_server_that_is_away_got_nothing(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    say(cast.carol, painters)
    tell()
    assert (Outgoing.objects.get().state, Outgoing.objects.get().outcome) == ("due", "ConnectionRefusedError")
    settings.EMAIL_PORT = port
    Outgoing.objects.update(due_at=now())
    tell()
    assert len(post_office.take()) == 1


# --- enough of it ---------------------------------------------------------------------------------------------------


def link_of(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<(http\S+)>", str(mail["List-Unsubscribe"]).strip())
    assert found
    return urlsplit(found[1]).path


def test_one_click_ends_them(
    cast: Cast, painters: Conversation, post_office: MailServer, tell: Tell, api: ApiFactory
) -> None:
    say(cast.carol, painters)
    tell()
    (mail,) = post_office.take()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link, anybody = link_of(mail), Client(enforce_csrf_checks=True)

    looked = anybody.get(link)
    assert (looked.status_code, "Shall Hotel send you no more e-mails" in looked.text) == (200, True)
    kinds: Any = api(cast.bob).get("preferences/").json()["kinds"]
    assert kinds["new_message"]["email"]

    clicked = anybody.post(link, {"List-Unsubscribe": "One-Click"})
    assert (clicked.status_code, "You will get no more e-mails." in clicked.text) == (200, True)
    kinds = api(cast.bob).get("preferences/").json()["kinds"]
    assert {one["email"] for one in kinds.values()} == {False}
    assert kinds["mention"] == {"email": False, "inbox": True, "push": True}
    say(cast.carol, painters)
    tell()
    assert post_office.take() == []


@pytest.mark.parametrize("token", ["nonsense", "Im5vYm9keSI:1abc:def"])
def test_a_link_that_is_none_of_ours(client: Client, db: None, token: str) -> None:
    assert client.get(f"/stop-emails/{token}/").status_code == 404
    assert client.post(f"/stop-emails/{token}/").status_code == 404
