"""What judges this project; graders/ judges candidates."""
