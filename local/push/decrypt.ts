import { createDecipheriv, hkdfSync, type ECDH } from "node:crypto";

/** What a browser holds for itself: its key pair and the secret it shares with the sender. */
export interface ReceiverKeys {
  ecdh: ECDH;
  auth: Buffer;
}

/**
 * Message Encryption for Web Push (RFC 8291) in the coding aes128gcm (RFC 8188), as a browser undoes it. Written from the RFCs, so that
 * it does not share a mistake with the library that encrypts.
 * @throws Error when the message is not for these keys, or was changed on its way.
 */
export function decryptPush(body: Buffer, { ecdh, auth }: ReceiverKeys): Buffer {
  if (body.length < 21) throw new Error("shorter than its header");
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyIdLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyIdLength);
  if (senderKey.length !== 65) throw new Error("the key id is not the sender's public key (RFC 8291, 4)");
  const sealed = body.subarray(21 + keyIdLength);
  // RFC 8291, 4: one record only.
  if (recordSize < 18 || sealed.length > recordSize) throw new Error("more than one record");

  const context = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), senderKey]);
  const secret = Buffer.from(hkdfSync("sha256", ecdh.computeSecret(senderKey), auth, context, 32));
  const key = Buffer.from(hkdfSync("sha256", secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16));
  const nonce = Buffer.from(hkdfSync("sha256", secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12));

  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]);
  const end = padded.findLastIndex((byte) => byte !== 0);
  // RFC 8188, 2: the last record ends with a 2 and any number of zeros.
  if (padded[end] !== 2) throw new Error("the last record's delimiter is missing");
  return padded.subarray(0, end);
}
