"""Runs a command that dies with its parent, whatever becomes of that: `python tether.py PARENT USER COMMAND...`.

Linux sends the signal that a process asked for with PR_SET_PDEATHSIG (prctl(2)). The wish outlives execve(2), but no
change of user, so that comes first: to USER, or with "" to nobody else.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def tethered(command: Sequence[str], user: str = "") -> list[str]:
    """The command, run by this user ("": by us) so that it dies with this process."""
    return [sys.executable, "-S", "-E", __file__, str(os.getpid()), user, *command]


def die_with_parent() -> None:
    """This process has SIGKILL as soon as the one that started it is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Becomes the command; where the parent is gone already, nothing is run."""
    parent, user, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if user:
        known = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(known.pw_gid)
        os.setuid(known.pw_uid)
    die_with_parent()
    if os.getppid() == parent:
        os.execv(command[0], command)


if __name__ == "__main__":
    main()
