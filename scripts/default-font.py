"""Writes lib/vision/utils/default-font.ts: the glyphs of Pillow's default font, Aileron (public domain) at 10 pixels, as Pillow draws them.

Usage: python scripts/default-font.py   (pip install pillow)
"""
import base64
import json
import pathlib

from PIL import ImageFont

font = ImageFont.load_default()


def glyph(c: str) -> list:
    mask, (left, top) = font.getmask2(c, "L")
    width, height = mask.size
    pixels = base64.b64encode(bytes(mask)).decode()
    return [int(font.getlength(c)), left, top, width, height, pixels]


missing = glyph("\u3042")
known = {chr(i): glyph(chr(i)) for i in [*range(32, 127), *range(160, 256)]}
glyphs = {c: g for c, g in known.items() if g != missing}
lines = [
    "/** Pillow's default font, Aileron at 10 pixels: advance, left, top, width, height and the pixels in base64. Written by scripts/default-font.py. */",
    "",
    "/** A glyph. */",
    "export type Glyph = readonly [advance: number, left: number, top: number, width: number, height: number, pixels: string];",
    "",
    "/** What stands for a character without a glyph. */",
    "// biome-ignore format: one line",
    f"export const MISSING: Glyph = {json.dumps(missing)};",
    "// biome-ignore format: one line a glyph",
    "export const GLYPHS: Readonly<Record<string, Glyph>> = {",
    *[f"  {json.dumps(c, ensure_ascii=False)}: {json.dumps(g)}," for c, g in glyphs.items()],
    "};",
    "",
]
path = pathlib.Path(__file__).parent.parent / "lib/vision/utils/default-font.ts"
path.write_text("\n".join(lines))
