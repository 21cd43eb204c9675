#!/usr/bin/env bash
# server-checks.sh: the checks of the server, as often as their figures are published for; writes bench/results/server and the table of
# docs/server-results.md. About an hour on two cores, by the times of its parts.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 OMP_WAIT_POLICY=PASSIVE
dotnet build -c Release --verbosity quiet tests/StarKV.Server.Tests
tests=tests/StarKV.Server.Tests/bin/Release/net10.0/StarKV.Server.Tests.dll
mkdir -p bench/results/server
STARKV_SERVER_CHECKS=$PWD/bench/results/server dotnet "$tests" -noColor -noLogo \
    -namespace StarKV.Server.Tests.Checks -class- StarKV.Server.Tests.Checks.PublishedChecksTests
STARKV_SERVER_CHECKS=$PWD/bench/results/server dotnet "$tests" -noColor -noLogo -class StarKV.Server.Tests.Clients.DotnetClientTests
STARKV_UPDATE_DOCS=1 dotnet "$tests" -noColor -noLogo -class StarKV.Server.Tests.Checks.PublishedChecksTests
