"""Chaos for as long as wanted: stories of tests/chaos_story.py, one after another, from a seed.

python benchmarks/chaos.py ROUNDS [SEED]

Plays stories of eight rounds until there were so many; prints each story that fails with its seed, and in the end what
befell how often. A failed story is played again by `python benchmarks/chaos.py 9 ITS_SEED`.
"""

import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from chaos_story import Story

ROUNDS = 8


def main() -> None:
    wanted, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    counts: Counter[str] = Counter()
    rounds = stories = failed = sales = repeats = 0
    began = time.monotonic()
    while rounds < wanted:
        with tempfile.TemporaryDirectory() as folder:
            story = Story(Path(folder), seed)
            try:
                story.play(story.drawn(ROUNDS))
            except Exception:  # noqa: BLE001  whatever fails is told, and the next story begins
                failed += 1
                print(f"seed {seed}: {' > '.join(story.told)}\n{traceback.format_exc()}", flush=True)
            summary = story.graph.summary()
        rounds, stories, seed = rounds + len(story.told), stories + 1, seed + 1
        sales, repeats = sales + summary.received, repeats + summary.repeats
        counts += story.counts
        if stories % 10 == 0:
            print(f"{stories} stories, {rounds} rounds, {failed} failed, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{stories} stories, {rounds} rounds, {sales:,} sales taken, {repeats:,} of them again, {failed} failed")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
