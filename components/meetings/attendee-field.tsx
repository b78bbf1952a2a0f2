"use client";

import { clsx } from "clsx";
import { UserRoundPlus, X } from "lucide-react";
import { useCombobox } from "downshift";
import { useTranslations } from "next-intl";
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { Avatar } from "@/components/ui/avatar";
import { FieldShell } from "@/components/ui/field";
import { useField } from "@/components/ui/form-context";
import { isAddress, pickedGuest, pickedMember, readPeople, withPeople, type Colleague, type Picked } from "./people";

interface Props {
  colleagues: Colleague[];
  picked: Picked[];
  onChange: (picked: Picked[]) => void;
}

const offeredMax = 8;
const folded = (text: string) => text.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();

/**
 * Members by name, anyone by address, whole lists by paste. What is half typed travels with the form (`attendees`), so that it is
 * either understood or shown as a fault, never dropped. Without scripts: boxes to tick and a place to write addresses.
 */
export function AttendeeField({ colleagues, picked, onChange }: Props) {
  const t = useTranslations("meetings");
  const faultText = useTranslations("faults");
  const { id, found, typed, control } = useField("attendees", { hint: true });
  const chosenBefore = useField("attendeePlain").typedAll;
  const [text, setText] = useState(typed ?? "");
  const input = useRef<HTMLInputElement>(null);
  const said = (code: string, detail: string) => (faultText.has(code as "invalid") ? faultText(code as "invalid") : detail);
  const faults = found.map(({ path, code, detail }) => {
    const who = typeof path[1] === "number" ? picked[path[1]]?.name : undefined;
    return who ? `${who}: ${said(code, detail)}` : said(code, detail);
  });

  const taken = new Set(picked.map(({ email }) => email.toLowerCase()));
  const words = folded(text).split(/\s+/).filter(Boolean);
  const offered: Picked[] = colleagues
    .filter(({ email }) => !taken.has(email.toLowerCase()))
    .filter(({ name, email }) => words.every((word) => folded(`${name} ${email}`).includes(word)))
    .slice(0, offeredMax)
    .map((colleague) => pickedMember(colleague));
  if (isAddress(text) && !taken.has(text.trim().toLowerCase()) && !offered.some(({ email }) => email === text.trim().toLowerCase())) {
    offered.push(pickedGuest(text.trim().toLowerCase()));
  }

  const box = useCombobox<Picked>({
    id: `${id}box`,
    inputId: id,
    items: offered,
    inputValue: text,
    selectedItem: null,
    itemToString: (item) => item?.name ?? "",
    itemToKey: (item) => item?.value,
    stateReducer: (state, { type, changes }) => {
      switch (type) {
        case useCombobox.stateChangeTypes.ItemClick:
        case useCombobox.stateChangeTypes.InputKeyDownEnter:
          return { ...changes, isOpen: true, highlightedIndex: -1 };
        case useCombobox.stateChangeTypes.InputChange:
          // Enter takes the first match, as soon as there is something to match.
          return { ...changes, highlightedIndex: 0 };
        case useCombobox.stateChangeTypes.InputBlur:
          // Leaving is not choosing.
          return { ...changes, selectedItem: null };
        default:
          return changes;
      }
    },
    onSelectedItemChange: ({ selectedItem }) => {
      if (!selectedItem) return;
      onChange(withPeople(picked, [selectedItem]));
      setText("");
    },
  });

  const takeText = (written: string) => {
    const { people, rest } = readPeople(written, colleagues);
    if (people.length > 0) onChange(withPeople(picked, people));
    setText(rest);
    return people.length > 0;
  };

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text");
    if (!/[\n;,]/.test(pasted.trim()) && !isAddress(pasted)) return;
    event.preventDefault();
    takeText(`${text} ${pasted}`.trim());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While a Korean syllable is being composed, keys belong to the input method.
    if (event.nativeEvent.isComposing) return;
    if ((event.key === "," || event.key === ";") && isAddress(text)) {
      event.preventDefault();
      takeText(text);
    } else if (event.key === "Backspace" && text === "" && picked.length > 0) {
      onChange(picked.slice(0, -1));
    } else if (event.key === "Enter" && box.highlightedIndex < 0 && text.trim() !== "") {
      // Enter means "add this one" while somebody is being typed, not "send the form".
      event.preventDefault();
      takeText(text);
    }
  };

  return (
    <FieldShell id={id} label={t("attendees")} hint={t("attendeesHint")} faults={faults} optional>
      {/* First, because of two fields with one name the first counts. */}
      <noscript>
        <input type="hidden" name="plain" value="1" />
        <fieldset className="mb-3">
          <legend className="text-xs text-ink-muted">{t("membersPlain")}</legend>
          {colleagues.map(({ id: memberId, name, email }) => (
            <label key={memberId} className="flex min-h-9 items-center gap-3 text-sm">
              <input
                type="checkbox"
                name="attendeePlain"
                value={memberId}
                defaultChecked={(chosenBefore ?? picked.map(({ value }) => value)).includes(memberId)}
                className="size-5 accent-accent"
              />
              {name} <span className="text-xs text-ink-muted">{email}</span>
            </label>
          ))}
        </fieldset>
        <label className="block text-xs text-ink-muted">
          {t("guestsPlain")}
          <textarea
            name="attendees"
            rows={3}
            className="control mt-1 text-base text-ink"
            defaultValue={typed ?? picked.filter(({ timeZone }) => !timeZone).map(({ email }) => email).join("\n")}
          />
        </label>
      </noscript>
      <div className="no-js:hidden">
        {picked.map(({ value, optional }) => (
          <span key={value} hidden>
            <input type="hidden" name="attendee" value={value} />
            {optional && <input type="hidden" name="optional" value={value} />}
          </span>
        ))}
        <div className="relative">
          <UserRoundPlus aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-muted" />
          <input
            {...box.getInputProps({
              ref: input,
              // At once, not when downshift reports it: a controlled input that lags loses letters.
              onChange: (event) => setText(event.currentTarget.value),
              onPaste,
              onKeyDown,
              onBlur: () => isAddress(text) && takeText(text),
            })}
            name="attendees"
            className="control pl-9"
            placeholder={t("attendeesPlaceholder")}
            autoComplete="off"
            aria-labelledby={undefined}
            aria-invalid={control["aria-invalid"]}
            aria-describedby={control["aria-describedby"]}
          />
          <ul
            {...box.getMenuProps({ "aria-label": t("attendees"), "aria-labelledby": undefined })}
            className={clsx(
              "scroll-quiet absolute z-30 mt-1 max-h-80 w-full overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-high",
              !(box.isOpen && offered.length > 0) && "hidden",
            )}
          >
            {box.isOpen &&
              offered.map((person, index) => (
                <li
                  key={person.value}
                  {...box.getItemProps({ item: person, index })}
                  className={clsx("flex min-h-11 items-center gap-2.5 rounded-lg px-2.5 text-sm", box.highlightedIndex === index && "bg-hover")}
                >
                  <Avatar name={person.name} id={person.email} size="sm" />
                  <span className="min-w-0 flex-1 truncate">
                    {person.timeZone ? person.name : t("inviteAddress", { email: person.email })}
                  </span>
                  {person.timeZone && <span className="truncate text-xs text-ink-muted">{person.email}</span>}
                </li>
              ))}
          </ul>
        </div>
        {picked.length > 0 && (
          <ul className="mt-2 divide-y divide-line rounded-lg border border-line" aria-label={t("attendees")}>
            {picked.map((person) => (
              <PickedRow
                key={person.value}
                person={person}
                onOptional={(optional) => onChange(picked.map((other) => (other.value === person.value ? { ...other, optional } : other)))}
                onRemove={() => {
                  onChange(picked.filter(({ value }) => value !== person.value));
                  input.current?.focus();
                }}
              />
            ))}
          </ul>
        )}
      </div>
    </FieldShell>
  );
}

interface RowProps {
  person: Picked;
  onOptional: (optional: boolean) => void;
  onRemove: () => void;
}

function PickedRow({ person, onOptional, onRemove }: RowProps) {
  const t = useTranslations();
  return (
    <li className="flex min-h-11 items-center gap-2.5 py-1 pr-1 pl-2.5 text-sm">
      <Avatar name={person.name} id={person.email} size="sm" />
      <span className="min-w-0 flex-1 truncate" title={person.email}>
        {person.name}
        {!person.timeZone && <span className="ml-1.5 text-xs text-ink-muted">{t("meetings.guest")}</span>}
      </span>
      <button
        type="button"
        onClick={() => onOptional(!person.optional)}
        className={clsx(
          "min-h-8 rounded-md px-2 text-xs",
          person.optional ? "bg-hover font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
        )}
      >
        <span className="sr-only">{person.name}: </span>
        {person.optional ? t("meetings.optionalPerson") : t("meetings.requiredPerson")}
      </button>
      <button
        type="button"
        aria-label={t("common.removeNamed", { name: person.name })}
        onClick={onRemove}
        className="inline-flex size-8 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  );
}
