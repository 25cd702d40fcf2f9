"""What follows from news of the rooms below, and from our own."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Organisation
from attachments.models import Attachment
from attachments.signals import file_changed
from messaging.actions import show_file_anew
from messaging.models import DEFAULT_TYPES, EntityType, Message
from messaging.previews import link_of
from messaging.signals import message_changed, messages_said
from messaging.tasks import fetch_preview


@receiver(post_save, sender=Organisation)
def give_default_types(instance: Organisation, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        EntityType.objects.bulk_create(
            EntityType(organisation=instance, key=key, name=name) for key, name in DEFAULT_TYPES.items()
        )


@receiver(file_changed, dispatch_uid="show files anew")
def show_files_anew(file: Attachment, **_: Any) -> None:
    show_file_anew(file)


@receiver(messages_said, dispatch_uid="preview links")
def preview_links(messages: list[Message], **_: Any) -> None:
    """Nothing is asked where nothing links anywhere."""
    linking = [one for one in messages if link_of(one)]
    if not linking:
        return
    organisations = {one.conversation.organisation_id for one in linking}
    wanting = set(
        Organisation.objects.filter(pk__in=organisations, link_previews=True).values_list("pk", flat=True)
    )
    for one in linking:
        if one.conversation.organisation_id in wanting:
            # By its id: a link is a text, and the queue keeps what it is given.
            fetch_preview.enqueue(str(one.pk))


@receiver(message_changed, dispatch_uid="preview another link")
def preview_another_link(message: Message, event: str, **_: Any) -> None:
    has_one = message.is_adorned and message.adornments.preview
    if event == "edited" and not has_one:
        preview_links([message])
