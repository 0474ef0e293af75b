/**
 * How the phone sees and is given things: through the window that somebody shares with it, as
 * its camera would; from the clipboard; from what is dropped on it. Each resolves to a text, or
 * to nothing where there is none.
 */
/* global CaptureController, DOMParser, document, Image, navigator, setTimeout, URL */

const LOOKS = 20;
const LOOK_EVERY_MS = 200;
/** A picture without a size of its own, and small ones, are drawn at this. */
const LEAST_PIXELS = 600;
/** In milliseconds: a window is larger than what a camera sees. */
const timeLimit = 500;

export const canLook = () => navigator.mediaDevices?.getDisplayMedia !== undefined;

/** The browser asks which tab or window. */
export async function look() {
  const stream = await share();
  try {
    const video = document.createElement('video');
    Object.assign(video, { srcObject: stream, muted: true });
    await video.play();
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const text = await readQr(video, video.videoWidth, video.videoHeight);
      if (text !== undefined) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

function share() {
  const asked = { video: true, audio: false, selfBrowserSurface: 'exclude' };
  if (!('CaptureController' in globalThis)) return navigator.mediaDevices.getDisplayMedia(asked);
  const controller = new CaptureController();
  // Whoever shares a page with the phone goes on at the phone.
  controller.setFocusBehavior('no-focus-change');
  return navigator.mediaDevices.getDisplayMedia({ ...asked, controller });
}

/** The browser may ask whether it may. */
export async function clipboard() {
  const [item] = await navigator.clipboard.read();
  const picture = item?.types.find((type) => type.startsWith('image/'));
  if (picture) return readPicture(await item.getType(picture));
  return item?.types.includes('text/plain') ? (await item.getType('text/plain')).text() : undefined;
}

/** What is pasted by keys or dropped; a picture that is dragged from a page has its address. */
export async function given(transfer) {
  const [file] = transfer.files;
  const text = transfer.getData('text/plain');
  const source = pictureIn(transfer.getData('text/html')) ?? text;
  if (file) return readPicture(file);
  return source.startsWith('data:image/') ? readPicture(source) : text || undefined;
}

const pictureIn = (html) =>
  new DOMParser().parseFromString(html, 'text/html').querySelector('img')?.getAttribute('src') ??
  undefined;

export async function readPicture(source) {
  const picture = new Image();
  picture.src = typeof source === 'string' ? source : URL.createObjectURL(source);
  await picture.decode();
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.max(1, LEAST_PIXELS / (width || LEAST_PIXELS));
  return readQr(picture, (width || LEAST_PIXELS) * scale, (height || LEAST_PIXELS) * scale);
}

async function readQr(picture, width, height) {
  const { decodeQR } = await import('./qr/decode.js');
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), { timeLimit });
  } catch {
    return undefined;
  }
}
