#!/usr/bin/env bash
# Publishes the command self-contained into publish/ (about 40 MB, without libtorch), for machines without .NET.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf publish
dotnet publish src/StarKV.Cli -c Release -r linux-x64 --self-contained -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=true \
  -p:DebugType=none -o publish
rm -f publish/*.xml
