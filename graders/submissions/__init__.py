"""Grade what strangers submit: a pull request's answers, and nothing else of it."""
