"""How a prompt is checked, queued and run."""

import copy
import heapq
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Protocol

from snippets.recreation import model_management, nodes


class Server(Protocol):
    """What queue and executor ask of the server that they serve."""

    prompt_queue: "PromptQueue"
    client_id: str | None
    last_node_id: str | None

    def queue_updated(self) -> None:
        """Tell all clients how many prompts are left."""

    def send_sync(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        """Leave a message for one client or all; any thread may."""


# ComfyUI: also torch, caches, subgraphs, lazy inputs, lists.
Problem = dict[str, Any]


class NodeNotFoundError(Exception):
    """An input is linked to a node that is not in the prompt."""


class DependencyCycleError(Exception):
    """Each node that is left waits for another one."""


def is_link(value: Any) -> bool:
    """Say whether an input is a link: [node, index of an output]."""
    match value:
        case [str(), int() | float()]:
            return True
    return False


# --8<-- [start:find_needs]
def find_needs(
    prompt: dict[str, Any], outputs: list[str]
) -> dict[str, set[str]]:
    """Return which nodes are to run, and what each waits for.

    Raises:
        NodeNotFoundError: a node that is needed is not there.

    Source: ComfyUI v0.3.10, comfy_execution/graph.py 109–136.
    """
    needs: dict[str, set[str]] = {}
    left = list(outputs)
    while left:
        if (node_id := left.pop()) in needs:
            continue
        if node_id not in prompt:
            raise NodeNotFoundError(f"Node {node_id} not found")
        inputs = prompt[node_id]["inputs"].values()
        links = [value[0] for value in inputs if is_link(value)]
        needs[node_id] = set(links)
        left += links
    return needs


# --8<-- [end:find_needs]
def get_input_data(
    inputs: dict[str, Any], class_def: Any, outputs: dict[str, Any]
) -> dict[str, Any]:
    """Return the values of a node's inputs; a link's is an output.

    A link counts even if the node does not declare the input; a value
    only if it does.

    Source: ComfyUI v0.3.10, execution.py 90–128.
    """
    values = {}
    for name, value in inputs.items():
        if is_link(value):
            given, slot = outputs[value[0]], value[1]
            values[name] = given[slot] if slot < len(given) else None
        elif name in class_def.INPUT_TYPES()["required"]:
            values[name] = value
    return values


class PromptExecutor:
    """Runs one prompt after the other, in the worker's thread.

    Source: ComfyUI v0.3.10, execution.py 417–532.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.reset()

    def reset(self) -> None:
        """Forget the last prompt."""
        self.prompt_id = ""
        self.prompt: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}  # what nodes give on
        self.ui: dict[str, Any] = {}  # what they show
        self.status_messages: list[tuple[str, dict[str, Any]]] = []
        self.success = True
        self.current = ""
        self.given: dict[str, Any] = {}  # inputs of the current node

    def add_message(
        self, event: str, data: dict[str, Any], broadcast: bool
    ) -> None:
        """Keep a message for the history, and send it.

        Args:
            event: the name of the message.
            data: its data; the time in milliseconds is added.
            broadcast: send it also if the prompt names no client.
        """
        data = {**data, "timestamp": int(time.time() * 1000)}
        self.status_messages.append((event, data))
        if self.server.client_id is not None or broadcast:
            self.server.send_sync(event, data, self.server.client_id)

    def handle_execution_error(self, error: Exception) -> None:
        """Say which node ended the prompt, and how.

        Source: ComfyUI v0.3.10, execution.py 376–409 and 437–463.
        """
        message = {
            "prompt_id": self.prompt_id,
            "node_id": self.current,
            "node_type": self.prompt[self.current]["class_type"],
            "executed": list(self.outputs),
        }
        stopped = model_management.InterruptProcessingException
        if isinstance(error, stopped):
            self.add_message(
                "execution_interrupted", message, broadcast=True
            )
            return
        message |= {
            "exception_message": str(error),
            "exception_type": full_type_name(type(error)),
            "traceback": traceback.format_tb(error.__traceback__),
            "current_inputs": {
                name: [format_value(value)]
                for name, value in self.given.items()
            },
            "current_outputs": list(self.prompt),
        }
        self.add_message("execution_error", message, broadcast=False)

    # --8<-- [start:execute]
    def execute(
        self,
        prompt: dict[str, Any],
        prompt_id: str,
        extra_data: Any,
        execute_outputs: list[str],
    ) -> None:
        """Run every output, and what it needs; nobody catches here."""
        nodes.interrupt_processing(False)
        known = "client_id" in extra_data  # raises if it is None
        self.server.client_id = (
            extra_data["client_id"] if known else None
        )
        self.reset()
        self.prompt_id, self.prompt = prompt_id, prompt
        about = {"prompt_id": prompt_id}
        self.add_message("execution_start", about, broadcast=False)
        for node in prompt.values():  # ComfyUI: to use the cache.
            sorted(node["inputs"].keys())  # raises if it has none
        cached = {"nodes": [], **about}
        self.add_message("execution_cached", cached, broadcast=False)
        waiting = find_needs(prompt, execute_outputs)
        if self.execute_nodes(waiting):
            self.add_message(
                "execution_success", about, broadcast=False
            )
        self.server.last_node_id = None

    # --8<-- [end:execute]
    # --8<-- [start:execute_nodes]
    def execute_nodes(self, waiting: dict[str, set[str]]) -> bool:
        """Run each node that waits for none; say whether all ran.

        Source: ComfyUI v0.3.10, execution.py 499–516.
        """
        while waiting:
            ready = [node for node in waiting if not waiting[node]]
            self.current = next(iter(ready or waiting))
            self.given = {}
            try:
                if not ready:
                    text = "Dependency cycle detected"
                    raise DependencyCycleError(text)
                self.success = False
                self.execute_node(self.current)
                self.success = True
            except Exception as error:
                self.handle_execution_error(error)
                return False
            del waiting[self.current]
            for needed in waiting.values():
                needed.discard(self.current)
        return True

    # --8<-- [end:execute_nodes]
    # --8<-- [start:execute_node]
    def execute_node(self, node_id: str) -> None:
        """Run a node (execution.py 249–415)."""
        class_type = self.prompt[node_id]["class_type"]
        class_def = nodes.NODE_CLASS_MAPPINGS[class_type]
        inputs = self.prompt[node_id]["inputs"]
        self.given = get_input_data(inputs, class_def, self.outputs)
        if self.server.client_id is not None:
            self.server.last_node_id = node_id
        self.tell("executing", node_id)
        node = class_def()
        nodes.before_node_execution()
        result = getattr(node, class_def.FUNCTION)(**self.given)
        if isinstance(result, dict):
            # ComfyUI: joined with those of the node's other runs.
            shown = {k: [*v] for k, v in result.get("ui", {}).items()}
            if shown:
                self.ui[node_id] = shown
                self.tell("executed", node_id, output=shown)
            result = result.get("result", ())
        self.outputs[node_id] = result

    def tell(self, event: str, node_id: str, **more: Any) -> None:
        """Tell the client what a node does, if the prompt names one."""
        if self.server.client_id is not None:
            node = {"node": node_id, "display_node": node_id, **more}
            data = {**node, "prompt_id": self.prompt_id}
            self.server.send_sync(event, data, self.server.client_id)

    # --8<-- [end:execute_node]
    @property
    def history_result(self) -> dict[str, Any]:
        """Return what the history keeps of the nodes' work."""
        ids = ("node_id", "display_node", "real_node_id")
        return {
            "outputs": self.ui,
            "meta": {
                node: {**dict.fromkeys(ids, node), "parent_node": None}
                for node in self.ui
            },
        }


def format_value(value: Any) -> Any:
    """Return a value that JSON can hold, or its text.

    Source: ComfyUI v0.3.10, execution.py 241–247.
    """
    plain = value is None or isinstance(value, int | float | str)
    return value if plain else str(value)


Verdict = tuple[bool, list[Problem], str]  # fit, what is wrong, which
CONVERT: dict[Any, Callable[[Any], Any]] = {
    "INT": int,
    "FLOAT": float,
    "STRING": str,
    "BOOLEAN": bool,
}


def problem(
    kind: str, message: str, details: str = "", **extra_info: Any
) -> Problem:
    """Return an error in the shape that clients know."""
    text = {"type": kind, "message": message, "details": details}
    return {**text, "extra_info": extra_info}


def raised(kind: str, message: str, error: Exception) -> Problem:
    """Return what was raised while a prompt was checked."""
    return problem(
        kind,
        message,
        str(error),
        exception_type=full_type_name(type(error)),
        traceback=traceback.format_tb(error.__traceback__),
    )


def validate_value(
    name: str, inputs: dict[str, Any], info: tuple[Any, Any]
) -> Problem | None:
    """Convert a value where it stands; say what is wrong with it.

    Source: ComfyUI v0.3.10, execution.py 620–712.
    """
    (kind, limits), value = info, inputs[name]
    about = {"input_name": name, "input_config": info}
    about["received_value"] = value
    try:
        if isinstance(kind, str) and kind in CONVERT:
            inputs[name] = value = CONVERT[kind](value)
    except Exception as error:
        text = f"Failed to convert an input value to a {kind} value"
        details = f"{name}, {value}, {error}"
        about["exception_message"] = str(error)
        return problem("invalid_input_type", text, details, **about)
    about["received_value"] = value
    if "min" in limits and value < limits["min"]:
        text = f"Value {value} smaller than min of {limits['min']}"
        return problem("value_smaller_than_min", text, name, **about)
    if "max" in limits and value > limits["max"]:
        text = f"Value {value} bigger than max of {limits['max']}"
        return problem("value_bigger_than_max", text, name, **about)
    return None


BAD_LINK = "must be a length-2 list of [node_id, slot_index]"


def validate_link(
    prompt: Any, name: str, link: list[Any], info: tuple[Any, Any]
) -> Problem | None:
    """Say what is wrong with a link: [node, index of an output].

    Raises:
        LookupError: there is no such node, or no such output.

    Source: ComfyUI v0.3.10, execution.py 571–606.
    """
    about = {"input_name": name, "input_config": info}
    if len(link) != 2:
        text = f"Bad linked input, {BAD_LINK}"
        about["received_value"] = link
        return problem("bad_linked_input", text, name, **about)
    class_type = prompt[link[0]]["class_type"]
    given = nodes.NODE_CLASS_MAPPINGS[class_type].RETURN_TYPES[link[1]]
    if given == info[0]:
        return None
    text = "Return type mismatch between linked nodes"
    details = f"received_type({given}) mismatch input_type({info[0]})"
    about |= {"received_type": given, "linked_node": link}
    details = f"{name}, {details}"
    return problem("return_type_mismatch", text, details, **about)


# --8<-- [start:validate_inputs]
def validate_inputs(
    prompt: Any, item: str, validated: dict[str, Verdict]
) -> Verdict:
    """Check a node and all that it needs; note each in `validated`.

    Raises:
        Exception: whatever reading the node raises.

    Source: ComfyUI v0.3.10, execution.py 535–754.
    """
    if item in validated:
        return validated[item]
    inputs, errors, valid = prompt[item]["inputs"], [], True
    class_def = nodes.NODE_CLASS_MAPPINGS[prompt[item]["class_type"]]
    # ComfyUI: a set; optional inputs and a node's own check besides.
    for name, info in class_def.INPUT_TYPES()["required"].items():
        wrong = validate_input(prompt, name, inputs, info)
        if wrong:
            errors.append(wrong)
        elif isinstance(inputs[name], list):
            linked = inputs[name][0]
            try:
                valid &= validate_inputs(prompt, linked, validated)[0]
            except Exception as error:
                valid = False
                found = inner_problem(name, info, inputs[name], error)
                validated[linked] = False, [found], linked
    validated[item] = valid and not errors, errors, item
    return validated[item]


# --8<-- [end:validate_inputs]
def inner_problem(
    name: str, info: tuple[Any, Any], link: list[Any], error: Exception
) -> Problem:
    """Return what was raised while a linked node was checked."""
    kind = "exception_during_inner_validation"
    found = raised(kind, "Exception when validating inner node", error)
    about = {"input_name": name, "input_config": info}
    about |= {"exception_message": str(error), "linked_node": link}
    return {**found, "extra_info": {**about, **found["extra_info"]}}


def validate_input(
    prompt: Any,
    name: str,
    inputs: dict[str, Any],
    info: tuple[Any, Any],
) -> Problem | None:
    """Say what is wrong with one input of a node."""
    if name not in inputs:
        text = "Required input is missing"
        kind = "required_input_missing"
        return problem(kind, text, name, input_name=name)
    if isinstance(inputs[name], list):
        return validate_link(prompt, name, inputs[name], info)
    return validate_value(name, inputs, info)


def full_type_name(kind: type) -> str:
    """Return a class's name, with its module unless that is builtins.

    Source: ComfyUI v0.3.10, execution.py 756–760.
    """
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


# ComfyUI: a plain tuple.
class Validation(NamedTuple):
    """Whether a prompt can run, why not, and what of it can."""

    valid: bool
    error: Problem | None
    outputs: list[str]
    node_errors: Any  # by node; a list if it cannot be read at all


# --8<-- [start:validate_prompt]
def validate_prompt(prompt: Any) -> Validation:
    """Check a prompt; one good output is enough for it to run.

    Raises:
        TypeError: it cannot be read as nodes by their ids.

    Source: ComfyUI v0.3.10, execution.py 762–870.
    """
    outputs = []
    for node_id in prompt:
        if "class_type" not in prompt[node_id]:
            text = "a node is missing the class_type property."
        elif (
            class_type := prompt[node_id]["class_type"]
        ) not in nodes.NODE_CLASS_MAPPINGS:
            text = f"node {class_type} does not exist."
        else:
            class_def = nodes.NODE_CLASS_MAPPINGS[class_type]
            if getattr(class_def, "OUTPUT_NODE", False) is True:
                outputs.append(node_id)
            continue
        text = f"Cannot execute because {text}"
        where = f"Node ID '#{node_id}'"
        error = problem("invalid_prompt", text, where)
        return Validation(False, error, [], [])
    if not outputs:
        error = problem("prompt_no_outputs", "Prompt has no outputs")
        return Validation(False, error, [], [])
    return validate_outputs(prompt, outputs)


# --8<-- [end:validate_prompt]
def validate_output(
    prompt: Any, node_id: str, validated: dict[str, Verdict]
) -> Verdict:
    """Check an output, even where looking at it fails."""
    try:
        return validate_inputs(prompt, node_id, validated)
    except Exception as error:
        kind = "exception_during_validation"
        found = raised(kind, "Exception when validating node", error)
        validated[node_id] = False, [found], node_id
        return validated[node_id]


# --8<-- [start:validate_outputs]
def validate_outputs(prompt: Any, outputs: list[str]) -> Validation:
    """Keep the outputs that can run; say what others lack."""
    good, details = [], []
    node_errors: dict[str, Any] = {}
    validated: dict[str, Verdict] = {}
    for output in outputs:
        valid, reasons, _ = validate_output(prompt, output, validated)
        if valid:
            good.append(output)
            continue
        details += [f"{x['message']}: {x['details']}" for x in reasons]
        for node_id, (_, errors, _) in validated.items():
            if errors:
                class_type = prompt[node_id]["class_type"]
                entry = {"errors": errors, "dependent_outputs": []}
                entry["class_type"] = class_type
                found = node_errors.setdefault(node_id, entry)
                found["dependent_outputs"].append(output)
    if good:
        return Validation(True, None, good, node_errors)
    kind = "prompt_outputs_failed_validation"
    text = "Prompt outputs failed validation"
    error = problem(kind, text, "\n".join(details))
    return Validation(False, error, [], node_errors)


# --8<-- [end:validate_outputs]
# --8<-- [start:PromptQueue]
MAXIMUM_HISTORY_SIZE = 10_000
# number, prompt_id, prompt, extra_data, outputs to run
Item = tuple[float, str, dict[str, Any], Any, list[str]]


class PromptQueue:
    """Prompts that wait, run and ran; any thread may ask.

    Source: ComfyUI v0.3.10, execution.py 872–995.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.mutex = threading.RLock()  # guards all that follows
        self.not_empty = threading.Condition(self.mutex)
        self.task_counter = 0
        self.queue: list[Item] = []  # a heap
        self.currently_running: dict[int, Item] = {}
        self.history: dict[str, Any] = {}  # the oldest first
        self.flags: dict[str, Any] = {}
        server.prompt_queue = self

    # --8<-- [end:PromptQueue]
    # --8<-- [start:put]
    def put(self, item: Item) -> None:
        """Let a prompt wait; the lowest number is taken first."""
        with self.mutex:
            heapq.heappush(self.queue, item)
            self.server.queue_updated()
            self.not_empty.notify()

    def get(
        self, timeout: float | None = None
    ) -> tuple[Item, int] | None:
        """Wait for a prompt; return it with a number for `task_done`.

        Args:
            timeout: in seconds; None waits as long as it takes.

        Returns:
            None if the time is over, or if a flag was set, and there
            is no prompt.
        """
        with self.not_empty:
            while not self.queue:
                self.not_empty.wait(timeout)
                if timeout is not None and not self.queue:
                    return None
            item = heapq.heappop(self.queue)
            item_id = self.task_counter
            self.currently_running[item_id] = copy.deepcopy(item)
            self.task_counter += 1
            self.server.queue_updated()
            return item, item_id

    # --8<-- [end:put]
    # --8<-- [start:task_done]
    class ExecutionStatus(NamedTuple):
        """How a prompt ended, and what its client was told."""

        status_str: Literal["success", "error"]
        completed: bool
        messages: list[tuple[str, dict[str, Any]]]

    def task_done(
        self,
        item_id: int,
        history_result: dict[str, Any],
        status: ExecutionStatus | None,
    ) -> None:
        """Move a prompt from what runs to what ran.

        If there are more than 10,000 already, the oldest goes.
        """
        with self.mutex:
            prompt = self.currently_running.pop(item_id)
            if len(self.history) > MAXIMUM_HISTORY_SIZE:
                self.history.pop(next(iter(self.history)))
            told = copy.deepcopy(status._asdict()) if status else None
            self.history[prompt[1]] = {
                "prompt": prompt,
                "outputs": {},
                "status": told,
                **history_result,
            }
            self.server.queue_updated()

    # --8<-- [end:task_done]
    def get_current_queue(self) -> tuple[list[Item], list[Item]]:
        """Return what runs, and a copy of what waits: of the heap."""
        with self.mutex:
            running = list(self.currently_running.values())
            return running, copy.deepcopy(self.queue)

    def get_tasks_remaining(self) -> int:
        """Return how many wait or run."""
        with self.mutex:
            return len(self.queue) + len(self.currently_running)

    def wipe_queue(self) -> None:
        """Take back all that wait; what runs goes on."""
        with self.mutex:
            self.queue = []
            self.server.queue_updated()

    def delete_queue_item(
        self, function: Callable[[Item], bool]
    ) -> bool:
        """Take back the first that a function accepts; say if any."""
        with self.mutex:
            for index, item in enumerate(self.queue):
                if function(item):
                    if len(self.queue) == 1:
                        self.wipe_queue()
                    else:
                        self.queue.pop(index)
                        heapq.heapify(self.queue)
                    self.server.queue_updated()
                    return True
        return False

    def get_history(
        self,
        prompt_id: str | None = None,
        max_items: int | None = None,
        offset: int = -1,
    ) -> dict[str, Any]:
        """Return one as a copy, or the newest, or all.

        Args:
            prompt_id: the one; an unknown one brings an empty dict.
            max_items: how many; None means all.
            offset: from which on; a negative one leaves the newest.
        """
        with self.mutex:
            if prompt_id is not None:
                if prompt_id not in self.history:
                    return {}
                return {
                    prompt_id: copy.deepcopy(self.history[prompt_id])
                }
            entries = list(self.history.items())
            if max_items is None:
                return dict(entries[max(offset, 0) :])
            if offset < 0:
                offset = len(entries) - max_items
            start = max(offset, 0)
            # ComfyUI: a loop adds one before it counts: max(…, 1).
            return dict(entries[start : start + max(max_items, 1)])

    def wipe_history(self) -> None:
        """Forget all that ran."""
        with self.mutex:
            self.history = {}

    def delete_history_item(self, id_to_delete: str) -> None:
        """Forget one that ran; an unknown one is no error."""
        with self.mutex:
            self.history.pop(id_to_delete, None)

    def set_flag(self, name: str, data: Any) -> None:
        """Ask the worker for something, and wake it."""
        with self.mutex:
            self.flags[name] = data
            self.not_empty.notify()

    def get_flags(self, reset: bool = True) -> dict[str, Any]:
        """Return what was asked for; forget it unless told not to."""
        with self.mutex:
            if not reset:
                return self.flags.copy()
            flags, self.flags = self.flags, {}
            return flags
