"""A seeded financial contact centre whose truth is known: tests, the demo and the documentation stand on it."""

from data.synthetic.centre import Centre, make_centre, true_means, truth_uplift

__all__ = ["Centre", "make_centre", "true_means", "truth_uplift"]
