"""Makes data/fashion-sample-*.gz from the sprite of zalandoresearch/fashion-mnist.

usage: python scripts/make-fashion-sample.py fashion-mnist-sprite.png
needs: pip install pillow numpy

The sprite is 30x30 genuine images of 28x28 pixels, three rows per class. It is shipped as a pair of gzipped IDX files, the
format of the full data set, so that one reader serves both and the package needs no PNG decoder.
"""

import gzip
import struct
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sprite = np.asarray(Image.open(sys.argv[1]).convert("RGBA"))[:, :, 0]
assert sprite.shape == (840, 840), sprite.shape
images = sprite.reshape(30, 28, 30, 28).transpose(0, 2, 1, 3).reshape(900, 28, 28)
labels = np.repeat(np.arange(10, dtype=np.uint8), 90)
out = Path(__file__).resolve().parent.parent / "data"
out.mkdir(exist_ok=True)


def write(name: str, header: bytes, array: np.ndarray) -> None:
    # No time stamp: the same input gives the same file.
    (out / name).write_bytes(gzip.compress(header + array.tobytes(), 9, mtime=0))


write("fashion-sample-images-idx3-ubyte.gz", struct.pack(">IIII", 0x803, 900, 28, 28), images)
write("fashion-sample-labels-idx1-ubyte.gz", struct.pack(">II", 0x801, 900), labels)
