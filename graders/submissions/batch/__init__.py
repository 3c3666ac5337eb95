"""A class or a pipeline in one command: recognise, grade, go on, tell."""
