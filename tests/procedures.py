"""A centre's procedures for tests: 450 of them, and the table that they are read from."""

import csv
import io
from itertools import product

from access.texts import Texts
from hall.sheets import read_csv
from tests.centre import ROOT

WORDS = Texts().words("procedures")
VI = WORDS["vi"]
STARTER = (ROOT / "static" / "procedures" / "starter.csv").read_bytes()
SERVICES = ("HO_TICH", "CHUNG_THUC", "DAT_DAI", "CHINH_SACH", "KT_HT")
VERBS = (
    "Cấp",
    "Cấp lại",
    "Thu hồi",
    "Gia hạn",
    "Đăng ký",
    "Xác nhận",
    "Thẩm định",
    "Phê duyệt",
    "Sửa đổi",
    "Công nhận",
)
THINGS = (
    *("giấy phép khai thác nước mặt", "giấy chứng nhận nghề nghiệp", "kế hoạch bảo vệ rừng", "hồ sơ thủy lợi nội đồng"),
    *("trợ cấp thai sản", "điểm kinh doanh trò chơi điện tử", "thư viện cộng đồng", "đề án sáp nhập thôn"),
    *("danh hiệu gia đình văn hóa", "hội viên hợp tác xã", "giấy xác nhận nhà ở", "bến khách ngang sông"),
    *("sổ theo dõi tiêm chủng", "nhóm trẻ tư thục", "mô hình chăn nuôi", "giống cây trồng", "quỹ khuyến học"),
    *("hợp đồng thuê đất công ích", "phương án chữa cháy", "điểm trông giữ xe"),
)


def starter_rows():
    """The rows of the starter catalogue, the headings first."""
    return read_csv(STARTER, 1000)


def many_rows(count=450):
    """The starter catalogue and as many made up as are missing, the headings first; every row is right and checked."""
    head, *rows = starter_rows()
    to_check = head.index(VI["column_to_check"])
    rows = [[*row[:to_check], ""] for row in rows]
    others = (
        [f"9.{n:06}", "Lĩnh vực khác", f"{verb} {thing}, mẫu {n}", "", f"{thing} {n}; {verb} {thing}", SERVICES[n % 5]]
        for n, (_, verb, thing) in enumerate(product(range(3), VERBS, THINGS), start=1)
    )
    for row, _ in zip(others, range(count - len(rows)), strict=False):
        papers = "Tờ khai theo mẫu\nCăn cước công dân\nGiấy tờ liên quan"
        rows.append(
            [*row, VI["online_partial"], papers, "8.000 đồng", "3 ngày", f"https://dichvucong.gov.vn/{row[0]}", ""]
        )
    return [head, *rows]


def as_csv(rows, delimiter=","):
    """The rows as a CSV file in UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig")
