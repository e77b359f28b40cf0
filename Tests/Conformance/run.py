#!/usr/bin/env python3
"""Checks every frame of every stream of a server that speaks OpenAI's chat completions. Standard library only.

    python3 Tests/Conformance/run.py --base-url http://127.0.0.1:8080 --key sk-aig-... --model openai/o4-mini

Ends with 1 if a rule was broken or nothing answers, with 2 if it was called wrongly.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter

from conformance.check import Manner, check, streamed
from conformance.conversations import FEATURES, Conversation, conversations
from conformance.rules import RULES, Breach
from conformance.transport import Server

SHOWN_BREACHES = 6


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True, metavar="URL", help="with or without /v1 at its end")
    parser.add_argument("--key", default=os.environ.get("OPENAI_API_KEY", ""), help="or OPENAI_API_KEY")
    parser.add_argument("--model", required=True, metavar="M")
    parser.add_argument("--count", type=int, default=200, metavar="N", help="conversations (default: 200)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="other conversations (default: 1)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one conversation, with its request printed")
    parser.add_argument("--without", default="", metavar="A,B", help=f"leave out {', '.join(FEATURES)}")
    parser.add_argument("--no-compare", action="store_true", help="for models that never answer the same twice")
    parser.add_argument(
        "--openai", action="store_true", help="hold it to OpenAI's own form: no usage unless asked, dated model names"
    )
    parser.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="for each read (default: 60)")
    parser.add_argument("--rules", action="store_true", help="list the rules after the report")
    arguments = parser.parse_args()
    if unknown := set(filter(None, arguments.without.split(","))) - set(FEATURES):
        parser.error(f"unknown in --without: {', '.join(sorted(unknown))}")
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    return arguments


def report(conversation: Conversation, breaches: list[Breach]) -> None:
    print(f"FAIL {conversation.number} ({conversation.kind}), stream_options {conversation.stream_options}")
    for breach in breaches[:SHOWN_BREACHES]:
        print(f"     {breach}")
    if len(breaches) > SHOWN_BREACHES:
        print(f"     and {len(breaches) - SHOWN_BREACHES} more")


def main() -> int:
    arguments = read_arguments()
    try:
        server = Server(arguments.base_url, arguments.key, arguments.timeout)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    without = frozenset(filter(None, arguments.without.split(",")))
    manner = Manner(is_openai=arguments.openai, compares=not arguments.no_compare)
    count = arguments.count if arguments.only is None else arguments.only + 1
    chosen = conversations(count, arguments.seed, arguments.model, without)
    if arguments.only is not None:
        chosen = chosen[arguments.only :]
        print(json.dumps(streamed(chosen[0].request, chosen[0].stream_options), ensure_ascii=False))
    began, frames, failed = time.monotonic(), 0, 0
    broken: Counter[str] = Counter()
    for conversation in chosen:
        outcome = check(server, conversation, manner)
        frames += outcome.frames
        if outcome.breaches:
            failed += 1
            broken.update({breach.rule for breach in outcome.breaches})
            report(conversation, outcome.breaches)
    server.close()
    if broken:
        print("\nRules broken, and in how many conversations:")
        for rule, number in broken.most_common():
            print(f"{number:6d}  {rule}: {RULES[rule]}")
    if arguments.rules:
        print("\n".join(["", "Rules:", *(f"  {rule}: {text}" for rule, text in RULES.items())]))
    print(f"\n{len(chosen)} conversations with {arguments.model}, seed {arguments.seed}; {frames} frames of streams, "
          f"{len(RULES)} rules, {time.monotonic() - began:.1f} s")  # fmt: skip
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
