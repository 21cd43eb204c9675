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
# What debuggers, tracers and other garbage collectors need of the runtime.
(cd publish/starkv && rm -f libmscordaccore.so libmscordbi.so libcoreclrtraceptprovider.so libclrgc.so libclrgcexp.so createdump)
# The host looks for every file that these lists name.
python3 - publish/starkv/*.deps.json <<'PY'
import json
import os
import sys

for path in sys.argv[1:]:
    listed = json.load(open(path))
    for library in (library for target in listed["targets"].values() for library in target.values()):
        for kind in ("native", "runtime"):
            for file in [f for f in library.get(kind, {}) if not os.path.exists(os.path.join(os.path.dirname(path), os.path.basename(f)))]:
                del library[kind][file]
    json.dump(listed, open(path, "w"), indent=2)
PY
tar -C publish --sort=name -cf - starkv | xz --x86 --lzma2=preset=9e,dict=192MiB > publish/starkv.tar.xz
rm -rf publish/starkv
ls -l publish
