"""What `sources.yaml` declares, for pages that can do without it.

Does not do: naming its mistakes (`monitor sources check`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.errors import SourcesError
from monitor.slack.people import load_declared
from monitor.sources import Declared

if TYPE_CHECKING:
    from monitor.web.serving import Visit


def find_declared(visit: Visit) -> Declared:
    """Nothing where the file is missing or has mistakes: that is no reason to show nothing."""
    try:
        return load_declared(visit.config.sources)
    except SourcesError:
        return Declared((), ())
