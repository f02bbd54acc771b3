"""Writes lib/plot/colormap-tables.ts: the colours of matplotlib's and seaborn's maps, three bytes a colour, in base64.

Usage: python scripts/colormaps.py   (pip install matplotlib seaborn)
"""
import base64
import pathlib

import matplotlib
import numpy as np
import seaborn  # noqa: F401 (registers rocket, mako, vlag, icefire)

CONTINUOUS = """viridis plasma inferno magma cividis gray binary bone hot coolwarm bwr seismic jet turbo hsv twilight
Blues Greens Greys Oranges Purples Reds YlGn YlGnBu YlOrRd BuPu GnBu OrRd PuRd RdPu
RdBu RdGy PiYG PRGn BrBG PuOr RdYlBu RdYlGn Spectral rocket mako vlag icefire cubehelix terrain ocean
spring summer autumn winter cool copper pink""".split()
QUALITATIVE = "tab10 tab20 Set1 Set2 Set3 Paired Accent Dark2 Pastel1 Pastel2".split()


def table(name: str) -> str:
    colors = matplotlib.colormaps[name]
    values = colors(np.arange(colors.N), bytes=True)[:, :3]
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode()


lines = ["/** Colours of matplotlib's and seaborn's maps, three bytes a colour. Written by scripts/colormaps.py. */", ""]
lines.append("// biome-ignore format: one line a map")
lines.append("export const TABLES: Readonly<Record<string, string>> = {")
lines += [f'  {name}: "{table(name)}",' for name in CONTINUOUS + QUALITATIVE]
lines += ["};", ""]
path = pathlib.Path(__file__).parent.parent / "lib/plot/colormap-tables.ts"
path.write_text("\n".join(lines))
