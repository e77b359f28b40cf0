"""Chat completions through the unmodified openai SDK."""

from __future__ import annotations

import openai
import pytest

from gateway_process import Gateway
from support.raw import new_id
from support.records import only_record

MESSAGES = [{"role": "user", "content": "Hello!"}]
REASONING, PLAIN = "openai/o4-mini", "openai/gpt-4.1-mini"


def test_create(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model=REASONING, messages=MESSAGES)
    assert answer.object == "chat.completion"
    assert answer.id.startswith("chatcmpl-")
    assert answer.model == REASONING
    assert answer.created > 1_700_000_000
    [choice] = answer.choices
    assert (choice.index, choice.message.role, choice.finish_reason) == (0, "assistant", "stop")
    assert choice.message.content
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 0 and answer.usage.completion_tokens > 0
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_reasoning_stands_apart_from_content(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model=REASONING, messages=MESSAGES).choices[0].message
    assert (message.model_extra or {}).get("reasoning_content")
    assert message.content


def test_no_reasoning_from_a_model_that_does_not_reason(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model=PLAIN, messages=MESSAGES)
    assert "reasoning_content" not in (answer.choices[0].message.model_extra or {})
    assert answer.model == PLAIN


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("model", [REASONING, PLAIN])
def test_either_name_of_the_token_limit_is_taken(client: openai.OpenAI, model: str, name: str) -> None:
    answer = client.chat.completions.create(model=model, messages=MESSAGES, **{name: 500})
    assert answer.choices[0].message.content


def test_same_request_same_answer(client: openai.OpenAI) -> None:
    texts = {
        client.chat.completions.create(model=PLAIN, messages=MESSAGES).choices[0].message.content for _ in range(3)
    }
    assert len(texts) == 1


def test_a_large_prompt(client: openai.OpenAI) -> None:
    text = "All happy families are alike. " * 35_000
    assert len(text) > 1_000_000
    answer = client.chat.completions.create(model=PLAIN, messages=[{"role": "user", "content": text}])
    assert answer.usage is not None and answer.usage.prompt_tokens > 100_000


def test_text_beyond_ascii_survives(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=PLAIN, messages=[{"role": "user", "content": 'Grüße, 日本語, 🚀, " \\ \u0000 \u2028'}]
    )
    assert answer.choices[0].message.content


def test_a_call_is_recorded_once(client: openai.OpenAI, gateway: Gateway) -> None:
    id_ = new_id()
    answer = client.chat.completions.create(model=REASONING, messages=MESSAGES, extra_headers={"X-Request-Id": id_})
    record = only_record(gateway.database, id_)
    assert (record.outcome, record.status, record.error_reason, record.streamed) == ("complete", 200, None, False)
    assert answer.usage is not None
    assert record.prompt_tokens == answer.usage.prompt_tokens
    assert record.completion_tokens == answer.usage.completion_tokens


def test_the_request_id_comes_back(client: openai.OpenAI) -> None:
    id_ = new_id()
    raw = client.chat.completions.with_raw_response.create(
        model=PLAIN, messages=MESSAGES, extra_headers={"X-Request-Id": id_}
    )
    assert raw.headers["x-request-id"] == id_
    assert raw.parse().choices[0].message.content


def test_a_request_id_is_made_when_none_is_given(client: openai.OpenAI) -> None:
    made = [client.chat.completions.create(model=PLAIN, messages=MESSAGES)._request_id for _ in range(3)]
    assert all(made), made
    assert len(set(made)) == 3


@pytest.mark.anyio
async def test_async_create(gateway: Gateway) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.base_url}/v1", api_key=gateway.key, max_retries=0) as client:
        answer = await client.chat.completions.create(model=REASONING, messages=MESSAGES)
    assert answer.choices[0].message.content
