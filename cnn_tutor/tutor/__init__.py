"""The course without a screen: questions, answers, hints, sessions and the log."""
