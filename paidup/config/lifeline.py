"""Ends a child process when its parent is killed, so that it keeps no port and no job."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """From now on this process is killed as soon as its parent ends. Linux only; else no effect."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have ended between our start and that call.
    if os.getppid() != parent:
        sys.exit(1)
