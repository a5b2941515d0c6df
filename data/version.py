"""The product's version, kept with every result so that it can be made again."""

__version__ = "0.1.0"
