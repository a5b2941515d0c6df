"""Rosters of people who all differ: a tour of their own for each, by column generation and search."""
