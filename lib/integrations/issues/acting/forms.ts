const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** From the fields of the form of a new issue to the input of the command; labels stand in one field, apart by blanks or commas. */
export const createShape = (form: FormData) => ({
  connection: text(form, "connection") || undefined,
  project: text(form, "project"),
  typeId: text(form, "typeId"),
  summary: text(form, "summary"),
  description: text(form, "description"),
  assigneeId: text(form, "assigneeId") || null,
  priorityId: text(form, "priorityId") || null,
  labels: text(form, "labels").split(/[\s,]+/).filter(Boolean),
});

export const commentShape = (form: FormData) => ({ text: text(form, "text") });

export const transitionShape = (form: FormData) => ({ transitionId: text(form, "transitionId") });

export function keyOf(form: FormData): string | undefined {
  const key = text(form, "idempotencyKey");
  return /^[!-~]{1,200}$/.test(key) ? key : undefined;
}
