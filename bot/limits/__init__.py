"""Limits of the outside world: rates, refusals that pass, outages, and a busy database.

A platform's own `errors.py` recognises a 429 and how long it asks to wait; `rate_limiter.py` spaces
calls out so that there is none, and holds a key as long as asked; `saved_limits.py` keeps that over
a restart; `retried_calls.py` retries the calls of one reply; a message of the outbox goes back into
it and is retried by `bot/delivery/`, which asks `circuit_breaker.py` whether a platform is up.
`busy_database.py` is the one policy for a busy database, `backoff.py` the waits of all of these.

Here: what all platforms share. Not here: one platform's own rates and words.
May ask: clock, storage.
"""
