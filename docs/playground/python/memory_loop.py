"""An asyncio event loop whose sockets are memory, for a web page, where there are no real ones.

Only the lowest layer is replaced: the sockets, and the selector that reports which are ready. All above them
is the ordinary code: asyncio's loop, transports, streams and servers, aiohttp's parsers, client and server.
It runs on CPython too; tests/playground/test_memory_loop.py tests it there.
"""

import asyncio
import errno
import itertools
import os
import selectors
import socket
import threading
import time
from asyncio import events, selector_events
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from weakref import WeakValueDictionary

BUFFER_SIZE = 256 * 1024  # bytes that a socket holds until they are read
WILDCARD = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
UNREACHABLE = "this page reaches only servers of its own"
# Names that programs use and WebAssembly's socket module lacks; nothing reads the numbers, which are Linux's.
MISSING_CONSTANTS = {
    "SO_REUSEADDR": 2,
    "SO_REUSEPORT": 15,
    "SO_KEEPALIVE": 9,
    "TCP_NODELAY": 1,
    "IPV6_V6ONLY": 26,
}
# Linux's messages, where those of WebAssembly's C library differ.
LINUX_MESSAGES = {
    errno.EADDRINUSE: "Address already in use",
    errno.ENOTCONN: "Transport endpoint is not connected",
}

system_strerror = os.strerror
_changed = threading.Condition()  # guards all sockets; notified of every change to one
_numbers = itertools.count(1 << 20)  # beyond any file descriptor
_open = WeakValueDictionary[int, "MemorySocket"]()  # by number
_bound: list["MemorySocket"] = []
_ports = itertools.cycle(range(49152, 65536))


def strerror(number: int, /) -> str:
    """Replace `os.strerror`."""
    return LINUX_MESSAGES.get(number) or system_strerror(number)


def os_error(number: int) -> OSError:
    """Return the exception that the system raises for an errno."""
    return OSError(number, strerror(number))


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[Any, Any, int, str, Any]]:
    """Replace `socket.getaddrinfo`; the only name that exists is localhost.

    Raises:
        socket.gaierror: any other name.
    """
    host = host.decode() if isinstance(host, bytes) else host
    if host == "localhost":
        hosts = LOOPBACK
    elif not host:
        hosts = WILDCARD
    else:
        try:
            hosts = {FAMILIES[ip_address(host).version]: host}
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}: {UNREACHABLE}") from None
    hosts = {key: name for key, name in hosts.items() if family in (0, key)}
    if not hosts:
        raise socket.gaierror(socket.EAI_FAMILY, "Address family for hostname not supported")
    kind = socket.SocketKind(type or socket.SOCK_STREAM)
    rest = {socket.AF_INET: (), socket.AF_INET6: (0, 0)}
    return [
        (key, kind, socket.IPPROTO_TCP, "", (name, int(port or 0), *rest[key])) for key, name in hosts.items()
    ]


class MemorySocket(socket.socket):
    """One end of a connection, or a listening socket, with the states of Linux's TCP."""

    family: socket.AddressFamily = socket.AF_INET
    type: socket.SocketKind = socket.SOCK_STREAM
    proto: int = 0
    timeout: float | None = None

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        # Not super().__init__(): it would create a real socket.
        if type not in (-1, socket.SOCK_STREAM):
            raise os_error(errno.EPROTONOSUPPORT)
        self._io_refs = 0  # what makefile(), which is inherited, counts
        self._closed = False
        self.family = socket.AF_INET if family == -1 else socket.AddressFamily(family)
        self.proto = max(proto, 0)
        self.timeout = socket.getdefaulttimeout()
        self._number = next(_numbers)
        self._name: Any = (WILDCARD.get(self.family, ""), 0)
        self._backlog: deque[MemorySocket] | None = None  # of a listening socket: connections to accept
        self._peer: MemorySocket | None = None
        self._inbox = bytearray()
        self._eof = False  # nothing more will arrive
        self._shut = False  # nothing more can be sent
        self._error = 0  # an errno that the next call raises
        _open[self._number] = self

    # Readiness

    def readable(self) -> bool:
        """Return whether `recv` or `accept` would return at once."""
        return bool(self._backlog or self._inbox or self._eof or self._error)

    def writable(self) -> bool:
        """Return whether `send` would return at once."""
        if self._peer is None or self._shut or self._error:
            return self._backlog is None
        return len(self._peer._inbox) < BUFFER_SIZE

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        if self.timeout == 0 and not ready():
            raise os_error(errno.EAGAIN)
        if not _changed.wait_for(ready, self.timeout):
            raise TimeoutError("timed out")

    def _raise_error(self) -> None:
        number, self._error = self._error, 0
        if number:
            self._eof = self._peer is not None
            raise os_error(number)

    # Connecting

    def bind(self, address: Any) -> None:
        """Bind to an address; port 0 means a free one."""
        host, port, *rest = getaddrinfo(address[0], address[1], self.family)[0][4]
        if not (ip_address(host).is_loopback or ip_address(host).is_unspecified):
            raise os_error(errno.EADDRNOTAVAIL)
        with _changed:
            port = port or next(free for free in _ports if all(free != sock._name[1] for sock in _bound))
            hosts = [sock._name[0] for sock in _bound if (sock.family, sock._name[1]) == (self.family, port)]
            if host in hosts or (hosts and WILDCARD[self.family] in (host, *hosts)):
                raise os_error(errno.EADDRINUSE)
            self._name = (host, port, *rest)
            _bound.append(self)

    def listen(self, backlog: int = 128, /) -> None:
        """Accept connections from now on."""
        if self not in _bound:
            self.bind(("", 0))
        self._backlog = self._backlog or deque()

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the oldest waiting connection."""
        with _changed:
            if self._backlog is None:
                raise os_error(errno.EINVAL)
            self._wait_for(self.readable)
            accepted = self._backlog.popleft()
            return accepted, accepted.getpeername()

    def connect(self, address: Any, /) -> None:
        """Connect to a listening socket, which need not have accepted yet."""
        host, port, *rest = getaddrinfo(address[0], address[1], self.family)[0][4]
        if ip_address(host).is_unspecified:
            host = LOOPBACK[self.family]
        if not ip_address(host).is_loopback:
            raise OSError(errno.ENETUNREACH, f"{host}: {UNREACHABLE}")
        with _changed:
            if self._peer is not None:
                raise os_error(errno.EISCONN)
            if (backlog := find_backlog(self.family, host, port)) is None:
                self._error = errno.ECONNREFUSED
            else:
                if self not in _bound:
                    self._name = (LOOPBACK[self.family], next(_ports), *rest)
                accepted = MemorySocket(self.family)
                accepted._name = (host, port, *rest)
                accepted._peer, self._peer = self, accepted
                backlog.append(accepted)
            _changed.notify_all()
            if self.timeout == 0:
                raise os_error(errno.EINPROGRESS)  # the loop then reads SO_ERROR
            self._raise_error()

    # Reading and writing

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return at most `size` bytes of what has arrived; none at end of file."""
        with _changed:
            if self._peer is None:
                raise os_error(errno.ENOTCONN)
            self._wait_for(self.readable)
            if not (self._inbox or self._eof):
                self._raise_error()
            data = bytes(self._inbox[:size])
            del self._inbox[:size]
            _changed.notify_all()
            return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Copy what has arrived into a buffer; return how many bytes that is."""
        with memoryview(buffer).cast("B") as view:
            data = self.recv(nbytes or len(view))
            view[: len(data)] = data
        return len(data)

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send as much as the peer's buffer can hold; return how many bytes that is."""
        with memoryview(data).cast("B") as view, _changed:
            if self._peer is None:
                raise os_error(errno.ENOTCONN)
            self._wait_for(self.writable)
            self._raise_error()
            if self._shut:
                raise os_error(errno.EPIPE)
            if self._peer._number not in _open:  # the peer has closed; TCP reports that only after this send
                self._shut = True
                return len(view)
            part = view[: BUFFER_SIZE - len(self._peer._inbox)]
            self._peer._inbox += part
            _changed.notify_all()
            return len(part)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything."""
        with memoryview(data).cast("B") as view:
            sent = 0
            while sent < len(view):
                sent += self.send(view[sent:])

    def sendmsg(self, buffers: Iterable[Any], *_: Any) -> int:
        """Send several buffers as one."""
        return self.send(b"".join(buffers))

    # Ending

    def shutdown(self, how: int, /) -> None:
        """Shut down one direction, or both."""
        with _changed:
            if self._peer is None:
                raise os_error(errno.ENOTCONN)
            if how in (socket.SHUT_WR, socket.SHUT_RDWR):
                self._shut = self._peer._eof = True
            if how in (socket.SHUT_RD, socket.SHUT_RDWR):
                self._eof = True
            _changed.notify_all()

    def _real_close(self, reset: bool = False) -> None:
        with _changed:
            _open.pop(self._number, None)
            if self in _bound:
                _bound.remove(self)
            for waiting in self._backlog or ():
                waiting._real_close(reset=True)
            self._backlog = None
            if self._peer is not None:
                if reset or self._inbox:  # unread bytes
                    self._peer._shut, self._peer._error = True, errno.ECONNRESET
                else:
                    self._peer._eof = True
            self._inbox.clear()
            _changed.notify_all()

    # Addresses and options

    def fileno(self) -> int:
        """Return this socket's number, unique among open ones; -1 once closed."""
        return self._number if self._number in _open else -1

    def getsockname(self) -> Any:
        """Return this end's address."""
        return self._name

    def getpeername(self) -> Any:
        """Return the other end's address."""
        if self._peer is None:
            raise os_error(errno.ENOTCONN)
        return self._peer._name

    def gettimeout(self) -> float | None:
        """Return the timeout."""
        return self.timeout

    def settimeout(self, value: float | None, /) -> None:
        """Set the timeout."""
        self.timeout = value

    def setblocking(self, flag: bool, /) -> None:
        """Make calls block, or not."""
        self.timeout = None if flag else 0

    def getsockopt(self, level: int, option: int, size: int = 0, /) -> Any:
        """Return SO_ERROR, the result of a non-blocking connect; every other option is 0."""
        if (level, option) != (socket.SOL_SOCKET, socket.SO_ERROR):
            return 0
        number, self._error = self._error, 0
        return number

    def setsockopt(self, *_: Any) -> None:
        """Accept any option and ignore it: it would only affect a real network."""


def find_backlog(family: socket.AddressFamily, host: str, port: int) -> deque[MemorySocket] | None:
    """Return the backlog of the socket that listens at an address, if there is one."""
    for sock in _bound:
        if sock._backlog is not None and sock._name[:2] in ((host, port), (WILDCARD[family], port)):
            return sock._backlog
    return None


def socketpair(family: int = -1, type: int = -1, proto: int = -1) -> tuple[MemorySocket, MemorySocket]:
    """Replace `socket.socketpair`."""
    one, two = (MemorySocket(family, type, proto) for _ in range(2))
    one._peer, two._peer = two, one
    return one, two


class MemorySelector(selectors._BaseSelectorImpl):
    """Reports which sockets are ready."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait until a socket is ready, or the time is over."""
        time.sleep(0)  # let other threads run
        with _changed:
            return _changed.wait_for(self._ready, None if timeout is None else max(timeout, 0))

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = []
        for key in self.get_map().values():
            if sock := _open.get(key.fd):
                mask = selectors.EVENT_READ * sock.readable() | selectors.EVENT_WRITE * sock.writable()
                if mask & key.events:
                    ready.append((key, mask & key.events))
        return ready


class MemoryLoop(selector_events.BaseSelectorEventLoop):
    """The standard loop on memory sockets."""

    def __init__(self) -> None:
        super().__init__(MemorySelector())

    async def getaddrinfo(self, host: Any, port: Any, **options: int) -> Any:
        """Resolve a name without an executor: nothing here blocks."""
        return getaddrinfo(host, port, **options)


# What pytest-asyncio asks a policy to be; Python 3.14 warns of its public name.
AbstractPolicy: Any = getattr(events, "_AbstractEventLoopPolicy", None) or events.AbstractEventLoopPolicy


class MemoryPolicy(AbstractPolicy):  # type: ignore[misc]
    """The event loop policy: creates loops, and keeps the one that each thread has set."""

    def __init__(self) -> None:
        self._set = threading.local()

    def new_event_loop(self) -> MemoryLoop:
        """Create a loop."""
        return MemoryLoop()

    def set_event_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Set this thread's loop."""
        self._set.loop = loop

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return this thread's loop."""
        loop: asyncio.AbstractEventLoop | None = getattr(self._set, "loop", None)
        if loop is None:
            name = threading.current_thread().name
            raise RuntimeError(f"There is no current event loop in thread {name!r}.")
        return loop


@contextmanager
def memory_network() -> Iterator[None]:
    """Make every socket and every event loop that is created inside the block use memory."""
    for name, number in MISSING_CONSTANTS.items():
        if not hasattr(socket, name):
            setattr(socket, name, number)
    memory = {"socket": MemorySocket, "socketpair": socketpair, "getaddrinfo": getaddrinfo}
    replaced: list[tuple[Any, str, Any]] = [(socket, name, new) for name, new in memory.items()]
    replaced += [(os, "strerror", strerror), (events, "_event_loop_policy", MemoryPolicy())]
    saved = [(module, name, getattr(module, name)) for module, name, _ in replaced]
    for module, name, new in replaced:
        setattr(module, name, new)
    try:
        yield
    finally:
        for module, name, old in saved:
            setattr(module, name, old)
        _bound.clear()
