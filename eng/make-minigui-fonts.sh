#!/usr/bin/env bash
# Writes src/StarKV.MiniGui/Look/Fonts: Debian 12's free fonts cut down to printable ASCII, so that pictures need no system font.
# Needs Debian 12 with apt-get and python3. Run it only to change the set: other outlines change every checksum of a picture.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/src/StarKV.MiniGui/Look/Fonts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download fonts-dejavu-core fonts-open-sans fonts-noto-core fonts-inter fonts-comic-neue python3-fonttools > /dev/null
for package in *.deb; do dpkg -x "$package" .; done
export PYTHONPATH=$work/usr/lib/python3/dist-packages
mkdir -p "$target"
for font in truetype/dejavu/DejaVuSans.ttf truetype/dejavu/DejaVuSans-Bold.ttf truetype/dejavu/DejaVuSansMono.ttf \
  truetype/dejavu/DejaVuSerif.ttf truetype/open-sans/OpenSans-Semibold.ttf truetype/noto/NotoSerif-Bold.ttf \
  truetype/noto/NotoSans-Italic.ttf opentype/inter/Inter-Medium.otf opentype/comic-neue/ComicNeue-Bold.otf; do
  python3 -m fontTools.subset "usr/share/fonts/$font" --unicodes=U+0020-007E --layout-features='' --no-hinting \
    --desubroutinize --name-IDs=0,1,2,13,14 --output-file="$target/$(basename "$font")"
done
for package in dejavu-core open-sans noto-core inter comic-neue; do
  cp "usr/share/doc/fonts-$package/copyright" "$target/LICENSE-$package.txt"
done
