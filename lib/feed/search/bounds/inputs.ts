/** How much may be asked for at once. Usable in the browser. */
export const questionMax = 200;
