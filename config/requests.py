"""Django's requests, each in one thread from its first middleware to its response.

Under ASGI Django walks through the middleware in the event loop, hops to a thread and back for each one that is not
asynchronous, and starts that thread anew for each request. None of ours is, nor is anything of the REST framework: in a
crowd that comes back at once, the hops took more than the answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.bodies import is_upload
from config.tickets import Tickets

# Not those of the sockets: a crowd at the door holds up nobody who is in.
THREADS = ThreadPoolExecutor(settings.DATABASE_THREADS, thread_name_prefix="requests")
in_one_thread = partial(database_sync_to_async, thread_sensitive=False, executor=THREADS)
UPLOAD_THREADS = ThreadPoolExecutor(settings.UPLOAD_THREADS, thread_name_prefix="uploads")
among_uploads = partial(database_sync_to_async, thread_sensitive=False, executor=UPLOAD_THREADS)


class Requests(ASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        self.tickets = Tickets(self.get_response)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    def _get_response(self, request: Any) -> Any:
        """Inside the middleware. The answer of config.tickets is there before."""
        return getattr(request, "answer", None) or super()._get_response(request)  # type: ignore[misc]  # not in the stubs

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.tickets.answer(request)
        if response is None:
            is_slow = is_upload(request.path, request.META.get("CONTENT_TYPE", ""))
            in_a_thread = among_uploads if is_slow else in_one_thread
            response = await in_a_thread(self.get_response)(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            parts: Any = response.streaming_content
            response.streaming_content = read(iter(parts))
        return response


async def read(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A file goes out as it is read; Django would read all of it first."""
    while (part := await in_one_thread(lambda: next(parts, None))()) is not None:
        yield part


def tidy_where_it_was_used() -> None:
    """Django would close the connections of whichever thread its signals run in, by one more hop each."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)
