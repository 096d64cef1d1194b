"""The course team's time: what instructors say that a week took them, by one tap on Friday's desk."""
