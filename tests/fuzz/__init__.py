"""Any bytes at all, for any engine that makes them up."""
