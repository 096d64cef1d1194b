"""The time ledger: what each week plans, what live sessions put in and take out, and what learners say it took."""
