#!/usr/bin/env bash
# As root: install dovecot-imapd if that removes nothing, and leave its service stopped and disabled.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh

policy=/usr/sbin/policy-rc.d # Debian's way to say that no package may start a service (invoke-rc.d(8))
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install_harmlessly dovecot-imapd

if command -v systemctl >/dev/null; then
  systemctl --quiet disable dovecot.service dovecot.socket 2>/dev/null || say "(systemctl had nothing to disable)"
fi
if command -v update-rc.d >/dev/null; then update-rc.d dovecot disable >/dev/null; fi
if [ -d /run/systemd/system ]; then systemctl --quiet stop dovecot.service dovecot.socket; fi
