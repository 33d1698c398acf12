"""Where workflow histories are kept."""
