"""A workspace in which people click, choose, submit, type commands and open the App Home; Slack tells the app.

It does over Socket Mode, or, where `request_url` is set, by signed HTTP POSTs to it. Every act returns the app's Reply.
Nobody can do what the screen does not offer (LookupError, ValueError): a button that is not there, a required field
left empty. With `forgery` a request does not come from Slack at all.

    slack.click(message, "reject", value="12", user="U0TOM")
    modal = slack.wait_for_modal("reject")
    slack.submit(modal, {"reason": "Concerns shops only."})

Does not do: several modals on top of one another.
"""

import time

from slack import payloads, responses
from slack.carriers import Kind, over_http, over_socket, tell
from slack.showing import shown
from slack.workspace import Workspace

MARIA, TOM = "U0MARIA", "U0TOM"

ATTEMPTS = 4
"""Of an event: the first and three more (https://docs.slack.dev/apis/events-api#retries)."""


class People(Workspace):
    """A workspace with hands."""

    def __init__(self):
        super().__init__()
        self.request_url = None
        """Where the app takes HTTP requests; None stands for Socket Mode."""
        self.ack_seconds = 3
        """How long Slack waits (https://docs.slack.dev/interactivity/handling-user-interaction)."""

    def click(self, where, action_id, *, user=MARIA, value=None, block_id=None, forgery=None):
        """Press a button of a message (of `messages` or `ephemeral`), modal or home; `value` tells equal ones apart."""
        return self._use(where, (action_id, block_id), user, value=value, forgery=forgery)

    def choose(self, where, action_id, choice, *, user=MARIA, block_id=None, forgery=None):
        """Choose from a menu: an option by its value, a person by id, a date as YYYY-MM-DD."""
        return self._use(where, (action_id, block_id), user, choice=choice, forgery=forgery)

    def submit(self, modal, values=None, *, user=None, forgery=None):
        """Fill in ({block_id: value}) and send an open modal, then do with it what the app answers."""
        told = payloads.view_submission(
            self._person(user or modal.user), self.new_trigger(user or modal.user), modal.view, values or {}
        )
        reply = self._tell(Kind.INTERACTIVE, told, forgery)
        if reply.acked:
            with self.lock:
                responses.after_submission(self, told, reply.payload)
        return reply

    def close(self, modal):
        """Cancel a modal; the app is told where it asked to be (then returns its Reply)."""
        del self.views[modal.view["id"]]
        if modal.view.get("notify_on_close"):
            return self._tell(Kind.INTERACTIVE, payloads.view_closed(self._person(modal.user), modal.view))
        return None

    def command(self, command, text="", *, user=MARIA, channel=None, forgery=None):
        """Type a slash command; what the acknowledgement says is shown at once."""
        channel_id = channel or self.channel
        told = payloads.slash_command(
            self._person(user),
            self.new_trigger(user),
            command,
            text,
            {"channel_id": channel_id, "channel_name": self._channel_name(channel_id)},
            self._response_url(channel_id, user),
        )
        reply = self._tell(Kind.COMMAND, told, forgery)
        if reply.acked:
            with self.lock:
                responses.after_command(self, told, reply.payload)
        return reply

    def open_home(self, user=MARIA, *, forgery=None):
        with self.lock:
            direct = self.open_direct(user)
        event = {"type": "app_home_opened", "user": user, "channel": direct, "tab": "home", "event_ts": self._now()}
        home = self.homes.get(user)
        return self.event(event | ({"view": home} if home else {}), forgery=forgery)

    def event(self, event, *, forgery=None):
        """Send an event; again as long as it is not acknowledged, as Slack does, only without its pauses."""
        told = payloads.event_callback(event, self.new_id("Ev"), int(self.clock()))
        return self._tell(Kind.EVENT, told, forgery)

    def replay(self, reply):
        """Send the very same bytes again, signature and all; over Socket Mode the same payload."""
        return self._carry(reply.told)

    def wait_for_modal(self, callback_id=None, seconds=5):
        """The newest open modal, once there is one."""

        def find():
            with self.lock:
                open_views = list(self.views.values())
            named = [each for each in open_views if callback_id in {None, each.view["callback_id"]}]
            return named[-1] if named else None

        return wait_until(find, seconds, f"modal {callback_id or ''} to open")

    def _use(self, where, names, user, *, value=None, choice=None, forgery=None):
        view = getattr(where, "view", where)
        seen = view if "hash" in view else shown(view)
        own_block, element = payloads.find_element(seen["blocks"], *names, value=value, choice=choice)
        action = payloads.action(own_block, element, choice, self._now())
        place = payloads.of_view(seen) if "hash" in view else self._place(view, seen, user)
        told = payloads.block_actions(self._person(user), self.new_trigger(user), place, action)
        return self._tell(Kind.INTERACTIVE, told, forgery)

    def _place(self, message, seen, user):
        is_ephemeral = message in self.ephemeral
        if message not in self.messages and not (is_ephemeral and message["user"] == user):
            raise LookupError(f"{user} does not see this message: it is another's, or not there any more")
        channel_id = message["channel"]
        channel = {"id": channel_id, "name": self._channel_name(channel_id)}
        url = self._response_url(channel_id, user, message)
        return payloads.of_message(seen, channel, url, is_ephemeral=is_ephemeral)

    def _tell(self, kind, payload, forgery=None):
        return self._carry(tell(kind, payload, self.signing_secret, time.time(), forgery))

    def _carry(self, told):
        """Once, or, of an event, until it is acknowledged."""
        reply = self._carry_once(told, None)
        while not reply.acked and told.kind is Kind.EVENT and reply.attempts < ATTEMPTS:
            reply = self._carry_once(told, reply)
        return reply

    def _carry_once(self, told, failed):
        if self.request_url:
            return over_http(self.request_url, told, self.ack_seconds, failed)
        return over_socket(self.socket, told, self.ack_seconds, failed)

    def _person(self, user_id):
        name = self.get_user(user_id).name.split()[0].lower()
        return {"id": user_id, "username": name, "name": name, "team_id": payloads.TEAM}

    def _channel_name(self, channel_id):
        channel = self.get_channel(channel_id)
        return "directmessage" if channel.user else channel.name

    def _response_url(self, channel_id, user_id, message=None):
        return self.response_address(self.new_response_url(channel_id, user_id, message))

    def _now(self):
        return f"{self.clock():.6f}"


def wait_until(find, seconds=5, what="that to happen"):
    """What `find` returns as soon as it is true; TimeoutError after so many seconds."""
    until = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.01)
    return found
