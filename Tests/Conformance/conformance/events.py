"""Cuts the bytes of an event stream into events and holds them to the form."""

from __future__ import annotations

from dataclasses import dataclass, field

from .rules import Breach, shown

DONE = "[DONE]"


@dataclass
class Events:
    """The data of each event, in order, and what was wrong with their form."""

    data: list[str] = field(default_factory=list)
    comments: int = 0
    breaches: list[Breach] = field(default_factory=list)


def read_events(body: bytes) -> Events:
    """`body` is the whole stream, as it came."""
    found = Events()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        found.breaches.append(Breach("sse.utf8", f"{error.reason} at byte {error.start}"))
        text = body.decode("utf-8", "replace")
    # Not splitlines: U+2028 and others are no line ends here.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    event: list[str] = []
    for line in lines[:-1]:
        if line == "":
            if event:
                found.data.append("\n".join(event))
            event = []
        elif line.startswith(":"):
            found.comments += 1
        elif line.startswith("data:"):
            event.append(line[5:].removeprefix(" "))
        else:
            found.breaches.append(Breach("sse.line", shown(line), len(found.data)))
    if event or lines[-1]:
        found.breaches.append(Breach("sse.end", f"ends with {shown(body[-60:])}", len(found.data)))
        if event:
            found.data.append("\n".join(event))
    return found
