#!/usr/bin/env bash
# clients.sh [OUTPUT.json]: real clients of OpenAI's dialects against a real `starkv serve` with the shipped model, seven steps each, so that their windows of
# screenshots slide twice. Prints a line a client and ends with 1 when one fails. Needs Node.js 20 or later with npm, and fetches 400 MB of packages into
# tests/clients/node_modules on the first call. Variables:
#   STARKV           the command; default: built from the sources
#   STARKV_CLIENTS   which, separated by blanks; default all
# midscene runs its `act` mode alone: `locate` wants JSON, which no model that answers with actions gives.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-}
export DOTNET_NOLOGO=1
if [ -z "${STARKV:-}" ]; then
    dotnet build -c Release --verbosity quiet src/StarKV.Cli
    STARKV=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
fi
[ -d tests/clients/node_modules ] || (cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund)
said=$(mktemp -d)
"$STARKV" serve --port 0 --drain-notice 0 > "$said/server" 2>&1 &
server=$!
trap 'kill "$server" 2> /dev/null; wait "$server" 2> /dev/null || true; rm -rf "$said"' EXIT
for _ in $(seq 120); do
    address=$(sed -nE 's/^(http:\S+) answers.*/\1/p' "$said/server")
    if [ -n "$address" ]; then break; fi
    kill -0 "$server" 2> /dev/null || { cat "$said/server" >&2 && exit 1; }
    sleep 1
done
[ -n "$address" ] || { echo "The server does not answer:" >&2 && cat "$said/server" >&2 && exit 1; }
export BASE_URL=$address/v1 MODEL=mini STEPS=7 SCREENS=$PWD/tests/StarKV.Server.Tests/vectors/screens
failed=0 lines=()
# Words of their own.
# shellcheck disable=SC2086
for client in ${STARKV_CLIENTS:-uitars-chat uitars-responses openai-chat openai-responses ai-sdk tarko langchain midscene openai-agents}; do
    modes=()
    if [ "$client" = midscene ]; then modes=(MODES=act); fi
    if ! env "${modes[@]}" timeout 600 node "tests/clients/$client.mjs" > "$said/$client" 2> "$said/$client.err"; then
        failed=1
        grep '"ok":false' "$said/$client" | cut -c1-500 >&2 || tail -3 "$said/$client.err" >&2
    fi
    line=$(tail -1 "$said/$client")
    echo "$line"
    lines+=("$line")
done
if [ -n "$out" ]; then
    versions=$(cd tests/clients && node -p 'const p = require("./package.json"); JSON.stringify({...p.dependencies, ...p.devDependencies})')
    printf '{"commit": "%s", "node": "%s", "versions": %s, "clients": [\n%s\n]}\n' "$(git rev-parse --short=8 HEAD)" "$(node --version)" "$versions" "$(printf '%s,\n' "${lines[@]}" | sed '$ s/,$//')" > "$out"
fi
exit "$failed"
