import { expect } from 'chai';

import { qrOf } from '../../src/credentials/qr.ts';
import { openApproverDesk } from '../support/approver-desk.ts';
import { checkPage } from './page-check.ts';

/** A camera that sees this text as a QR code, not quite straight. */
const cameraThatSees = async (text: string): Promise<string> => `(() => {
  const picture = new Image();
  picture.src = ${JSON.stringify(await qrOf(text))};
  navigator.mediaDevices.getUserMedia = async () => {
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const context = canvas.getContext('2d');
    const draw = () => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = '#8a8578';
      context.fillRect(0, 0, 640, 480);
      context.translate(320, 240);
      context.rotate(0.2);
      context.drawImage(picture, -150, -150, 300, 300);
    };
    setInterval(draw, 50);
    draw();
    return (globalThis.camera = canvas.captureStream(20));
  };
})()`;

describe('The scanner of the approver', () => {
  const desk = openApproverDesk();

  it('pairs with the code that the camera sees, and lets go of the camera', async () => {
    const phone = await desk.phone();
    const loaded: string[] = [];
    phone.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const code = desk.api.offersCode('ada');
    await phone.page.addInitScript(await cameraThatSees(`${desk.origin}/approver#${code}`));
    await phone.page.reload();
    expect(loaded).not.to.include('/assets/approver/qr/decode.js');
    await phone.presses('Scan the QR code');
    expect(await phone.hears()).to.equal('This phone is paired');
    expect(loaded).to.include('/assets/approver/qr/decode.js');
    const states = await phone.page.evaluate('camera.getTracks().map((each) => each.readyState)');
    expect(states).to.deep.equal(['ended']);
  });

  it('pairs with nobody else’s code', async () => {
    const phone = await desk.phone();
    const code = desk.api.offersCode('ada');
    await phone.page.addInitScript(await cameraThatSees(`https://evil.example/approver#${code}`));
    await phone.page.reload();
    await phone.presses('Scan the QR code');
    await phone.sees('This is not a QR code for pairing');
    expect(desk.api.formsOf('pair')).to.have.length(0);
  });

  it('can be stopped', async () => {
    const phone = await desk.phone();
    await phone.page.addInitScript((await cameraThatSees('')).replace('context.drawImage', 'void'));
    await phone.page.reload();
    await phone.presses('Scan the QR code');
    await phone.sees('Point the camera at the QR code.');
    await checkPage(phone.page, 'approver, scanning');
    await phone.presses('Stop scanning');
    await phone.page.getByRole('button', { name: 'Scan the QR code' }).waitFor();
    expect(await phone.page.locator('video').isVisible()).to.equal(false);
  });

  it('says plainly when there is no camera for it, and what else works', async () => {
    const phone = await desk.phone();
    await phone.presses('Scan the QR code');
    await phone.sees('The camera cannot be used.');
    await phone.types(desk.api.offersCode('ada'));
    expect(await phone.hears()).to.equal('This phone is paired');
  });
});
