"""The longest message to all who wait, for the tests of layouts."""

# Of 160 letters each, as many as a message may have.
LONG_NOTICE = {
    "vi": "Do mất điện toàn khu vực, hệ thống một cửa ngừng đến 14:30. Số của ông/bà vẫn được giữ nguyên; "
    "ai có việc gấp xin gặp cán bộ hướng dẫn ở bàn số 1 để được giúp ạ",
    "en": "Because of a power cut in the whole area our systems are down until 14:30. Your number is kept; "
    "if your matter is urgent please ask our staff at desk 1 for hel",
}
