"""What is done about what was said, in the background."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from common import ratelimit
from common.errors import RateLimited
from messaging import actions
from messaging.previews import look_at
from messaging.queries import link_to_preview

PREVIEWS_PER_ORGANISATION = "60/minute"


# Last of all: whoever links to a page that never answers has a thread for seconds, and people wait for their notices.
@task(priority=-20)
def fetch_preview(message: str) -> None:
    """Of the link that the message has by now. Beyond the organisation's limit it stays without."""
    link, organisation_id = link_to_preview(UUID(message))
    if not link:
        return
    try:
        ratelimit.hit(PREVIEWS_PER_ORGANISATION, "preview", organisation_id)
    except RateLimited:
        return
    page = look_at(link)
    if page:
        actions.put_preview(message_id=UUID(message), url=link, page=page)


def forget_files_of_deleted_messages() -> None:
    """Once a day."""
    actions.delete_files_of_deleted_messages()
