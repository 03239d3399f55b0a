"""Proofs for the page aiohttp/middleware-classes."""

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from aiohttp.typedefs import Handler

from snippets.aiohttp.middleware_classes import (
    as_class,
    as_function,
    counting,
    fails,
    hidden_warning,
    mark,
    unmarked_class,
)
from tests.client import ask
from tools.model import ROOT

GOOD = "no warning          / 200  /none 404"
OLD = "DeprecationWarning  / 500  /none 404"


def old_style() -> pytest.WarningsRecorder:
    """Expect aiohttp to take a middleware for an old-style factory."""
    return pytest.warns(DeprecationWarning, match="old-style middleware")


async def serve(middleware: Any) -> ClientResponse:
    """Send one request to a handler that names the type it is given, behind one middleware."""

    async def name(request: web.Request) -> web.Response:
        return web.Response(text=type(request).__name__)

    app = web.Application(middlewares=[middleware])
    app.router.add_get("/", name)
    return await ask(app)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the exceptions that aiohttp logged, as text."""
    return [repr(record.exc_info[1]) for record in caplog.records if record.exc_info]


@pytest.mark.statement("S34")
async def test_the_class_of_the_notes_starts_with_a_warning_and_answers_500(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An unmarked class starts with one DeprecationWarning; a handler that returns a response is then a 500.

    没有标记的类，服务器能启动，只有一条 DeprecationWarning；此后凡是返回响应的处理函数，得到的都是 500。
    """
    with old_style() as warned:
        assert (await ask(unmarked_class.build_app())).status == 500
    assert len(warned) == 1
    assert "After handler: response is Response" in capsys.readouterr().out
    assert logged(caplog) == ["""TypeError("'Response' object is not callable")"""]

    async def encoded(request: web.Request) -> web.Response:
        return web.json_response([])

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(__file__)

    async def streamed(request: web.Request) -> web.StreamResponse:
        return web.StreamResponse()

    kinds = {encoded: "Response", page: "FileResponse", streamed: "StreamResponse"}
    for handler, kind in kinds.items():
        caplog.clear()
        app = web.Application(middlewares=[unmarked_class.MyMiddleware()])
        app.router.add_get("/", handler)
        with old_style():
            assert (await ask(app)).status == 500
        assert logged(caplog) == [f"""TypeError("'{kind}' object is not callable")"""]


@pytest.mark.statement("S34")
async def test_behind_the_class_of_the_notes_a_raised_response_arrives(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Behind an unmarked class what is raised arrives: a redirect, if the handler does not use its request, and the 404.

    It comes out of the class's `await`, and nothing is called afterwards.

    在没有标记的类后面，抛出的响应照常生效：不用 request 的处理函数抛出的重定向，以及 404。
    它从这个类的 `await` 抛出来，之后不再调用任何东西。
    """  # noqa: E501

    async def redirect(request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    app = web.Application(middlewares=[unmarked_class.MyMiddleware()])
    app.router.add_get("/", redirect)
    with old_style():
        assert (await ask(app, allow_redirects=False)).status == 302
        assert (await ask(unmarked_class.build_app(), "/none")).status == 404
    assert "After handler" not in capsys.readouterr().out
    assert logged(caplog) == []


@pytest.mark.statement("S34")
async def test_the_class_of_the_notes_hands_the_application_on_as_request(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A class without a mark gets the Application as its request, and so does the handler; then its response is called.

    没有标记的类拿到的 request 是 Application，处理函数也是用它调用的；返回的响应又被当成处理函数调用。
    """  # noqa: E501
    with old_style():
        await ask(unmarked_class.build_app())
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Before handler: request is Application",
        "hello() is given Application",
        "After handler: response is Response",
    ]
    assert logged(caplog) == ["""TypeError("'Response' object is not callable")"""]


@pytest.mark.statement("S34")
async def test_behind_the_class_of_the_notes_an_unknown_path_looks_normal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Behind a class without a mark an unknown path answers 404, as it would without the class; 500 if the class uses its request.

    在没有标记的类后面，不存在的路径照常返回 404，看不出异常；如果这个类自己用到 request，就是 500。
    """  # noqa: E501
    with old_style():
        assert (await ask(unmarked_class.build_app(), "/none")).status == 404
    assert capsys.readouterr().out == "Before handler: request is Application\n"

    async def uses(request: Any, handler: Any) -> Any:
        assert request.path
        return await handler(request)

    assert await mark.outcome(uses) == "DeprecationWarning  / 500  /none 500"


@pytest.mark.statement("S34")
async def test_a_handler_that_uses_its_request_fails_at_once(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A handler that looks at its request fails with AttributeError: an Application has no path.

    处理函数用到 request 就抛 AttributeError：Application 没有 path。
    """

    async def path(request: web.Request) -> web.Response:
        return web.Response(text=request.path)

    app = web.Application(middlewares=[unmarked_class.MyMiddleware()])
    app.router.add_get("/", path)
    with old_style():
        assert (await ask(app)).status == 500
    assert logged(caplog) == ["""AttributeError("'Application' object has no attribute 'path'")"""]
    assert "After handler" not in capsys.readouterr().out


@pytest.mark.statement("S36")
def test_the_decorator_only_sets_a_mark() -> None:
    """`web.middleware` sets `__middleware_version__` to 1 and returns the very same object.

    `web.middleware` 只把 `__middleware_version__` 设成 1，返回的还是原来那个对象。
    """

    async def function(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request)

    before = dict(vars(function))
    assert web.middleware(function) is function
    assert (before, vars(function)) == ({}, {"__middleware_version__": 1})

    class Empty(as_class.Plain):
        """Without a mark of its own."""

    before = dict(vars(Empty))
    assert web.middleware(Empty) is Empty
    assert dict(vars(Empty)) == {**before, "__middleware_version__": 1}


@pytest.mark.statement("S36")
@pytest.mark.parametrize(("version", "found"), [(1, GOOD), (0, OLD), (2, OLD), (None, OLD), ("1", OLD)])
async def test_the_mark_has_to_be_1(version: object, found: str) -> None:
    """A `__middleware_version__` of 1 is the mark; with another value it is an old-style factory.

    `__middleware_version__` 等于 1 才是标记；别的值都当作老式工厂。
    """

    async def function(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request)

    vars(function)["__middleware_version__"] = version
    assert await mark.outcome(function) == found


@pytest.mark.statement("S34", "S36")
async def test_without_the_mark_a_middleware_is_taken_for_an_old_style_factory(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without the mark aiohttp 3 calls a middleware as `factory(app, handler)` and wants a handler back.

    没有标记，aiohttp 3 就按 `factory(app, handler)` 调用，并要求返回一个处理函数。
    """
    seen: list[object] = []

    async def unmarked(request: Any, handler: Any) -> Any:
        seen.append(request)
        return await mark.old_style(request, handler)

    app = web.Application(middlewares=[unmarked])
    app.router.add_get("/", mark.hello)
    with old_style():
        assert (await ask(app)).status == 200
    assert seen == [app]
    assert logged(caplog) == []
    assert await mark.outcome(mark.unmarked) == "DeprecationWarning  / 500  /none 404"
    assert logged(caplog) == ["""TypeError("'Response' object is not callable")"""]
    assert await mark.outcome(mark.marked) == GOOD


@pytest.mark.statement("S36")
async def test_an_old_style_factory_still_works_with_a_warning() -> None:
    """An old-style factory still works in 3.x, with a DeprecationWarning, and in one list with a marked function, which needs none.

    老式工厂在 3.x 里还能用，只多一条 DeprecationWarning，也能和有标记的函数放在同一个列表里；后者没有警告。
    """  # noqa: E501
    assert await mark.outcome(mark.old_style) == "DeprecationWarning  / 200  /none 404"
    assert await mark.outcome(mark.marked) == GOOD
    pair: Any = (mark.marked, mark.old_style)
    for both in (pair, pair[::-1]):
        app = web.Application(middlewares=both)
        app.router.add_get("/", mark.hello)
        with old_style():
            assert (await ask(app)).status == 200


@pytest.mark.statement("S34")
@pytest.mark.parametrize("name", as_class.WAYS)
async def test_a_marked_class_works(name: str) -> None:
    """A marked instance, class attribute, decorated class and bound decorated method all work.

    给实例加标记、写成类属性、装饰整个类、传装饰过的绑定方法，四种都能用。
    """
    assert set(as_class.WAYS) == {"web.middleware(Plain())", "Marked()", "Decorated()", "Method().check"}
    assert await mark.outcome(as_class.WAYS[name]) == GOOD
    assert await (await serve(as_class.WAYS[name])).text() == "Request"


@pytest.mark.statement("S34")
async def test_the_mark_of_a_class_reaches_its_instances_only() -> None:
    """A decorated class marks all its instances and its subclasses, never the class it inherits from.

    装饰一个类，它的实例和子类都有标记，它的父类没有。
    """

    class Child(as_class.Decorated):
        """Inherit the mark."""

    for instance in (as_class.Decorated(), as_class.Decorated(), Child()):
        assert await mark.outcome(instance) == GOOD
    assert not hasattr(as_class.Plain(), "__middleware_version__")


@pytest.mark.statement("S34")
async def test_a_closure_and_a_marked_partial_carry_their_argument() -> None:
    """A decorated closure and `web.middleware(partial(…))` both work, each with its own argument.

    装饰过的闭包、`web.middleware(partial(…))` 都能用，各有自己的参数。
    """
    closure, marked, *_ = as_function.WAYS.values()
    assert (await serve(closure)).headers["X-Tag"] == "a"
    assert (await serve(marked)).headers["X-Tag"] == "b"
    assert (await serve(as_function.tag)).headers["X-Tag"] == "none"


async def test_a_partial_loses_the_mark() -> None:
    """A `partial` keeps the argument and loses the mark of the function inside: 500.

    `partial` 保留参数，不保留里面那个函数的标记：500。
    """
    lost = partial(as_function.tag, value="c")
    assert hasattr(as_function.tag, "__middleware_version__")
    assert not hasattr(lost, "__middleware_version__")
    assert repr(as_function.WAYS['partial(tag, value="c")']) == repr(lost)
    assert await mark.outcome(lost) == "DeprecationWarning  / 500  /none 404"


async def test_a_factory_that_was_not_called_fails(caplog: pytest.LogCaptureFixture) -> None:
    """A factory of one argument put into the list without calling it gets two: on every path a TypeError.

    忘了调用只有一个参数的工厂，直接放进列表，它收到两个参数：每个路径都是 TypeError。
    """
    assert await mark.outcome(as_function.factory) == "DeprecationWarning  / 500  /none 500"
    assert logged(caplog) == ["TypeError('factory() takes 1 positional argument but 2 were given')"] * 2


@pytest.mark.statement("S34")
async def test_decorating_call_does_not_mark_the_instance() -> None:
    """`@web.middleware` on `__call__` marks the function, not the instance: 500.

    `@web.middleware` 放在 `__call__` 上，标记在函数上，实例没有：500。
    """
    assert await mark.outcome(fails.OnCall()) == "DeprecationWarning  / 500  /none 404"
    assert await mark.outcome(fails.OnCall().__call__) == GOOD
    assert await mark.outcome(as_class.Plain()) == "DeprecationWarning  / 500  /none 404"
    assert not hasattr(as_class.Plain().__call__, "__middleware_version__")


@pytest.mark.statement("S33")
async def test_a_handle_method_means_nothing_to_aiohttp(caplog: pytest.LogCaptureFixture) -> None:
    """An object with a `handle` method answers 500 on every path, marked or not.

    只有 `handle` 方法的对象，有没有标记，每个路径都返回 500。
    """
    assert await mark.outcome(fails.Handle()) == "DeprecationWarning  / 500  /none 500"
    assert "'Handle' object is not callable" in logged(caplog)[0]
    caplog.clear()
    assert await mark.outcome(web.middleware(fails.Handle())) == "no warning          / 500  /none 500"
    assert logged(caplog) == ["TypeError('the first argument must be callable')"] * 2
    assert await mark.outcome(fails.Handle().handle) == "DeprecationWarning  / 500  /none 404"
    assert not hasattr(fails.Handle().handle, "__middleware_version__")


@pytest.mark.statement("S33")
async def test_the_second_parameter_must_be_called_handler(caplog: pytest.LogCaptureFixture) -> None:
    """`handler` is passed by keyword, the request is not: a marked middleware with no parameter for it fails, without warning.

    Another name fails, `**rest` works.

    aiohttp 用关键字传 `handler`，按位置传请求：没有参数能接收它，没有警告，处理请求时才抛 TypeError。
    换了名字就失败，写 `**rest` 则能用。
    """  # noqa: E501
    assert await mark.outcome(fails.Renamed()) == "no warning          / 500  /none 500"
    assert "unexpected keyword argument 'handler'" in logged(caplog)[0]

    async def echo(word: str) -> str:
        return word

    assert await fails.Renamed()("by position", echo) == "by position"

    @web.middleware
    async def exact(request: web.Request, /, *, handler: Handler) -> web.StreamResponse:
        return await handler(request)

    @web.middleware
    async def loose(request: web.Request, **rest: Handler) -> web.StreamResponse:
        return await rest["handler"](request)

    for accepting in (exact, loose):
        assert await mark.outcome(accepting) == GOOD


@pytest.mark.statement("S34")
async def test_what_a_middleware_returns_must_be_awaitable(caplog: pytest.LogCaptureFixture) -> None:
    """A marked middleware that returns a response without `async` is a 500 without a warning; with `async def` it works.

    A plain `def` that returns `handler(request)`, a coroutine, works too.

    有标记的中间件不写 `async`、直接返回响应，没有警告，得到 500；写 `async def` 就能用。
    普通的 `def` 如果返回 `handler(request)`，也就是协程，也能用。
    """  # noqa: E501

    class Sync:
        """It returns what cannot be awaited."""

        def __call__(self, request: web.Request, handler: Handler) -> Any:
            return web.Response()

    class Async(Sync):
        """It returns a coroutine."""

        async def __call__(self, request: web.Request, handler: Handler) -> Any:
            return super().__call__(request, handler)

    class Passing(Sync):
        """It returns the coroutine of the handler."""

        def __call__(self, request: web.Request, handler: Handler) -> Any:
            return handler(request)

    assert await mark.outcome(web.middleware(Passing())) == GOOD
    assert await mark.outcome(web.middleware(Sync())) == "no warning          / 500  /none 500"
    assert re.search(r"can't be (used in 'await' expression|awaited)", logged(caplog)[0])  # since 3.14
    assert await mark.outcome(web.middleware(Async())) == "no warning          / 200  /none 200"


async def test_a_middleware_without_its_return_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """A marked middleware that awaits the handler and returns nothing is a 500 where there is a handler, without a warning.

    有标记的中间件等到了处理函数的响应，却没有返回它：有处理函数的路径得到 500，启动时没有警告。
    """  # noqa: E501

    @web.middleware
    async def forgets(request: web.Request, handler: Handler) -> Any:
        await handler(request)

    assert await forgets(make_mocked_request("GET", "/"), mark.hello) is None
    assert await mark.outcome(forgets) == "no warning          / 500  /none 404"
    assert caplog.messages[0].startswith("Missing return statement")


async def test_an_updated_factory_takes_the_application_from_the_request() -> None:
    """Moved out of its factory, the inner function gets the same application from `request.app`, in a sub-application too.

    里面的函数移出工厂之后，从 `request.app` 得到的是同一个应用，在子应用里也一样。
    """  # noqa: E501
    seen: list[tuple[str, web.Application]] = []

    async def old(app: web.Application, handler: Handler) -> Any:
        async def new_handler(request: web.Request) -> web.StreamResponse:
            seen.append(("old", app))
            return await handler(request)

        return new_handler

    @web.middleware
    async def updated(request: web.Request, handler: Handler) -> web.StreamResponse:
        seen.append(("updated", request.app))
        return await handler(request)

    both: Any = (old, updated)
    app, child = (web.Application(middlewares=both) for _ in range(2))
    child.router.add_get("/leaf", mark.hello)
    with old_style():
        app.add_subapp("/child", child)
        assert (await ask(app, "/child/leaf")).status == 200
    assert seen == [("old", app), ("updated", app), ("old", child), ("updated", child)]
    assert await mark.outcome(mark.marked) == GOOD


@pytest.mark.statement("S34")
async def test_the_class_in_place_of_its_instance_fails_without_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A marked class without its parentheses starts without a warning and answers 500 on every path.

    有标记的类忘写括号，启动时没有警告，每个路径都返回 500。
    """
    assert await mark.outcome(as_class.Decorated) == "no warning          / 500  /none 500"
    assert logged(caplog)[0].startswith("TypeError")


@pytest.mark.statement("S34")
async def test_a_bound_method_and_a_slotted_instance_cannot_be_marked() -> None:
    """The decorator raises AttributeError on a bound method and on an instance without room for the mark.

    装饰绑定方法，或者装饰不能设属性的实例，立即抛 AttributeError。
    """

    class Slotted:
        """Without `__dict__`, an instance takes no new attribute."""

        __slots__ = ()

        async def __call__(self, request: Any, handler: Any) -> Any:
            return await handler(request)

    class Slot(Slotted):
        """With a slot of another name, an instance takes no new attribute either."""

        __slots__ = ("name",)

    bound = (Slotted().__call__, as_class.Plain().__call__, fails.Handle().handle)
    things: tuple[Any, ...] = (Slotted(), Slot(), *bound)
    for thing in things:
        with pytest.raises(AttributeError):
            web.middleware(thing)
        for name in ("__middleware_version__", "mine"):
            with pytest.raises(AttributeError):
                setattr(thing, name, 1)

    @web.middleware
    class Decorated(Slotted):
        __slots__ = ()

    assert await mark.outcome(Decorated()) == GOOD
    assert not hasattr(Slotted(), "__dict__")


def test_python_hides_the_warning_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python shows such warnings only from `__main__`; `-W default` shows this one; as an error it stops.

    不带选项时 Python 只显示来自 `__main__` 的警告；`-W default` 会显示这一条；当成错误，服务器就启动不了。
    """
    monkeypatch.setenv("PYTHONWARNINGS", "default")  # run_start() clears it: this is about options
    assert hidden_warning.OPTIONS == ("", "-W default", '-W "error:old-style middleware"')
    silent, shown, stopped = (hidden_warning.run_start(options) for options in hidden_warning.OPTIONS)
    assert silent == ("started\n", "")
    assert (shown[0], "old-style middleware" in shown[1]) == ("started\n", True)
    (place,) = [line.split(":")[0] for line in shown[1].splitlines() if "old-style middleware" in line]
    assert Path(place).parent.name == "aiohttp"
    assert (stopped[0], "old-style middleware" in stopped[1]) == ("", True)
    warn = "import warnings; [warnings.warn_explicit(n, DeprecationWarning, n, 1, n) for n in ({})]"
    code = warn.format("'__main__', 'aiohttp', 'aiohttp.web', 'other'")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
    )
    assert done.stderr.splitlines() == ["__main__:1: DeprecationWarning: __main__"]


def test_pytest_and_unittest_list_the_warning(tmp_path: Path) -> None:
    """Under pytest and unittest the server starts, and the warning is listed; as an error it stops the start.

    在 pytest 和 unittest 里，服务器启动，警告列在输出里；当成错误，服务器就启动不了。
    """
    start = "from snippets.aiohttp.middleware_classes.hidden_warning import start\n"
    (tmp_path / "test_pytest.py").write_text(f"{start}def test_it(): start()\n")
    case = "class Case(unittest.TestCase):\n    def test_it(self): start()\n"
    (tmp_path / "case.py").write_text(f"import unittest\n{start}{case}")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    error = ["-W", "error:old-style middleware"]
    by_pytest, by_unittest = ["pytest", "-p", "no:cacheprovider"], ["unittest", "case"]
    for arguments, code in (
        (["-m", *by_pytest], 0),
        (["-m", *by_pytest, *error], 1),
        (["-m", *by_unittest], 0),
        ([*error, "-m", *by_unittest], 1),
    ):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", "PYTEST_ADDOPTS": ""},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, "old-style middleware" in done.stdout + done.stderr) == (code, True)


@pytest.mark.statement("S34")
async def test_each_instance_counts_for_itself() -> None:
    """Two instances of one middleware class keep two counts; a raised 404 is counted.

    一个中间件类的两个实例分开统计；抛出的 404 也算在内。
    """
    assert await counting.count("/", "/none", "/") == {200: 2, 404: 1}
    assert await counting.count("/none") == {404: 1}


async def test_a_500_made_outside_is_not_counted() -> None:
    """An exception that aiohttp turns into a 500 is not an HTTPException, so the class does not count it; a static file is a 200 to it, sent whole, in part, not at all, or missing.

    aiohttp 变成 500 的异常不是 HTTPException，所以这个类不统计；静态文件，不管发送全部、一部分、不发送还是不存在，它看到的都是 200。
    """  # noqa: E501

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    counter = counting.StatusCount()
    app = web.Application(middlewares=[counter])
    app.router.add_get("/", broken)
    assert [(await ask(app)).status] == [500]
    assert counter.seen == {}
    app = web.Application(middlewares=[counter])
    app.add_routes([web.static("/", Path(__file__).parent)])
    assert [(await ask(app, "/none")).status] == [404]
    assert counter.seen == {200: 1}
    app = web.Application(middlewares=[counter])
    app.add_routes([web.static("/", Path(__file__).parent)])
    async with TestClient(TestServer(app)) as client:
        path = f"/{Path(__file__).name}"
        whole = await client.get(path)
        same = await client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
        part = await client.get(path, headers={"Range": "bytes=0-3"})
        assert [whole.status, same.status, part.status] == [200, 304, 206]
    assert counter.seen == {200: 4}
