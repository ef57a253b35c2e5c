"""Files as officials have them, built by hand. None of the procedures exists."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import docx
import openpyxl

HEADINGS = ("Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực")
BEE = ("1.000001", "Đăng ký nuôi ong", "Bộ Ong", "Ủy ban nhân dân cấp xã", "Chăn nuôi")
SILK = ("1.000002", "Cấp giấy nuôi tằm", "Bộ Ong", "Sở Tơ Tằm", "Chăn nuôi")


def workbook(
    *rows: Sequence[object],
    sheet: str = "Danh sách",
    merges: Sequence[str] = (),
    sheets: Mapping[str, Sequence[Sequence[object]]] | None = None,
    change: Callable[[openpyxl.Workbook], None] = lambda book: None,
) -> bytes:
    """An Excel file; ``sheets`` (name → rows) stands for several sheets instead of one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in (sheets or {sheet: rows}).items():
        page = book.create_sheet(name)
        for number, row in enumerate(content, start=1):
            for column, value in enumerate(row, start=1):
                page.cell(number, column, value)
    for cells in merges:
        book.worksheets[0].merge_cells(cells)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(*rows: Sequence[str], delimiter: str = ",") -> str:
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


def packed(files: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip with one of its parts changed."""
    parts = unpacked(content)
    return packed({**parts, part: change(parts[part])})


# The detail form, section by section: text beside the label, and what stands below it.
FORM: dict[str, object] = {
    "Mã thủ tục": "1.000001",
    "Số quyết định": "77/QĐ-BO",
    "Tên thủ tục": "Đăng ký nuôi ong",
    "Cấp thực hiện": "Cấp Xã",
    "Loại thủ tục": "TTHC được luật giao quy định chi tiết",
    "Lĩnh vực": "Chăn nuôi",
    "Trình tự thực hiện": ["", "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả."],
    "Cách thức thực hiện": [
        [
            ("Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"),
            ("Trực tiếp", "03 Ngày làm việc", "Lệ phí : 20.000 Đồng (mỗi đàn)", "Tại xã"),
        ]
    ],
    "Thành phần hồ sơ": [
        "Bao gồm",
        [
            ("Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng"),
            ("Tờ khai", "Mau01.docx", "Bản chính: 1\nBản sao: 0"),
        ],
    ],
    "Đối tượng thực hiện": "Công dân Việt Nam",
    "Cơ quan thực hiện": "Ủy ban nhân dân xã",
    "Cơ quan có thẩm quyền": "Không có thông tin",
    "Địa chỉ tiếp nhận HS": "Trụ sở xã",
    "Cơ quan được ủy quyền": "Không có thông tin",
    "Cơ quan phối hợp": "Không có thông tin",
    "Kết quả thực hiện": "Giấy chứng nhận",
    "Căn cứ pháp lý": [
        [
            ("Số ký hiệu", "Trích yếu", "Ngày ban hành", "Cơ quan ban hành"),
            ("1/2025/TT-BO", "Thông tư về ong", "16-01-2025", "Bộ Ong"),
        ]
    ],
    "Yêu cầu, điều kiện thực hiện": "Không",
    "Từ khóa": "ong, mật",
    "Mô tả": "Không có thông tin",
}


def form(**replaced: object) -> bytes:
    """The detail form as .docx; keywords (labels with _ for blanks) replace or, with None, drop."""
    content = {**FORM, **{label.replace("_", " "): value for label, value in replaced.items()}}
    return word({label: value for label, value in content.items() if value is not None})


def word(sections: Mapping[str, object]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Chi tiết thủ tục hành chính")
    for label, value in sections.items():
        _add_section(document, label, value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_section(document, label: str, value: object) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{label}: ").bold = True
    if isinstance(value, str):
        paragraph.add_run(value).bold = False
        return
    for block in value:
        if isinstance(block, str):
            document.add_paragraph().add_run(block).bold = False
        else:
            _add_table(document, block)


def _add_table(document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = f"\n{text}"  # the official ones begin with an empty line
