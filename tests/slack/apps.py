"""Bolt apps connected to the local Slack, over Socket Mode or HTTP, for as long as a test needs them.

    with over_socket(slack, app): slack.click(...)

Does not do: any listener.
"""

import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_bolt import BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler


@contextmanager
def over_socket(slack, app):
    """With Bolt's own handler and slack-sdk's own client; yields the handler."""
    quiet = logging.getLogger("slack.local.quiet")
    quiet.setLevel(logging.CRITICAL + 1)
    handler = SocketModeHandler(app, slack.app_token, logger=quiet, web_client=app.client, ping_interval=1)
    handler.connect()
    try:
        slack.socket.wait_for(connections=1)
        yield handler
    finally:
        handler.client.closed = True
        handler.client.enqueue_message("{}")  # it waits a second for a message before it looks whether it is closed
        handler.close()


@contextmanager
def over_http(slack, app):
    """On loopback, where Slack is told to send its requests; yields the list of their (body, headers)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    server.app, server.requests = app, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    slack.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    try:
        yield server.requests
    finally:
        slack.request_url = None
        server.shutdown()
        thread.join()
        server.server_close()


class _Endpoint(BaseHTTPRequestHandler):
    """Hands each request to Bolt, as its adapters for web frameworks do."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((body, dict(self.headers)))
        answer = self.server.app.dispatch(BoltRequest(body=body, headers=dict(self.headers)))
        text = (answer.body or "").encode()
        self.send_response(answer.status)
        for name in answer.headers:
            self.send_header(name, answer.first_headers()[name])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Tests print nothing."""
