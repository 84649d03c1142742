"""Unit files and crontab lines that do what `nianbao schedule` does, for machines that have a scheduler already."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

CRON = """\
# nianbao: look at the agenda every half hour, China time; what is not due is not asked.
CRON_TZ=Asia/Shanghai
{environment}*/30 * * * * cd {folder} && {command} --once
"""

SYSTEMD = """\
# ~/.config/systemd/user/nianbao.service
[Unit]
Description=nianbao: look at the portals that are due
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}ExecStart={command} --once
KillSignal=SIGINT
TimeoutStopSec=10min
SuccessExitStatus=1 3
Nice=10

# ~/.config/systemd/user/nianbao.timer; then: systemctl --user enable --now nianbao.timer, and: loginctl enable-linger
[Unit]
Description=nianbao: every half hour, China time

[Timer]
OnCalendar=*-*-* *:00/30:00 Asia/Shanghai
Persistent=true

[Install]
WantedBy=timers.target
"""

#: what a unit would not know of the shell it came from
CARRIED = ("NIANBAO_CONTACT", "NIANBAO_PORTALS", "NIANBAO_CHROMIUM")


def unit(kind: str, words: Sequence[str]) -> str:
    """The text of a crontab or of the two unit files; `words` are the options given to `nianbao schedule`.

    It runs where it was printed, so that ./portals is found, and under the name given then.
    """
    program = Path(sys.executable).with_name("nianbao")
    command, folder = [str(program), "schedule", *words], str(Path.cwd())
    known = {name: value for name in CARRIED if (value := os.environ.get(name))}
    if kind == "cron":
        environment = "".join(f"{name}={value}\n" for name, value in known.items())
        return CRON.format(command=shlex.join(command).replace("%", "\\%"), folder=shlex.quote(folder).replace("%", "\\%"),
                           environment=environment)
    environment = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in known.items())
    return SYSTEMD.format(command=" ".join(map(_word, command)), folder=folder.replace("%", "%%"), environment=environment)


def _word(word: str) -> str:
    """A word of a command line as systemd.syntax(7) wants it, where $ names a variable."""
    if "'" in word:
        return _quoted(word).replace("$", "$$")
    return shlex.quote(word.replace("\\", "\\\\")).replace("%", "%%").replace("$", "$$")


def _quoted(text: str) -> str:
    """A value as systemd.exec(5) wants it: quoted, specifiers doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
