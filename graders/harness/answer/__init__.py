"""The grader's side of the worker protocol: answers, callbacks, errors, isolation."""
