"""Mock interviews: rounds of exercises, and rounds for talking."""
