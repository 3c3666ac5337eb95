"""One page about a class: what the grades say together."""
