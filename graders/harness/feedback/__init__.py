"""What a candidate is told, and how it is found out."""
