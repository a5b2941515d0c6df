"""Frames as planners read them: local times, labels, ratios derived from sums. Frame in, frame out."""
