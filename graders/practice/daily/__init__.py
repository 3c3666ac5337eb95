"""What a candidate uses day by day: list, next, watch and the study plan."""
