"""Deals and customers, their events and histories, stakeholders, occasions, proofs, exports.

Here: queries over deals, each change with its event. Not here: rules of a funnel.
May ask: scope, tables.
"""
