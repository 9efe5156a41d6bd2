"""Text in the form format=flowed (RFC 3676) as the writer saw it."""


def unflow(text: str, *, delete_space: bool) -> str:
    """Undo format=flowed (RFC 3676): a line ending in a space goes on in the next one of the same quote depth."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        quoted = len(line) - len(line.lstrip(">"))
        content = line[quoted:]
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if delete_space and flows:
            content = content[:-1]
        if open_depth == quoted and lines and content != "-- ":
            lines[-1].append(content)
        else:
            lines.append([f"{'>' * quoted} {content}" if quoted and content else ">" * quoted + content])
        open_depth = quoted if flows else -1
    return "\n".join("".join(pieces) for pieces in lines)
