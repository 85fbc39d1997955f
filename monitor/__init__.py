"""Policy Monitor: what changed in regulations and platform policies, and which of our procedures it touches.

Three wings, one direction: `spiders` collect what publishers say, `monitor` understands what changed and whom it
touches, `digests` tell people. The map of the modules is in docs/architecture.md.
"""

__version__ = "0.1.0"
