"""What arrives from a platform: kept in the inbox first, then handled in order.

Here: the stored inbox, one lane a conversation, the worker. Not here: what a payload means.
May ask: app, limits, storage.
"""
