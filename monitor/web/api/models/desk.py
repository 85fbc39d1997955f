"""Who asks, and who there is.

Does not do: anything. No I/O, no rules.
"""

from monitor.model import Role
from monitor.web.api.models.shared import Model


class Me(Model):
    """Who asks, by what they show."""

    name: str
    """Under which decisions are kept."""
    role: Role


class Person(Model):
    """Somebody whom `sources.yaml` lists."""

    name: str
