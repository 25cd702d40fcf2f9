"""Conversations and what is said in them, under /api/v1/."""

from django.urls import path

from messaging.api import channels, conversations, entities, files, messages, widget

ONE = "chat/conversations/<uuid:conversation_id>"
CHANNEL = "chat/channels/<uuid:conversation_id>"
MESSAGE = "chat/messages/<uuid:message_id>"

ATTACHMENT = "chat/attachments/<uuid:attachment_id>"

urlpatterns = [
    path("widget/config/", widget.WholeWidgetConfig.as_view(), name="widget-config"),
    path("chat/conversations/", conversations.Conversations.as_view(), name="conversations"),
    path("chat/conversations/start/", conversations.StartConversation.as_view(), name="start-conversation"),
    path("chat/conversations/presence/", conversations.PresenceOf.as_view(), name="presence"),
    path(f"{ONE}/", conversations.ConversationDetail.as_view(), name="conversation"),
    path(f"{ONE}/contact/", conversations.ContactOf.as_view(), name="contact"),
    path(f"{ONE}/attributes/", conversations.Attributes.as_view(), name="attributes"),
    path(f"{ONE}/messages/", messages.Timeline.as_view(), name="conversation-messages"),
    path(f"{ONE}/introduction/", conversations.IntroductionOf.as_view(), name="introduction"),
    path(f"{ONE}/pins/", messages.Pins.as_view(), name="pins"),
    path(f"{ONE}/typing/", conversations.SetTyping.as_view(), name="set-typing"),
    path(f"{ONE}/archive/", conversations.Archive.as_view(), name="archive"),
    path(f"{ONE}/mute/", conversations.Mute.as_view(), name="mute"),
    path(f"{ONE}/notices/", conversations.Notices.as_view(), name="notices"),
    path(f"{ONE}/add_participant/", conversations.AddParticipant.as_view(), name="add-participant"),
    path(f"{ONE}/remove_participant/", conversations.RemoveParticipant.as_view(), name="remove-participant"),
    path(f"{ONE}/leave/", conversations.Leave.as_view(), name="leave"),
    path("chat/channels/", channels.Channels.as_view(), name="channels"),
    path(f"{CHANNEL}/", channels.ChannelDetail.as_view(), name="channel"),
    path(f"{CHANNEL}/add_participant/", channels.AddToChannel.as_view(), name="add-to-channel"),
    path(f"{CHANNEL}/remove_participant/", channels.RemoveFromChannel.as_view(), name="remove-from-channel"),
    path("chat/messages/", messages.Messages.as_view(), name="messages"),
    path("chat/messages/my_mentions/", messages.MyMentions.as_view(), name="my-mentions"),
    path(f"{MESSAGE}/", messages.MessageDetail.as_view(), name="message"),
    path(f"{MESSAGE}/reactions/", messages.Reactions.as_view(), name="reactions"),
    path(f"{MESSAGE}/pin/", messages.Pin.as_view(), name="pin"),
    path(f"{MESSAGE}/revisions/", messages.Revisions.as_view(), name="revisions"),
    path("chat/upload/<uuid:conversation_id>/", files.Upload.as_view(), name="upload"),
    path("chat/files/<uuid:conversation_id>/", files.Files.as_view(), name="files"),
    path("chat/attachments/pending/", files.Pending.as_view(), name="pending-files"),
    path(f"{ATTACHMENT}/", files.AttachmentDetail.as_view(), name="attachment"),
    path(f"{ATTACHMENT}/versions/", files.Versions.as_view(), name="versions"),
    path("entities/", entities.Entities.as_view(), name="entities"),
    path("entities/<uuid:entity_id>/", entities.EntityDetail.as_view(), name="entity"),
    path("entity-types/", entities.EntityTypes.as_view(), name="entity-types"),
]
