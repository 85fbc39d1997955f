"""A local Slack for tests: the Web API, its documented limits, people who act, and what goes wrong on the way."""
