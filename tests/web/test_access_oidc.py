"""An OpenID provider says who somebody is: the whole flow over HTTP, and every way to lie in it."""

from __future__ import annotations

from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from monitor.config import read_config
from monitor.errors import ConfigurationError, SignInError
from monitor.model import Role
from monitor.service import listen
from monitor.store.passes import get_passes
from monitor.web.access import oidc
from monitor.web.access.oidc import Identity, Provider
from monitor.web.app import create_app
from triaged import SOURCES
from web.conftest import Desk
from web.knocking import Door, opened, settle
from web.local_provider import LocalProvider

HOST = "desk.example.org"
URL = f"https://{HOST}"
PEOPLE = """\
people:
  - {name: Maria Lopez, email: Maria@Example.org, role: lead}
  - {name: Otto Lind, slack: U0OTTO1}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One desk and one provider for all that lie to them."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    (desk.folder / "sources.yaml").write_text(PEOPLE + SOURCES)
    with LocalProvider(settle(desk).now()) as provider:
        config = settle(desk, MONITOR_WEB_URL=URL, **provider.settings)
        app = create_app(config)
        with listen(app, "127.0.0.1", 0) as address:
            yield app, provider, Door(desk, config, address)


@pytest.fixture
def provider(house):
    """It says what is so, and the desk has not asked it yet."""
    app, provider, door = house
    app.state.provider = Provider(door.config.web.oidc, URL)
    provider.be_honest()
    return provider


@pytest.fixture
def door(house, provider):
    return house[2].forget()


class Guest:
    """A browser that goes to the provider and comes back."""

    def __init__(self, door):
        self.door = door
        self.cookie = None

    def start(self, wish="/"):
        """The address at the provider."""
        answer = self.door.ask(f"/sign-in/start?{urlencode({'next': wish})}", Host=HOST)
        self.cookie = answer.kept
        return answer.location

    def visit(self, url):
        """What the provider says: the path to come back to."""
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", f"{parts.path}?{parts.query}")
        back = urlsplit(connection.getresponse().headers["Location"])
        connection.close()
        assert f"{back.scheme}://{back.netloc}" == URL
        return f"{back.path}?{back.query}"

    def come_back(self, path, **headers):
        return self.door.ask(path, **({"Host": HOST, "Cookie": self.cookie} | headers))

    def sign_in(self, wish="/"):
        return self.come_back(self.visit(self.start(wish)))


@pytest.fixture
def guest(door):
    return Guest(door)


def sessions(door):
    return [(each.who, each.role) for each in get_passes(door.desk.db, door.config.now())]


def test_the_page_to_sign_in_leads_to_the_provider(door):
    assert 'href="/sign-in/start?next=/changes/1"' in door.ask("/sign-in?next=/changes/1", Host=HOST).text


def test_who_signs_in_is_known_by_their_address_and_goes_where_they_wanted_to(door, guest):
    answer = guest.sign_in("/?topic=a")
    assert (answer.status, answer.location) == (303, "/?topic=a")
    assert sessions(door) == [("Maria Lopez", Role.LEAD)]
    page = door.ask("/", Host=HOST, Cookie=answer.kept)
    assert "<summary>Maria Lopez</summary>" in page.text


def test_the_session_lasts_a_working_day_and_its_cookie_no_longer(guest):
    session = guest.sign_in().cookies["__Host-desk"]
    assert (session["max-age"], session["secure"], session["httponly"], session["samesite"]) == (
        "43200", True, True, "lax",
    )  # fmt: skip


def test_another_site_cannot_choose_where_people_go_afterwards(guest):
    assert guest.sign_in("//evil.example/").location == "/"


def test_who_is_let_in_and_not_listed_is_a_reader_under_their_address(door, guest, provider):
    provider.claims |= {"email": "Tom@Example.org", "name": "Maria Lopez"}
    assert guest.sign_in().status == 303
    assert sessions(door) == [("tom@example.org", Role.READER)]


def test_a_display_name_is_nobodys_name(door, guest, provider):
    provider.claims |= {"email": "tom@example.org", "name": "Maria Lopez", "preferred_username": "maria@example.org"}
    guest.sign_in()
    assert sessions(door) == [("tom@example.org", Role.READER)]


def test_the_provider_is_asked_as_the_standard_says(guest, provider):
    url = guest.start()
    query = dict(parse_qsl(urlsplit(url).query))
    assert (query["response_type"], query["client_id"], query["redirect_uri"]) == (
        "code",
        "desk",
        f"{URL}/sign-in/back",
    )
    assert "openid" in query["scope"].split()
    assert query["code_challenge_method"] == "S256"
    assert len({query["state"], query["nonce"], query["code_challenge"]}) == 3
    guest.come_back(guest.visit(url))
    asked = next(form for method, path, form in provider.asked if path == "/token")
    assert asked.keys() == {"grant_type", "code", "redirect_uri", "code_verifier"}


def test_a_provider_that_knows_no_pkce_and_wants_the_secret_in_the_form_gets_it_so(guest, provider):
    del provider.facts["code_challenge_methods_supported"]
    provider.facts["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    provider.facts["authorization_endpoint"] += "?tenant=1"
    assert guest.sign_in().status == 303
    asked = next(form for method, path, form in provider.asked if path == "/token")
    assert "code_verifier" not in asked


def test_an_address_that_only_the_userinfo_endpoint_gives_counts_as_well(door, guest, provider):
    del provider.claims["email"], provider.claims["email_verified"]
    provider.userinfo = {"sub": "1", "email": "maria@example.org", "email_verified": True}
    guest.sign_in()
    assert sessions(door) == [("Maria Lopez", Role.LEAD)]


def as_slack(issuer, user="U0OTTO1"):
    """Slack's own claims, under the name of whoever is the issuer."""
    return {f"{issuer}/user_id": user, f"{issuer}/team_id": "T0TEAM"}


def test_who_signs_in_with_slack_is_known_by_their_slack_id(door, provider):
    provider.claims |= {"email": "otto@elsewhere.example"} | as_slack(provider.issuer)
    settings = provider.settings | {"MONITOR_OIDC_ALLOW": "T0TEAM"}
    with opened(door.desk, MONITOR_WEB_URL=URL, **settings) as other:
        Guest(other).sign_in()
        assert sessions(other) == [("Otto Lind", Role.SPECIALIST)]


def test_what_another_provider_says_in_slacks_name_does_not_count(door, guest, provider):
    provider.claims |= as_slack("https://slack.com")
    guest.sign_in()
    assert sessions(door) == [("Maria Lopez", Role.LEAD)]


# Who may not


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "maria@elsewhere.example"},
        {"email": "maria@example.org.evil.example"},
        {"email": "example.org@evil.example"},
        {"email": "maria@sub.example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": None},
        {"email": ""},
        {"email": None},
        {"email": ["maria@example.org"]},
        {"email": "maria@elsewhere.example", "https://slack.com/team_id": "example.org"},
    ],
    ids=str,
)
def test_who_is_not_on_the_list_is_not_let_in(door, guest, provider, claims):
    provider.claims |= claims
    answer = guest.sign_in()
    assert (answer.status, answer.kept) == (403, "")
    assert "MONITOR_OIDC_ALLOW" in answer.text
    assert sessions(door) == []


def test_an_address_that_is_not_verified_is_nobodys_even_in_the_right_workspace(door, provider):
    provider.claims |= {"email_verified": False} | as_slack(provider.issuer, "U0TOM")
    settings = provider.settings | {"MONITOR_OIDC_ALLOW": "t0team"}
    with opened(door.desk, MONITOR_WEB_URL=URL, **settings) as other:
        Guest(other).sign_in()
        assert sessions(other) == [("U0TOM", Role.READER)]


@pytest.mark.parametrize(
    ("allow", "is_let_in"),
    [
        ("maria@example.org", True),
        ("MARIA@example.org, x.example", True),
        ("EXAMPLE.ORG", True),
        ("t0team", True),
        ("otto@example.org", False),
        ("org", False),
        ("@example.org", False),
    ],
)
def test_the_list_names_addresses_domains_and_workspaces(allow, is_let_in):
    environ = {
        "MONITOR_OIDC_ISSUER": "https://slack.com", "MONITOR_OIDC_CLIENT_ID": "1", "MONITOR_OIDC_CLIENT_SECRET": "2",
        "MONITOR_OIDC_ALLOW": allow, "MONITOR_WEB_URL": URL,
    }  # fmt: skip
    allowed = read_config(environ).web.oidc.allow
    assert Identity("maria@example.org", "U0", "T0TEAM").is_among(allowed) is is_let_in


# Lies


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": ["desk", "another"]},
        {"aud": ["desk", "another"], "azp": "another"},
        {"aud": None},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"nonce": "of another sign-in"},
        {"nonce": ""},
        {"nonce": None},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"iat": 99_999_999_999},
        {"at_hash": "of another token"},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_this_sign_in_lets_in_nobody(door, guest, provider, claims):
    provider.claims |= claims
    answer = guest.sign_in()
    assert (answer.status, answer.kept) == (403, "")
    assert "did not say who you are" in answer.text
    assert sessions(door) == []


@pytest.mark.parametrize(
    "way", ["sign_with_another_key", "sign_with_the_public_key", "sign_not_at_all", "sign_with_an_unknown_key"]
)
def test_an_id_token_that_the_provider_did_not_sign_lets_in_nobody(door, guest, provider, way):
    provider.sign = getattr(provider, way)
    assert guest.sign_in().status == 403
    assert sessions(door) == []


def test_what_userinfo_says_about_somebody_else_does_not_count(guest, provider):
    del provider.claims["email"]
    provider.userinfo = {"sub": "2", "email": "maria@example.org", "email_verified": True}
    assert "two people" in guest.sign_in().text


def test_a_state_is_good_once(door, guest):
    path = guest.visit(guest.start())
    assert guest.come_back(path).status == 303
    answer = guest.come_back(path)
    assert (answer.status, answer.kept) == (403, "")
    assert len(sessions(door)) == 1


def test_a_sign_in_that_another_browser_began_is_not_finished(door, guest):
    """Else somebody could make another person work under a name that is not theirs."""
    path = guest.visit(guest.start())
    other = Guest(door)
    other.start()
    for cookie in (None, other.cookie, "__Host-desk-sign-in="):
        assert guest.come_back(path, Cookie=cookie).status == 403
    assert sessions(door) == []


@pytest.mark.parametrize("query", ["", "state=", "state=x&code=y", "code=y", "error=access_denied"])
def test_who_comes_back_from_nowhere_is_told_so(door, guest, query):
    for cookie in (None, "__Host-desk-sign-in=x", "__Host-desk-sign-in="):
        assert guest.come_back(f"/sign-in/back?{query}", Cookie=cookie).status == 403


def test_looking_at_the_way_back_ahead_signs_nobody_in(door, guest):
    path = guest.visit(guest.start())
    assert door.ask(path, "HEAD", Host=HOST, Cookie=guest.cookie).status == 403
    assert sessions(door) == []
    assert guest.come_back(path).status == 303


def test_a_refusal_is_told_as_text(guest, provider):
    provider.refusal = "<script>alert(1)</script>"
    answer = guest.sign_in()
    assert answer.status == 403
    assert "&lt;script&gt;" in answer.text


def test_a_code_that_was_made_up_lets_in_nobody(guest):
    url = guest.start()
    state = dict(parse_qsl(urlsplit(url).query))["state"]
    answer = guest.come_back(f"/sign-in/back?state={state}&code=guessed")
    assert answer.status == 403
    assert "it refused: invalid_grant" in answer.text


def test_a_session_of_before_ends_when_somebody_signs_in_again(door, guest):
    before = guest.sign_in().kept
    path = guest.visit(guest.start())
    after = guest.come_back(path, Cookie=f"{guest.cookie}; {before}")
    assert after.status == 303
    assert door.ask("/", Host=HOST, Cookie=before).status == 303
    assert door.ask("/", Host=HOST, Cookie=after.kept).status == 200


# The provider


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"issuer": "https://evil.example"}, "it calls itself https://evil.example"),
        ({"authorization_endpoint": "http://evil.example/"}, "authorization_endpoint is not https"),
        ({"token_endpoint": "ftp://evil.example/"}, "token_endpoint is not https"),
        ({"jwks_uri": None}, "no jwks_uri"),
        ({"error": "out of order"}, "it refused: out of order"),
    ],
)
def test_a_provider_that_cannot_be_used_is_named_with_the_reason(door, provider, facts, said):
    provider.facts |= facts
    answer = door.ask("/sign-in/start", Host=HOST)
    assert answer.status == 403
    assert said in answer.text


def test_a_provider_that_does_not_answer_is_named_with_the_reason(door, provider):
    provider.facts["jwks_uri"] = f"{provider.issuer}/none"
    assert "404" in door.ask("/sign-in/start", Host=HOST).text
    provider.facts["jwks_uri"] = f"{provider.issuer}/.well-known/openid-configuration"
    assert "it shows no keys" in door.ask("/sign-in/start", Host=HOST).text
    provider.facts["jwks_uri"] = "http://127.0.0.1:9/keys"
    assert "Connection refused" in door.ask("/sign-in/start", Host=HOST).text


def test_what_the_provider_says_of_itself_is_asked_once_an_hour(door, provider):
    asking, now = Provider(door.config.web.oidc, URL), door.config.now()
    for minutes in (0, 1, 59):
        asking.begin("/", now + timedelta(minutes=minutes))
    assert len(provider.asked) == 2
    asking.begin("/", now + timedelta(hours=1))
    assert len(provider.asked) == 4


def test_a_new_key_of_the_provider_is_fetched_when_it_is_met(door, guest, provider):
    guest.start()
    provider.change_key("second")
    assert guest.sign_in().status == 303


def test_who_takes_longer_than_ten_minutes_starts_again(door, provider):
    asking, now = Provider(door.config.web.oidc, URL), door.config.now()
    states = [asking.begin("/", now).state for _ in range(2)]
    assert asking.take(states[0], now + oidc.PATIENCE) is None
    assert asking.take(states[1], now + oidc.PATIENCE - timedelta(seconds=1)).wish == "/"


def test_of_more_sign_ins_than_can_be_under_way_the_oldest_are_forgotten(door, monkeypatch):
    monkeypatch.setattr("monitor.web.access.oidc._MOST_BEGUN", 3)
    asking, now = Provider(door.config.web.oidc, URL), door.config.now()
    states = [asking.begin("/", now).state for _ in range(4)]
    assert [asking.take(state, now) is None for state in states] == [True, False, False, False]


def test_an_answer_that_is_no_json_is_no_answer(desk, provider, site):
    site.put("/.well-known/openid-configuration", "<p>Maintenance")
    settings = provider.settings | {"MONITOR_OIDC_ISSUER": site.url("")}
    asking = Provider(settle(desk, MONITOR_WEB_URL=URL, **settings).web.oidc, URL)
    with pytest.raises(SignInError, match="no JSON object"):
        asking.begin("/", settle(desk).now())


def test_slack_is_called_by_its_name():
    environ = {
        "MONITOR_OIDC_ISSUER": "https://slack.com", "MONITOR_OIDC_CLIENT_ID": "1", "MONITOR_OIDC_CLIENT_SECRET": "2",
        "MONITOR_OIDC_ALLOW": "T0TEAM", "MONITOR_WEB_URL": URL,
    }  # fmt: skip
    assert Provider(read_config(environ).web.oidc, URL).name == "Slack"


def test_without_the_libraries_it_says_what_to_install(desk, provider, monkeypatch):
    monkeypatch.setattr("monitor.web.access.oidc.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r'pip install "policy-monitor\[oidc\]"'):
        create_app(settle(desk, MONITOR_WEB_URL=URL, **provider.settings))


@pytest.mark.parametrize("path", ["/sign-in/start", "/sign-in/back?state=x"])
def test_without_a_provider_nobody_signs_in_with_one(desk, path):
    with opened(desk) as door:
        assert door.ask(path).status == 404
