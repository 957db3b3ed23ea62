"""The same promises kept by APScheduler's own SQLAlchemyJobStore: what a storm costs there."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tests.fakes.botapi import BotApi
from tests.faults.process import CONTEXT


def store_of(path: Path) -> dict[str, SQLAlchemyJobStore]:
    """Its job store on this database file."""
    return {"default": SQLAlchemyJobStore(url=f"sqlite:///{path}")}


async def promise(
    path: Path,
    api: BotApi,
    due: Mapping[str, float],
    chat_id: int,
    lead: float = 0.0,
    grace: int | None = 1,
) -> None:
    """Keeps a job for each name, due so long after `lead` seconds.

    `grace` is how many seconds late a job still runs; one is the library's default.
    """
    now = datetime.now(UTC)
    keeping = AsyncIOScheduler(jobstores=store_of(path), timezone="UTC")
    keeping.start(paused=True)
    for name, seconds in due.items():
        at = now + timedelta(seconds=lead + seconds)
        told = {"run_date": at, "args": (api.base_url + api.token, chat_id, name)}
        keeping.add_job(say, "date", misfire_grace_time=grace, **told)
    keeping.shutdown(wait=False)


async def say(url: str, chat_id: int, name: str) -> None:
    """Sends one message."""
    async with aiohttp.ClientSession() as session:
        await session.post(f"{url}/sendMessage", json={"chat_id": chat_id, "text": name})


def started(path: Path) -> ForkServerProcess:
    """A process that keeps the promises in this file."""
    process = CONTEXT.Process(target=_serve, args=(path,), daemon=True)
    process.start()
    return process


def _serve(path: Path) -> None:
    logging.disable()  # it warns of each job that it misses
    asyncio.run(_served(path))


async def _served(path: Path) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    keeping = AsyncIOScheduler(jobstores=store_of(path), timezone="UTC")
    keeping.start()
    await told.wait()
    keeping.shutdown(wait=False)
