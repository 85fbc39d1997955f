"""A local Slack for tests: the Web API methods we use, the documented limits, and scripted faults."""
