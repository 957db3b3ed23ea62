"""The look-up's second opinion by a model of meaning: vectors, comparing, reranking.

Here: what is done with a model's vectors. Not here: loading a model, see bot/semantic.
May ask: card, clauses, context_boost, normalise, packs, scoring, search.
"""
