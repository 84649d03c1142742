"""Unit files and crontab lines that do what `nianbao schedule` does, for machines that have a scheduler already."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

CRON = """\
# nianbao: look at the agenda every half hour, China time; what is not due is not asked.
CRON_TZ=Asia/Shanghai
*/30 * * * * {command} --once
"""

SYSTEMD = """\
# ~/.config/systemd/user/nianbao.service
[Unit]
Description=nianbao: look at the portals that are due
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart={command} --once
KillSignal=SIGINT
TimeoutStopSec=10min
SuccessExitStatus=1 3
Nice=10

# ~/.config/systemd/user/nianbao.timer
[Unit]
Description=nianbao: every half hour, China time

[Timer]
OnCalendar=*-*-* *:00/30:00 Asia/Shanghai
Persistent=true

[Install]
WantedBy=timers.target
"""

UNITS = {"cron": CRON, "systemd": SYSTEMD}


def unit(kind: str, words: Sequence[str]) -> str:
    """The text of a crontab or of the two unit files; `words` are the options given to `nianbao schedule`."""
    program = Path(sys.executable).with_name("nianbao")
    command = shlex.join([str(program), "schedule", *words])
    return UNITS[kind].format(command=command.replace("%", "\\%" if kind == "cron" else "%%"))
