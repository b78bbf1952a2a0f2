export type Cell = string | number;

/** One table of a measure: the first column names, the others are figures and stand to the right. */
export function printTable(title: string, columns: string[], rows: Cell[][], notes: string[] = []): void {
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? "").length)));
  const line = (row: string[]) =>
    widths.map((width, index) => (index === 0 ? (row[0] ?? "").padEnd(width) : (row[index] ?? "").padStart(width))).join("  ");
  const [head, ...body] = cells.map(line);
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  process.stdout.write(`\n${[title, "", head, rule, ...body, ...notes.map((note) => `  ${note}`)].join("\n")}\n`);
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
export const perSecond = (value: number) => `${whole(value)}/s`;
export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
export const whole = (value: number) => Math.round(value).toLocaleString("en");
/** How many times the floor, for what should be small. */
export const times = (figure: number, floor: number) => `${(figure / floor).toFixed(2)}×`;
/** How much of the floor is reached, for what should be large. */
export const share = (figure: number, floor: number) => `${((100 * figure) / floor).toFixed(0)} %`;
