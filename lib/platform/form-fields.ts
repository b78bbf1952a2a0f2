/**
 * The text fields of a form by name. `required` ones are always there, so that an empty one is told apart from a wrong one; of the
 * `optional` ones only what was filled in. Fields that nobody asked for (React adds some of its own) stay behind.
 */
export function formFields(form: FormData, required: string[], optional: string[] = []): Record<string, string> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const filled = optional.filter((name) => text(name).trim() !== "");
  return Object.fromEntries([...required, ...filled].map((name) => [name, text(name)]));
}
