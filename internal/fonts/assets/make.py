"""Makes the font files of this folder once, from the published packages.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 \
             @expo-google-fonts/noto-sans-arabic@0.4.3 \
             @expo-google-fonts/noto-sans-hebrew@0.4.1
    (unpack each into its own folder: sc, arabic, hebrew)
    pip install fonttools==4.68.0; python3 make.py sc arabic hebrew

Regular keeps all 30,890 code points, since names of people and places need rare
characters; Bold keeps GB 2312, Latin and symbols. Arabic script serves names in
Uyghur, Hebrew makes right-to-left names of other systems readable. Hinting and
vertical metrics are dropped: no page of ours is set vertically.
"""
import hashlib
import pathlib
import subprocess
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk", "liga", "init", "medi", "fina", "isol", "rlig", "calt"]


def gb2312():
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return found


LATIN_AND_SYMBOLS = {
    code
    for first, last in [
        (0x20, 0x17F), (0x2000, 0x206F), (0x2070, 0x20CF), (0x2100, 0x23FF), (0x2460, 0x27BF),
        (0x3000, 0x30FF), (0x3200, 0x33FF), (0xFF00, 0xFFEF),
    ]
    for code in range(first, last + 1)
}


def make(source, target, codes=None):
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT", "gasp", "prep"]
    options.recalc_timestamp = False
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes or set(TTFont(source).getBestCmap()))
    subsetter.subset(font)
    subset.save_font(font, target, options)
    digest = hashlib.sha256(pathlib.Path(target).read_bytes()).hexdigest()
    subprocess.run(["zstd", "-q", "-f", "--ultra", "-22", "--rm", target, "-o", target + ".zst"], check=True)
    print(f"{digest}  {target}")


if __name__ == "__main__":
    chinese, arabic, hebrew = sys.argv[1:4]
    make(f"{chinese}/package/400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf")
    make(f"{chinese}/package/700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf", gb2312() | LATIN_AND_SYMBOLS)
    make(f"{arabic}/package/400Regular/NotoSansArabic_400Regular.ttf", "NotoSansArabic-Regular.ttf")
    make(f"{hebrew}/package/400Regular/NotoSansHebrew_400Regular.ttf", "NotoSansHebrew-Regular.ttf")
