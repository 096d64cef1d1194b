"""The survey: anonymous answers about each live session and the course, which draft what the next run changes."""
