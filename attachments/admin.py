"""Files in the admin: to look at what there is; their bytes are not shown here. And what may be uploaded."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import EditableTenantAdmin, TenantAdmin
from attachments.models import Attachment, StorageUse, Thumbnail, UploadPolicy


@admin.register(Attachment)
class AttachmentAdmin(TenantAdmin):
    """Not what it is called nor what stands in it: the message that it was said with may be deleted."""

    list_display = ("id", "kind", "size", "state", "uploader", "created_at", "deleted_at")
    list_select_related = ("uploader",)
    list_filter = ("kind", "state")
    search_fields = ("uploader__name",)
    fields = (
        "space",
        "place",
        "holder",
        "uploader",
        "kind",
        "mime",
        "size",
        "width",
        "height",
        "pages",
        "seconds",
        "state",
        "created_at",
        "deleted_at",
        "deleted_by",
    )


@admin.register(Thumbnail)
class ThumbnailAdmin(TenantAdmin):
    organisation_path = "attachment__organisation"
    list_display = ("attachment", "size", "width", "height")
    list_select_related = ("attachment",)
    search_fields = ("attachment__uploader__name",)


@admin.register(UploadPolicy)
class UploadPolicyAdmin(EditableTenantAdmin):
    list_display = ("organisation", "is_enabled", "max_bytes", "quota")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)
    autocomplete_fields = ("organisation",)


@admin.register(StorageUse)
class StorageUseAdmin(TenantAdmin):
    list_display = ("organisation", "bytes")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)
