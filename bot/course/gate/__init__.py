"""The gate that a live session passes before anybody hears of it."""
