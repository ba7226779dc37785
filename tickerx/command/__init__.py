"""The command line: options, messages, progress, completion."""
