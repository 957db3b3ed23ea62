"""Limits of the outside world: who recognises a 429, waits, keeps it over a restart, retries.

Here: rate limits, back-off, circuit breaker, retried calls. Not here: one platform's own words.
May ask: app, storage.
"""
