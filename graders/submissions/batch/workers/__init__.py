"""Who grades a batch: processes of this machine, or the workers of a cluster."""
