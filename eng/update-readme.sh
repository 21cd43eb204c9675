#!/usr/bin/env bash
# Writes the generated parts of the documents: the demo's output and picture in README.md, the tables in docs/, the recorded output of the command.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1

dotnet build -c Release --verbosity quiet
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Tables and recorded output first: the tests that compare them write them instead.
write() {
    STARKV_UPDATE_DOCS=1 dotnet run -c Release --no-build --project "tests/$1" -- "$2" "$1.$3" > "$work/tests.txt" || { cat "$work/tests.txt"; exit 1; }
}
write StarKV.Tests -class Readme.GeneratedDocsTests
write StarKV.Cli.Tests -class Commands.MethodsCommandTests
write StarKV.Cli.Tests -namespace Screens
write StarKV.Evaluation.Tests -class Reports.ResultsPageTests

# The demo as README.md calls it, with its output redirected and so without a terminal.
command='dotnet run -c Release --project src/StarKV.Cli -- demo'
load="$(cut -d' ' -f1 /proc/loadavg)"
$command > "$work/demo.txt"
mv starkv-demo.png docs/images/demo.png
processor="$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)"
system="$(. /etc/os-release && echo "$PRETTY_NAME")"
{
    echo '```console'
    echo "\$ $command"
    sed 's/ *$//' "$work/demo.txt"
    echo '```'
    echo "Times: $processor, $(nproc) cores, $system, .NET SDK $(dotnet --version), CPU only, one run at a load average of $load; they vary from run to run."
} > "$work/block.md"
eng/replace-block.sh README.md demo "$work/block.md"
