"""What the widget is told before anybody is anybody, with what the rooms below know."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from accounts.api import WidgetConfig
from accounts.models import Site
from attachments.payloads import voice_payload
from attachments.queries import policy_of
from presence.queries import staff_online


class WholeWidgetConfig(WidgetConfig):
    def told(self, site: Site) -> dict[str, Any]:
        policy = policy_of(site.organisation_id, site.default_space_id)
        return {
            **super().told(site),
            "voice": voice_payload(policy),
            "online": staff_online(site.organisation_id),
            "email": settings.SENDS_EMAIL,
        }
