"""The contract of the handlers: request, reply, desk, catalogue, words, refusals, forms, paging.

Here: what every room and platform shares. Not here: anything about one command.
May ask: kb, storage.
"""
