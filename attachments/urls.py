"""Bytes of files, under /api/v1/. What is uploaded, listed and deleted in conversations is in messaging."""

from django.urls import path

from attachments import api

urlpatterns = [
    path("chat/download/<uuid:attachment_id>/", api.Download.as_view(), name="download"),
]
