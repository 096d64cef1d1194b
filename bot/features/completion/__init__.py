"""Completion: one's own progress, the final card, the certificate, the completion list, and the end of a cohort."""
