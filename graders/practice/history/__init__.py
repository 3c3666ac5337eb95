"""What was practiced: a table, a page with plots, and JSON."""
