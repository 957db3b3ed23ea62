"""The command line: `python -m bot cards`, `python -m bot slack`.

Here: arguments, exit codes, what is printed. Not here: what a command does; other rooms do it.
May ask: bootstrap, clock, config, handlers, kb, storage.
"""
