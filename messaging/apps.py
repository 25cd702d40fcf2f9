from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from attachments.access import register_holder
        from messaging import receivers  # noqa: F401  (registers itself)
        from messaging.access import is_message_there, may_read_message
        from messaging.queries import HOLDER

        register_holder(HOLDER, may_read=may_read_message, is_there=is_message_there)
