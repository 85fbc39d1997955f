"""Somebody at the door: the desk with settings of the test's own, and requests as no browser would send them.

with opened(desk, MONITOR_WEB_URL="https://desk.example.org") as door:
    answer = door.ask("/", Host="desk.example.org")             # redirects are not followed, cookies are not kept
    answer = door.post("/enter", {"token": token}, Origin=None)  # None: without that header
    cookie = door.enter("maria", Role.READER)                    # the header of a session that began with a link
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from starlette.routing import Mount

from monitor.config import read_config
from monitor.service import listen
from monitor.store import transaction
from monitor.web.access.invitation import invite
from monitor.web.app import create_app

NOW = "2026-03-05T16:00:00Z"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: object
    text: str

    @property
    def location(self):
        return self.headers.get("Location")

    @property
    def cookies(self):
        """By name, each with its attributes."""
        kept = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie", []):
            kept.load(line)
        return kept

    @property
    def kept(self):
        """What a browser sends back."""
        return "; ".join(f"{name}={each.value}" for name, each in self.cookies.items() if each.value)


class Door:
    def __init__(self, desk, config, address):
        self.desk, self.config, self.address = desk, config, address
        self.host = urlsplit(address).netloc

    def ask(self, path, method="GET", body=None, **headers):
        """Names of headers with _ for -; `Host` is the address unless it is named."""
        connection = HTTPConnection(self.host, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        own = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            own.setdefault("Content-Length", str(len(body)))
            own.setdefault("Content-Type", "application/x-www-form-urlencoded")
        for name, value in own.items():
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    connection.putheader(name, each)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, answer.headers, text)

    def post(self, path, form=None, **headers):
        """As a form of the desk's own page is sent, unless `headers` say otherwise."""
        own = {"Origin": f"http://{headers.get('Host', self.host)}"}
        return self.ask(path, "POST", urlencode(form or {}).encode(), **(own | headers))

    def forget(self):
        """Nobody was ever let in."""
        with transaction(self.desk.db):
            self.desk.db.execute("DELETE FROM pass")
        return self

    def invite(self, who, role):
        return invite(self.desk.db, who, role, self.config.now())

    def enter(self, who, role):
        return self.post("/enter", {"token": self.invite(who, role)}).kept


def settle(desk, **environ):
    """The settings of a desk whose environment is this and nothing else."""
    names = {"db": "monitor.db", "sources": "sources.yaml", "sops": "sops"}
    paths = {name: str(desk.folder / file) for name, file in names.items()}
    return read_config({"MONITOR_NOW": NOW, **environ}, **paths)


@contextmanager
def opened(desk, **environ):
    config = settle(desk, **environ)
    with listen(create_app(config), "127.0.0.1", 0) as address:
        yield Door(desk, config, address)


def iter_ways(routes=None, before=""):
    """(method, path) of every route of the desk, with 1 for each parameter; HEAD goes where GET goes."""
    for route in create_app(read_config({})).routes if routes is None else routes:
        if isinstance(route, Mount):
            yield from iter_ways(route.routes, before + route.path)
        else:
            path = before + route.path_format.format(**dict.fromkeys(route.param_convertors, 1))
            yield from ((method, path) for method in sorted(route.methods - {"HEAD"}))
