"""How a watcher is started by the system: a unit for systemd, and a line for cron."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path


def unit_and_cron_line(program: str, arguments: Sequence[str], here: Path, folders: Sequence[Path]) -> str:
    """Return a systemd unit of the user's own and a crontab line that run `watch` with the arguments."""
    command = [program, *arguments]
    names = ", ".join(str(folder) for folder in folders)
    return f"""\
# Save as ~/.config/systemd/user/capi-import-watch.service, then:
#   systemctl --user enable --now capi-import-watch    (and once: loginctl enable-linger)
# The access token: CAPI_ACCESS_TOKEN=... in ~/.config/capi-import/environment (chmod 600), or --token-file above.
[Unit]
Description=capi-import watches {_of_systemd(names)}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={" ".join(_quoted(word) for word in command)}
WorkingDirectory={_of_systemd(str(here))}
EnvironmentFile=-%h/.config/capi-import/environment
Restart=on-failure
RestartSec=30
SuccessExitStatus=130
UMask=0077
NoNewPrivileges=true

[Install]
WantedBy=default.target

# Or a line of the crontab (crontab -e), every ten minutes:
*/10 * * * * cd {_of_cron(shlex.quote(str(here)))} && {_of_cron(shlex.join([*command, "--once", "--quiet"]))}
"""


def _quoted(word: str) -> str:
    """Quote a word of ExecStart as systemd reads it."""
    escaped = _of_systemd(word.replace("\\", "\\\\").replace('"', '\\"')).replace("$", "$$")
    return f'"{escaped}"' if any(letter.isspace() or letter in "\"';\\" for letter in word) or not word else escaped


def _of_systemd(text: str) -> str:
    return text.replace("%", "%%")


def _of_cron(text: str) -> str:
    return text.replace("%", "\\%")
