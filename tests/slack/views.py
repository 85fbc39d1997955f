"""The methods views.open, views.update and views.publish, against a workspace.

Source: https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/reference/methods/views.open.

Does not do: views.push, external_id; what the views may contain (`limits`).
"""

from slack.limits import SlackError, check_view
from slack.shapes import complaint
from slack.showing import shown_view
from slack.workspace import OpenView


def open_view(workspace, parameters):
    """The trigger is used up by a refused view as well."""
    user_id = workspace.use_trigger(parameters["trigger_id"])
    _check_modal(parameters["view"])
    view = shown_view(workspace, parameters["view"], workspace.new_id("V"))
    workspace.views[view["id"]] = OpenView(view, user_id)
    return {"view": view}


def _check_modal(view):
    check_view(view)
    if view["type"] != "modal":
        raise SlackError("invalid_arguments", [complaint("must be a valid enum value: modal", "/view/type")])


def replace_view(workspace, view_id, view):
    """Show another modal in place of an open one; returns it as Slack shows it."""
    _check_modal(view)
    known = workspace.views.get(view_id)
    if known is None:
        raise SlackError("not_found")
    known.view = shown_view(workspace, view, view_id)
    return known.view


def update_view(workspace, parameters):
    known = workspace.views.get(parameters["view_id"])
    if known and parameters.get("hash", known.view["hash"]) != known.view["hash"]:
        raise SlackError("hash_conflict")
    return {"view": replace_view(workspace, parameters["view_id"], parameters["view"])}


def publish_view(workspace, parameters):
    if parameters["user_id"] not in workspace.users:
        raise SlackError("invalid_arguments", [complaint("invalid `user_id`", "/user_id")])
    check_view(parameters["view"])
    if parameters["view"]["type"] != "home":
        raise SlackError("invalid_arguments", [complaint("must be a valid enum value: home", "/view/type")])
    known = workspace.homes.get(parameters["user_id"], {})
    if parameters.get("hash", known.get("hash")) != known.get("hash"):
        raise SlackError("hash_conflict")
    view = shown_view(workspace, parameters["view"], known.get("id") or workspace.new_id("V"))
    workspace.homes[parameters["user_id"]] = view
    return {"view": view}
