"""python -m importer is capi-import."""

from importer.cli import main

main()
