"""The terminal: a real platform for newcomers, scripts and tests."""
