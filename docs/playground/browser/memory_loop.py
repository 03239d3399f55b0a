"""An asyncio event loop whose network is this process's own memory, for a page, which has no sockets.

Only the lowest layer is replaced: the sockets, and the selector that tells which of them are ready. All above
is the ordinary code: asyncio's loop, transports, streams and servers, aiohttp's parsers, client and server.
It runs on CPython too; tests/playground/test_memory_loop.py proves it there.
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

ROOM = 256 * 1024  # bytes that a socket holds until they are read
EVERY_HOST = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
FOREIGN = "this page reaches only servers of its own"
# What programs name and WebAssembly's socket module lacks; the numbers are Linux's and reach nobody.
LACKING = {"SO_REUSEADDR": 2, "SO_REUSEPORT": 15, "SO_KEEPALIVE": 9, "TCP_NODELAY": 1, "IPV6_V6ONLY": 26}
# Linux's words where WebAssembly's C library has its own.
WORDS = {errno.EADDRINUSE: "Address already in use", errno.ENOTCONN: "Transport endpoint is not connected"}

system_strerror = os.strerror
_change = threading.Condition()  # held by who looks at sockets, told of all that happens to one
_numbers = itertools.count(1 << 20)  # beyond any file's
_open = WeakValueDictionary[int, "MemorySocket"]()  # by number
_bound: list["MemorySocket"] = []
_ports = itertools.cycle(range(49152, 65536))


def strerror(number: int, /) -> str:
    """Stand in for `os.strerror`."""
    return WORDS.get(number) or system_strerror(number)


def failed(number: int) -> OSError:
    """Return the error that the system raises for an errno."""
    return OSError(number, strerror(number))


def getaddrinfo(
    host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[Any, Any, int, str, Any]]:
    """Stand in for `socket.getaddrinfo`; the one name that exists is localhost.

    Raises:
        socket.gaierror: any other name.
    """
    host = host.decode() if isinstance(host, bytes) else host
    if host == "localhost":
        hosts = LOOPBACK
    elif not host:
        hosts = EVERY_HOST
    else:
        try:
            hosts = {FAMILIES[ip_address(host).version]: host}
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}: {FOREIGN}") from None
    hosts = {key: name for key, name in hosts.items() if family in (0, key)}
    if not hosts:
        raise socket.gaierror(socket.EAI_FAMILY, "Address family for hostname not supported")
    kind = socket.SocketKind(type or socket.SOCK_STREAM)
    rest = {socket.AF_INET: (), socket.AF_INET6: (0, 0)}
    return [
        (key, kind, socket.IPPROTO_TCP, "", (name, int(port or 0), *rest[key])) for key, name in hosts.items()
    ]


class MemorySocket(socket.socket):
    """One end of a connection, or a listener for connections; its states are those of Linux's TCP."""

    family: socket.AddressFamily = socket.AF_INET
    type: socket.SocketKind = socket.SOCK_STREAM
    proto: int = 0
    timeout: float | None = None

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        # Not super().__init__(): it would ask the system for a socket.
        if type not in (-1, socket.SOCK_STREAM):
            raise failed(errno.EPROTONOSUPPORT)
        self._io_refs = 0  # what makefile(), which is inherited, counts
        self._closed = False
        self.family = socket.AF_INET if family == -1 else socket.AddressFamily(family)
        self.proto = max(proto, 0)
        self.timeout = socket.getdefaulttimeout()
        self._number = next(_numbers)
        self._name: Any = (EVERY_HOST.get(self.family, ""), 0)
        self._backlog: deque[MemorySocket] | None = None  # of a listener: who waits to be accepted
        self._peer: MemorySocket | None = None
        self._inbox = bytearray()
        self._eof = False  # nothing more will arrive
        self._shut = False  # nothing more can be sent
        self._error = 0  # an errno that the next call raises
        _open[self._number] = self

    # What to wait for

    def readable(self) -> bool:
        """Tell whether a call of `recv` or `accept` would not wait."""
        return bool(self._backlog or self._inbox or self._eof or self._error)

    def writable(self) -> bool:
        """Tell whether a call of `send` would not wait."""
        if self._peer is None or self._shut or self._error:
            return self._backlog is None
        return len(self._peer._inbox) < ROOM

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        if self.timeout == 0 and not ready():
            raise failed(errno.EAGAIN)
        if not _change.wait_for(ready, self.timeout):
            raise TimeoutError("timed out")

    def _raise_error(self) -> None:
        number, self._error = self._error, 0
        if number:
            self._eof = self._peer is not None
            raise failed(number)

    # Connecting

    def bind(self, address: Any) -> None:
        """Take an address, with a free port for 0."""
        host, port, *rest = getaddrinfo(address[0], address[1], self.family)[0][4]
        if not (ip_address(host).is_loopback or ip_address(host).is_unspecified):
            raise failed(errno.EADDRNOTAVAIL)
        with _change:
            port = port or next(free for free in _ports if all(free != sock._name[1] for sock in _bound))
            hosts = [sock._name[0] for sock in _bound if (sock.family, sock._name[1]) == (self.family, port)]
            if host in hosts or (hosts and EVERY_HOST[self.family] in (host, *hosts)):
                raise failed(errno.EADDRINUSE)
            self._name = (host, port, *rest)
            _bound.append(self)

    def listen(self, backlog: int = 128, /) -> None:
        """Let connections come."""
        if self not in _bound:
            self.bind(("", 0))
        self._backlog = self._backlog or deque()

    def accept(self) -> tuple[socket.socket, Any]:
        """Take the connection that came first."""
        with _change:
            if self._backlog is None:
                raise failed(errno.EINVAL)
            self._wait_for(self.readable)
            accepted = self._backlog.popleft()
            return accepted, accepted.getpeername()

    def connect(self, address: Any, /) -> None:
        """Join who listens at an address; it need not have accepted yet."""
        host, port, *rest = getaddrinfo(address[0], address[1], self.family)[0][4]
        if ip_address(host).is_unspecified:
            host = LOOPBACK[self.family]
        if not ip_address(host).is_loopback:
            raise OSError(errno.ENETUNREACH, f"{host}: {FOREIGN}")
        with _change:
            if self._peer is not None:
                raise failed(errno.EISCONN)
            if (backlog := find_backlog(self.family, host, port)) is None:
                self._error = errno.ECONNREFUSED
            else:
                if self not in _bound:
                    self._name = (LOOPBACK[self.family], next(_ports), *rest)
                accepted = MemorySocket(self.family)
                accepted._name = (host, port, *rest)
                accepted._peer, self._peer = self, accepted
                backlog.append(accepted)
            _change.notify_all()
            if self.timeout == 0:
                raise failed(errno.EINPROGRESS)  # and the loop asks for SO_ERROR
            self._raise_error()

    # Reading and writing

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return what has arrived, at most `size` bytes; nothing at the end."""
        with _change:
            if self._peer is None:
                raise failed(errno.ENOTCONN)
            self._wait_for(self.readable)
            if not (self._inbox or self._eof):
                self._raise_error()
            data = bytes(self._inbox[:size])
            del self._inbox[:size]
            _change.notify_all()
            return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Put what has arrived into a buffer; return how much that is."""
        with memoryview(buffer).cast("B") as view:
            data = self.recv(nbytes or len(view))
            view[: len(data)] = data
        return len(data)

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send as much as there is room for; return how much that is."""
        with memoryview(data).cast("B") as view, _change:
            if self._peer is None:
                raise failed(errno.ENOTCONN)
            self._wait_for(self.writable)
            self._raise_error()
            if self._shut:
                raise failed(errno.EPIPE)
            if self._peer._number not in _open:  # which one learns from the answer to what one sends
                self._shut = True
                return len(view)
            part = view[: ROOM - len(self._peer._inbox)]
            self._peer._inbox += part
            _change.notify_all()
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
        """Cut one direction, or both."""
        with _change:
            if self._peer is None:
                raise failed(errno.ENOTCONN)
            if how in (socket.SHUT_WR, socket.SHUT_RDWR):
                self._shut = self._peer._eof = True
            if how in (socket.SHUT_RD, socket.SHUT_RDWR):
                self._eof = True
            _change.notify_all()

    def _real_close(self, reset: bool = False) -> None:
        with _change:
            _open.pop(self._number, None)
            if self in _bound:
                _bound.remove(self)
            for waiting in self._backlog or ():
                waiting._real_close(reset=True)
            self._backlog = None
            if self._peer is not None:
                if reset or self._inbox:  # what nobody will read
                    self._peer._shut, self._peer._error = True, errno.ECONNRESET
                else:
                    self._peer._eof = True
            self._inbox.clear()
            _change.notify_all()

    # What a socket tells

    def fileno(self) -> int:
        """Return a number that no other open socket has; -1 once closed."""
        return self._number if self._number in _open else -1

    def getsockname(self) -> Any:
        """Return this end's address."""
        return self._name

    def getpeername(self) -> Any:
        """Return the other end's address."""
        if self._peer is None:
            raise failed(errno.ENOTCONN)
        return self._peer._name

    def gettimeout(self) -> float | None:
        """Return how long a call waits at most."""
        return self.timeout

    def settimeout(self, value: float | None, /) -> None:
        """Say how long a call waits at most."""
        self.timeout = value

    def setblocking(self, flag: bool, /) -> None:
        """Let calls wait, or not."""
        self.timeout = None if flag else 0

    def getsockopt(self, level: int, option: int, size: int = 0, /) -> Any:
        """Return the error of a connect that did not wait; memory has no other options."""
        if (level, option) != (socket.SOL_SOCKET, socket.SO_ERROR):
            return 0
        number, self._error = self._error, 0
        return number

    def setsockopt(self, *_: Any) -> None:
        """Take what only a real network would heed."""


def find_backlog(family: socket.AddressFamily, host: str, port: int) -> deque[MemorySocket] | None:
    """Return the queue of who listens at an address, if anybody does."""
    for sock in _bound:
        if sock._backlog is not None and sock._name[:2] in ((host, port), (EVERY_HOST[family], port)):
            return sock._backlog
    return None


def socketpair(family: int = -1, type: int = -1, proto: int = -1) -> tuple[MemorySocket, MemorySocket]:
    """Stand in for `socket.socketpair`."""
    one, two = (MemorySocket(family, type, proto) for _ in range(2))
    one._peer, two._peer = two, one
    return one, two


class MemorySelector(selectors._BaseSelectorImpl):
    """Tells which sockets are ready."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Sleep until a socket is ready, or the time is over."""
        time.sleep(0)  # let other threads have their turn
        with _change:
            return _change.wait_for(self._ready, None if timeout is None else max(timeout, 0))

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = []
        for key in self.get_map().values():
            if sock := _open.get(key.fd):
                can = selectors.EVENT_READ * sock.readable() | selectors.EVENT_WRITE * sock.writable()
                if can & key.events:
                    ready.append((key, can & key.events))
        return ready


class MemoryLoop(selector_events.BaseSelectorEventLoop):
    """The standard loop, on memory."""

    def __init__(self) -> None:
        super().__init__(MemorySelector())

    async def getaddrinfo(self, host: Any, port: Any, **options: int) -> Any:
        """Resolve a name; there is nobody to wait for."""
        return getaddrinfo(host, port, **options)


class MemoryPolicy:
    """Makes loops, and knows which one each thread has set."""

    def __init__(self) -> None:
        self._set = threading.local()

    def new_event_loop(self) -> MemoryLoop:
        """Make a loop."""
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
    """Give every new socket and every new loop inside the block the memory for a network."""
    for name, number in LACKING.items():
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
