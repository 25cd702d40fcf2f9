"""The HTTP table of contents."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import views as accounts
from attachments import views as files
from attachments.api import downloads as attachments
from common import api as common_api
from config import views
from config.offline import OfflinePage
from delivery import views as delivery
from messaging import views as messaging

api = [
    path("", include("accounts.urls")),
    path("", include("presence.urls")),
    path("", include("attachments.urls")),
    path("", include("messaging.urls")),
    path("", include("delivery.urls")),
    path("", include("desk.urls")),
    path("", include("portal.urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="chat"), name="home"),
    path("api/v1/", include(api)),
    path("s/<str:token>/", files.SharedFile.as_view(), name="shared-file"),
    path("s/<str:token>/file/", attachments.SharedBytes.as_view(), name="shared-bytes"),
    path("f/<str:token>/<str:name>", attachments.SignedFile.as_view(), name="signed-file"),
    path("chat/", messaging.Chat.as_view(), name="chat"),
    path("chat/files/", messaging.FilesToReview.as_view(), name="files-to-review"),
    path("chat/files/figures/", messaging.FileFigures.as_view(), name="files-in-figures"),
    path("chat/manifest.webmanifest", messaging.Manifest.as_view(), name="manifest"),
    path("chat/offline/", OfflinePage.as_view(), name="offline"),
    path("chat/push-worker.js", delivery.push_worker, name="push-worker"),
    path("stop-emails/<str:token>/", delivery.StopEmails.as_view(), name="stop-emails"),
    path("widget/", accounts.WidgetFrame.as_view(), name="widget-frame"),
    path("contact/<str:key>/", messaging.Contact.as_view(), name="contact-form"),
    path("contact/<str:key>/thanks/", messaging.ContactThanks.as_view(), name="contact-form-thanks"),
    path("login/", accounts.Login.as_view(), name="login"),
    path("login/once/", views.LoginOnce.as_view(), name="login-once"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("demo/", views.Demos.as_view(), name="demos"),
    path("demo/<slug:organisation>/", views.DemoPage.as_view(), name="demo"),
    path("demo/<slug:organisation>/framed/", views.FramingDemoPage.as_view(), name="framing-demo"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler404 = common_api.not_found
handler500 = common_api.server_error
