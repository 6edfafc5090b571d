"""The gate and the plain answers of the HTTP side, free of any web framework."""
