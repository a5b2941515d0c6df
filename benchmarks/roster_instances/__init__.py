"""The public employee shift scheduling instances: their format, an adapter to the product, an independent count."""
