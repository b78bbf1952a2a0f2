/**
 * A path from its template and parts that come from elsewhere: `expand("/rest/api/3/issue/{key}", { key })`. A part is one segment,
 * whatever it holds; what a URL would take for "here" or "up" is no name of anything.
 */
export function expand(template: string, parts: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = Object.hasOwn(parts, name) ? String(parts[name]) : "";
    if (part === "" || /^\.{1,2}$/.test(part)) throw new RangeError(`"${part}" is no name for {${name}} in ${template}`);
    return encodeURIComponent(part);
  });
}
