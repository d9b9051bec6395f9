"""How much of preparing a batch is hashing? Prints the share; decision 0008 rests on it.

python benchmarks/hashing.py
"""

from sales import batch, preparation, seconds

from importer.core.hashing import hash_batch
from importer.core.mapping import map_batch
from importer.core.orders import gather
from importer.core.prepare import normalise, prepare

ROWS = 65_536


def main() -> None:
    raw = batch(ROWS)
    told = preparation(raw)
    orders = gather(map_batch(raw, told.binding, told.answers), told.binding.plan.orders).orders
    normal, _ = normalise(orders, told)
    whole = min(seconds(lambda: prepare(raw, told)) for _ in range(3))
    hashing = min(seconds(lambda: hash_batch(normal, raw_external_id=False)) for _ in range(3))
    print(f"{ROWS} rows, 8 customer keys: hashing is {hashing / whole:.1%} of preparing them")
    print(f"preparing costs {whole / ROWS * 1e6:.1f} microseconds a row, hashing {hashing / ROWS * 1e6:.1f}")


if __name__ == "__main__":
    main()
