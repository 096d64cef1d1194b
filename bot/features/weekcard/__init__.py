"""The week card: at each learner's own hour what the week is for, what to study, what to hand in and by when."""
