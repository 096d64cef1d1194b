"""The course file: its model, its loader with line numbers, its audit, its schema."""
