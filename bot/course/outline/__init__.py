"""An outline as teams have it becomes a draft of a course file."""
