#!/usr/bin/env bash
# Unpack smtp-sink and the libraries that it needs into .cache/postfix; as root or as an ordinary user.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh

root=$PWD/.cache/postfix apt=$PWD/.cache/apt
sink=$root/usr/sbin/smtp-sink

if [ -x "$sink" ] || command -v smtp-sink >/dev/null || [ -x /usr/sbin/smtp-sink ]; then exit 0; fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "smtp-sink comes from Debian's package postfix; this system has no apt."

own_lists=() # an ordinary user's own package lists, where the system's are empty or stale
download() { (cd "$apt/packages" && apt-get -qq -o APT::Sandbox::User=root "${own_lists[@]}" download "$@"); }

download_or_update() {
  download "$@" 2>/dev/null && return
  say "Bringing the package lists up to date ..."
  if [ "$(id -u)" -eq 0 ]; then
    apt-get -qq update >&2
  else
    own_lists=(-o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache")
    apt-get -qq "${own_lists[@]}" update >&2
  fi
  download "$@"
}

missing_libraries() { LD_LIBRARY_PATH=$(library_path) ldd "$unpacked/usr/sbin/smtp-sink" | grep -q 'not found'; }

library_path() { find "$unpacked" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:; }

lib_packages_of() { # the libraries that a package names and this machine lacks
  dpkg-deb -f "$1" Depends | tr ',|' '\n\n' | sed 's/^ *//; s/[ (:].*//; /^lib/!d' |
    while read -r name; do dpkg -s "$name" >/dev/null 2>&1 || printf '%s\n' "$name"; done
}

say "Unpacking smtp-sink into .cache (Postfix is not installed) ..."
rm -rf "$apt/packages"
mkdir -p "$apt/packages" "$apt/lists/partial" "$apt/cache/archives/partial"
unpacked=$(mktemp -d "$PWD/.cache/unpacking.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT
download_or_update postfix
dpkg-deb -x "$apt"/packages/postfix_*.deb "$unpacked"

for _ in 1 2 3 4; do # the libraries' own libraries, and theirs
  if ! missing_libraries; then break; fi
  for package in "$apt"/packages/*.deb; do lib_packages_of "$package"; done | sort -u | while read -r name; do
    if compgen -G "$apt/packages/${name}_*.deb" >/dev/null; then continue; fi
    download "$name" || continue
    dpkg-deb -x "$apt"/packages/"${name}"_*.deb "$unpacked"
  done
done
if missing_libraries; then fail "smtp-sink lacks a library: $(LD_LIBRARY_PATH=$(library_path) ldd "$unpacked/usr/sbin/smtp-sink" | grep 'not found')"; fi

rm -rf "$root"
mv "$unpacked" "$root"
