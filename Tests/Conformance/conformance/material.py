"""What the conversations are made of."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

QUESTIONS = [
    "What are the three laws of thermodynamics?",
    "How do I read a JSON file in Python?",
    "Explain the concept of recursion with a simple example.",
    "Write a short story opening about a detective finding an unusual clue.",
    "Name three rivers in Europe and say where they end.",
    "What is the difference between a process and a thread?",
    "Give me a recipe for a lentil soup, briefly.",
    "Why is the sky blue at noon and red in the evening?",
    "What is 17 plus 25?",
    "Summarise the plot of Hamlet in two sentences.",
    "Hello!",
    "?",
]
SYSTEMS = [
    "You are a helpful assistant.",
    "You are a helpful coding assistant specializing in Python.",
    "Answer in one sentence.",
    "Du antwortest knapp und höflich.",
]
# Line ends, controls and what looks like the stream's own syntax must come through as text.
TEXTS = [
    "Grüße aus Köln, ça va?",
    "日本語で答えてください。東京の天気は?",
    "👩🏽‍💻 writes 🚀, a family 👨‍👩‍👧‍👦 reads; flag 🇯🇵",
    "שלום עולם, مرحبا بالعالم",
    "e\u0301 is not \u00e9; zero\u200bwidth; \u2028 line and \u2029 paragraph separators; \ufeff mark",
    'quotes " and \\ backslashes \\u0041 \\n, a tab \t and \r\n line ends',
    'data: [DONE]\n\ndata: {"choices":[]}\n\n',
    "nul \u0000, bell \u0007, delete \u007f, next line \u0085",
    "𝕄𝕒𝕥𝕙𝕖𝕞𝕒𝕥𝕚𝕔𝕤 \U0010ffff",
    "</script><!-- {{template}} ${shell} %s -->",
]
TURNS = [
    (
        "I need help planning a road trip from San Francisco to Los Angeles.",
        "I'd be happy to help! The drive is about 380 miles and takes roughly 5-6 hours. Would you like suggestions"
        " for scenic routes or interesting stops along the way?",
        "Yes, what are some good places to stop?",
    ),
    ("My name is Ada.", "Pleased to meet you, Ada.", "What is my name?"),
    ("Tell me a joke.", "A SQL query walks into a bar and asks two tables: may I join you?", "Another one, please."),
]
CITIES = ["Tokyo", "Paris", "Lima", "Nairobi", "Oslo", "San Francisco", "Zürich", "São Paulo"]


def _tool(name: str, description: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


WEATHER = _tool(
    "get_weather", "Get current weather for a city",
    {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}, ["city"],
)  # fmt: skip
MAIL = _tool(
    "send_email", "Send an email message to people",
    {
        "to": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "subject": {"type": "string", "maxLength": 60},
        "urgent": {"type": "boolean"},
        "retry": {"type": "object", "properties": {"times": {"type": "integer", "minimum": 1, "maximum": 5}},
                  "required": ["times"], "additionalProperties": False},
    },
    ["to", "subject", "urgent", "retry"],
)  # fmt: skip
CLOCK = _tool("read_clock", "Tell the time of day", {}, [])
TOOLS = [WEATHER, MAIL, CLOCK]

_STEP = {
    "type": "object",
    "properties": {"explanation": {"type": "string"}, "output": {"type": "string"}},
    "required": ["explanation", "output"],
    "additionalProperties": False,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "steps": {
        "type": "object",
        "properties": {"steps": {"type": "array", "items": _STEP, "minItems": 1}, "final": {"type": "string"}},
        "required": ["steps", "final"],
        "additionalProperties": False,
    },
    "event": {
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 40},
            "kind": {"type": "string", "enum": ["meeting", "holiday", "other"]},
            "guests": {"type": "array", "items": {"type": "string"}, "maxItems": 4},
            "minutes": {"type": "integer", "minimum": 5, "maximum": 480},
            "place": {"type": ["string", "null"]},
            "confirmed": {"type": "boolean"},
        },
        "required": ["title", "kind", "guests", "minutes", "place", "confirmed"],
        "additionalProperties": False,
    },
    "shape": {
        "type": "object",
        "properties": {
            "shape": {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": {"type": {"const": "circle"}, "radius": {"type": "number", "minimum": 0}},
                        "required": ["type", "radius"],
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "properties": {"type": {"const": "square"}, "side": {"type": "number", "minimum": 0}},
                        "required": ["type", "side"],
                        "additionalProperties": False,
                    },
                ]
            }
        },
        "required": ["shape"],
        "additionalProperties": False,
    },
    "tree": {
        "type": "object",
        "properties": {"root": {"$ref": "#/$defs/node"}},
        "required": ["root"],
        "additionalProperties": False,
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "value": {"type": "integer"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 2},
                },
                "required": ["value", "children"],
                "additionalProperties": False,
            }
        },
    },
}


def png(width: int, height: int) -> str:
    """A black picture, as a data URI."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes(width)) * height)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()
