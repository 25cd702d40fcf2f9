"""What is done in the portal."""

from portal.actions.asking import change_request, create_request, withdraw_request
from portal.actions.deciding import approve_request, reject_request
from portal.actions.files import add_file, show_file_anew, take_out_file

__all__ = [
    "add_file",
    "approve_request",
    "change_request",
    "create_request",
    "reject_request",
    "show_file_anew",
    "take_out_file",
    "withdraw_request",
]
