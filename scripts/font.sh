#!/usr/bin/env bash
# Writes crates/plot/data/DejaVuSans-Latin.ttf: the Latin, Greek and Cyrillic letters and the signs of DejaVu Sans, which matplotlib brings.
# Usage: scripts/font.sh PYTHON   (pip install matplotlib fonttools)
set -eu
fonts=$("$1" -c "import matplotlib; print(matplotlib.get_data_path())")/fonts/ttf
"$1" -m fontTools.subset "$fonts/DejaVuSans.ttf" --no-hinting --layout-features=kern,ccmp,mark --notdef-outline \
  --unicodes="U+20-7E,U+A0-17F,U+192,U+2C6-2DD,U+370-3FF,U+400-45F,U+2010-2027,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2070-208E,U+2122,U+2190-2195,U+2202,U+2206,U+2208,U+220F,U+2211-2212,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264-2265,U+25A0,U+25CF,U+2713,U+2717,U+FFFD" \
  --output-file="$(dirname "$0")/../crates/plot/data/DejaVuSans-Latin.ttf"
