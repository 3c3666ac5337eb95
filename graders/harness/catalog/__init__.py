"""Which exercises there are, their sheets, and their stubs."""
