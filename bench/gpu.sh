#!/usr/bin/env bash
# Times the 7B shape on one CUDA card: starkv and transformers in turn, in one run. Needs python3 with torch and transformers,
# and a self-contained publish of the command (bench/publish.sh). Writes $1/starkv.json and $1/transformers.json.
set -euo pipefail
out=${1:?usage: bench/gpu.sh OUTPUT-FOLDER [starkv bench options]}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
lib=$(python3 -c "import torch, os; print(os.path.join(os.path.dirname(torch.__file__), 'lib'))")
site=$(dirname "$(dirname "$lib")")
export STARKV_LIBTORCH=$lib
export LD_LIBRARY_PATH="$lib:$(find "$site/nvidia" -maxdepth 3 -type d -name lib 2>/dev/null | paste -sd:)"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/card.txt"
[ -x /tmp/starkv/StarKV.Cli ] || tar -C /tmp -xJf "$root/publish/starkv.tar.xz"
/tmp/starkv/StarKV.Cli bench shape "$@" > "$out/starkv.json"
python3 "$root/bench/peers/transformers_qwen25vl.py" "$@" > "$out/transformers.json" 2> "$out/transformers.log" || { tail -20 "$out/transformers.log"; exit 1; }
