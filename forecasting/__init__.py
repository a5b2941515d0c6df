"""History and peaks in, forecast with quantiles out. Knows no solver and no screen."""
