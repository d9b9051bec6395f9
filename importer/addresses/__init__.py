"""Where the sales lie: a folder, a pattern, a bucket, a web or SFTP server, a database.

`fetch(address, folder)` brings the files of an address into a private folder, whole or not at all, and says what each
is called. Nothing is written to the source. A password or the query of a web address never leaves this package.
"""

from importer.addresses.address import is_address, name_of, shown
from importer.addresses.cloud_folder import CloudFolder
from importer.addresses.fetch import fetch
from importer.addresses.fetched_file import Fetched
from importer.addresses.local_files import local_files
from importer.addresses.report_target import ReportTarget

__all__ = ["CloudFolder", "Fetched", "ReportTarget", "fetch", "is_address", "local_files", "name_of", "shown"]
