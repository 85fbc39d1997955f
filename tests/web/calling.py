"""A program that calls the API, with a key or whatever else it shows.

with opened(desk) as door:
    program = Program(door, Role.SPECIALIST)
    program.get("/changes", severity="high")["groups"]        # what comes back with 200
    program.call("POST", "/decisions", {...}).status          # whatever comes back
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from monitor.web.access.invitation import make_key


class Program:
    def __init__(self, door, role, name="importer"):
        self.door, self.name = door, name
        self.key = make_key(door.desk.db, name, role, door.config.now())

    def call(self, method, path, sent=None, **headers):
        """`sent` is a body as it stands, or what is written as JSON."""
        shown = {"Authorization": f"Bearer {self.key}"}
        if method != "GET":
            shown["Content-Type"] = "application/json"
            body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        else:
            body = None
        return self.door.ask(f"/api{path}", method, body, **(shown | headers))

    def get(self, path, **asked):
        answer = self.call("GET", f"{path}?{urlencode(asked)}" if asked else path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json"), answer.text
        return json.loads(answer.text)

    def post(self, path, sent):
        answer = self.call("POST", path, sent)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json"), answer.text
        return json.loads(answer.text)


def read_problem(answer):
    """What went wrong, as RFC 9457 has it; it is checked that it is so."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.text)
    assert (problem["type"], problem["status"]) == ("about:blank", answer.status)
    return problem
