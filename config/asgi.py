"""What a server loads: the application, after making sure that this process may serve at all."""

from __future__ import annotations

from config.application import application
from config.processes import claim_only_process

claim_only_process()

__all__ = ["application"]
