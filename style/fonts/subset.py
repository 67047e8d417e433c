#!/usr/bin/env python3
"""Makes the web fonts of style/assets/fonts from Pretendard.

The variable font is cut to the weights the style sheet uses (400 to 700) and to the characters
the product can show, in two files: the characters of the login screen and of the frame, which the
first visit needs, and the rest. `unicode-range` lets the browser fetch the second only when a page
uses it; a character in neither (a customer's name) comes from the system's Korean font.

The licence (OFL.txt) reserves the name Pretendard for the unmodified font: ours is renamed.

    npm pack pretendard@1.3.9 && tar xzf pretendard-1.3.9.tgz
    python3 -m venv fonts && fonts/bin/pip install fonttools==4.68.0 brotli
    fonts/bin/python style/fonts/subset.py package/dist/public/variable/PretendardVariable.ttf

With `--check` it only tells whether the text has characters that characters.txt lacks.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = ROOT / "app/src/text"
LIST = ROOT / "style/fonts/characters.txt"
STYLE = ROOT / "style/fonts.css"
ASSETS = ROOT / "style/assets/fonts"
ASCII = {chr(code) for code in range(0x20, 0x7F)}
PUNCTUATION = set("·–…‘’“”₩→←±×~")
WEIGHTS = (400, 700)
NAME = "PhonebillUI"
FACE = """@font-face {{
  font-family: "Phonebill UI";
  src: url("/fonts/{file}") format("woff2");
  font-weight: {low} {high};
  font-display: swap;
  unicode-range: {ranges};
}}
"""


def shown(paths):
    """The Hangul and signs beyond ASCII in those files."""
    text = "".join(path.read_text("utf-8") for path in paths)
    return {char for char in text if char > "~" and char.isprintable()}


def wanted():
    """The characters of the first file and of the second."""
    # mod.rs: what the switch of the language shows.
    first = ASCII | PUNCTUATION | shown(TEXT / name for name in ["mod.rs", "frame.rs", "login.rs"])
    data = sorted((ROOT / "simulator/src/data").rglob("*.rs"))
    every = first | shown(sorted(TEXT.rglob("*.rs")) + data)
    return first, every - first


def ranges(chars):
    """`U+20-7E, U+B7, …` for the style sheet."""
    spans = []
    for code in sorted(map(ord, chars)):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def make(source, chars, target):
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = instancer.instantiateVariableFont(TTFont(source), {"wght": WEIGHTS})
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["kern", "tnum", "ccmp", "locl"],
        name_IDs=[0, 1, 2, 4, 6, 13, 14],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, chars))
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            font["name"].setName(NAME, record.nameID, record.platformID, record.platEncID, record.langID)
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {len(chars)} characters, {target.stat().st_size:,} bytes")


def main():
    first, rest = wanted()
    if sys.argv[1:] == ["--check"]:
        lacking = (first | rest) - set(LIST.read_text("utf-8"))
        sys.exit(f"remake the fonts, they lack: {''.join(sorted(lacking))}" if lacking else 0)
    (source,) = sys.argv[1:]
    ASSETS.mkdir(parents=True, exist_ok=True)
    faces = []
    for name, chars in (("first", first), ("rest", rest)):
        file = f"phonebill-ui-{name}.woff2"
        make(source, chars, ASSETS / file)
        faces.append(FACE.format(file=file, low=WEIGHTS[0], high=WEIGHTS[1], ranges=ranges(chars)))
    LIST.write_text("".join(sorted(first)) + "\n" + "".join(sorted(rest)) + "\n", "utf-8")
    note = "/* Written by style/fonts/subset.py. */\n\n"
    STYLE.write_text(note + "\n".join(faces), "utf-8")


main()
