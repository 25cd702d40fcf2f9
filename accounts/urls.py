"""Who, under /api/v1/."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("widget/session/", api.WidgetSession.as_view(), name="widget-session"),
    path("socket-ticket/", api.SocketTickets.as_view(), name="socket-ticket"),
    path("me/", api.Me.as_view(), name="me"),
    path("me/contact/", api.MyContact.as_view(), name="my-contact"),
    path("members/", api.Members.as_view(), name="members"),
]
