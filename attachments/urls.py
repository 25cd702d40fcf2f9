"""Files, under /api/v1/. What is uploaded, listed and deleted in conversations is in messaging."""

from django.urls import path

from attachments.api import downloads, figures, reviewing, sharing

ATTACHMENT = "chat/attachments/<uuid:attachment_id>"

urlpatterns = [
    path("chat/file-figures/", figures.Figures.as_view(), name="file-figures"),
    path("chat/file-figures.csv", figures.FiguresTable.as_view(), name="file-figures-table"),
    path("chat/download/<uuid:attachment_id>/", downloads.Download.as_view(), name="download"),
    path(f"{ATTACHMENT}/text/", downloads.Text.as_view(), name="attachment-text"),
    path("chat/attachments/review/", reviewing.ReviewTogether.as_view(), name="review"),
    path(f"{ATTACHMENT}/approve/", reviewing.Review.as_view(), name="approve"),
    path(f"{ATTACHMENT}/organise/", reviewing.Organise.as_view(), name="organise"),
    path(f"{ATTACHMENT}/share_links/", sharing.ShareLinks.as_view(), name="share-links"),
    path("chat/share_links/<uuid:link_id>/", sharing.ShareLinkDetail.as_view(), name="share-link"),
    path(f"{ATTACHMENT}/access_log/", sharing.AccessLog.as_view(), name="access-log"),
]
