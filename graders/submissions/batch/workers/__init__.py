"""Where answers are graded: in this process, on all cores, on a cluster."""
