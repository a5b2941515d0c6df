"""Charts as raw Vega-Lite specifications: frame in, dictionary out, no objects in between.

A rerun with raw specifications costs a fraction of one with chart objects. Colours are mid-tones that read on the
light and the dark theme alike. Local times are drawn as if they were UTC (`base.wall`), so that neither the zone of
the browser nor a change of its clock moves them.
"""
