"""What the operating system gives: descriptors, signals, files that are replaced whole, terminals, processes."""
