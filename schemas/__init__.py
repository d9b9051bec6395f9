"""What an export and an event must look like: pandera schemas, and one TOML file per kind of export."""
