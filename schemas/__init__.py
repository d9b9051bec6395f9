"""What an export and an event must look like: pandera schemas, and one TOML file per kind of export."""

import warnings

# pandera imports PySpark where that is installed, which then warns whoever never asked for it
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
