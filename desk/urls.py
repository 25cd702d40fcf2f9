"""The desk, under /api/v1/."""

from django.urls import path

from desk.api import assignments, canned, ratings

ASSIGNMENT = "desk/<uuid:assignment_id>"

urlpatterns = [
    path("desk/queue/", assignments.Queue.as_view(), name="queue"),
    path("desk/places/<uuid:conversation_id>/", assignments.PlaceOf.as_view(), name="place"),
    path("desk/assign/", assignments.Assign.as_view(), name="assign"),
    path("desk/assignments/", assignments.Assignments.as_view(), name="assignments"),
    path(f"{ASSIGNMENT}/release/", assignments.Release.as_view(), name="release"),
    path(f"{ASSIGNMENT}/resolve/", assignments.Resolve.as_view(), name="resolve"),
    path("desk/ratings/<uuid:conversation_id>/", ratings.Ratings.as_view(), name="ratings"),
    path("desk/canned-replies/", canned.CannedReplies.as_view(), name="canned-replies"),
    path("desk/canned-replies/<uuid:reply_id>/", canned.CannedReplyDetail.as_view(), name="canned-reply"),
]
