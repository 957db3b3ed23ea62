"""Stages, moves, working time, attention and odds: pure rules over frozen values."""
