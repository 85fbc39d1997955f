"""Who may come in: one-time links (the default), a trusted proxy's header, or an OpenID provider; keys for programs.

    visitors     who asks, by what they show: the proxy's header, a key, or the cookie of a session
    invitation   one-time links, the sessions they turn into, and keys
    oidc         the code flow with an OpenID provider, such as "Sign in with Slack"
    hosts        the names that the desk answers to;  cookies  what a browser keeps
    doors        the pages through which people come in and leave

Does not do: sending away what other sites sent (`monitor.web.guard`), saying what a role may do (`monitor.model.Role`).
"""

from monitor.web.access.visitors import SAFE, Visitor, find_visitor, send_away

__all__ = ["SAFE", "Visitor", "find_visitor", "send_away"]
