from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from attachments.access import register_holder, register_place
        from attachments.actions import register_way_out
        from portal.access import files_seen_by, is_request_there, may_see_request
        from portal.actions import take_out_file
        from portal.models import HOLDER

        import_module("portal.receivers")
        register_holder(HOLDER, may_read=may_see_request, is_there=is_request_there, seen_by=files_seen_by)
        register_place(HOLDER, may_see=may_see_request)
        register_way_out(HOLDER, take_out_file)
