@echo off
rem Opens one screen of Den Luot full screen, with sound, and opens it again whenever it ends.
rem   kiosk-windows.cmd http://192.168.1.10:8000/display
rem To start it with every sign-in, put a shortcut to it into the folder that opens with: Win+R, shell:startup
if "%~1"=="" (
  echo Which address? For example http://192.168.1.10:8000/display
  pause
  exit /b 1
)
set "BROWSER=%ProgramFiles%\Google\Chrome\Application\chrome.exe"
if not exist "%BROWSER%" set "BROWSER=%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe"
if not exist "%BROWSER%" set "BROWSER=%LocalAppData%\Chromium\Application\chrome.exe"
if not exist "%BROWSER%" set "BROWSER=%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"
if not exist "%BROWSER%" (
  echo Chrome, Chromium or Edge is missing.
  pause
  exit /b 1
)
powercfg /change monitor-timeout-ac 0
powercfg /change standby-timeout-ac 0
:again
start /wait "" "%BROWSER%" --kiosk --start-fullscreen --autoplay-policy=no-user-gesture-required --user-data-dir="%LocalAppData%\den-luot" --no-first-run --noerrdialogs --disable-session-crashed-bubble --disable-pinch --overscroll-history-navigation=0 --disable-features=Translate "%~1"
timeout /t 2 /nobreak >nul
goto again
