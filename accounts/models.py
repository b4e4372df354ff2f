from accounts.people import User
from accounts.stores import Membership, Role, Store

__all__ = ["Membership", "Role", "Store", "User"]
