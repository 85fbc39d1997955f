"""What answers over HTTP: `app` puts the routes together, `slack` takes what Slack posts.

Does not do: deciding or storing anything; it calls the same functions as the command line.
"""
