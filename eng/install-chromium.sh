#!/usr/bin/env bash
# Installs the browser in which the tests open the pages of `starkv inspect`, and prints where it is. Does nothing when it is already there.
set -euo pipefail
"$(dirname "$0")/install.sh" chromium
command -v chromium
