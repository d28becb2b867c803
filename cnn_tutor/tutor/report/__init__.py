"""What a class did and did not understand, from any number of logs: a fold over each student, and one over all."""
