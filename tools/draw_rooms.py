"""Draw the rooms of the program and what each imports, as two Mermaid diagrams in docs/architecture.md.

python tools/draw_rooms.py           writes the diagrams between the two marks
python tools/draw_rooms.py --check   fails when they are not what the code says

A room is a package or module directly under `importer`, and in the second diagram directly under `importer.core`. An
arrow leads from a room to one that it imports, and stands only where no chain of other arrows leads there as well.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by tools/draw_rooms.py from the imports -->", "<!-- end of the drawing -->"


def imports_between_rooms(graph: grimp.ImportGraph, package: str) -> dict[str, set[str]]:
    """Return for each room of a package the rooms of it that it imports, lazy imports among them."""
    rooms = {module: {module, *graph.find_descendants(module)} for module in graph.find_children(package)}
    room_of = {module: room for room, modules in rooms.items() for module in modules}
    imported: dict[str, set[str]] = {}
    for room, modules in rooms.items():
        found = {target for module in modules for target in graph.find_modules_directly_imported_by(module)}
        imported[room] = {room_of[target] for target in found if target in room_of} - {room}
    return imported


def reduced(imports: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the imports without those that a chain of others implies; the graph has no cycle (import-linter)."""
    below: dict[str, set[str]] = {}

    def reach(room: str) -> set[str]:
        if room not in below:
            below[room] = set().union(*(reach(target) | {target} for target in imports[room]))
        return below[room]

    return {
        room: {target for target in targets if not any(target in reach(other) for other in targets - {target})}
        for room, targets in imports.items()
    }


def diagram(imports: Mapping[str, set[str]], graph: grimp.ImportGraph) -> str:
    """Return a Mermaid flowchart: packages are boxes, modules have round ends."""
    lines = ["```mermaid", "flowchart TD"]
    for room in sorted(imports):
        name = room.rpartition(".")[2]
        lines.append(f'    {node(room)}["{name}/"]' if graph.find_children(room) else f'    {node(room)}(["{name}"])')
    for room, targets in sorted(reduced(imports).items()):
        lines += [f"    {node(room)} --> {node(target)}" for target in sorted(targets)]
    return "\n".join([*lines, "```"])


def node(room: str) -> str:
    """Return a room's name as Mermaid takes it: `graph` and `end` are words of its own."""
    return f"room_{room.rpartition('.')[2].strip('_')}"


def drawing() -> str:
    """Return both diagrams with the marks around them."""
    graph = grimp.build_graph("importer", cache_dir=None)
    graph.remove_import(importer="importer.errors", imported="importer.results")  # for mypy alone
    rooms = diagram(imports_between_rooms(graph, "importer"), graph)
    core = diagram(imports_between_rooms(graph, "importer.core"), graph)
    return f"{BEGIN}\n\n{rooms}\n\nInside `core/`:\n\n{core}\n\n{END}"


def main() -> None:
    """Write the diagrams, or compare them with the page and fail."""
    text = PAGE.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        sys.exit(f"{PAGE.name} lacks the marks of the drawing: {BEGIN} and {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    wanted = before + drawing() + after
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
    elif wanted != text:
        sys.exit(f"{PAGE.name} does not show the imports of the code: run python tools/draw_rooms.py")


if __name__ == "__main__":
    main()
