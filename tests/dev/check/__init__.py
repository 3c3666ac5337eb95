"""What an exercise must pass: the verb `check`, and the tests of every exercise."""
