"""Writing files that another process waits for."""

import os


def write_atomically(path, text):
    """A reader sees the whole file or none."""
    with open(f"{path}.part", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(f"{path}.part", path)
