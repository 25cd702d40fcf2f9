"""One's own presence, under /api/v1/."""

from django.urls import path

from presence import api

urlpatterns = [path("me/presence/", api.OwnPresence.as_view(), name="own-presence")]
