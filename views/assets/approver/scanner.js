// Looks for a QR code through the camera. Loaded only when somebody wants to scan; where the
// browser knows no QR codes, the decoder of the package qr does.
const LOOK_EVERY = 150;

/** Resolves to the text of the first code, or to nothing once `signal` says stop. */
export async function scan(video, signal) {
  const detector = await createDetector();
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment' },
    audio: false,
  });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function createDetector() {
  const formats = ['qr_code'];
  const known = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (known?.includes('qr_code')) return new globalThis.BarcodeDetector({ formats });
  const { BarcodeDetector } = await import('./qr/decode.js');
  return new BarcodeDetector({ formats });
}
