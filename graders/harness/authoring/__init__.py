"""What a grader is written with: contracts, refusals, comparison, timing, inputs."""
