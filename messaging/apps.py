from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from attachments.access import register_holder
        from messaging import receivers  # noqa: F401  (registers itself)
        from messaging.access import may_read_message
        from messaging.queries import HOLDER

        register_holder(HOLDER, may_read_message)
