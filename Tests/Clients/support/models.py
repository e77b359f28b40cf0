"""The models of the model pages."""

REASONING = ["openai/o4-mini", "openai/o3-mini"]
PLAIN = ["openai/gpt-4.1-mini", "openai/gpt-5.4-mini"]
MODELS = REASONING + PLAIN
WITH_VISION = ["openai/o4-mini", "openai/gpt-4.1-mini"]
