#!/usr/bin/env bash
# Installs the browser in which the tests open the pages of `starkv inspect`, and prints where it is. Does nothing when it is already there.
set -euo pipefail

fail() { echo "install-chromium: $1" >&2; exit 1; }

if ! command -v chromium > /dev/null; then
    if [ "$(id -u)" = 0 ]; then as_root=(); else as_root=(sudo -n); fi
    if ! { command -v apt-get && "${as_root[@]}" true; } > /dev/null 2>&1; then
        fail 'chromium is missing; install it (Debian: apt-get install chromium) and run eng/install-chromium.sh again.'
    fi
    echo 'install-chromium: installing chromium' >&2
    { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends chromium; } >&2 \
        || fail 'apt-get could not install chromium; install it and run eng/install-chromium.sh again.'
fi

command -v chromium
