"""What every process has: settings, log, metrics, health, and the composition root."""
