#!/usr/bin/env bash
# Publishes starkv and starkv-bench self-contained, without libtorch, for machines without .NET: publish/starkv.tar.xz, about 30 MB.
# Both lie in one folder and share the runtime.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf publish
mkdir -p publish
# Not compressed by the SDK: xz over everything is smaller.
for project in src/StarKV.Cli bench/StarKV.Bench; do
    dotnet publish "$project" -c Release -r linux-x64 --self-contained -p:DebugType=none -o publish/starkv
done
rm -f publish/starkv/*.xml
tar -C publish -cJf publish/starkv.tar.xz starkv
rm -rf publish/starkv
ls -l publish
