"""Runs gradings: the pytest plugin, its processes, the command line, the debugger."""
