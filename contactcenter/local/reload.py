"""Noticing that the product's own code has changed."""

from pathlib import Path

WATCHED = {".py", ".html"}
PASSED_OVER = {".venv", "node_modules", "var", "static", "tests", ".git", "docs", "benchmarks"}


class Watch:
    def __init__(self, root: Path) -> None:
        self.folders = [path for path in root.iterdir() if path.is_dir() and path.name not in PASSED_OVER]
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether a file was written, added or removed since the last time this was asked."""
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> dict[Path, int]:
        found: dict[Path, int] = {}
        for folder in self.folders:
            for path in folder.rglob("*"):
                if path.suffix in WATCHED:
                    try:
                        found[path] = path.stat().st_mtime_ns
                    except FileNotFoundError:
                        continue
        return found
