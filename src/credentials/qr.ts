/**
 * A picture of a text for a camera, as the address of an image.
 */
export async function qrOf(text: string): Promise<string> {
  // Loaded by the few who add an app.
  const { renderSVG } = await import('uqr');
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 4 }))}`;
}
