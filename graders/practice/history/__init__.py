"""What was practised: the table and the page."""
