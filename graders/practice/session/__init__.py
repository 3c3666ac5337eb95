"""One exercise against the clock, from the fresh stub to the scorecard."""
