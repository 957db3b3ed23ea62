"""Makes a team-year in a database: python -m tests.worlds world.db --deals 5000 --truth hard."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from time import perf_counter

from rich.console import Console

from storage.engine import Database
from storage.migrate import upgrade
from tests.worlds.making import Plan, make
from tests.worlds.truth import TRUTHS


def main(arguments: Sequence[str] | None = None) -> None:
    """Makes the world; `python -m bot terminal --db world.db --as Mia` then walks in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds", description=__doc__)
    parser.add_argument("file", help="an SQLite file, or a database's URL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deals", type=int, default=600)
    parser.add_argument("--reps", type=int, default=6)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--truth", choices=TRUTHS, default="export")
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    given = parser.parse_args(arguments)
    url = given.file if "://" in given.file else f"sqlite:///{given.file}"
    database, start = Database(url), perf_counter()
    upgrade(database)
    plan = Plan(
        given.seed,
        given.deals,
        given.reps,
        given.days,
        truth=TRUTHS[given.truth],
        language=given.language,
        cards=True,
    )
    team = make(database, plan)
    database.close()
    Console().print(
        f"team {team.id}: {given.deals} deals of {given.reps} reps over {given.days} days,"
        f" truth {given.truth!r}, seed {given.seed} ({perf_counter() - start:.1f} s)"
    )


if __name__ == "__main__":
    main()
