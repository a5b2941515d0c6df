"""Command line and screen, and the one place where the parts are wired together (plan.py)."""
