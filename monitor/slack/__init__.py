"""Deciding in Slack: buttons, forms, the App Home and the slash command, over Socket Mode or HTTP alike.

    a press  ▸  ack (Slack waits three seconds)  ▸  claim (once)  ▸  `monitor.triage`  ▸  every message shows it

`app` puts it together, `actions` has the buttons, `modals` the forms, `home` the App Home, `commands` the command.
`answering` is what they share, and `people` says who it was. What comes from outside is shown as plain or rich text.

Does not do: posting digests (`digests`), receiving over HTTP (`monitor.web`), deciding anything by itself.
"""
