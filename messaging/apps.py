from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from attachments.access import register_holder, register_place
        from messaging import receivers  # noqa: F401  (registers itself)
        from messaging.access import is_message_there, may_read_message, may_see_conversation
        from messaging.queries import HOLDER, PLACE, files_seen_by

        register_holder(HOLDER, may_read=may_read_message, is_there=is_message_there, seen_by=files_seen_by)
        register_place(PLACE, may_see=may_see_conversation)
