"""The workspace behind the local Slack: people, channels, messages, views, and what is good for a short time only.

Identifiers have Slack's forms: T (team), A (app), B (bot), U (person), C (channel), D (direct messages), V (view).

Does not do: the Web API (`web_api`), people who act (`people`).
"""

import itertools
import threading
import time
from dataclasses import dataclass, field

from slack.limits import SlackError

TEAM = "T0LOCAL"
APP = "A0LOCAL"
BOT = "B0LOCAL"
BOT_USER = "U0BOT"

TRIGGER_SECONDS = 3
"""https://docs.slack.dev/interactivity/handling-user-interaction: a trigger_id expires 3 seconds after it was made."""

RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5
"""https://docs.slack.dev/interactivity/handling-user-interaction: a response_url is good 5 times within 30 minutes."""

SCOPES = ("channels:history", "chat:write", "commands", "groups:history", "im:history", "im:write")
"""What `slack-app.yaml` asks for, and no more: a test that needs more adds it to `scopes`."""


@dataclass
class Channel:
    """A channel as the app meets it; tests change it to break and mend things."""

    member: bool = True
    archived: bool = False
    private: bool = False
    name: str = "policy"
    people: set = field(default_factory=set)
    """Who is in it; nobody named: everybody."""
    user: str = ""
    """Whose direct messages these are."""


@dataclass
class User:
    name: str
    email: str = ""
    timezone: str = "Europe/Brussels"
    deleted: bool = False
    bot: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction."""

    channel: str
    user: str
    message: dict | None
    until: float
    uses: int = 0


@dataclass
class OpenView:
    """A modal in front of a person, as Slack shows it."""

    view: dict
    user: str


@dataclass
class Trigger:
    """What lets the app open one modal for a person."""

    user: str
    until: float
    used: bool = False


class Workspace:
    """One workspace with one app in it. Attributes may be changed at any time."""

    token = "xoxb-local"
    app_token = "xapp-local"
    signing_secret = "local-signing-secret"
    channel = "C0POLICY"

    def __init__(self):
        self.channels = {self.channel: Channel()}
        self.users = {
            "U0MARIA": User("Maria Berg", "maria@borealis.example"),
            "U0TOM": User("Tom Okoro", "tom@borealis.example", "Pacific/Auckland"),
            BOT_USER: User("policy-monitor", bot=True),
        }
        self.scopes = set(SCOPES)
        self.messages = []
        """Accepted ones, oldest first, each with `channel`, `ts`, `text`, `blocks`, `metadata`, as they were posted."""
        self.ephemeral = []
        """What one person alone has seen, each with `channel`, `user`, `text`, `blocks`."""
        self.views = {}
        """Every open modal (OpenView), by its id."""
        self.homes = {}
        """The App Home of each person, as Slack shows it, by the person's id."""
        self.response_urls = {}
        self.history_lag = 0
        """How many calls of conversations.history do not show a message yet after it was accepted."""
        self.clock = time.time
        """Seconds since the epoch, for what expires and for `ts`."""
        self.lock = threading.RLock()
        self._triggers = {}
        self._numbers = itertools.count(1)

    def new_id(self, prefix):
        return f"{prefix}{next(self._numbers):08d}"

    def next_ts(self):
        last = max((float(each["ts"]) for each in self.messages[-1:] + self.ephemeral[-1:]), default=0)
        return f"{max(self.clock(), last + 0.000002):.6f}"

    def get_channel(self, channel_id):
        channel = self.channels.get(channel_id)
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def get_user(self, user_id):
        user = self.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def find_message(self, channel_id, ts):
        return next((each for each in self.messages if (each["channel"], each["ts"]) == (channel_id, ts)), None)

    def open_direct(self, user_id):
        """The id of the channel between the app and a person, made where there is none."""
        for channel_id, channel in self.channels.items():
            if channel.user == user_id:
                return channel_id
        channel_id = self.new_id("D")
        self.channels[channel_id] = Channel(private=True, name="", people={user_id, BOT_USER}, user=user_id)
        return channel_id

    def people_in(self, channel_id):
        named = self.get_channel(channel_id).people
        return named or set(self.users)

    def new_trigger(self, user_id):
        trigger_id = f"{next(self._numbers)}.{TEAM}.local"
        self._triggers[trigger_id] = Trigger(user_id, self.clock() + TRIGGER_SECONDS)
        return trigger_id

    def use_trigger(self, trigger_id):
        """The person behind it; good once, and for three seconds."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_response_url(self, channel_id, user_id, message=None):
        """The key of a new one."""
        key = self.new_id("R")
        self.response_urls[key] = ResponseUrl(channel_id, user_id, message, self.clock() + RESPONSE_SECONDS)
        return key

    def use_response_url(self, key):
        """Good five times, and for thirty minutes."""
        known = self.response_urls.get(key)
        if known is None or self.clock() > known.until:
            raise SlackError("expired_url")
        if known.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        known.uses += 1
        return known
