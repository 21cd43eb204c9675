#!/usr/bin/env bash
# Publishes the command self-contained, without libtorch, for machines without .NET: publish/starkv.tar.xz, about 30 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf publish
mkdir -p publish
# Not compressed by the SDK: xz over everything is smaller.
dotnet publish src/StarKV.Cli -c Release -r linux-x64 --self-contained -p:PublishSingleFile=true -p:DebugType=none -o publish/starkv
rm -f publish/starkv/*.xml
tar -C publish -cJf publish/starkv.tar.xz starkv
rm -rf publish/starkv
ls -l publish
