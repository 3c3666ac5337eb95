"""A filter of system calls for a sandbox: what no answer needs, the kernel refuses.

Namespaces would give memory without a bound, keyrings are a place where one grading
could leave something for the next, and the rest is a wide door into the kernel.
"""

from __future__ import annotations

import errno
import platform
import struct

NEW_USER = 0x10000000  # clone's flag for a user namespace

# Numbers by machine: the name that the kernel knows it by, then the system calls.
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
}
_CLONE = (56, 220)
_CLONE3 = (435, 435)  # its flags lie in memory, so that C libraries fall back to clone

_LOAD, _EQUAL, _ALL_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in the kernel's record


def program(machine: str = platform.machine()) -> bytes:
    """Return the filter in the kernel's form; empty on a machine that we do not know.

    Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
    """
    if machine not in _AUDIT:
        return b""
    column = list(_AUDIT).index(machine)
    refused = [numbers[column] for numbers in _CALLS.values()]
    lines = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, _AUDIT[machine])]
    lines += [(_RETURN, 0, 0, _ERROR | errno.EPERM), (_LOAD, 0, 0, _NUMBER)]
    for number in refused:
        lines += _unless(number, errno.EPERM)
    lines += _unless(_CLONE3[column], errno.ENOSYS)
    lines += [(_EQUAL, 0, 3, _CLONE[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    lines += [(_ALL_BITS, 0, 1, NEW_USER), (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _unless(number: int, error: int) -> list[tuple[int, int, int, int]]:
    """Return the lines that refuse one system call."""
    return [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | error)]
