"""Conversations, under /api/v1/chat/."""

from django.urls import path

from messaging import api

urlpatterns = [
    path("conversations/", api.Conversations.as_view(), name="conversations"),
    path("conversations/start/", api.StartConversation.as_view(), name="start-conversation"),
    path("conversations/presence/", api.PresenceOf.as_view(), name="presence"),
    path("conversations/<uuid:conversation_id>/", api.ConversationDetail.as_view(), name="conversation"),
    path(
        "conversations/<uuid:conversation_id>/messages/", api.Timeline.as_view(), name="conversation-messages"
    ),
    path("conversations/<uuid:conversation_id>/typing/", api.SetTyping.as_view(), name="set-typing"),
]
