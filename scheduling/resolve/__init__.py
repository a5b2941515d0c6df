"""Solving again from a roster that stands: locks, sickness, few changes."""
