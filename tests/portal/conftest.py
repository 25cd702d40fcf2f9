"""People of these stories are pushed to and mailed as in delivery's."""

from tests.delivery.conftest import post_office, service, tell

__all__ = ["post_office", "service", "tell"]
