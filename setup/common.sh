# Sourced by the set-up scripts: what they say, and how they use apt without harm.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# Whether this person may install: root, or sudo that asks for no password.
may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

has_dovecot() { [ -x /usr/sbin/dovecot ] && [ -x /usr/lib/dovecot/imap ]; }

# The one command that a person without these rights asks an administrator to type.
command_to_type() { printf 'sudo apt-get update && sudo apt-get install --no-install-recommends %s' "$*"; }

# Run an apt-get command; where the machine's lists are empty or stale, bring them up to date once and try again.
with_fresh_lists() {
  "$@" 2>/dev/null && return
  if [ -z "${LISTS_ARE_FRESH:-}" ]; then
    say "Bringing the package lists up to date ..."
    as_root apt-get -qq update >&2 || say "apt-get update failed; going on with the lists there are."
    LISTS_ARE_FRESH=yes
  fi
  "$@"
}

# Install packages, but only if that removes nothing. Fails without a word where it would.
install_harmlessly() {
  local plan log
  log=$(mktemp)
  plan=$(with_fresh_lists as_root apt-get -s install --no-install-recommends "$@") || return 1
  if grep -q '^Remv ' <<<"$plan"; then return 1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 \
    install --no-install-recommends --no-remove "$@" >"$log" 2>&1 || { cat "$log" >&2 && return 1; }
}
