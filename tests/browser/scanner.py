"""A hand scanner: a keyboard that types a code faster than anybody can, and mostly ends it with Enter."""

KEY_MS = 8  # from key to key of a usual one
AFTER_MS = 500  # until the page knows that the scan is over, and hears a single key again
SIGNS = {
    "-": ("Minus", False), "_": ("Minus", True), "=": ("Equal", False), "+": ("Equal", True),
    "[": ("BracketLeft", False), "{": ("BracketLeft", True), "]": ("BracketRight", False), "}": ("BracketRight", True),
    "\\": ("Backslash", False), "|": ("Backslash", True), ";": ("Semicolon", False), ":": ("Semicolon", True),
    "'": ("Quote", False), '"': ("Quote", True), "`": ("Backquote", False), "~": ("Backquote", True),
    ",": ("Comma", False), "<": ("Comma", True), ".": ("Period", False), ">": ("Period", True),
    "/": ("Slash", False), "?": ("Slash", True), " ": ("Space", False),
    "\n": ("Enter", False), "\t": ("Tab", False),
}  # fmt: skip
DIGITS_SHIFTED = ")!@#$%^&*("

CARD = "001090012345|012345678|Nguyen Van An|01011990|Nam|Thon Quan Xa, Xa Dong Van|25042021"
DOSSIERS = (
    "H26.14-261130-0042",
    "G09.99.37-261130-0007",
    "000.00.19.H26-261130-0113",
    "H26.14.53-261130-123456",
)
CARDS = (
    CARD,
    "001090012345",
    "012345678",
    "001090012345|012345678|Pham Thi Xuan Quynh|08031957|Nu|To 3, Thi tran Yen Minh, Ha Giang|01012022||PXQ",
    "IDVNM0900123457001090012345<<4",
    "9001011M3001018VNM<<<<<<<<<<<8",
    "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<",
    "P<VNMNGUYEN<<VAN<AN<<<<<<<<<<<",
    "GD4010123456789|4e677579|01/01/1990|1|54",
)
NO_NUMBER_HERE = ("B987", "z001", "9876")
OTHERS = (
    "8934563138165",
    "4006381333931",
    "https://dichvucong.gov.vn/p/home/dvc-tra-cuu-ho-so.html?ma=1",
    "http://192.0.2.7/kiosk",
    "HTTP://EXAMPLE.VN/T/AAAAAAAAAAAAAAAAAAAAAA",
    "WIFI:T:WPA;S:Mot cua;P:matkhau123;;",
    "BEGIN:VCARD\nFN:Vang A Sinh\nTEL:0912345678\nEND:VCARD",
    "00020101021238570010A000000727012700069704220113VQRQ0000012340208QRIBFTTA53037045802VN6304ABCD",
    "MST 5100123456",
    "QQQQQQQQ",
    "BBBBBBBB",
    "UUUU VVVV XXXX",
    "HHHH1111",
    "   11-11   ",
)
CODES = DOSSIERS + CARDS + NO_NUMBER_HERE + OTHERS
assert len(CODES) >= 30


def key_of(character):
    """The key of a US keyboard that writes a character, and whether with Shift."""
    if character.isalpha():
        return f"Key{character.upper()}", character.isupper()
    if character.isdigit():
        return f"Digit{character}", False
    if character in DIGITS_SHIFTED:
        return f"Digit{DIGITS_SHIFTED.index(character)}", True
    return SIGNS[character]


class Scanner:
    """A scanner at the device that shows `page`, whose clock stands still; `key_ms` of it pass from key to key.

    `numpad`: it types figures on the number block.
    """

    def __init__(self, page, key_ms=0, numpad=False):
        self.page = page
        self.key_ms = key_ms
        self.numpad = numpad
        self._line = page.context.new_cdp_session(page)

    def scan(self, text, end="\n"):
        """Type a code as fast as a scanner does, with what it ends by; then wait until a single key would act again."""
        self.press(text + end)
        self.page.clock.run_for(AFTER_MS)

    def press(self, text):
        """Type without waiting for anything."""
        for character in text:
            self._press(character)
            if self.key_ms:
                self.page.clock.run_for(self.key_ms)

    def _press(self, character):
        code, shift = key_of(character)
        if self.numpad and code.startswith("Digit") and not shift:
            code = f"Numpad{character}"
        named = {"\n": "Enter", "\t": "Tab"}.get(character)
        key = {
            "key": named or character,
            "code": code,
            "modifiers": 8 if shift else 0,
            "windowsVirtualKeyCode": {"\n": 13, "\t": 9}.get(character, ord(character.upper())),
        }
        text = "\r" if character == "\n" else "" if character == "\t" else character
        self._line.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **key})
        self._line.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def stop_clock(page):
    """Let the page's clock go only as far as the test moves it, from a moment soon to come, as after a short sleep."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 6)
