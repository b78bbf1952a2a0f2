// @ts-check

/** Says plainly what is wrong before anything newer than this Node fails in an obscure place. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(
    `Moim needs Node 20.19 or later; this is ${version}. Get a newer one from https://nodejs.org or with \`nvm install 22\`.`,
  );
}
