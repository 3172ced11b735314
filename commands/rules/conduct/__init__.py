"""What access grants limit, and when promises are due."""
