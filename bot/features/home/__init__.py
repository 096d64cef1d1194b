"""Home: `/cohort`, `/cohort next` and `/cohort help`. They always work, and always say what is next."""
