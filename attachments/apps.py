from django.apps import AppConfig
from django.conf import settings


class AttachmentsConfig(AppConfig):
    name = "attachments"

    def ready(self) -> None:
        # Uploads are written there before any of our code sees them.
        settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
