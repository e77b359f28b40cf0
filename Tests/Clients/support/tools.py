"""Tools that tests offer to a model, and one that answers."""

from __future__ import annotations

import json
from typing import Any

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get current weather for a city",
        # The SDK's asynchronous stream helper takes only strict ones.
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
CELSIUS = {"Tokyo": 21, "Paris": 14, "Oslo": -3}


def look_up(arguments: str) -> str:
    """What the tool says to arguments as a model wrote them."""
    city = json.loads(arguments)["city"]
    return json.dumps({"city": city, "celsius": CELSIUS[city]})
