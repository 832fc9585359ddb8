"""What follows from data and settings, exactly: where a run ends, how fast, and at which rates."""
