"""The operating system: descriptors, signals, files replaced as a whole, terminals, worker processes."""
