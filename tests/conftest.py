"""What all tests share: `builders` and `fake_meta` can be imported by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
