"""Runs an answer on request, and says what came of it.

The conversation nests strictly: while a request is under way, the only thing that the
worker may say besides its reply is a call back to a function or an iterator that the
grading passed in, and then it waits for what that returned.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import linecache
import operator
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

from channel import Channel, Closed
from generators import generator_of
from wire import Reference, Unsendable, decode, encode

MAX_TEXT = 20_000  # characters of a message or a traceback


class ForbiddenUse(BaseException):
    """The answer called what the exercise forbids."""


class Service:
    """One answer at a time, its objects, and the requests about them."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.number = 0  # of the request under way
        self.forget()
        self.restore: list[tuple[Any, str, Any]] = []
        self.broken_rule = ""

    def forget(self) -> None:
        """Drop the answer and all that it made."""
        self.namespace: dict[str, Any] = {}
        self.classes: tuple[str, ...] = ()
        self.objects: dict[int, Any] = {}
        self.kept: dict[int, Any] = {}
        self.thrown: dict[int, BaseException] = {}

    def serve(self) -> None:
        """Answer requests until the grading hangs up."""
        self.channel.send(0, encode(("ready",)))
        while True:
            try:
                self.number, payload = self.channel.receive()
            except Closed:
                return
            self.channel.send(self.number, self.reply_to(payload))

    def reply_to(self, payload: bytearray) -> bytes:
        """Carry out one request, and return the encoded reply."""
        self.broken_rule = ""
        try:
            verb, *arguments = decode(payload, self.resolve)
            result = getattr(self, f"do_{verb}")(*arguments)
            reply: bytes = encode(("return", result), self.export)
        except Unsendable as error:
            reply = encode(("unsendable", str(error)))
        except BaseException as error:
            reply = encode(self.describe(error))
        if self.broken_rule:
            reply = encode(("forbidden", self.broken_rule))
        return reply

    # What the grading may ask for.

    def do_load(
        self, source: bytes, filename: str, classes: tuple[str, ...], forbids: Any
    ) -> list[str]:
        """Execute the answer afresh, and return the names of what can be called."""
        self.forget()
        gc.collect()
        self.lift_bans()
        module = types.ModuleType("answer")
        module.__file__ = filename
        self.namespace = module.__dict__
        self.classes = tuple(classes)
        sys.modules["answer"] = module
        text = importlib.util.decode_source(source)
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        sys.breakpointhook = lambda *args, **kwargs: None
        code = compile(text, filename, "exec", dont_inherit=True)
        for name in forbids:
            self.ban(name)
        exec(code, self.namespace)
        return [name for name, value in self.namespace.items() if callable(value)]

    def do_call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Call a function or a class of the answer."""
        return self.keep(self.namespace[name](*args, **kwargs), keep)

    def do_method(
        self,
        target: Any,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        keep: bool,
    ) -> Any:
        """Call a method of an object."""
        return self.keep(getattr(target, name)(*args, **kwargs), keep)

    def do_get(self, target: Any, name: str) -> Any:
        """Return an attribute of an object, or that it is a method."""
        value = getattr(target, name)
        return Reference("kept", 0, "method") if callable(value) else value

    def do_set(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute of an object."""
        setattr(target, name, value)

    def do_operate(self, name: str, operands: tuple[Any, ...]) -> Any:
        """Apply an arithmetic operator."""
        return getattr(operator, name)(*operands)

    def do_deliver(self, value: Any) -> Any:
        """Take a value in, for later requests to refer to."""
        return self.keep(value, True)

    def do_fetch(self, value: Any) -> Any:
        """Return a value that was kept."""
        return value

    def do_limit(self, address_space: int) -> None:
        """Bound the memory of this process for good, before it sees an answer."""
        import confine

        confine.limit_resources({"AS": address_space})

    # What stands for what on the wire.

    def keep(self, value: Any, keep: bool) -> Any:
        """Return the value, or a reference under which it stays here."""
        if not keep or (isinstance(value, Reference)):
            return value
        number = len(self.kept) + 1
        self.kept[number] = value
        return Reference("kept", number)

    def export(self, value: Any) -> Reference:
        """Return what crosses in the place of an object of the answer."""
        kind = type(value)
        if kind.__name__ in self.classes and self.namespace.get(kind.__name__) is kind:
            number = len(self.objects) + 1
            self.objects[number] = value
            return Reference("object", number, kind.__name__)
        raise Unsendable(f"a value of type {kind.__name__}")

    def resolve(self, reference: Reference) -> Any:
        """Return what a reference from the grading stands for."""
        match reference.kind:
            case "object":
                return self.objects[reference.number]
            case "kept":
                return self.kept[reference.number]
            case "function":
                return self.function(reference.number)
            case "iterator":
                return self.iterator(reference.number)
        return generator_of(reference.name)

    def function(self, number: int) -> Callable[..., Any]:
        """Return a function that is the grading's."""

        def function(*args: Any, **kwargs: Any) -> Any:
            return self.call_back(number, args, kwargs)

        return function

    def iterator(self, number: int) -> Any:
        """Return an iterator that is the grading's."""
        while item := self.call_back(number, (), {}):
            yield item[0]

    def call_back(
        self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Ask the grading for what one of its functions returns."""
        try:
            payload = encode(("callback", number, args, kwargs), self.export)
        except Unsendable as error:
            raise TypeError(f"an argument of the function is {error}") from None
        self.channel.send(self.number, payload)
        kind, *content = decode(self.channel.receive()[1], self.resolve)
        if kind == "return":
            return content[0]
        raise self.foreign(*content)

    def foreign(self, token: int, names: tuple[str, ...], message: str) -> Exception:
        """Return what a callback raised, as the nearest builtin exception."""
        error = nearest_builtin(names)(message)
        self.thrown[token] = error
        return error

    # Bans.

    def ban(self, name: str) -> None:
        """Replace a function by one that refuses, wherever NumPy holds it."""
        module_name, _, attribute = name.rpartition(".")
        original = getattr(importlib.import_module(module_name), attribute)

        def forbidden(*args: Any, **kwargs: Any) -> None:
            self.broken_rule = name
            raise ForbiddenUse(name)

        family = module_name.partition(".")[0]
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").partition(".")[0] == family:
                for key, value in list(vars(module).items()):
                    if value is original:
                        setattr(module, key, forbidden)
                        self.restore.append((module, key, original))

    def lift_bans(self) -> None:
        """Put back what bans of an earlier answer replaced."""
        while self.restore:
            setattr(*self.restore.pop())

    # What the answer raised.

    def describe(self, error: BaseException) -> tuple[Any, ...]:
        """Return an exception as plain values, with its trace in the answer's file."""
        token = next((t for t, e in self.thrown.items() if e is error), 0)
        names = tuple(kind.__name__[:200] for kind in type(error).__mro__)
        message = text_of(error)
        wrote = isinstance(error, ValueError) and (
            "read-only" in message or "WRITEABLE" in message
        )
        trace = trace_of(error, self.namespace.get("__file__"))
        return "raise", token, names, message, wrote, trace


def nearest_builtin(names: tuple[str, ...]) -> type[Exception]:
    """Return the first builtin exception of those names."""
    import builtins

    for name in names:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind
    return Exception


def text_of(error: BaseException) -> str:
    """Return an exception's message, of which the answer may be the author."""
    try:
        return str(error)[:MAX_TEXT]
    except Exception as other:
        return f"(its message raised {type(other).__name__})"


def trace_of(error: BaseException, filename: Any) -> str:
    """Return the lines of a traceback that lie in the answer's own file."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        lines = traceback.format_exception_only(error)
        return "".join(lines)[:MAX_TEXT]
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == filename]
    if len(own) > 12:
        own = own[:4] + own[-8:]
    return "".join(traceback.format_list(own))[:MAX_TEXT]
