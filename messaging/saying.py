"""What several people say at once, in one transaction: looked up together, decided one by one, written together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts.actor import Actor
from accounts.models import Member
from accounts.payloads import member_payload
from accounts.permissions import Permission
from attachments.access import NO_FILE
from attachments.actions import claim, lock_claimable
from attachments.models import Attachment
from common.bulk import insert_rows, update_rows
from common.clock import ask_the_database
from common.errors import Conflict, InvalidInput, NotFound
from common.ids import new_id
from common.prepared import as_model, in_one_trip
from messaging import access, handing, search
from messaging.events import ConversationChanged
from messaging.mentions import Text, find_mentions
from messaging.models import Conversation, Kind, Mention, Message, MessageKind, Participant
from messaging.payloads import MessagePayload, message_payload, participant_payload
from messaging.queries import HOLDER, SENT_BEFORE, Adornments, messages_by_id
from messaging.telling import system_message

MESSAGE_FIELDS = [one.attname for one in Message._meta.concrete_fields]
# What a note moves of its conversation, what a message moves, and what is written where that handed it over.
MOVED = ("last_seq", "version", "changed_at")
SHOWN = (*MOVED, "last_message", "active_at")
HANDED = (*SHOWN, *handing.WRITTEN)
MENTION_FIELDS = ["id", "message", "member", "entity", "text"]

# Conversation, sender, client_id.
Key = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody wants to say. A note is for the staff alone: nobody joins by it, and it answers nobody."""

    actor: Actor
    conversation_id: UUID
    client_id: UUID
    body: str
    reply_to: UUID | None = None
    link_url: str = ""
    # Whom the sender chose, where several have one name.
    mentions: Collection[UUID] = ()
    attachments: Sequence[UUID] = ()
    kind: MessageKind = MessageKind.TEXT

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE

    @property
    def key(self) -> Key:
        return self.conversation_id, self.actor.id, self.client_id


@dataclass(frozen=True)
class Sent:
    """`duplicate` says that this client_id had been sent before, and that this is what was said then."""

    message: Message
    duplicate: bool

    @cached_property
    def payload(self) -> MessagePayload:
        """Once written: for the answer and for the news."""
        return message_payload(self.message)


def _key(message: Message) -> Key:
    return message.conversation_id, message.sender_id, message.client_id


# What there is to tell, and whom.
News = tuple[ConversationChanged | Sent, frozenset[UUID]]


class Locked(Exception):
    """Somebody else holds the conversation, or there is none: say it again and wait, then it is known."""


ANOTHER_IS_OPEN = "You have another conversation that is open: write there."


class Together:
    """Lives as long as its transaction. `said`: the new messages. `news`: what is to be told, in order, and to whom.
    `handed`: what was taken, or opened again, by being spoken in; and by whom."""

    def __init__(self, sayings: list[Saying], *, wait: bool) -> None:
        self._wait = wait
        ids = {one.conversation_id for one in sayings}
        files = {id for one in sayings for id in one.attachments}
        self._files = lock_claimable(files) if files else {}
        with in_one_trip():
            # The lock first: what is asked after it nobody changes meanwhile.
            locked = access.lock_conversations(ids, wait=wait)
            self._hearers = access.Hearers(ids)
            sent_before = SENT_BEFORE({one.key for one in sayings})
            at = ask_the_database()
        self._conversations = access.by_id(locked)
        self._known = {_key(one): one for one in messages_by_id(id for (id,) in sent_before).values()}
        self._originals = messages_by_id({one.reply_to for one in sayings if one.reply_to})
        self._at: datetime = at()
        self._mentions = self._find_mentions(sayings)
        self.said: list[Message] = []
        self.news: list[News] = []
        self.handed: list[tuple[Actor, Conversation, ConversationChanged]] = []

    def say(self, saying: Saying) -> Sent:
        """Decides, and keeps what `write` is to write. Raises what is wrong with this one; it leaves no trace then."""
        actor, conversation = saying.actor, self._conversation(saying)
        if saying.key in self._known:
            return Sent(self._known[saying.key], duplicate=True)
        takes_part = self._takes_part(actor, conversation)
        access.must_speak_in(actor, conversation, takes_part=takes_part)
        if saying.is_note:
            _must_note_in(actor, conversation)
        reopens = not saying.is_note and handing.reopens_by_speaking(actor, conversation)
        if reopens:
            _must_be_the_only_one(conversation)
        original, files = self._original(saying), self._files_of(saying)
        if reopens:
            self._reopen(actor, conversation)
        if not saying.is_note:
            self._come_in(actor, conversation, takes_part=takes_part)
        message = self._message(saying, conversation, original, files)
        sent = Sent(message, duplicate=False)
        self._known[saying.key] = message
        self.said.append(message)
        self.news.append((sent, self._hearers.of(conversation)))
        return sent

    def _message(
        self,
        saying: Saying,
        conversation: Conversation,
        original: Message | None,
        files: list[Attachment],
    ) -> Message:
        mentions = self._mentions.get(saying.key, [])
        message = as_model(
            Message,
            {
                "id": new_id(),
                "conversation_id": conversation.pk,
                "organisation_id": conversation.organisation_id,
                "seq": conversation.next_seq(),
                "version": conversation.next_version(),
                "sender_id": saying.actor.id,
                "client_id": saying.client_id,
                "kind": saying.kind.value,
                "body": saying.body,
                "system": None,
                "reply_to_id": original and original.pk,
                "link_url": saying.link_url,
                "created_at": self._at,
                "is_adorned": bool(mentions or files),
                "edited_at": None,
                "text_version": conversation.version,
                "pinned_at": None,
                "pinned_by_id": None,
                "deleted_at": None,
                "deleted_by_id": None,
            },
        )
        known = {"conversation": conversation, "sender": saying.actor.member, "reply_to": original}
        message._state.fields_cache.update(known)
        if mentions or files:
            message.adornments = Adornments(mentions, files=files)
        return message

    def write(self) -> None:
        """Three statements in one trip, however many there are; a fourth, where somebody is mentioned."""
        if self.said:
            with in_one_trip():
                self._write()
        with_files = [one for one in self.said if one.is_adorned and one.adornments.files]
        if with_files:
            claim(HOLDER, ((one.pk, one.adornments.files) for one in with_files))

    def _write(self) -> None:
        insert_rows(
            Message,
            fields=MESSAGE_FIELDS,
            rows=([one.__dict__[name] for name in MESSAGE_FIELDS] for one in self.said),
        )
        insert_rows(
            Mention,
            fields=MENTION_FIELDS,
            rows=(
                (it.pk, one.pk, it.member_id, it.entity_id, it.text)
                for one in self.said
                if one.is_adorned
                for it in one.adornments.mentions
            ),
        )
        search.index(self.said)
        last = {one.conversation_id: one for one in self.said}
        # What is noted is no news to everybody: a conversation neither ends with it nor goes up in lists, and no
        # watermark tells of it.
        to_all = [one for one in self.said if one.kind != MessageKind.NOTE]
        shown = {one.conversation_id: one for one in to_all}
        own = {(one.conversation_id, one.sender_id): one.seq for one in to_all}
        update_rows(
            Participant,
            key=("conversation", "member"),
            fields=("delivered_seq",),
            rows=((*key, seq) for key, seq in own.items()),
        )
        # Each of them once: a second UPDATE of a row can deadlock with foreign-key checks at commit.
        handed = {one.pk for _, one, _ in self.handed}
        for fields, ids in (
            (MOVED, last.keys() - shown.keys()),
            (SHOWN, shown.keys() - handed),
            (HANDED, shown.keys() & handed),
        ):
            rows = (self._row(last[id], shown.get(id))[: len(fields) + 1] for id in ids)
            update_rows(Conversation, key=("id",), fields=fields, rows=rows)

    def _row(self, last: Message, shown: Message | None) -> tuple[Any, ...]:
        """The id, and the values of HANDED."""
        conversation = last.conversation
        moved = last.conversation_id, last.seq, conversation.version, self._at
        return *moved, shown and shown.pk, self._at, *handing.written(conversation)

    def _conversation(self, saying: Saying) -> Conversation:
        conversation = self._conversations.get(saying.conversation_id)
        if conversation and self._hearers.takes_part(saying.actor.id, conversation):
            return conversation
        if conversation is None and not self._wait:
            raise Locked
        if conversation is None:
            raise NotFound(access.NO_CONVERSATION)
        # Whoever takes no part may see it all the same.
        try:
            access.get_conversation(saying.actor, saying.conversation_id)
        except NotFound:
            handing.must_not_be_taken(saying.actor, conversation)
            raise
        return conversation

    def _takes_part(self, actor: Actor, conversation: Conversation) -> bool:
        return self._hearers.takes_part(actor.id, conversation) or access.takes_part(actor, conversation)

    def _original(self, saying: Saying) -> Message | None:
        if saying.reply_to is None:
            return None
        original = self._originals.get(saying.reply_to)
        if original is None or original.conversation_id != saying.conversation_id:
            raise NotFound("There is no such message in this conversation.")
        if original.kind == MessageKind.NOTE and not saying.is_note:
            _must_not_quote(saying.actor)
        return original

    def _files_of(self, saying: Saying) -> list[Attachment]:
        """Each once, in their order, and for nobody else after this; whoever names another's learns nothing of it."""
        ids = dict.fromkeys(saying.attachments)
        files = [self._files[id] for id in ids if id in self._files]
        where = saying.actor.id, saying.conversation_id
        if len(files) < len(ids) or any((one.uploader_id, one.place) != where for one in files):
            raise NotFound(NO_FILE)
        for id in ids:
            del self._files[id]
        return files

    def _find_mentions(self, sayings: list[Saying]) -> dict[Key, list[Mention]]:
        texts = {
            one.key: Text(one.actor.organisation_id, one.conversation_id, one.body, one.mentions, one.is_note)
            for one in sayings
            if "@" in one.body
        }
        return dict(zip(texts, find_mentions(list(texts.values())), strict=True))

    def _seat(self, actor: Actor, conversation: Conversation) -> Participant:
        """Who left and comes back keeps its watermarks."""
        participant, _ = Participant.objects.update_or_create(
            conversation=conversation, member=actor.member, defaults={"left_at": None}
        )
        self._hearers.add(actor.id, conversation)
        return participant

    def _come_in(self, actor: Actor, conversation: Conversation, *, takes_part: bool) -> None:
        """Who speaks takes what waits, or takes part."""
        if handing.takes_by_speaking(actor, conversation):
            self._take(actor, conversation, None if takes_part else self._seat(actor, conversation))
        elif not takes_part:
            self._join(actor, conversation)

    def _join(self, actor: Actor, conversation: Conversation) -> None:
        participant = self._seat(actor, conversation)
        data = {"participant": participant_payload(participant)}
        self._tell(actor, conversation, ("joined", data), member=actor.member)

    def _take(self, actor: Actor, conversation: Conversation, newcomer: Participant | None) -> None:
        """Whoever might have taken it is told that it has gone."""
        heard = self._hearers.of(conversation)
        change = handing.give(conversation, actor.member, newcomer)
        changed = self._tell(actor, conversation, change, member=actor.member, also=heard)
        self.handed.append((actor, conversation, changed))

    def _reopen(self, actor: Actor, conversation: Conversation) -> None:
        change = handing.reopen(conversation, self._at)
        self._hearers.queue_up(conversation)
        self.handed.append((actor, conversation, self._tell(actor, conversation, change)))

    def _tell(
        self,
        actor: Actor,
        conversation: Conversation,
        change: handing.Handed,
        *,
        member: Member | None = None,
        also: frozenset[UUID] = frozenset(),
    ) -> ConversationChanged:
        """The change, and the line in the timeline that tells of it."""
        event, data = change
        changed = ConversationChanged(conversation.id, conversation.next_version(), event, data)
        told = {"event": event, **({"member": member_payload(member)} if member else {})}
        line = system_message(actor, conversation, told, at=self._at)
        self.said.append(line)
        hearers = self._hearers.of(conversation)
        self.news += [(changed, hearers | also), (Sent(line, duplicate=False), hearers)]
        return changed


def _must_note_in(actor: Actor, conversation: Conversation) -> None:
    actor.must(Permission.SEE_NOTES)
    if conversation.kind != Kind.SUPPORT:
        raise InvalidInput(fields={"kind": ["Notes are written in support conversations."]})


def _must_not_quote(actor: Actor) -> None:
    """Everybody would read of it. Whoever sees no notes is answered as where there is none."""
    if actor.can(Permission.SEE_NOTES):
        raise InvalidInput(fields={"reply_to": ["Only a note replies to a note."]})
    raise NotFound("There is no such message in this conversation.")


def _must_be_the_only_one(conversation: Conversation) -> None:
    """A client has one open support conversation: the database allows no other."""
    support = Conversation.objects.filter(kind=Kind.SUPPORT, client=conversation.client_id)
    if support.filter(closed_at=None).exists():
        raise Conflict(ANOTHER_IS_OPEN)
