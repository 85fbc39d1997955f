"""Slack's side of Socket Mode: hello, envelopes, acknowledgements, disconnects, over real WebSockets on loopback.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode.

Does not do: what is in an envelope (`people`).
"""

import json
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from socket import SHUT_RDWR
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.server import serve

from slack.workspace import APP

CONNECT_SECONDS = 10
"""How long an envelope waits for the app to be connected."""

PING_SECONDS = 0.1
"""slack-sdk's client lets go of its socket only when something arrives: with many pings it closes fast."""

MAX_CONNECTIONS = 10
"""https://docs.slack.dev/apis/events-api/using-socket-mode#connections"""


class Waiting:
    """An envelope that was sent and not acknowledged yet."""

    def __init__(self):
        self.done = threading.Event()
        self.payload = None


class SocketMode:
    """The WebSocket server; its address is good for one connection, as Slack's is."""

    def __init__(self):
        self.acknowledged = []
        """envelope_id of every acknowledgement, late ones and those of nothing included."""
        self._tickets = set()
        self._connections = []
        self._waiting = {}
        self._changed = threading.Condition()
        self._server = serve(
            self._serve, "127.0.0.1", 0, process_request=self._admit, compression=None, ping_interval=PING_SECONDS
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def new_url(self):
        ticket = uuid4().hex
        self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP}"

    @property
    def connections(self):
        """How many there are now."""
        return len(self._open())

    def _open(self):
        with self._changed:
            return [each for each in self._connections if each.state is State.OPEN]

    def wait_for(self, connections=1, seconds=CONNECT_SECONDS):
        """The connections, once there are so many; TimeoutError otherwise."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.connections >= connections, seconds):
                raise TimeoutError(f"{self.connections} of {connections} Socket Mode connections in {seconds} s")
            return self._open()

    def send(self, envelope, seconds):
        """Its Waiting, done where it was acknowledged in time. Slack may use any connection; this uses the newest."""
        connection = self.wait_for()[-1]
        waiting = self._waiting[envelope["envelope_id"]] = Waiting()
        self._send(connection, envelope)
        waiting.done.wait(seconds)
        return waiting

    def disconnect(self, reason="refresh_requested"):
        """Announce the end as Slack does; after `warning` the connections stay, after the others they close."""
        for connection in self._open():
            self._send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}})
            if reason != "warning":
                connection.close()

    def drop(self):
        """Close every connection without a word."""
        for connection in self._open():
            connection.socket.shutdown(SHUT_RDWR)

    def ping(self, seconds=3):
        """Whether every connected app answers a ping in time."""
        pongs = [connection.ping() for connection in self._open()]
        return all(pong.wait(seconds) for pong in pongs)

    def close(self):
        self._server.shutdown()
        self._thread.join()

    def _admit(self, connection, request):
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        if ticket not in self._tickets:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "This address was used already.\n")
        self._tickets.remove(ticket)
        return None

    def _serve(self, connection):
        if self.connections >= MAX_CONNECTIONS:
            self._send(connection, {"type": "disconnect", "reason": "too_many_websockets"})
            return
        with self._changed:
            self._connections.append(connection)
            self._send(connection, _hello(self.connections))
            self._changed.notify_all()
        with suppress(ConnectionClosed):  # without a closing handshake, as by apps that are killed
            for text in connection:
                self._receive(json.loads(text))
        with self._changed:
            self._connections.remove(connection)
            self._changed.notify_all()

    def _receive(self, message):
        self.acknowledged.append(message["envelope_id"])
        waiting = self._waiting.get(message["envelope_id"])
        if waiting:
            waiting.payload = message.get("payload")
            waiting.done.set()

    def _send(self, connection, message):
        with suppress(ConnectionClosed):  # the envelope stays unacknowledged, as with Slack
            connection.send(json.dumps(message))


def _hello(number):
    return {
        "type": "hello",
        "num_connections": number,
        "debug_info": {
            "host": "applink-local",
            "started": time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime()),
            "build_number": 1,
            "approximate_connection_time": 18_060,
        },
        "connection_info": {"app_id": APP},
    }
