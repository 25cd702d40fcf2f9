"""Files in the admin: to look at what there is; their bytes are not shown here. And what may be uploaded."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_site import EditableTenantAdmin, TenantAdmin
from attachments.models import (
    Attachment,
    FileAccess,
    FileCount,
    ShareLink,
    StorageUse,
    Thumbnail,
    UploadPolicy,
)


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
        "scan",
        "reviewer",
        "reviewed_at",
        "category",
        "version",
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
    list_display = ("organisation", "space", "is_enabled", "approval", "max_bytes", "quota")
    list_select_related = ("organisation", "space")
    search_fields = ("organisation__name", "space__name")
    autocomplete_fields = ("organisation", "space")


@admin.register(StorageUse)
class StorageUseAdmin(TenantAdmin):
    list_display = ("organisation", "space", "bytes")
    list_select_related = ("organisation", "space")
    search_fields = ("organisation__name", "space__name")


@admin.register(ShareLink)
class ShareLinkAdmin(TenantAdmin):
    list_display = ("id", "attachment", "creator", "mode", "expires_at", "uses", "max_uses", "revoked_at")
    list_select_related = ("attachment", "creator")
    search_fields = ("creator__name",)
    exclude = ("digest", "password")


@admin.register(FileAccess)
class FileAccessAdmin(TenantAdmin):
    list_display = ("attachment", "member", "link", "mode", "at")
    list_select_related = ("attachment", "member", "link")
    list_filter = ("mode",)
    search_fields = ("member__name",)


@admin.register(FileCount)
class FileCountAdmin(TenantAdmin):
    list_display = ("organisation", "day", "what", "key", "number")
    list_select_related = ("organisation",)
    list_filter = ("what",)
    search_fields = ("key",)
