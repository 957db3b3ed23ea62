"""The outside world: platforms, clock, delivery and processes. The only async code."""
