"""Carol takes with her what was said: by e-mail, to her own address, and only what she may read."""

from __future__ import annotations

from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.models import Member, Organisation, Site
from attachments.models import Attachment
from common.clock import now
from delivery import transcribing
from delivery.actions.transcripts import mailbox_of
from delivery.models import State, Transcript
from delivery.tasks import send_due_transcripts
from messaging.actions import delete_message, remove_participant, send_message, start_conversation
from messaging.models import Conversation, Kind, Message, MessageKind
from tests.attachments.sharing import picture, say_with, taken
from tests.cast import Cast, Person
from tests.conftest import ApiFactory
from tests.delivery.services import MailServer
from tests.delivery.test_mail import bodies
from tests.messaging.test_send_message import say

CAROLS = "carol@example.com"


@pytest.fixture
def carols(cast: Cast, support: Conversation, post_office: MailServer) -> Conversation:
    """Her support conversation, and an address."""
    Member.objects.filter(pk=cast.carol.member.pk).update(email=CAROLS)
    cast.carol.member.email = CAROLS
    return support


def ask(api: ApiFactory, person: Person, conversation: Conversation, **body: str) -> Any:
    return api(person).post(f"chat/conversations/{conversation.pk}/transcript/", body)


def work() -> None:
    """As the ticker and a worker do."""
    send_due_transcripts()
    for one in DBTaskResult.objects.filter(status="READY"):
        one.task.func(*one.args_kwargs["args"])
        DBTaskResult.objects.filter(pk=one.pk).update(status="SUCCESSFUL")


def test_carol_asks(cast: Cast, carols: Conversation, api: ApiFactory, post_office: MailServer) -> None:
    say(cast.carol, carols, "The <b>heating</b> is off\nagain")
    say(cast.bob, carols, "I come & look, €0")
    asked = ask(api, cast.carol, carols)
    assert (asked.status_code, asked.json()) == (202, {"email": CAROLS})
    assert post_office.take() == []

    work()
    work()
    (mail,) = post_office.take()
    assert post_office.recipients == [[CAROLS]]
    assert (mail["To"], mail["Subject"]) == (CAROLS, "Conversation at Hotel: what was said")
    plain, html = bodies(mail)
    assert "The <b>heating</b> is off\nagain" in plain.replace("\r\n", "\n")
    assert "I come & look, €0" in plain
    assert plain.index("Carol, ") < plain.index("Bob, ")
    assert "The &lt;b&gt;heating&lt;/b&gt; is off<br>again" in html
    assert "because you asked Hotel for it" in html
    assert Transcript.objects.get().state == State.SENT


def test_a_guest_is_sent_nothing_before_somebody_has_answered(
    cast: Cast, api: ApiFactory, post_office: MailServer
) -> None:
    """Their address is what they typed, and nobody of the organisation would have seen what goes there."""
    Member.objects.filter(pk=cast.dana.member.pk).update(email="victim@example.com")
    begun = {"kind": "support", "title": "Your invoice is overdue"}
    started = api(cast.dana).post("chat/conversations/start/", begun).json()
    assert started["title"] == ""
    conversation = Conversation.objects.get(pk=started["id"])
    say(cast.dana, conversation, "Pay at https://evil.example")
    refused = ask(api, cast.dana, conversation)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    say(cast.bob, conversation, "This is the hotel's reception")
    assert ask(api, cast.dana, conversation).status_code == 202


@pytest.mark.parametrize("address", ["dana@example.com", "Dana+1@example.com", "dana+1+2@EXAMPLE.com"])
def test_a_mailbox_is_one_whatever_stands_after_a_plus(address: str) -> None:
    assert mailbox_of(address) == "dana@example.com"


def test_in_her_language_and_at_the_hotels_time(
    cast: Cast, carols: Conversation, api: ApiFactory, post_office: MailServer
) -> None:
    Organisation.objects.update(timezone="Asia/Tokyo")
    said = say(cast.carol, carols)
    Message.objects.filter(pk=said.pk).update(created_at="2026-11-26T20:05Z")
    ask(api, cast.carol, carols, language="es")
    work()
    (mail,) = post_office.take()
    plain, html = bodies(mail)
    assert mail["Subject"] == "Conversación en Hotel: lo que se dijo"
    assert "Carol, 27/11/2026 05:05" in plain
    assert '<html lang="es">' in html


def test_only_what_she_may_read(
    cast: Cast, carols: Conversation, api: ApiFactory, post_office: MailServer
) -> None:
    """Not what was deleted or noted; files by their names, and those that are not approved by none."""
    gone = say(cast.carol, carols, "My password is swordfish")
    delete_message(cast.carol.actor, message_id=gone.pk)
    noted = say(cast.bob, carols, "She is difficult")
    Message.objects.filter(pk=noted.pk).update(kind=MessageKind.NOTE)
    for name in ("bathroom.jpg", "secret.jpg"):
        say_with(cast.carol, carols, taken(cast.carol, carols, name, picture())["id"])
    Attachment.objects.filter(name="secret.jpg").update(state="pending")
    ask(api, cast.carol, carols)
    work()
    (mail,) = post_office.take()
    whole = "".join(bodies(mail))
    assert "Files: bathroom.jpg" in whole
    assert "Files: a file" in whole
    assert not [word for word in ("swordfish", "difficult", "secret.jpg") if word in whole]


def test_a_long_one_is_cut_at_its_beginning(
    cast: Cast,
    carols: Conversation,
    api: ApiFactory,
    post_office: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transcribing, "MOST", 2)
    for body in ("First", "Second", "Third"):
        say(cast.carol, carols, body)
    ask(api, cast.carol, carols)
    work()
    (mail,) = post_office.take()
    plain, _ = bodies(mail)
    assert ("First" in plain, "Older messages are left out." in plain) == (False, True)
    assert plain.index("Second") < plain.index("Third")


def test_a_guest_gets_it_where_they_said(cast: Cast, api: ApiFactory, post_office: MailServer) -> None:
    Site.objects.filter(pk=cast.site.pk).update(prechat=[{"kind": "email", "required": True}])
    answers = {"email": "dana@example.com"}
    own = start_conversation(cast.dana.actor, kind=Kind.SUPPORT, prechat=answers).conversation
    say(cast.bob, own, "Good evening")
    assert ask(api, cast.dana, own, email="victim@example.com").json() == {"email": "dana@example.com"}
    work()
    assert post_office.recipients == [["dana@example.com"]]
    (mail,) = post_office.take()
    assert "Good evening" in bodies(mail)[0]


def test_of_a_conversation_in_which_nothing_was_said(
    cast: Cast, carols: Conversation, api: ApiFactory, post_office: MailServer
) -> None:
    ask(api, cast.carol, carols)
    work()
    (mail,) = post_office.take()
    assert "Nothing was said yet." in bodies(mail)[0]


@pytest.mark.parametrize(
    ("who", "status"), [("dana", 404), ("mallory", 404), ("vera", 404), ("marta", 403), ("bob", 403)]
)
def test_whoever_takes_no_part_is_turned_away(
    cast: Cast, carols: Conversation, api: ApiFactory, who: str, status: int
) -> None:
    assert ask(api, getattr(cast, who), carols).status_code == status
    assert not Transcript.objects.exists()


def test_without_an_address_there_is_nowhere_to_send_it(
    cast: Cast, support: Conversation, api: ApiFactory, post_office: MailServer
) -> None:
    refused = ask(api, cast.carol, support)
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["email"])
    assert ask(api, cast.carol, support, language="fr").json()["error"]["fields"].keys() == {"language"}


def test_a_server_that_sends_no_mail_says_so(
    cast: Cast, carols: Conversation, api: ApiFactory, settings: Settings
) -> None:
    settings.SENDS_EMAIL = False
    assert ask(api, cast.carol, carols).status_code == 400


def test_nobody_is_flooded(cast: Cast, carols: Conversation, api: ApiFactory) -> None:
    statuses = [ask(api, cast.carol, carols).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]
    # Somebody else writes her address as their own.
    for one in (cast.bob, cast.marta):
        Member.objects.filter(pk=one.member.pk).update(email=CAROLS.upper())
        send_message(one.actor, conversation_id=carols.pk, client_id=one.member.pk, body="Here")
    statuses = [ask(api, cast.bob, carols).status_code for _ in range(5)]
    assert statuses == [202] * 5
    assert ask(api, cast.marta, carols).status_code == 429


def test_whoever_has_gone_meanwhile_gets_nothing(
    cast: Cast, api: ApiFactory, post_office: MailServer
) -> None:
    Member.objects.filter(pk=cast.carol.member.pk).update(email=CAROLS)
    members = [cast.carol.member.id, cast.alice.member.id]
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=members).conversation
    assert ask(api, cast.carol, group).status_code == 202
    remove_participant(cast.bob.actor, conversation_id=group.pk, member=cast.carol.member.id)
    work()
    assert (post_office.take(), Transcript.objects.get().state) == ([], State.DROPPED)


def test_a_server_that_is_busy_is_asked_again(
    cast: Cast, carols: Conversation, api: ApiFactory, post_office: MailServer
) -> None:
    post_office.answers.append("451 Later")
    ask(api, cast.carol, carols)
    work()
    transcript = Transcript.objects.get()
    assert (transcript.state, transcript.attempts, transcript.due_at > now()) == (State.DUE, 1, True)
    work()
    assert post_office.take() == []
    Transcript.objects.update(due_at=now())
    work()
    assert len(post_office.take()) == 1


def test_the_cost_does_not_grow_with_what_was_said(
    cast: Cast, carols: Conversation, django_assert_num_queries: Any
) -> None:
    transcript = Transcript.objects.create(conversation=carols, member=cast.carol.member, language="en")
    transcript = Transcript.objects.select_related("conversation").get(pk=transcript.pk)
    for count in (1, 5):
        for _ in range(count):
            say(cast.carol, carols)
        reader = transcribing.reader_of(transcript)
        assert reader
        with django_assert_num_queries(1):
            transcribing.transcript_mail(transcript, reader, to=CAROLS)
