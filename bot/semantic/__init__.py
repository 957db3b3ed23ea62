"""The optional model of meaning for look-ups, asked beside the event loop.

Here: loading an encoder, the thread that runs it, who waits for it. Not here: scoring, see kb.
May ask: clock, kb.
"""
