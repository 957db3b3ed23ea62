"""Messages that wait to be sent: notices, settled nudges, background jobs, dead letters.

Here: rows of the outbox and the replies they become. Not here: claiming and sending, see bot.
May ask: contract, storage.
"""
