#!/bin/sh
# Opens one screen of Đến Lượt full screen, with sound, and opens it again whenever it ends.
#   sh kiosk-debian.sh http://192.168.1.10:8000/display
#   sh kiosk-debian.sh --install http://192.168.1.10:8000/display   starts it with every sign-in
set -eu

if [ "${1:-}" = --install ]; then
  [ -n "${2:-}" ] || { echo "Which address? For example http://192.168.1.10:8000/display" >&2; exit 1; }
  here=$(cd "$(dirname "$0")" && pwd)
  mkdir -p "$HOME/.config/autostart"
  cat > "$HOME/.config/autostart/den-luot.desktop" <<END
[Desktop Entry]
Type=Application
Name=Đến Lượt
Exec=sh "$here/kiosk-debian.sh" $2
END
  echo "Starts with the next sign-in: $HOME/.config/autostart/den-luot.desktop"
  exit 0
fi

address=${1:-}
[ -n "$address" ] || { echo "Which address? For example http://192.168.1.10:8000/display" >&2; exit 1; }
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) \
  || { echo "Chromium is missing: sudo apt-get install chromium" >&2; exit 1; }

# The screen must never go dark; without these tools the desktop's own settings decide.
xset s off -dpms 2>/dev/null || true

while true; do
  "$browser" --kiosk --start-fullscreen \
    --autoplay-policy=no-user-gesture-required \
    --user-data-dir="$HOME/.config/den-luot" \
    --no-first-run --noerrdialogs --disable-infobars --disable-session-crashed-bubble \
    --disable-pinch --overscroll-history-navigation=0 --disable-translate \
    --password-store=basic "$address" || true
  sleep 2
done
