"""Check-ins: on fixed days everybody says what is done, what comes next and where they are stuck."""
