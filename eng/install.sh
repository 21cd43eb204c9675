#!/usr/bin/env bash
# install.sh PROGRAM: makes sure that a program is there which Debian packages under the same name. Says what to do where it cannot be installed.
set -euo pipefail
program=${1:?usage: eng/install.sh PROGRAM}

fail() { echo "install: $1" >&2; exit 1; }

command -v "$program" > /dev/null && exit 0
if [ "$(id -u)" = 0 ]; then as_root=(); else as_root=(sudo -n); fi
if ! { command -v apt-get && "${as_root[@]}" true; } > /dev/null 2>&1; then
    fail "$program is missing; install it (Debian: apt-get install $program) and try again."
fi
echo "install: installing $program" >&2
{ "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "$program"; } >&2 \
    || fail "apt-get could not install $program; install it and try again."
