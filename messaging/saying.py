"""What several people say at once, in one transaction: looked up together, decided one by one, written together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from accounts.actor import Actor
from accounts.payloads import member_payload
from accounts.permissions import Permission
from attachments.access import NO_FILE
from attachments.actions import claim, lock_claimable
from attachments.models import Attachment
from common.bulk import insert_rows, update_rows
from common.clock import ask_the_database
from common.errors import InvalidInput, NotFound
from common.ids import new_id
from common.prepared import as_model, in_one_trip
from messaging import access, search
from messaging.events import ConversationChanged
from messaging.mentions import Text, find_mentions
from messaging.models import Conversation, Kind, Mention, Message, MessageKind, Participant
from messaging.payloads import MessagePayload, message_payload, participant_payload
from messaging.queries import HOLDER, SENT_BEFORE, Adornments, messages_by_id
from messaging.telling import system_message

MESSAGE_FIELDS = [one.attname for one in Message._meta.concrete_fields]
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


class Together:
    """Lives as long as its transaction. `said`: the new messages. `news`: what is to be told, in order, and to whom."""

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

    def say(self, saying: Saying) -> Sent:
        """Decides, and keeps what `write` is to write. Raises what is wrong with this one; it leaves no trace then."""
        actor, conversation = saying.actor, self._conversation(saying)
        if saying.key in self._known:
            return Sent(self._known[saying.key], duplicate=True)
        takes_part = self._takes_part(actor, conversation)
        access.must_speak_in(actor, conversation, takes_part=takes_part)
        if saying.is_note:
            _must_note_in(actor, conversation)
        original, files = self._original(saying), self._files_of(saying)
        if not takes_part and not saying.is_note:
            self._join(actor, conversation)
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
        update_rows(
            Conversation,
            key=("id",),
            fields=("last_seq", "version", "changed_at", "last_message", "active_at"),
            rows=((*self._came(last[id]), one.pk, self._at) for id, one in shown.items()),
        )
        update_rows(
            Conversation,
            key=("id",),
            fields=("last_seq", "version", "changed_at"),
            rows=(self._came(one) for id, one in last.items() if id not in shown),
        )

    def _came(self, last: Message) -> tuple[UUID, int, int, datetime]:
        """How far its conversation has."""
        return last.conversation_id, last.seq, last.conversation.version, self._at

    def _conversation(self, saying: Saying) -> Conversation:
        conversation = self._conversations.get(saying.conversation_id)
        if conversation and self._hearers.takes_part(saying.actor.id, conversation):
            return conversation
        if conversation is None and not self._wait:
            raise Locked
        if conversation is None:
            raise NotFound(access.NO_CONVERSATION)
        # Whoever takes no part may see it all the same.
        access.get_conversation(saying.actor, saying.conversation_id)
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

    def _join(self, actor: Actor, conversation: Conversation) -> None:
        """Who left and comes back keeps its watermarks."""
        participant, _ = Participant.objects.update_or_create(
            conversation=conversation, member=actor.member, defaults={"left_at": None}
        )
        self._hearers.add(actor.id, conversation)
        joined = ConversationChanged(
            conversation.id,
            conversation.next_version(),
            "joined",
            {"participant": participant_payload(participant)},
        )
        line = system_message(
            actor, conversation, {"event": "joined", "member": member_payload(actor.member)}, at=self._at
        )
        self.said.append(line)
        hearers = self._hearers.of(conversation)
        self.news += [(joined, hearers), (Sent(line, duplicate=False), hearers)]


def _must_note_in(actor: Actor, conversation: Conversation) -> None:
    actor.must(Permission.SEE_NOTES)
    if conversation.kind != Kind.SUPPORT:
        raise InvalidInput(fields={"kind": ["Notes are written in support conversations."]})


def _must_not_quote(actor: Actor) -> None:
    """Everybody would read of it. Whoever sees no notes is answered as where there is none."""
    if actor.can(Permission.SEE_NOTES):
        raise InvalidInput(fields={"reply_to": ["Only a note replies to a note."]})
    raise NotFound("There is no such message in this conversation.")
