"""Bytes of files, under /api/v1/. What is uploaded, listed and deleted in conversations is in messaging."""

from django.urls import path

from attachments import api

ATTACHMENT = "chat/attachments/<uuid:attachment_id>"

urlpatterns = [
    path("chat/download/<uuid:attachment_id>/", api.Download.as_view(), name="download"),
    path("chat/attachments/review/", api.ReviewTogether.as_view(), name="review"),
    path(f"{ATTACHMENT}/approve/", api.Review.as_view(), name="approve"),
    path(f"{ATTACHMENT}/organise/", api.Organise.as_view(), name="organise"),
]
