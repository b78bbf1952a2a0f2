"use client";

import { clsx } from "clsx";
import { X } from "lucide-react";
import { useCombobox } from "downshift";
import { useTranslations } from "next-intl";
import { useMemo, useState, type KeyboardEvent } from "react";
import { FieldShell, type FieldProps } from "@/components/ui/field";
import { useField } from "@/components/ui/form-context";

export interface TokenItem {
  value: string;
  label: string;
  detail?: string;
}

interface Props extends FieldProps {
  items: TokenItem[];
  defaultValues: string[];
  /** What is typed counts although it is not among the items. */
  free?: boolean;
  /** The field for a list between commas, where there are no scripts. */
  typedName?: string;
  /** Called when somebody is about to choose, for items that are fetched only then. */
  onWanted?: () => void;
  onChange?: () => void;
  loading?: boolean;
  placeholder?: string;
}

const shownMax = 60;
const folded = (text: string) => text.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();

/** Several choices from a list, found by typing; each stands as a token that can be taken out. Without scripts: a select, or a list between commas. */
export function TokenField({ name, label, hint, optional, hideLabel, className, also, items, defaultValues, free, typedName, onWanted, onChange, loading, placeholder }: Props) {
  const { id, faults, typedAll, refused, control } = useField(name, { hint, also });
  const t = useTranslations("subscriptions.tokens");
  const [chosen, setChosen] = useState(() => (refused || typedAll ? (typedAll ?? []) : defaultValues));
  const [query, setQuery] = useState("");
  const labelOf = (value: string) => items.find((item) => item.value === value)?.label ?? value;
  const shown = useMemo(() => {
    const words = folded(query).split(/\s+/).filter(Boolean);
    return items
      .filter(({ value, label: text, detail = "" }) => !chosen.includes(value) && words.every((word) => folded(`${text} ${detail} ${value}`).includes(word)))
      .slice(0, shownMax);
  }, [items, chosen, query]);

  const change = (values: string[]) => {
    setChosen(values);
    setQuery("");
    // After the hidden fields are there.
    setTimeout(() => onChange?.());
  };
  const valueOf = (text: string) => items.find((item) => folded(item.value) === folded(text) || folded(item.label) === folded(text))?.value ?? (free ? text : "");
  const add = (...texts: string[]) => {
    const values = texts.map((text) => valueOf(text.trim())).filter(Boolean);
    if (values.length === 0) setQuery("");
    else change([...new Set([...chosen, ...values])]);
  };
  const box = useCombobox<TokenItem>({
    id,
    inputId: id,
    items: shown,
    inputValue: query,
    selectedItem: null,
    itemToString: (item) => item?.label ?? "",
    onInputValueChange: ({ inputValue, type }) => {
      if (type !== useCombobox.stateChangeTypes.InputChange) return;
      if (free && inputValue.includes(",")) add(...inputValue.split(","));
      else setQuery(inputValue);
    },
    onSelectedItemChange: ({ selectedItem }) => selectedItem && change([...chosen, selectedItem.value]),
    onStateChange: ({ type }) => {
      if (type !== useCombobox.stateChangeTypes.InputBlur) return;
      if (free && query.trim() !== "") add(query);
      else setQuery("");
    },
    stateReducer: (state, { type, changes }) => {
      // A click means to see the list, not to put it away; after a choice it stays for the next one.
      if (type === useCombobox.stateChangeTypes.InputClick) return { ...changes, isOpen: true };
      const chose = type === useCombobox.stateChangeTypes.ItemClick || type === useCombobox.stateChangeTypes.InputKeyDownEnter;
      return chose ? { ...changes, isOpen: state.isOpen, highlightedIndex: -1 } : changes;
    },
  });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Backspace" && query === "" && chosen.length > 0) change(chosen.slice(0, -1));
    if (event.key === "Enter" && !event.nativeEvent.isComposing && box.highlightedIndex < 0) {
      event.preventDefault();
      if (query.trim() !== "") add(query);
    }
  };

  return (
    <FieldShell {...{ id, label, hint, optional, hideLabel, className, faults }}>
      <noscript>
        {typedName ? (
          <input name={typedName} className="control" defaultValue={chosen.join(", ")} aria-label={typeof label === "string" ? label : name} />
        ) : (
          <select name={name} multiple className="control h-40" defaultValue={chosen} aria-label={typeof label === "string" ? label : name}>
            {items.map((item) => (
              <option key={item.value} value={item.value}>
                {item.label}
              </option>
            ))}
          </select>
        )}
      </noscript>
      <div className="relative no-js:hidden">
        <div className="control flex h-auto min-h-10 flex-wrap items-center gap-1.5 py-1.5 focus-within:outline-2 focus-within:outline-ring">
          {chosen.map((value) => (
            <span key={value} className="inline-flex max-w-full items-center gap-0.5 rounded-md bg-accent-soft pl-2 text-sm text-accent-ink">
              <input type="hidden" name={name} value={value} />
              <span className="truncate">{labelOf(value)}</span>
              <button
                type="button"
                onClick={() => change(chosen.filter((other) => other !== value))}
                aria-label={t("remove", { name: labelOf(value) })}
                className="inline-flex size-6 items-center justify-center rounded-md hover:bg-hover"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </span>
          ))}
          <input
            className="min-w-24 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-faint"
            placeholder={chosen.length === 0 ? placeholder : undefined}
            {...box.getInputProps({
              onFocus: () => onWanted?.(),
              onKeyDown,
            })}
            autoComplete="off"
            aria-invalid={control["aria-invalid"]}
            aria-describedby={control["aria-describedby"]}
            aria-labelledby={undefined}
          />
        </div>
        <ul
          {...box.getMenuProps({ "aria-label": typeof label === "string" ? label : name, "aria-labelledby": undefined })}
          className={clsx(
            "scroll-quiet absolute z-30 mt-1 max-h-64 w-full overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-high",
            (!box.isOpen || shown.length === 0) && "hidden",
          )}
        >
          {box.isOpen &&
            shown.map((item, index) => (
              <li key={item.value} {...box.getItemProps({ item, index })} className={clsx("flex min-h-9 items-center gap-2 rounded-lg px-2.5 text-sm", box.highlightedIndex === index && "bg-hover")}>
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                {item.detail && <span className="tabular truncate text-xs text-ink-muted">{item.detail}</span>}
              </li>
            ))}
        </ul>
        {box.isOpen && shown.length === 0 && (loading || query !== "") && (
          <p role="status" className="absolute z-30 mt-1 w-full rounded-xl border border-line bg-surface p-3 text-sm text-ink-muted shadow-high">
            {loading ? t("loading") : free ? t("free", { name: query }) : t("none")}
          </p>
        )}
      </div>
    </FieldShell>
  );
}
