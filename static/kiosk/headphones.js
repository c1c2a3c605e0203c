/** Headphones that are plugged in, where the browser reports them: in a secure page, and if they are a device of their own. */

/**
 * Call `plugged` with true when a further output of sound appears, with false when one goes.
 * @param {(plugged: boolean) => void} plugged
 */
export async function watchHeadphones(plugged) {
  const devices = navigator.mediaDevices;
  if (!devices?.enumerateDevices) return;
  const outputs = async () => {
    const all = await devices.enumerateDevices().catch(() => []);
    // The same output has further entries, as the default one and as that of calls.
    return all.filter(({ kind, deviceId }) => kind === "audiooutput" && !/^(default|communications)$/.test(deviceId))
      .length;
  };
  let before = await outputs();
  devices.addEventListener("devicechange", async () => {
    const now = await outputs();
    const was = before;
    before = now;
    if (now !== was) plugged(now > was);
  });
}
