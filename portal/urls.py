"""The portal, under /api/v1/."""

from django.urls import path

from portal import api

REQUEST = "client-requests/<uuid:request_id>"

urlpatterns = [
    path("spaces/", api.Spaces.as_view(), name="spaces"),
    path("client-requests/", api.Requests.as_view(), name="client-requests"),
    path(f"{REQUEST}/", api.RequestDetail.as_view(), name="client-request"),
    path(f"{REQUEST}/withdraw/", api.Withdraw.as_view(), name="withdraw-request"),
    path(f"{REQUEST}/approve/", api.Approve.as_view(), name="approve-request"),
    path(f"{REQUEST}/reject/", api.Reject.as_view(), name="reject-request"),
    path("client-request-attachments/", api.RequestFiles.as_view(), name="client-request-attachments"),
]
