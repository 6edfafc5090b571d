"""Finds module folders and notices when they change."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from streamcore.bundle import Bundle, Problem, fingerprint, read_bundle
from streamcore.core.clock import Clock

__all__ = ["Found", "Loader", "OnChange", "Source"]

logger = logging.getLogger(__name__)

Source = Literal["user", "bundled"]

# A change is noticed at one look and taken at the next quiet one; looking more often in between
# keeps the sum under two seconds.
_QUIET_SHARE = 0.5
_MOST_LOOKS = 20
_LEFTOVER = ".partial"


@dataclass(frozen=True, slots=True)
class Found:
    """A module folder, sound or not; `shadowed` is the folder of the same id that it hides."""

    bundle: Bundle
    source: Source
    shadowed: Path | None = None


OnChange = Callable[[Mapping[str, Found]], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class _Read:
    """A folder as it was read, and the mark that it had then."""

    bundle: Bundle
    mark: object


@dataclass(frozen=True, slots=True)
class _Moving:
    """A folder that differs from what was read, and for how many looks it has."""

    mark: object
    looks: int


class Loader:
    """Looks at the folders once a second, in a thread of its own.

    Looking (names, sizes and times) is right here: there are few folders, it costs a fraction of
    a millisecond for each, it works on network drives and in every editor's way of saving, and
    the watching libraries wake the process up many times a second for the same knowledge. In the
    loop's common pool each look would wake up two or three threads.
    """

    def __init__(
        self,
        roots: Sequence[tuple[Source, Path]],
        on_change: OnChange,
        clock: Clock,
        poll_s: float = 1.0,
    ) -> None:
        self._roots = tuple(roots)
        self._on_change = on_change
        self._clock = clock
        self._poll_s = poll_s
        self._read: dict[Path, _Read] = {}
        self._moving: dict[Path, _Moving] = {}
        self._unreadable: set[Path] = set()
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "modules-folders")
        self._looked = False
        self._found: Mapping[str, Found] = MappingProxyType({})

    @property
    def found(self) -> Mapping[str, Found]:
        """Return every module by its id, as of the last look."""
        return self._found

    async def scan(self) -> Mapping[str, Found]:
        """Look now and take what is there, without waiting for folders to come to rest."""
        async with self._lock:
            self._looked = True
            await self._look_beside(patient=False)
            self._found = self._choose()
            return self._found

    async def run(self) -> None:
        """Look for ever, and tell `on_change` the whole picture when something changed.

        What lies there at the start is taken at once, unless a `scan` has done so before.
        """
        if not self._looked:
            await self._look_and_tell(patient=False)
        while True:
            await self._clock.sleep(self._poll_s * (_QUIET_SHARE if self._moving else 1.0))
            await self._look_and_tell(patient=True)

    async def _look_and_tell(self, *, patient: bool) -> None:
        async with self._lock:
            self._looked = True
            changed = await self._look_beside(patient=patient)
            if changed:
                self._found = self._choose()
        if changed:
            await self._tell()

    async def _look_beside(self, *, patient: bool) -> bool:
        look = functools.partial(self._look, patient=patient)
        return await asyncio.get_running_loop().run_in_executor(self._thread, look)

    async def _tell(self) -> None:
        try:
            answer = self._on_change(self._found)
            if inspect.isawaitable(answer):
                await answer
        except Exception:  # the next change must be seen whatever became of this one
            logger.exception("a change of the module folders could not be dealt with")

    def _look(self, *, patient: bool) -> bool:
        """Bring what is known up to date; a patient look leaves folders that are still moving."""
        folders = self._folders()
        changed = False
        for folder in [*folders, *(known for known in self._read if known not in folders)]:
            mark = fingerprint(folder) if folder in folders else None
            known = self._read.get(folder)
            if mark == (known.mark if known else None):
                self._moving.pop(folder, None)
            elif patient and self._is_moving(folder, mark):
                continue
            else:
                self._moving.pop(folder, None)
                self._take(folder, mark)
                changed = True
        for gone in [folder for folder in self._moving if folder not in folders]:
            if gone not in self._read:
                del self._moving[gone]
        return changed

    def _is_moving(self, folder: Path, mark: object) -> bool:
        """Wait until it looks the same twice, but not for a folder that never comes to rest."""
        before = self._moving.get(folder)
        if before is not None and (before.mark == mark or before.looks >= _MOST_LOOKS):
            return False
        self._moving[folder] = _Moving(mark, before.looks + 1 if before else 1)
        return True

    def _take(self, folder: Path, mark: object) -> None:
        if mark is None:
            self._read.pop(folder, None)
        else:
            # Marked before it is read: what is written meanwhile differs at the next look.
            self._read[folder] = _Read(_read_or_explain(folder), mark)

    def _folders(self) -> list[Path]:
        return [folder for _, root in self._roots for folder in self._below(root)]

    def _below(self, root: Path) -> list[Path]:
        try:
            folders = sorted(path for path in root.iterdir() if _is_module_folder(path))
        except FileNotFoundError:
            folders = []
        except OSError as error:
            # A drive that is away for a moment must not stop every module on it.
            if root not in self._unreadable:
                self._unreadable.add(root)
                logger.warning("the modules folder %s cannot be read: %s", root, error)
            return [folder for folder in self._read if folder.parent == root]
        self._unreadable.discard(root)
        return folders

    def _choose(self) -> Mapping[str, Found]:
        """Pick one folder for each id: earlier roots win, so the user's hides the bundled one."""
        chosen: dict[str, Found] = {}
        for source, root in self._roots:
            for folder, known in sorted(self._read.items()):
                if folder.parent != root:
                    continue
                module_id = known.bundle.id
                if (winner := chosen.get(module_id)) is None:
                    chosen[module_id] = Found(known.bundle, source)
                elif winner.shadowed is None:
                    chosen[module_id] = replace(winner, shadowed=folder)
        return MappingProxyType(chosen)


def _is_module_folder(path: Path) -> bool:
    if path.name.startswith((".", "__")) or path.name.endswith(_LEFTOVER):
        return False
    try:
        return path.is_dir()
    except OSError:  # a module that cannot be read is shown as one
        return True


def _read_or_explain(folder: Path) -> Bundle:
    try:
        return read_bundle(folder)
    except Exception as error:  # a folder that a rule trips over must not hide the others
        logger.exception("the module folder %s could not be checked", folder)
        problem = Problem(
            file=".", path="", expected="a folder that can be checked", found=repr(error)
        )
        return Bundle(folder.name, folder, None, (problem,), (), "", {})
