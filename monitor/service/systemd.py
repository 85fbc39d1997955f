"""What the service manager is told of us: sd_notify(3), as one datagram. Without systemd it is told nothing.

Does not do: deciding when we are ready, or well (`monitor.service`).
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

_SECONDS = 1.0
"""A manager that reads no more must not hold us up."""


def notify(state: str) -> None:
    """`READY=1`, `WATCHDOG=1` or `STOPPING=1`, to the socket that NOTIFY_SOCKET names; "@…" is an abstract one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
        way.settimeout(_SECONDS)
        way.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
