"""What the interviewer knows: one grader an exercise, and the harness they share."""
