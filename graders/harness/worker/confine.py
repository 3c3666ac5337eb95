"""Takes from a process what no answer needs, before the answer's first line.

A computation calls few of the kernel's doors. What starts processes, opens sockets,
holds memory that no limit counts, or reaches other processes is refused by a filter of
system calls that the process cannot lift, and hard limits bound the rest. Both sides
load this file, so it needs the standard library alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

# The kernel's name of each machine, and the numbers of its system calls; -1 where it
# has none of that name. Source: the kernel's arch/x86/entry/syscalls/syscall_64.tbl
# and include/uapi/asm-generic/unistd.h; a test compares them with the headers.
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED = {
    # Processes.
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    # What would outlast the check, or slow others down.
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # Sockets.
    "socket": (41, 198),
    "socketpair": (53, 199),
    # Memory that no limit counts, and places to leave things in.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
    # Wide doors into the kernel.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "inotify_init1": (294, 26),
    "inotify_init": (253, -1),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "personality": (135, 92),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "uselib": (134, -1),
    "vhangup": (153, 58),
}
# These may be called for the process itself, and for no other.
OWN = {"kill": (62, 129), "tgkill": (234, 131)}
OWN_OR_ZERO = {"prlimit64": (302, 261)}
CLONE = (56, 220)
CLONE3 = (435, 435)  # its flags lie in memory, so that C libraries fall back to clone
CLONE_THREAD = 0x10000
X32 = 0x40000000  # numbers from here on are a second way to each call on x86-64

_LOAD, _EQUAL, _AT_LEAST, _ALL_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in the kernel's record
_REFUSE = (_RETURN, 0, 0, _ERROR | errno.EPERM)

_SET_NO_NEW_PRIVS, _SET_SECCOMP, _SET_DUMPABLE, _SET_PDEATHSIG = 38, 22, 4, 1
_MODE_FILTER = 2
_SIGKILL = 9


def is_known(machine: str = platform.machine()) -> bool:
    """Return whether there is a filter for a machine."""
    return machine in AUDIT


def program(own: int, machine: str = platform.machine()) -> bytes:
    """Return the filter in the kernel's form.

    Args:
        own: The process that will install it, which may send signals to itself.
        machine: The machine, as `platform.machine` calls it.

    Raises:
        KeyError: If nobody described the machine.

    Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
    """
    audit, column = AUDIT[machine], list(AUDIT).index(machine)
    lines = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, audit), _REFUSE]
    lines += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, X32), _REFUSE]
    for numbers in REFUSED.values():
        if numbers[column] >= 0:
            lines += [(_EQUAL, 0, 1, numbers[column]), _REFUSE]
    lines += [(_EQUAL, 0, 1, CLONE3[column])]
    lines += [(_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    # Each of these loads an argument, so that it leaves the filter either way.
    for numbers in OWN.values():
        lines += [(_EQUAL, 0, 4, numbers[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
        lines += [(_EQUAL, 1, 0, own), _REFUSE, (_RETURN, 0, 0, _ALLOW)]
    for numbers in OWN_OR_ZERO.values():
        lines += [(_EQUAL, 0, 5, numbers[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
        lines += [(_EQUAL, 2, 0, 0), (_EQUAL, 1, 0, own), _REFUSE]
        lines += [(_RETURN, 0, 0, _ALLOW)]
    lines += [(_EQUAL, 0, 4, CLONE[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    lines += [(_ALL_BITS, 1, 0, CLONE_THREAD), _REFUSE, (_RETURN, 0, 0, _ALLOW)]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def install_filter() -> None:
    """Install the filter in this process and its threads, for good.

    Raises:
        OSError: If the kernel does not take it.
        KeyError: If nobody described this machine.
    """
    text = program(os.getpid())
    code = ctypes.create_string_buffer(text, len(text))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    filled = Program(len(text) // 8, ctypes.addressof(code))
    _control(_SET_NO_NEW_PRIVS, 1)
    _control(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(filled))


def hide_memory() -> None:
    """Let no process of the same user read or trace this one and its children."""
    if sys.platform == "linux":
        _control(_SET_DUMPABLE, 0)


def end_with_parent(by: int = _SIGKILL) -> None:
    """Let the kernel send this process a signal when the one that started it ends."""
    if sys.platform == "linux":
        _control(_SET_PDEATHSIG, by)


def _control(option: int, *values: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if library.prctl(option, *padded):
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")


def limit_resources(wanted: dict[str, int]) -> None:
    """Set hard limits, which cannot be raised again.

    Args:
        wanted: Limits by the names of the resource module, without "RLIMIT_".
    """
    import resource

    for name, limit in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(kind, (limit, limit))
