import { refusedField } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";
import { instantOf } from "./rules";

/** Fields: `date` (`YYYY-MM-DD`) and `time` (`HH:MM`) on the clocks of `timeZone`. */
export function snoozeShape(form: FormData, receiverId: string, timeZone: string) {
  const until = instantOf(text(form, "date"), text(form, "time"), timeZone);
  if (!until) throw refusedField("date", "local-time", describeFault("local-time"));
  return { ids: [receiverId], until: until.toISOString() };
}

const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
};
