"""Enrolment: who is in a cohort, in which role, in which zone, and at which hour they like to be written to."""
