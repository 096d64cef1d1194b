"""The picture of a cohort's weeks, and the page of a digest."""
