"""The rows of who: people, spaces, sites, credentials, audit."""

from accounts.models.audit import AuditEntry
from accounts.models.contacts import Contact
from accounts.models.credentials import SocketTicket, Token, TokenKind
from accounts.models.people import NAMELESS, Member, Organisation, Role, User, name_of_visitor
from accounts.models.sites import Site, SiteOrigin, SiteSecret
from accounts.models.spaces import Space, SpaceAccess, SpaceRole

__all__ = [
    "NAMELESS",
    "AuditEntry",
    "Contact",
    "Member",
    "Organisation",
    "Role",
    "Site",
    "SiteOrigin",
    "SiteSecret",
    "SocketTicket",
    "Space",
    "SpaceAccess",
    "SpaceRole",
    "Token",
    "TokenKind",
    "User",
    "name_of_visitor",
]
