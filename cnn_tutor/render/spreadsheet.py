"""Tables as CSV for spreadsheets, in which no text is ever taken for a formula."""

from __future__ import annotations

import csv
import io

from cnn_tutor.render.ascii import clean
from cnn_tutor.tutor.report.sheets import Sheet, Value

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def comma_separated(sheet: Sheet) -> str:
    """The table with its names as the first line; numbers stay numbers, what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in sheet.columns])
    writer.writerows([[_cell(value) for value in row] for row in sheet.rows])
    return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return str(value)
    text = clean(value)
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
