"""What the child may not do, raised by itself before it looks at the file, and never lowered again.

Limits hold everywhere. The hook on Python's own events holds wherever Python does what was asked for. Against what runs
inside a library's C, Linux helps where it can: a filter of system calls (no sockets, no programs, no processes or
threads, no signals), and Landlock (reads nothing but the libraries, writes nowhere but here). A kernel that lacks
either still has the rest; a namespace of its own for the network is left out, as the filter forbids sockets altogether,
and does so in a container too, where namespaces often cannot be made.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress

CPU_SECONDS = 10
MEBIBYTE = 1024 * 1024
MEMORY = 512 * MEBIBYTE
# The libraries are mapped too; what counts towards the memory of the machine is MEMORY.
ADDRESSES = 1024 * MEBIBYTE
FILE = 64 * MEBIBYTE
OPEN_FILES = 32


def raise_walls() -> None:
    _limit()
    sys.addaudithook(_refuse)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _keep_to_own_files(libc)
        _filter_system_calls(libc)


def walls_that_hold() -> list[str]:
    """Asked when they were raised, by trying them."""
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    hold = [SECCOMP] if libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER else []
    try:
        # Everybody may read it, but for Landlock.
        os.close(os.open("/proc/self/status", os.O_RDONLY))
    except PermissionError:
        hold.append(LANDLOCK)
    return hold


# --- limits ---------------------------------------------------------------------------------------------------------


def _limit() -> None:
    limits = {
        "RLIMIT_CPU": CPU_SECONDS,
        "RLIMIT_AS": ADDRESSES,
        "RLIMIT_DATA": MEMORY,
        "RLIMIT_FSIZE": FILE,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_NPROC": 0,
        "RLIMIT_CORE": 0,
    }
    for name, limit in limits.items():
        # macOS knows some of them and keeps none for addresses.
        with suppress(AttributeError, ValueError, OSError):
            # One more for the CPU: at the first it is told so (SIGXCPU), at the second it is ended.
            resource.setrlimit(getattr(resource, name), (limit, limit + (name == "RLIMIT_CPU")))
    # Where the machine runs out of memory, this is whom it loses.
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as mine:
        mine.write("1000")


# --- what Python may not do -----------------------------------------------------------------------------------------

REFUSED_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "os.kill",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.rename",
    "os.remove",
    "pty.",
    "resource.prlimit",
    "resource.setrlimit",
    "signal.pthread_kill",
    "syslog.",
    "webbrowser.",
)


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(event)
    if event == "open" and _writes(args[2]) and not _is_here(args[0]):
        raise PermissionError(event)


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _is_here(file: object) -> bool:
    """By a bare name, or open already."""
    return not isinstance(file, (str, bytes)) or os.path.basename(file) == file


# --- what the kernel does not let it do -----------------------------------------------------------------------------

SECCOMP, LANDLOCK = "seccomp", "landlock"
PR_SET_PDEATHSIG = 1
PR_GET_SECCOMP = 21
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

# As the kernel names the machine; and the number of each call there.
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
FORBIDDEN_CALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "open_by_handle_at": (304, 265),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    # Out of reach of whoever ends the group.
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # More than was given.
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    # Landlock says nothing of these.
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "utimensat": (280, 88),
    "truncate": (76, 45),
}

# Allowed to itself, which is how a library aborts.
SIGNAL_THREAD = (234, 131)

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL, DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 1
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
X32 = 0x40000000


def _filter_system_calls(libc: ctypes.CDLL) -> None:
    known = ARCHITECTURES.get(platform.machine())
    if not known:
        return
    architecture, column = known
    numbers = [call[column] for call in FORBIDDEN_CALLS.values()]
    program = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, KILL),
    ]
    for number in numbers:
        if number is not None:
            program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, DENY)]
    program += [
        (EQUAL, 0, 3, SIGNAL_THREAD[column]),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (EQUAL, 1, 0, os.getpid()),
        (RETURN, 0, 0, DENY),
        (RETURN, 0, 0, ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(filter_)), 0, 0)


CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION = 1
PATH_BENEATH = 1
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
READ = EXECUTE | READ_FILE | READ_DIR
WRITE_FILE, MAKE_FILE, TRUNCATE = 1 << 1, 1 << 8, 1 << 14
# How many kinds of access each version of Landlock knows, from the first on.
ACCESSES = (13, 14, 15, 15, 16)


def _keep_to_own_files(libc: ctypes.CDLL) -> None:
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    if version < 1:
        return
    handled = (1 << ACCESSES[min(version, len(ACCESSES)) - 1]) - 1
    ruleset = libc.syscall(CREATE_RULESET, struct.pack("Q", handled), ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return
    here = READ_FILE | WRITE_FILE | MAKE_FILE | (TRUNCATE & handled)
    for path, access in [*((library, READ) for library in _libraries()), (".", here)]:
        with suppress(OSError):
            opened = os.open(path, os.O_PATH)
            if not os.path.isdir(path):
                access &= EXECUTE | READ_FILE
            libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", access, opened), 0)
            os.close(opened)
    libc.syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _libraries() -> list[str]:
    own = os.path.dirname(os.path.abspath(__file__))
    return [
        own,
        sys.prefix,
        sys.base_prefix,
        "/usr",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/etc/fonts",
        "/dev/urandom",
    ]
