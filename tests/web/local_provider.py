"""An OpenID provider on loopback: a real HTTP server that signs people in without asking them, and lies when told to.

    with LocalProvider() as provider:
        provider.claims |= {"email": "maria@example.org", "email_verified": True}
        ... MONITOR_OIDC_ISSUER=provider.issuer, provider.client_id, provider.client_secret ...
        provider.claims["aud"] = "another"              # what the next ID token says
        provider.sign = provider.sign_with_another_key  # how it is signed
        provider.facts["issuer"] = "https://else"       # what it says of itself
        provider.asked                                  # every (method, path, parameters) that arrived

Does not do: asking for passwords, keeping anybody out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey


@lru_cache
def _make_key(kid):
    """Once for all tests: it takes long."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class LocalProvider:
    client_id = "desk"
    client_secret = "hush"

    def __init__(self, now):
        """`now`: what the clock of the desk says."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.provider = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self.moment = int(now.timestamp())
        self.be_honest()

    def be_honest(self):
        """Forget every lie, and what was asked."""
        self.change_key("first")
        self.sign = self.sign_well
        self.asked = []
        self.codes = {}
        self.refusal = None
        self.userinfo = {}
        self.facts = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "code_challenge_methods_supported": ["S256"],
        }
        self.claims = {
            "iss": self.issuer,
            "sub": "1",
            "aud": self.client_id,
            "iat": self.moment,
            "exp": self.moment + 300,
            "email": "maria@example.org",
            "email_verified": True,
        }

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def change_key(self, kid):
        self.kid, self.key = kid, _make_key(kid)

    @property
    def settings(self):
        return {
            "MONITOR_OIDC_ISSUER": self.issuer,
            "MONITOR_OIDC_CLIENT_ID": self.client_id,
            "MONITOR_OIDC_CLIENT_SECRET": self.client_secret,
            "MONITOR_OIDC_ALLOW": "example.org",
        }

    def sign_well(self, claims):
        return jwt.encode({"alg": "RS256", "kid": self.kid}, claims, self.key)

    def sign_with_another_key(self, claims):
        return jwt.encode({"alg": "RS256", "kid": self.kid}, claims, _make_key("another"))

    def sign_with_the_public_key(self, claims):
        """As if the key that everybody knows were a secret between two."""
        secret = OctKey.import_key(self.key.as_pem(private=False))
        return jwt.encode({"alg": "HS256", "kid": self.kid}, claims, secret)

    def sign_not_at_all(self, claims):
        parts = ({"alg": "none"}, claims)
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."
        )

    def sign_with_an_unknown_key(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "unknown"}, claims, self.key)

    def answer(self, method, path, query, form, headers):
        """(status, headers, what becomes JSON)"""
        self.asked.append((method, path, query | form))
        if path == "/.well-known/openid-configuration":
            return 200, {}, self.facts
        if path == "/keys":
            return 200, {}, {"keys": [self.key.as_dict(private=False)]}
        if path == "/authorize":
            return self._authorize(query)
        if path == "/token":
            return self._give_tokens(form, headers)
        if path == "/userinfo" and headers.get("Authorization") == "Bearer access":
            return 200, {}, self.userinfo
        return 404, {}, {}

    def _authorize(self, query):
        code = secrets.token_urlsafe()
        self.codes[code] = query
        told = {"error": self.refusal} if self.refusal else {"code": code}
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode(told | {'state': query['state']})}"}, {}

    def _give_tokens(self, form, headers):
        begun = self.codes.pop(form.get("code"), None)
        if begun is None or form["redirect_uri"] != begun["redirect_uri"]:
            return 400, {}, {"error": "invalid_grant"}
        if not (self._is_client(form, headers) and _is_proven(begun, form)):
            return 401, {}, {"error": "invalid_client"}
        claims = {"nonce": begun["nonce"]} | self.claims
        return 200, {}, {"access_token": "access", "token_type": "Bearer", "id_token": self.sign(claims)}

    def _is_client(self, form, headers):
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if "token_endpoint_auth_methods_supported" in self.facts:
            return (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret)
        return headers.get("Authorization") == f"Basic {basic}"


def _is_proven(begun, form):
    """PKCE (RFC 7636), where it was begun with."""
    if "code_challenge" not in begun:
        return "code_verifier" not in form
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == begun["code_challenge"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer({})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(dict(parse_qsl(body.decode())))

    def _answer(self, form):
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        status, headers, facts = self.server.provider.answer(self.command, parts.path, query, form, self.headers)
        body = json.dumps(facts).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
