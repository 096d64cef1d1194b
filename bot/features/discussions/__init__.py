"""Discussions: everybody posts by a protocol, answers others, and nobody's post stays without an answer."""
