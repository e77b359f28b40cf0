"""Pictures, by address and as data."""

from __future__ import annotations

import base64
import struct
from typing import Any

import openai
import pytest
from conformance.material import png

from support.models import WITH_VISION

URL = "https://upload.wikimedia.org/wikipedia/commons/4/47/PNG_transparency_demonstration_1.png"


def data_uri(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def gif(width: int, height: int) -> str:
    return data_uri("gif", b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff;")


def jpeg(width: int, height: int) -> str:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return data_uri("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x0b" + frame + b"\xff\xd9")


def webp(width: int, height: int) -> str:
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return data_uri("webp", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size)


def ask(client: openai.OpenAI, model: str, *urls: str, **more: Any) -> Any:
    images = [{"type": "image_url", "image_url": {"url": url, **more}} for url in urls]
    content = [{"type": "text", "text": "What is this?"}, *images]
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": content}])


@pytest.mark.parametrize("model", WITH_VISION)
@pytest.mark.parametrize(("make", "name"), [(png, "PNG"), (gif, "GIF"), (jpeg, "JPEG"), (webp, "WebP")])
def test_data(client: openai.OpenAI, model: str, make: Any, name: str) -> None:
    text = ask(client, model, make(23, 41)).choices[0].message.content
    assert name in text and "23 × 41" in text


def test_the_claimed_type_is_not_believed(client: openai.OpenAI) -> None:
    text = ask(client, WITH_VISION[0], png(5, 6).replace("image/png", "image/jpeg")).choices[0].message.content
    assert "PNG" in text and "5 × 6" in text


@pytest.mark.parametrize("model", WITH_VISION)
def test_address(client: openai.OpenAI, model: str) -> None:
    assert URL in ask(client, model, URL).choices[0].message.content


def test_several(client: openai.OpenAI) -> None:
    text = ask(client, WITH_VISION[0], png(2, 3), URL, gif(4, 5)).choices[0].message.content
    assert text.index("2 × 3") < text.index(URL) < text.index("4 × 5")


def test_detail_costs(client: openai.OpenAI) -> None:
    low, high = (ask(client, WITH_VISION[0], png(1024, 1024), detail=d).usage.prompt_tokens for d in ("low", "high"))
    assert low < high


@pytest.mark.parametrize(
    "url", ["data:image/png;base64,AAAA", "data:text/plain,hello", "file:///etc/passwd", "ftp://x.org/y.png", ""]
)
def test_what_is_no_picture_is_refused(client: openai.OpenAI, url: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, WITH_VISION[0], url)
    assert caught.value.type == "invalid_request_error"


def test_a_model_that_does_not_see(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "openai/o3-mini", URL)
    assert "image_url" in caught.value.message
