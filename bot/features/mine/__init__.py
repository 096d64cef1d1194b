"""Mine: what is kept about a person, for that person."""
