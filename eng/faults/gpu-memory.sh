#!/usr/bin/env bash
# Fills a CUDA card and asks the command for an answer: too little memory is a sentence and exit code 2, not a fault; with the memory free again the answer comes.
# Usage: eng/faults/gpu-memory.sh [STARKV [MODEL]]; the published command (default: what bench/gpu-env.sh unpacks) and a model folder (default models/mini).
# Needs python3 with torch and a card. Writes bench/results/reliability/gpu-memory.json; ends with 1 when something is not as it must be.
set -euo pipefail
cd "$(dirname "$0")/../.."
STARKV=${1:-${STARKV:-}}
[ -n "$STARKV" ] || unset STARKV
. bench/gpu-env.sh
model=${2:-models/mini}
work=$(mktemp -d)
filler=
finish() { if [ -n "$filler" ]; then kill "$filler" 2> /dev/null || true; fi; rm -rf "$work"; }
trap finish EXIT

# A history of large screens: gigabytes of temporaries on the card.
python3 - "$work/screen.png" << 'PY'
import struct, sys, zlib
w, h = 3584, 3584
part = lambda kind, data: struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
rows = b''.join(b'\0' + bytes((x * 7 + y) % 256 for x in range(3 * w)) for y in range(16)) * (h // 16)
open(sys.argv[1], 'wb').write(b'\x89PNG\r\n\x1a\n' + part(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2, 0, 0, 0)) + part(b'IDAT', zlib.compress(rows, 1)) + part(b'IEND', b''))
PY

# Takes all of the card's memory but so many MiB, says so, and holds it.
fill() {
    rm -f "$work/full"
    python3 - "$1" "$work/full" << 'PY' &
import sys, time, torch
held = []
torch.cuda.init()
while True:
    free = torch.cuda.mem_get_info()[0] - (int(sys.argv[1]) << 20)
    if free < 2 << 20:
        break
    try:
        held.append(torch.empty(min(free, 1 << 30), dtype=torch.uint8, device='cuda'))
    except torch.OutOfMemoryError:
        break
open(sys.argv[2], 'w').write('full')
time.sleep(3600)
PY
    filler=$!
    for _ in $(seq 600); do
        [ -f "$work/full" ] && return
        kill -0 "$filler" || break
        sleep 0.2
    done
    echo "the card could not be filled" >&2
    exit 1
}

release() { kill "$filler"; wait "$filler" 2> /dev/null || true; filler=; }

ask() {
    code=0
    "$STARKV" ground --model "$model" --device cuda --image "$work/screen.png" --instruction 'Click "OK"' > "$work/out" 2> "$work/err" || code=$?
    sentence=$(grep '^starkv: ' "$work/err" | tail -1 || true)
}

rows=() failed=0
row() {
    echo "$1: exit code $2, $3: ${4:0:200}"
    rows+=("$(python3 -c 'import json, sys; print(json.dumps(sys.argv[1:]))' "$1" "$2" "$4" "$3")")
    [ "$3" = right ] || failed=1
}

for left in 64 700 1500; do
    fill "$left"
    ask
    release
    case "$code:$sentence" in
        2:*"not enough memory"*) verdict=right ;;
        # With so much left the request may fit after all.
        0: | 1:) verdict=$([ "$left" -ge 1500 ] && echo right || echo wrong) ;;
        *) verdict=wrong ;;
    esac
    row "all but $left MiB of the card taken" "$code" "$verdict" "$sentence"
done
ask
row "memory free again" "$code" "$([ "$code" -le 1 ] && [ -z "$sentence" ] && echo right || echo wrong)" "$sentence"

mkdir -p bench/results/reliability
python3 - "$(git rev-parse --short HEAD 2> /dev/null || echo unknown)" "${rows[@]}" > bench/results/reliability/gpu-memory.json << 'PY'
import datetime, json, os, platform, sys, torch
print(json.dumps({
    'about': 'A card filled by another process, then one request: right is exit code 2 with the sentence about memory while it is full, and an answer when it is free again.',
    'command': 'eng/faults/gpu-memory.sh',
    'commit': sys.argv[1],
    'date': datetime.date.today().isoformat(),
    'machine': f'{torch.cuda.get_device_name(0)}, {os.cpu_count()} cores, {platform.system()}, torch {torch.__version__}',
    'columns': ['what', 'exit code', 'sentence', 'verdict'],
    'rows': [json.loads(row) for row in sys.argv[2:]],
}, indent=1))
PY
exit $failed
