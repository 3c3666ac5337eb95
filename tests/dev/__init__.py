"""The maintainers' tools: `nox -s dev -- VERB`."""
