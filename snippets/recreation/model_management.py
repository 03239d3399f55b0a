"""What the prompt that runs can be told from outside: to stop."""

import threading

# ComfyUI: a bool under a lock; for the whole process, as here.
interrupted = threading.Event()


class InterruptProcessingException(Exception):
    """The running prompt was asked to stop."""


def interrupt_current_processing(value: bool = True) -> None:
    """Ask the running prompt to stop, or take that back.

    Source: ComfyUI v0.3.10, comfy/model_management.py 1103–1110.
    """
    if value:
        interrupted.set()
    else:
        interrupted.clear()


def processing_interrupted() -> bool:
    """Say whether the running prompt was asked to stop."""
    return interrupted.is_set()


def throw_exception_if_processing_interrupted() -> None:
    """Stop here, if somebody asked for it; ask no second time.

    Raises:
        InterruptProcessingException: the prompt is to end.
    """
    if processing_interrupted():
        interrupted.clear()
        raise InterruptProcessingException
