"""A test client that costs nothing to make."""

from __future__ import annotations

from functools import cache
from typing import Any

import django.test
from django.test.client import ClientHandler


class Client(django.test.Client):
    """Shares its handler: each would build the middleware, and whitenoise read every static file for that."""

    def __init__(self, *, enforce_csrf_checks: bool = False, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=enforce_csrf_checks, **options)
        self.handler = handler(enforce_csrf_checks)


@cache
def handler(enforce_csrf_checks: bool) -> ClientHandler:
    return ClientHandler(enforce_csrf_checks=enforce_csrf_checks)
