"""`pacekeeper look`: what a course's chat and calendar show before anything is installed. It stores nothing."""
