"""``python -m actions``: the action server, ready only when the search index is built.

``rasa run actions`` works too; it builds the index on the first question.
"""

from __future__ import annotations

import argparse

from rasa_sdk.endpoint import run

from actions.service import service


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m actions")
    parser.add_argument("-p", "--port", type=int, default=5055)
    arguments = parser.parse_args()
    service()
    run("actions", port=arguments.port)


if __name__ == "__main__":
    main()
