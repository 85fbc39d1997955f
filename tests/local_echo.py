"""A server on loopback that repeats whatever it is told: the worst that anybody can do to a secret.

    with Echo() as echo:
        ... ask echo.url("/anything") with a secret in a header, the path or the body ...
        assert "Bearer xoxb" in echo.heard

Every answer holds the whole question: in its body, once as it is and once as JSON, and in a header. What begins with
`/pages/` is a page, `/interface` an answer as LegiScan gives it, `/api/` one as Slack gives it; the rest is refused.

Does not do: being anything but a test.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = (
    "<title>Rules</title><main><h1>Hosts</h1><p>A host of a livestream must be at least {age} years old. Ask for proof "
    "of age before the first livestream.</p><h2>Gifts</h2><p>Gifts are sent by accounts of adults only.</p></main>"
)
ISSUER = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Echo:
    """The server; `heard` is all that it was told, `age` what its page says."""

    def __init__(self):
        self.heard = ""
        self.age = 16
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.echo = self
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self):
        return self._server.server_port

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}{path}"

    def respond(self, path, question):
        """Status, media type and body."""
        if path.startswith("/pages/"):
            return 200, "text/html", PAGE.format(age=self.age)
        if path == "/.well-known/openid-configuration":
            facts = {name: self.url(f"/oidc/{name}") for name in ISSUER} | {"issuer": self.url()}
            return 200, "application/json", json.dumps(facts)
        if path.endswith("/jwks_uri"):
            return 200, "application/json", json.dumps({"keys": [{"kty": "oct", "k": "eA"}]})
        if path.startswith("/interface"):
            return 200, "application/json", json.dumps(found(question))
        if path.startswith("/api/") and "chat." not in path:
            return 200, "application/json", json.dumps({"ok": False, "error": "invalid_auth", "said": question})
        return 403, "application/json", json.dumps({"error": question, "message": question}) + question


def found(question):
    """The only result of a search, told of with the question."""
    bill = {"bill_id": 1, "bill_number": "SB 1", "title": "Accounts", "state": "CA", "last_action_date": "2026-03-01"}
    bill |= {"last_action": f"Heard: {question}", "url": f"https://legiscan.example/bill?{question}"}
    summary = {"page": "1 of 1", "page_current": 1, "page_total": 1, "count": 1, "query": question}
    return {"status": "OK", "searchresult": {"summary": summary, "0": bill}}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("latin-1")
        question = f"{self.command} {self.path} {self.headers} {body}"
        self.server.echo.heard += question
        status, media_type, answer = self.server.echo.respond(self.path.partition("?")[0], question)
        if self.path == "/robots.txt":
            status = 404
        self.send_response_only(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.send_header("X-Heard", " ".join(question.split())[:4000])
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        pass
