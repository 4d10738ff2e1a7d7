"""The plan a client was given, and how it says what it saw: a line of JSON a check."""

import hashlib
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)


def check(name):
    """Runs the function it decorates at once; what it returns is what was seen."""

    def run(function):
        try:
            line = {"check": name, "saw": function()}
        except Exception as error:  # A client's own failure is what the test wants to know.
            line = {"check": name, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(line), flush=True)
        return function

    return run


def sha256_of(chunks):
    digest = hashlib.sha256()
    length = 0
    for chunk in chunks:
        digest.update(chunk)
        length += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": length}


def pattern_bytes(length):
    path = next(file["path"] for file in plan["sizes"] if file["name"] == "5MiB-plus-1")
    with open(path, "rb") as file:
        return file.read(length)
