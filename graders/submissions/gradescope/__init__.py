"""An autograder for Gradescope: what builds the zip, and what runs there."""
