"""Checks a server of OpenAI's chat completions: every frame of every stream, and streamed against not streamed."""
