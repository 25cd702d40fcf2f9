"""What comes in about conversations: the same input for REST and socket."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.validators import URLValidator
from django.utils.dateparse import parse_date
from rest_framework import serializers

from accounts.prechat import MAX_ANSWER
from accounts.serializers import Attributes
from attachments.models import KINDS, MAX_TAG, MAX_TAGS, Category, FileState
from common.clock import now
from common.ids import new_id
from messaging.models import MAX_BODY, Kind, MessageKind, Notify
from messaging.models.entities import KEY, REF
from messaging.queries import MAX_FILES

MAX_SEQ = 2**63 - 1
MAX_MENTIONS = 50
# A family of four with their tones.
MAX_EMOJI = 40
MAX_WATCHED = 200
# What people say; the rest tells the system.
SENT_KINDS = [MessageKind.TEXT.value, MessageKind.NOTE.value]
STATES = [one for one in FileState.values if one != FileState.DELETED]


class SeqField(serializers.IntegerField):
    """A place in a timeline, as the database can hold it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MAX_SEQ, **kwargs)


class DirectionField(serializers.ChoiceField):
    """Which way a page of a timeline goes on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=["after", "before"], **kwargs)


class BodyField(serializers.CharField):
    """What is said: as it is written, but not only blanks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_BODY, trim_whitespace=False, **kwargs)


def check_body(body: str) -> str:
    if not body.strip():
        raise serializers.ValidationError("This field may not be blank.")
    return body


class MentionsField(serializers.ListField):
    """Whom the writer chose, where several have one name. Whoever takes no part is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.UUIDField(), max_length=MAX_MENTIONS, required=False, default=list, **kwargs
        )


class SendMessageInput(serializers.Serializer[None]):
    client_id = serializers.UUIDField()
    body = BodyField(allow_blank=True)
    reply_to = serializers.UUIDField(required=False, allow_null=True, default=None)
    link_url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=MAX_FILES, required=False, default=list
    )
    mentions = MentionsField()
    kind = serializers.ChoiceField(choices=SENT_KINDS, required=False, default=MessageKind.TEXT.value)
    has_files = False

    def validate_body(self, body: str) -> str:
        return check_body(body) if body else body

    def to_internal_value(self, data: Any) -> Any:
        """Files speak for themselves: with some, the text may be empty."""
        read = super().to_internal_value(data)
        name = "body" if "body" in read else "message"
        if not read[name] and not read["attachments"] and not self.has_files:
            raise serializers.ValidationError({name: "This field may not be blank."})
        return read


class SendMessageFrame(SendMessageInput):
    conversation = serializers.UUIDField()


class EditMessageInput(serializers.Serializer[None]):
    body = BodyField()
    base_version = SeqField(required=False, allow_null=True, default=None)
    mentions = MentionsField()

    def validate_body(self, body: str) -> str:
        return check_body(body)


class ReactInput(serializers.Serializer[None]):
    emoji = serializers.CharField(max_length=MAX_EMOJI)


class DeleteQuery(serializers.Serializer[None]):
    hard = serializers.BooleanField(required=False, default=False)


class _MessageFrame(serializers.Serializer[None]):
    message = serializers.UUIDField()


class EditMessageFrame(_MessageFrame, EditMessageInput):
    pass


class DeleteMessageFrame(_MessageFrame, DeleteQuery):
    pass


class ReactFrame(_MessageFrame, ReactInput):
    on = serializers.BooleanField()


class PinFrame(_MessageFrame):
    on = serializers.BooleanField()


class ChannelInput(serializers.Serializer[None]):
    """Where a message goes to that is sent to `chat/messages/`."""

    channel = serializers.UUIDField()


class PostMessageInput(SendMessageInput):
    """The same by other names; whoever gives no `client_id` says it again by sending it again."""

    body = None  # type: ignore[assignment]
    client_id = serializers.UUIDField(required=False, default=new_id)
    message = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False, allow_blank=True)

    def validate_message(self, message: str) -> str:
        return self.validate_body(message)


class PostFilesInput(PostMessageInput):
    """The fields of a form that files come with."""

    message = serializers.CharField(
        max_length=MAX_BODY, trim_whitespace=False, allow_blank=True, required=False, default=""
    )
    has_files = True


class StartConversationInput(serializers.Serializer[None]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    member = serializers.UUIDField(required=False, allow_null=True, default=None)
    members = serializers.ListField(
        child=serializers.UUIDField(), max_length=500, required=False, default=list
    )
    title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    space = serializers.UUIDField(required=False, allow_null=True, default=None)
    prechat = serializers.DictField(
        child=serializers.CharField(max_length=MAX_ANSWER, allow_blank=True), required=False, default=dict
    )


class RenameConversationInput(serializers.Serializer[None]):
    title = serializers.CharField(max_length=120)


class AttributesInput(serializers.Serializer[None]):
    attributes = Attributes()


class StartChannelInput(serializers.Serializer[None]):
    title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    space = serializers.UUIDField(required=False, allow_null=True, default=None)
    members = serializers.ListField(
        child=serializers.UUIDField(), max_length=500, required=False, default=list
    )


class ChangeChannelInput(serializers.Serializer[None]):
    title = serializers.CharField(max_length=120, required=False)
    archived = serializers.BooleanField(required=False)


class MemberInput(serializers.Serializer[None]):
    member = serializers.UUIDField()


class ArchiveInput(serializers.Serializer[None]):
    archived = serializers.BooleanField()


class MuteInput(serializers.Serializer[None]):
    muted = serializers.BooleanField()
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate_until(self, until: datetime | None) -> datetime | None:
        if until and until <= now():
            raise serializers.ValidationError("This is over already.")
        return until


class NoticesInput(serializers.Serializer[None]):
    notify = serializers.ChoiceField(choices=Notify.choices, allow_blank=True)


class ConversationFrame(serializers.Serializer[None]):
    conversation = serializers.UUIDField()


class RenameConversationFrame(ConversationFrame, RenameConversationInput):
    pass


class CloseChannelFrame(ConversationFrame):
    closed = serializers.BooleanField()


class ParticipantFrame(ConversationFrame, MemberInput):
    pass


class ArchiveFrame(ConversationFrame, ArchiveInput):
    pass


class MuteFrame(ConversationFrame, MuteInput):
    pass


class NoticesFrame(ConversationFrame, NoticesInput):
    pass


class SetTypingInput(serializers.Serializer[None]):
    typing = serializers.BooleanField()


class SwitchFrame(serializers.Serializer[None]):
    """Something about a conversation begins, or is over: typing, watching."""

    conversation = serializers.UUIDField()
    on = serializers.BooleanField()


class WatchedField(serializers.ListField):
    """Whose presence is asked for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.UUIDField(), max_length=MAX_WATCHED, **kwargs)


class CommaSeparatedField(WatchedField):
    """The same in a query: `?members=<id>,<id>`."""

    def to_internal_value(self, data: list[str]) -> list[UUID]:
        ids: list[UUID] = super().to_internal_value([one for one in ",".join(data).split(",") if one])
        return ids


class WatchPresenceFrame(serializers.Serializer[None]):
    members = WatchedField()


class PresenceQuery(serializers.Serializer[None]):
    members = CommaSeparatedField(allow_empty=False)


class ConversationsQuery(serializers.Serializer[None]):
    """`assigned`: what is open and the actor serves, or what waits for somebody who does."""

    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    assigned = serializers.ChoiceField(choices=["me", "none"], required=False)
    space = serializers.UUIDField(required=False)
    archived = serializers.BooleanField(required=False, default=False)
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class ChannelsQuery(serializers.Serializer[None]):
    space = serializers.UUIDField(required=False)
    archived = serializers.BooleanField(required=False, default=False)
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class MentionsQuery(serializers.Serializer[None]):
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class WebUrlField(serializers.CharField):
    """Something that a browser opens as a page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, validators=[URLValidator(schemes=["http", "https"])], **kwargs)


class EntityInput(serializers.Serializer[None]):
    type = serializers.CharField(max_length=30)
    ref = serializers.RegexField(rf"\A{REF}\Z", max_length=64)
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # of a Field, not of its serializer
    url = WebUrlField(required=False, allow_blank=True, default="")
    space = serializers.UUIDField(required=False, allow_null=True, default=None)


class EntitiesInput(serializers.Serializer[None]):
    entities = serializers.ListField(child=EntityInput(), allow_empty=False, max_length=500)


class EntitiesQuery(serializers.Serializer[None]):
    type = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    ref = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class EntityTypeInput(serializers.Serializer[None]):
    key = serializers.RegexField(rf"\A{KEY}\Z", max_length=30)
    name = serializers.CharField(max_length=60)


class TimelineQuery(serializers.Serializer[None]):
    after = SeqField(required=False)
    since_id = SeqField(required=False)
    before = SeqField(required=False)
    around = SeqField(required=False)
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=100)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        if "since_id" in query:
            query.setdefault("after", query.pop("since_id"))
        if len({"after", "before", "around"} & set(query)) + bool(query["cursor"]) > 1:
            raise serializers.ValidationError("Use one of after, before, around, cursor.")
        return query


class MomentField(serializers.DateTimeField):
    """A time, or a day (of UTC) for its midnight: for the one after it where it `includes_the_day`."""

    def __init__(self, *, includes_the_day: bool = False, **kwargs: Any) -> None:
        self._days = timedelta(days=includes_the_day)
        super().__init__(**kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            day = parse_date(value) if isinstance(value, str) else None
            if day:
                return datetime.combine(day, time(), UTC) + self._days
        except (ValueError, OverflowError):
            self.fail("invalid", format="YYYY-MM-DD[Thh:mm[:ss]Z]")
        moment: datetime = super().to_internal_value(value)
        return moment


class UploadInput(serializers.Serializer[None]):
    """Beside the files: a message of one's own that they are added to."""

    message = serializers.UUIDField(required=False)


class PendingQuery(serializers.Serializer[None]):
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class FilesQuery(PendingQuery):
    """`q`: words that stand in its name, or in it. `tag`: it has each of them."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    state = serializers.ChoiceField(choices=STATES, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    tag = serializers.ListField(
        child=serializers.CharField(max_length=MAX_TAG), max_length=MAX_TAGS, required=False, default=list
    )
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class SearchQuery(serializers.Serializer[None]):
    channel = serializers.UUIDField(required=False)
    conversation = serializers.UUIDField(required=False)
    user = serializers.UUIDField(required=False)
    q = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    since = MomentField(required=False)
    until = MomentField(required=False, includes_the_day=True)
    has = serializers.ChoiceField(choices=["link", "file"], required=False, default="")
    cursor = serializers.CharField(max_length=400, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        if "conversation" in query:
            query.setdefault("channel", query.pop("conversation"))
        return query
