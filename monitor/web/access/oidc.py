"""An OpenID provider says who somebody is: the authorization code flow (OpenID Connect Core 1.0, section 3.1).

    begin()   where to send the browser; what has to come back is kept here, for ten minutes and for one answer
    take()    what was begun with this `state`, once
    finish()  the code → an ID token, whose signature, issuer, audience, time and nonce are verified → Identity

PKCE is used where the provider says that it knows it. Slack does not, and refuses it beside a client secret
(https://github.com/paradigmxyz/centaur/pull/1101); there, the secret, state and nonce hold the flow together.

Does not do: HTTP towards the browser (`monitor.web.access.doors`), choosing a role (`monitor.web.access.visitors`).
"""

from __future__ import annotations

import logging
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import structlog

from monitor.config import is_loopback
from monitor.errors import ConfigurationError, SignInError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import httpx

    from monitor.config import Oidc

log = structlog.get_logger()

BACK = "/sign-in/back"
"""Where the provider sends people back to; it stands in the provider's settings."""

PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the provider."""

_KEPT = timedelta(hours=1)
"""How long the provider's addresses and keys are believed unasked."""
_MOST_BEGUN = 1000
_TIMEOUT_S = 10
_LEEWAY_S = 60
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Those with a public key: never "none", and never one whose key could be taken for a secret that others know."""

_SLACK = "https://slack.com"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way."""

    url: str
    """At the provider."""
    state: str
    nonce: str
    verifier: str
    """PKCE's secret; "" where the provider does not know PKCE."""
    wish: str
    """The path to go to afterwards."""
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for."""

    email: str | None
    """In small letters; None where the provider has not verified it."""
    slack: str | None
    team: str | None
    """Slack's ids of the member and of the workspace."""

    @property
    def known_as(self) -> list[str]:
        return [each for each in (self.slack, self.email) if each]

    def is_among(self, allowed: frozenset[str]) -> bool:
        """Whether the address, its domain or the workspace is allowed; `allowed` is in small letters."""
        domain = self.email.rpartition("@")[2] if self.email else None
        return any(each and each.lower() in allowed for each in (self.email, domain, self.team))


class Provider:
    """One provider, what it says of itself, and the sign-ins under way. For several threads at once."""

    def __init__(self, settings: Oidc, desk_url: str) -> None:
        """Raises ConfigurationError where the libraries for it are not installed."""
        if not (find_spec("authlib") and find_spec("httpx")):
            raise ConfigurationError(
                "MONITOR_OIDC_ISSUER: signing in needs libraries that are not installed. "
                'Run: pip install "policy-monitor[oidc]"'
            )
        self._settings = settings
        self._redirect_uri = desk_url + BACK
        self._facts: tuple[datetime, dict[str, Any], Any] | None = None
        self._begun: dict[str, Begun] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """As people call it."""
        return "Slack" if self._settings.issuer == _SLACK else urlsplit(self._settings.issuer).hostname or ""

    def begin(self, wish: str, now: datetime) -> Begun:
        """Raises SignInError where the provider does not answer."""
        with self._asking() as client:
            facts, _ = self._get_facts(client, now)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
        }
        if "S256" in facts.get("code_challenge_methods_supported", ()):
            query |= _challenge(verifier)
        else:
            verifier = ""
        address = facts["authorization_endpoint"]
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
        begun = Begun(url, state, nonce, verifier, wish, now + PATIENCE)
        self._keep(begun, now)
        return begun

    def _keep(self, begun: Begun, now: datetime) -> None:
        """Anybody may knock: of more than can be under way, the oldest are forgotten."""
        with self._lock:
            good = [each for each in self._begun.values() if each.ends_at > now]
            self._begun = {each.state: each for each in [*good[1 - _MOST_BEGUN :], begun]}

    def take(self, state: str, now: datetime) -> Begun | None:
        """What was begun so, and is forgotten now; None = nothing, or too long ago, or it was answered before."""
        with self._lock:
            begun = self._begun.pop(state, None)
        return begun if begun and begun.ends_at > now else None

    def finish(self, begun: Begun, code: str, now: datetime) -> Identity:
        """Raises SignInError where the provider does not answer, or answers what does not hold."""
        from joserfc.errors import InvalidKeyIdError

        with self._asking() as client:
            facts, keys = self._get_facts(client, now)
            tokens = _read_json(client.post(facts["token_endpoint"], **self._ask_tokens(facts, begun, code)))
            try:
                claims = self._verify(tokens, keys, begun, now)
            except InvalidKeyIdError:  # the provider may have changed its keys since they were fetched
                self._facts = None
                claims = self._verify(tokens, self._get_facts(client, now)[1], begun, now)
            if "email" not in claims and facts.get("userinfo_endpoint"):
                claims |= _ask_address(client, facts["userinfo_endpoint"], tokens, claims["sub"])
        return self._read_identity(claims)

    def _ask_tokens(self, facts: dict[str, Any], begun: Begun, code: str) -> dict[str, Any]:
        """The arguments of the request; the secret goes in the way that the provider knows."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        if begun.verifier:
            form["code_verifier"] = begun.verifier
        client_id, secret = self._settings.client_id, self._settings.client_secret
        if "client_secret_basic" in facts.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            return {"data": form, "auth": (client_id, secret)}
        return {"data": form | {"client_id": client_id, "client_secret": secret}}

    def _verify(self, tokens: dict[str, Any], keys: Any, begun: Begun, now: datetime) -> dict[str, Any]:
        """What the ID token claims. Raises JoseError, ValueError."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        read = jwt.decode(_get_text(tokens, "id_token"), KeySet.import_key_set(keys), registry=registry)
        wanted = {"iss": self._settings.issuer, "aud": self._settings.client_id}
        options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        known = {
            "nonce": begun.nonce,
            "client_id": self._settings.client_id,
            "access_token": tokens.get("access_token"),
        }
        claims = CodeIDToken(read.claims, read.header, options, known)
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
        return dict(claims)

    def _read_identity(self, claims: dict[str, Any]) -> Identity:
        """Slack's own claims are named after its issuer, so that they count from Slack alone."""
        email = claims.get("email") if claims.get("email_verified") is True else None
        texts = [email, *(claims.get(f"{self._settings.issuer}/{name}") for name in ("user_id", "team_id"))]
        email, slack, team = (each if isinstance(each, str) and each else None for each in texts)
        return Identity(email.strip().lower() if email else None, slack, team)

    def _get_facts(self, client: httpx.Client, now: datetime) -> tuple[dict[str, Any], Any]:
        """What the provider says of itself, and its keys. Raises HTTPError, ValueError."""
        if self._facts is None or now - self._facts[0] >= _KEPT:
            issuer = self._settings.issuer
            facts = _read_json(client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
            if facts.get("issuer") != issuer:
                raise ValueError(f"it calls itself {facts.get('issuer')}; MONITOR_OIDC_ISSUER must be the same")
            for name in _ENDPOINTS:
                _check_address(name, _get_text(facts, name))
            keys = _read_json(client.get(facts["jwks_uri"]))
            if not keys.get("keys"):
                raise ValueError("it shows no keys")
            self._facts = now, facts, keys
        return self._facts[1:]

    @contextmanager
    def _asking(self) -> Iterator[httpx.Client]:
        """A client, and one sentence for whatever goes wrong with it."""
        import httpx
        from joserfc.errors import JoseError

        logging.getLogger("httpcore").setLevel(logging.WARNING)  # below, it writes headers, which may repeat the secret
        try:
            with httpx.Client(timeout=_TIMEOUT_S, headers={"Accept": "application/json"}) as client:
                yield client
        except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError) as error:
            why = str(error) or type(error).__name__
            log.warning("sign-in failed", provider=self.name, error=why)
            raise SignInError(
                f"{self.name} did not say who you are ({why}). Start again. If it stays so, tell whoever runs the desk."
            ) from error


def _challenge(verifier: str) -> dict[str, str]:
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    return {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"}


def _read_json(answer: httpx.Response) -> dict[str, Any]:
    """Slack refuses with status 200, and others say in the answer why they refused. Raises HTTPError, ValueError."""
    read = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    facts: dict[str, Any] = read if isinstance(read, dict) else {}
    if facts.get("error"):
        raise ValueError(f"it refused: {facts['error']}")
    answer.raise_for_status()
    if not facts:
        raise ValueError(f"{answer.url} answers with no JSON object")
    return facts


def _get_text(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    if not value or not isinstance(value, str):
        raise ValueError(f"its answer has no {name}")
    return value


def _check_address(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError(f"its {name} is not https")


def _ask_address(client: httpx.Client, url: str, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    """The claims about e-mail, which many providers give only here (section 5.4), if they are about the same person."""
    token = _get_text(tokens, "access_token")
    claims = _read_json(client.get(url, headers={"Authorization": f"Bearer {token}"}))
    if claims.get("sub") != subject:
        raise ValueError("its answers are about two people")
    return {name: claims[name] for name in ("email", "email_verified") if name in claims}
