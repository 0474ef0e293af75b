/**
 * A picture of a text for a camera, as the address of an image.
 */
const BORDER = 4;
/** Cameras want it behind the picture in the dark, too. */
const PAPER = '<rect width="100%" height="100%" fill="#fff"/>';

export async function qrOf(text: string): Promise<string> {
  // Loaded by the few who add an app.
  const { encodeQR } = await import('qr');
  const svg = encodeQR(text, 'svg', { border: BORDER, ecc: 'low' });
  return `data:image/svg+xml,${encodeURIComponent(svg.replace('<path', `${PAPER}<path`))}`;
}
