"""Where the global options stand among a command's arguments."""

from __future__ import annotations


def split_globals(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part --json and --workspace DIR, which may stand anywhere before a lone `--`, from the command and its own."""
    moved, kept = [], []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            kept += [argument, *rest]
        elif argument == "--json" or argument.startswith("--workspace="):
            moved.append(argument)
        elif argument == "--workspace":
            moved += [argument, *([value] if (value := next(rest, None)) is not None else [])]
        else:
            kept.append(argument)
    return moved, kept
