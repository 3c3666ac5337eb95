"""Timed practice: clock, attempts, hints, mock rounds, scorecard and progress."""
