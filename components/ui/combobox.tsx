"use client";

import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { useCombobox } from "downshift";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { FieldShell, type FieldProps } from "./field";
import { useField } from "./form-context";

export interface ComboboxItem {
  value: string;
  label: string;
  /** Shown quietly at the right, and searched too. */
  detail?: string;
}

interface Props extends FieldProps {
  items: ComboboxItem[];
  defaultValue?: string;
  onChange?: (value: string) => void;
}

const shownMax = 60;
const folded = (text: string) => text.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();

/**
 * One choice from a list too long to scroll, found by typing. The chosen value travels in a hidden field of the form; without
 * scripts the field is a plain select.
 */
export function Combobox({ name, label, hint, optional, hideLabel, className, also, items, defaultValue = "", onChange }: Props) {
  const { id, faults, typed, control } = useField(name, { hint, also });
  const t = useTranslations("common");
  const initial = items.find(({ value }) => value === (typed ?? defaultValue)) ?? null;
  const [query, setQuery] = useState("");
  const index = useMemo(() => items.map((item) => ({ item, text: folded(`${item.label} ${item.detail ?? ""} ${item.value}`) })), [items]);
  const shown = useMemo(() => {
    const words = folded(query).split(/\s+/).filter(Boolean);
    return index.filter(({ text }) => words.every((word) => text.includes(word))).slice(0, shownMax).map(({ item }) => item);
  }, [index, query]);

  const box = useCombobox<ComboboxItem>({
    id,
    inputId: id,
    items: shown,
    initialSelectedItem: initial,
    itemToString: (item) => item?.label ?? "",
    onInputValueChange: ({ inputValue, selectedItem }) => setQuery(inputValue === selectedItem?.label ? "" : inputValue),
    onSelectedItemChange: ({ selectedItem }) => selectedItem && onChange?.(selectedItem.value),
    stateReducer: (state, { type, changes }) => {
      // Leaving with a half-typed search puts the choice back instead of clearing it.
      if (type === useCombobox.stateChangeTypes.InputBlur && !changes.selectedItem) {
        return { ...changes, selectedItem: state.selectedItem, inputValue: state.selectedItem?.label ?? "" };
      }
      if (type === useCombobox.stateChangeTypes.InputBlur) return { ...changes, inputValue: changes.selectedItem?.label ?? "" };
      // Typing searches; it does not unchoose.
      if (type === useCombobox.stateChangeTypes.InputChange) return { ...changes, selectedItem: state.selectedItem };
      return changes;
    },
  });

  // From the list as it is now: a detail may change while the choice stays, as an offset does with the date.
  const chosenDetail = items.find(({ value }) => value === box.selectedItem?.value)?.detail;

  return (
    <FieldShell {...{ id, label, hint, optional, hideLabel, className, faults }}>
      {/* First, because of two fields with one name the first counts. */}
      <noscript>
        <select name={name} className="control" defaultValue={typed ?? defaultValue} aria-label={typeof label === "string" ? label : name}>
          {items.map((item) => (
            <option key={item.value} value={item.value}>
              {[item.label, item.detail].filter(Boolean).join(" · ")}
            </option>
          ))}
        </select>
      </noscript>
      <div className="relative no-js:hidden">
        <input type="hidden" name={name} value={box.selectedItem?.value ?? ""} />
        <input
          className={clsx("control truncate", chosenDetail ? "pr-28" : "pr-9")}
          {...box.getInputProps({ onFocus: (event) => event.currentTarget.select(), onClick: () => box.openMenu() })}
          aria-invalid={control["aria-invalid"]}
          aria-describedby={control["aria-describedby"]}
          aria-labelledby={undefined}
        />
        {chosenDetail && (
          <span aria-hidden="true" className="tabular pointer-events-none absolute top-1/2 right-9 -translate-y-1/2 text-sm text-ink-muted">
            {chosenDetail}
          </span>
        )}
        <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-muted" />
        <ul
          {...box.getMenuProps({ "aria-label": typeof label === "string" ? label : name, "aria-labelledby": undefined })}
          className={clsx(
            "scroll-quiet absolute z-30 mt-1 max-h-72 w-full min-w-64 overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-high",
            !box.isOpen && "hidden",
          )}
        >
          {box.isOpen &&
            shown.map((item, at) => (
              <li
                key={item.value}
                {...box.getItemProps({ item, index: at })}
                className={clsx("flex min-h-9 items-center gap-2 rounded-lg px-2.5 text-sm", box.highlightedIndex === at && "bg-hover")}
              >
                <Check aria-hidden className={clsx("size-4 text-accent-ink", item.value !== box.selectedItem?.value && "invisible")} />
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                {item.detail && <span className="tabular text-xs text-ink-muted">{item.detail}</span>}
              </li>
            ))}
        </ul>
        {box.isOpen && shown.length === 0 && (
          <p role="status" className="absolute z-30 mt-1 w-full rounded-xl border border-line bg-surface p-3 text-sm text-ink-muted shadow-high">
            {t("noMatches")}
          </p>
        )}
      </div>
    </FieldShell>
  );
}
