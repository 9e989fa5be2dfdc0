"""Word 文件中的图片: whether a picture is large enough for a table, what it shows."""

from __future__ import annotations

import re

from lxml import etree

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_EMU_PER_POINT = 12_700
_WIDE, _HIGH = 180.0, 50.0  # points: a picture of a table is larger, a seal or a code is not
_SIZE = re.compile(r"(width|height)\s*:\s*([\d.]+)\s*(pt|in|cm|mm|px)?")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 0.75}


def is_large(drawing: etree._Element, picture: etree._Element) -> bool:
    """Whether a picture is as large as one of a table would be; unknown sizes are."""
    if picture.tag == _VML + "imagedata":
        shape = picture.getparent()
        style = (shape.get("style") or "") if shape is not None else ""
        sizes = {
            k: float(v.strip(".") or 0) * _POINTS[u]
            for k, v, u in _SIZE.findall(style)
            if v.count(".") < 2
        }
        return sizes.get("width", _WIDE) >= _WIDE and sizes.get("height", _HIGH) >= _HIGH
    for extent in drawing.iter(_WP + "extent"):
        try:
            wide, high = (int(extent.get(k) or 0) / _EMU_PER_POINT for k in ("cx", "cy"))
        except ValueError:
            return True
        return wide >= _WIDE and high >= _HIGH
    return True


def description(drawing: etree._Element) -> str:
    """The alternative text of a drawing, or nothing."""
    for node in drawing.iter(_WP + "docPr"):
        return (node.get("descr") or node.get("title") or "").strip()
    for node in drawing.iter(_VML + "shape"):
        return (node.get("alt") or "").strip()
    return ""
