#!/usr/bin/env bash
# Make a virtual environment with this project in it, or leave it as it is where nothing has changed.
# usage: setup/venv.sh FOLDER EXTRAS [PYTHON]      for example: setup/venv.sh .venv test,demo
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh

folder=$1 extras=$2 wanted=${3:-${PYTHON:-}}
stamp=$folder/.made-for-${extras//,/-}

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
can_make_venvs="import venv, ensurepip; $new_enough"

state() { # what the environment was made from: any change of it makes the environment anew
  { pwd && "$folder/bin/python" -VV && cat pyproject.toml constraints.txt; } 2>/dev/null | cksum
}

find_python() { # the first that runs the given code; the system's own is an optimised build, and is kept safe by its updates
  local candidate
  for candidate in ${wanted:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$candidate" >/dev/null && "$candidate" -c "$1" 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

also_wanted() { # so that a person asks the administrator once, not again for the tests' server
  if [[ $extras == *test* ]] && ! has_dovecot; then echo dovecot-imapd; fi
}

install_python() { # Debian keeps venv apart from Python; Ubuntu 22.04 has 3.11 beside its own 3.10
  local package=python3-venv
  if command -v python3 >/dev/null && ! find_python "$new_enough" >/dev/null; then package=python3.11-venv; fi
  may_install || fail "Python 3.11 or newer with venv is missing. Type: $(command_to_type "$package" $(also_wanted))"
  say "Installing $package ..."
  install_harmlessly "$package" || fail "$package could not be installed. Type: $(command_to_type "$package")"
}

up_to_date() { # installed before with all these extras, or with these and more
  local made extra now
  now=$(state)
  for made in "$folder"/.made-for-*; do
    if ! [ -f "$made" ] || [ "$now" != "$(cat "$made")" ]; then continue; fi
    for extra in ${extras//,/ }; do
      case "${made##*.made-for}-" in *"-$extra-"*) ;; *) continue 2 ;; esac
    done
    return 0
  done
  return 1
}

if up_to_date; then exit 0; fi

usable() { # of a good Python, whole, and made in this place: its commands name the folder they were made in
  "$folder/bin/python" -c "$new_enough" 2>/dev/null && head -n 1 "$folder/bin/pip" 2>/dev/null | grep -qF "$PWD/$folder/"
}

if ! usable; then
  python=$(find_python "$can_make_venvs") || { install_python && python=$(find_python "$can_make_venvs"); } ||
    fail "Python 3.11 or newer with venv is missing, and this system's packages have none: install it, then try again."
  say "Making $folder with $("$python" -V) ..."
  rm -rf "$folder"
  "$python" -m venv "$folder"
fi

say "Installing cipsa-intake[$extras] into $folder ..."
PIP_CONSTRAINT=constraints.txt "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
  --editable ".[$extras]" >&2 || fail "pip could not install the packages: see its message above."
"$folder/bin/python" -m compileall -q intake outbox program scheduler storage # as pip does with what it copies
state >"$stamp"
