"""Support work, under /api/v1/."""

from django.urls import path

from desk.api import canned

urlpatterns = [
    path("desk/canned-replies/", canned.CannedReplies.as_view(), name="canned-replies"),
    path("desk/canned-replies/<uuid:reply_id>/", canned.CannedReplyDetail.as_view(), name="canned-reply"),
]
