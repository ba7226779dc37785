"""What the operating system gives: descriptors, signals, files replaced whole, terminals, worker processes."""
