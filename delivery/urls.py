"""Delivery, under /api/v1/chat/."""

from django.urls import path

from delivery import api

urlpatterns = [
    path("messages/<uuid:message_id>/deliveries/", api.Deliveries.as_view(), name="deliveries"),
    path("sync/", api.Sync.as_view(), name="sync"),
    path("conversations/<uuid:conversation_id>/mark_read/", api.MarkRead.as_view(), name="mark-read"),
    path(
        "conversations/<uuid:conversation_id>/mark_delivered/",
        api.MarkDelivered.as_view(),
        name="mark-delivered",
    ),
]
