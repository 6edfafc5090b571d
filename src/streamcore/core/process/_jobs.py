"""Windows job objects by ctypes: a box around a process that ends it when the core ends."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("job objects are Windows'")

import ctypes
from ctypes import wintypes

__all__ = ["Job"]

_PROCESS_TERMINATE = 0x0001
_PROCESS_SET_QUOTA = 0x0100

_EXTENDED_LIMIT_INFORMATION = 9

_LIMIT_ACTIVE_PROCESS = 0x00000008
_LIMIT_JOB_MEMORY = 0x00000200
_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x00000400
_LIMIT_KILL_ON_JOB_CLOSE = 0x00002000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
        ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_ulonglong * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class _Api:
    """The functions of kernel32 with their types, so that handles survive on 64 bits."""

    def __init__(self) -> None:
        library = ctypes.WinDLL("kernel32", use_last_error=True)
        self.create = library.CreateJobObjectW
        self.create.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
        self.create.restype = wintypes.HANDLE
        self.configure = library.SetInformationJobObject
        self.configure.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            wintypes.LPVOID,
            wintypes.DWORD,
        )
        self.configure.restype = wintypes.BOOL
        self.assign = library.AssignProcessToJobObject
        self.assign.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        self.assign.restype = wintypes.BOOL
        self.terminate = library.TerminateJobObject
        self.terminate.argtypes = (wintypes.HANDLE, wintypes.UINT)
        self.terminate.restype = wintypes.BOOL
        self.open_process = library.OpenProcess
        self.open_process.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        self.open_process.restype = wintypes.HANDLE
        self.close_handle = library.CloseHandle
        self.close_handle.argtypes = (wintypes.HANDLE,)
        self.close_handle.restype = wintypes.BOOL


class Job:
    """One job for one module; its last handle is ours, so our end is the job's end.

    It has no limits on windows and clipboard: a job with those cannot be nested, and both a core
    that was itself started in a job and the starter of a virtual environment need nesting.
    """

    def __init__(self, *, memory_bytes: int, processes: int) -> None:
        self._api = _Api()
        self._handle: int | None = self._api.create(None, None)
        if not self._handle:
            raise ctypes.WinError(ctypes.get_last_error())
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = (
            _LIMIT_KILL_ON_JOB_CLOSE
            | _LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | _LIMIT_ACTIVE_PROCESS
            | _LIMIT_JOB_MEMORY
        )
        limits.BasicLimitInformation.ActiveProcessLimit = processes
        limits.JobMemoryLimit = memory_bytes
        try:
            self._configure(_EXTENDED_LIMIT_INFORMATION, limits)
        except OSError:
            self.close()
            raise

    def add(self, pid: int) -> None:
        """Put a suspended process into the box."""
        process = self._api.open_process(_PROCESS_TERMINATE | _PROCESS_SET_QUOTA, False, pid)
        if not process:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            if not self._api.assign(self._handle, process):
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            self._api.close_handle(process)

    def terminate(self) -> None:
        """End everything in the box."""
        if self._handle:
            self._api.terminate(self._handle, 1)

    def close(self) -> None:
        """Close the box, which ends what is still in it."""
        if self._handle:
            self._api.close_handle(self._handle)
            self._handle = None

    def _configure(self, what: int, value: ctypes.Structure) -> None:
        done = self._api.configure(self._handle, what, ctypes.byref(value), ctypes.sizeof(value))
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
