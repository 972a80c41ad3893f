#!/usr/bin/env bash
# Get the real servers that tests/live and bench talk to: Dovecot, installed but neither started nor enabled,
# and smtp-sink, unpacked from Postfix's package and run from .cache; Postfix itself is never installed.
# Always ends well: what cannot be had is said here, and again by the tests that it leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh

get_dovecot() {
  if has_dovecot; then return; fi
  if ! may_install; then
    say "Dovecot is missing, so the tests against it are left out. Type: $(command_to_type dovecot-imapd)"
    return
  fi
  say "Installing dovecot-imapd for the tests; its service stays off ..."
  as_root bash setup/dovecot.sh >&2 ||
    say "dovecot-imapd cannot be installed without removing something, or apt failed; the tests against it are left out."
}

get_dovecot
bash setup/smtp-sink.sh || say "smtp-sink could not be unpacked, so the tests against it are left out."
