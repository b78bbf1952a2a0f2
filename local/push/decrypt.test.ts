import { createECDH } from "node:crypto";
import { expect, test } from "vitest";
import { decryptPush } from "./decrypt";

/** The example of RFC 8291, section 5. */
const example = {
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  privateKey: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
  body:
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};
const keys = () => {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(Buffer.from(example.privateKey, "base64url"));
  return { ecdh, auth: Buffer.from(example.auth, "base64url") };
};

test("the RFC's own example is read", () => {
  expect(decryptPush(Buffer.from(example.body, "base64url"), keys()).toString()).toBe("When I grow up, I want to be a watermelon");
});

test("a message that was changed, or that is for somebody else, is not", () => {
  const changed = Buffer.from(example.body, "base64url");
  changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1;
  expect(() => decryptPush(changed, keys())).toThrow();
  const stranger = createECDH("prime256v1");
  stranger.generateKeys();
  expect(() => decryptPush(Buffer.from(example.body, "base64url"), { ...keys(), ecdh: stranger })).toThrow();
  expect(() => decryptPush(Buffer.alloc(10), keys())).toThrow("shorter than its header");
});
