"""Figure, data file and Markdown table of what gradient-profiles.sh measured.

Arguments: FOLDER FIGURE.svg DATA.csv. Needs nothing but Python. The table goes to standard output.
"""

import csv
import math
import os
import sys

PANELS = [
    ("vgg08", "VGG08: shallow"),
    ("vgg38", "VGG38: dead but for the last layers"),
    ("vgg38-bn", "VGG38 + batch norm"),
    ("vgg38-resnet", "VGG38 + skips"),
    ("vgg38-bn-resnet", "VGG38 + batch norm + skips"),
    ("vgg38-sigmoid-bn", "VGG38 + batch norm, sigmoid"),
]
TABLE_LAYERS = [0, 12, 24, 36, 37]
TOP, BOTTOM = 0, -20  # powers of ten
WIDTH, HEIGHT = 1080, 704
COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 300, 220
LEFT, ABOVE, GAP_X, GAP_Y = 76, 112, 40, 66
LAYERS = 38

# blue and vermilion of Okabe and Ito's palette, which people with any colour vision tell apart
STYLE = """
  svg { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 13px }
  .paper { fill: #ffffff } .panel { fill: #f6f8fa } .grid { stroke: #d4d9df; stroke-width: 1 }
  text { fill: #1f2328 } .soft { fill: #4f5964 } .title { font-size: 19px; font-weight: 600 } .name { font-size: 14px; font-weight: 600 }
  .line { fill: none; stroke-width: 2.4; stroke-linejoin: round } .ring { fill: none; stroke-width: 1.5 }
  .first { stroke: #0072b2 } .later { stroke: #c44e00 } .later.line { stroke-dasharray: 7 3 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .panel { fill: #161b22 } .grid { stroke: #30363d }
    text { fill: #e6edf3 } .soft { fill: #a3adb8 } .first { stroke: #56b4e9 } .later { stroke: #ff9a4d }
  }
"""


def read(folder, preset, framework):
    with open(os.path.join(folder, "%s.%s.csv" % (preset, framework)), encoding="ascii") as file:
        rows = list(csv.reader(file))
    layers = rows[0][2:]
    return layers, {int(row[0]): (float(row[1]), [float(cell) for cell in row[2:]]) for row in rows[1:]}


def x_of(layer):
    return 10 + layer * (PANEL_WIDTH - 20) / (LAYERS - 1)


def y_of(value):
    return PANEL_HEIGHT * (TOP - max(math.log10(value), BOTTOM)) / (TOP - BOTTOM)


def power(exponent):
    return '10<tspan dy="-5" font-size="10">%s</tspan>' % str(exponent).replace("-", "\u2212")


def curve(profile, kind):
    points = " ".join("%.1f,%.1f" % (x_of(layer), y_of(value)) for layer, value in enumerate(profile))
    return '<polyline class="line %s" points="%s"/>' % (kind, points)


def rings(profile, kind):
    shape = {
        "first": '<circle class="ring first" cx="%.1f" cy="%.1f" r="4.2"/>',
        "later": '<path class="ring later" d="M%.1f %.1fm-4 -4h8v8h-8z"/>',
    }[kind]
    # every third layer, and the last one, so that rings do not hide the line
    step = 3 if len(profile) > 12 else 1
    shown = sorted(set(range(0, len(profile), step)) | {len(profile) - 1})
    return "".join(shape % (x_of(layer), y_of(profile[layer])) for layer in shown)


def panel(index, title, runs, last):
    left = LEFT + index % COLUMNS * (PANEL_WIDTH + GAP_X)
    top = ABOVE + index // COLUMNS * (PANEL_HEIGHT + GAP_Y)
    parts = ['<g transform="translate(%d %d)">' % (left, top)]
    parts.append('<rect class="panel" width="%d" height="%d"/>' % (PANEL_WIDTH, PANEL_HEIGHT))
    parts.append('<text class="name" y="-10">%s</text>' % title)
    for exponent in range(TOP, BOTTOM - 1, -5):
        y = y_of(10.0**exponent)
        parts.append('<line class="grid" x2="%d" y1="%.1f" y2="%.1f"/>' % (PANEL_WIDTH, y, y))
        if index % COLUMNS == 0:
            parts.append('<text x="-8" y="%.1f" text-anchor="end">%s</text>' % (y + 5, power(exponent)))
    for layer in (0, 12, 24, 37):
        parts.append('<line class="grid" x1="%.1f" x2="%.1f" y2="%d"/>' % (x_of(layer), x_of(layer), PANEL_HEIGHT))
        parts.append('<text x="%.1f" y="%d" text-anchor="middle">%d</text>' % (x_of(layer), PANEL_HEIGHT + 18, layer))
    for kind, iteration in (("first", 0), ("later", last)):
        parts.append(curve(runs["gradwatch"][iteration][1], kind))
        parts.append(rings(runs["pytorch"][iteration][1], kind))
    parts.append("</g>")
    return parts


def legend(last):
    entries = [
        ('<line class="line first" x2="34"/>', "Gradwatch, iteration 0"),
        ('<circle class="ring first" cx="17" r="4.2"/>', "PyTorch, iteration 0"),
        ('<line class="line later" x2="34"/>', "Gradwatch, iteration %d" % last),
        ('<path class="ring later" d="M17 0m-4 -4h8v8h-8z"/>', "PyTorch, iteration %d" % last),
    ]
    return [
        '<g transform="translate(%d 66)">%s<text x="42" y="5">%s</text></g>' % (LEFT + 215 * i, mark, text)
        for i, (mark, text) in enumerate(entries)
    ]


def figure(measured, last):
    size = (WIDTH, HEIGHT, WIDTH, HEIGHT)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">' % size]
    parts.append("<title>Mean absolute gradient of each layer's weights, by layer, for six networks</title>")
    parts.append("<style>%s</style>" % STYLE)
    parts.append('<rect class="paper" width="%d" height="%d" rx="6"/>' % (WIDTH, HEIGHT))
    parts.append('<text class="title" x="%d" y="36">Mean absolute gradient of each layer\u2019s weights</text>' % LEFT)
    parts += legend(last)
    for index, (preset, title) in enumerate(PANELS):
        parts += panel(index, title, measured[preset][1], last)
    notes = [
        "Across: weight layer, 0 = entry convolution, 37 = dense layer (7 in VGG08). Up: mean of |gradient|, logarithmic.",
        "CIFAR-100, batch 100, Adam, learning rate 0.001. Both start from the same weights and see the same images.",
    ]
    for line, note in enumerate(notes):
        parts.append('<text class="soft" x="%d" y="%d">%s</text>' % (LEFT, HEIGHT - 42 + 20 * line, note))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def table(measured, last):
    lines = ["| network | iteration | loss | " + " | ".join("layer %d" % layer for layer in TABLE_LAYERS) + " |"]
    lines.append("|---" * (3 + len(TABLE_LAYERS)) + "|")
    for preset, _ in PANELS:
        for iteration in (0, last):
            cells = []
            runs = [measured[preset][1][framework][iteration] for framework in ("gradwatch", "pytorch")]
            for layer in TABLE_LAYERS:
                known = layer < len(runs[0][1])
                cells.append(" / ".join("%.1e" % profile[layer] for _, profile in runs) if known else "")
            losses = " / ".join("%.3f" % loss for loss, _ in runs)
            lines.append("| %s | %d | %s | %s |" % (preset, iteration, losses, " | ".join(cells)))
    return "\n".join(lines)


def main():
    folder, svg, data = sys.argv[1:]
    measured = {}
    for preset, _ in PANELS:
        layers, ours = read(folder, preset, "gradwatch")
        theirs_layers, theirs = read(folder, preset, "pytorch")
        if layers != theirs_layers or set(ours) != set(theirs):
            raise SystemExit("%s: the two files are not of the same layers and iterations" % preset)
        measured[preset] = layers, {"gradwatch": ours, "pytorch": theirs}
    last = max(measured["vgg08"][1]["gradwatch"])
    with open(svg, "w", encoding="utf-8", newline="\n") as file:
        file.write(figure(measured, last))
    with open(data, "w", encoding="ascii", newline="\n") as file:
        file.write("network,iteration,layer,name,gradwatch,pytorch\n")
        for preset, _ in PANELS:
            layers, runs = measured[preset]
            for iteration in (0, last):
                for layer, name in enumerate(layers):
                    values = tuple(runs[framework][iteration][1][layer] for framework in ("gradwatch", "pytorch"))
                    file.write("%s,%d,%d,%s,%.4e,%.4e\n" % ((preset, iteration, layer, name) + values))
    print(table(measured, last))


main()
