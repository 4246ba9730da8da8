import { html, useEffect, useState } from '../core/html.js';
import { Icon } from './icons.js';

/**
 * A text field with a list of options (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 * `options` are {key, text, icon, note}; Enter without a chosen one calls `onEnter`.
 */
export function Combobox({ id, label, value, options, onInput, onPick, onEnter, icon = 'search', hint, ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const isShown = isOpen && options.length > 0;
  useEffect(() => setActive(-1), [options]);

  const pick = option => {
    setOpen(false);
    onPick(option);
  };

  const move = step => {
    setOpen(true);
    setActive(index => Math.max(-1, Math.min(options.length - 1, isShown ? index + step : 0)));
  };

  const onKeyDown = event => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape' && isShown) setOpen(false);
    else if (event.key === 'Enter' && isShown && active >= 0) pick(options[active]);
    else if (event.key === 'Enter' && onEnter) {
      setOpen(false);
      onEnter();
    } else return;
    event.preventDefault();
  };

  return html`
    <div class="combo">
      <${Icon} name=${icon} />
      <input id=${id} class="input" type="text" role="combobox" autocomplete="off" spellcheck=${false} dir="auto"
        aria-label=${label} aria-autocomplete="list" aria-expanded=${String(isShown)} aria-controls=${`${id}-list`}
        aria-activedescendant=${isShown && active >= 0 ? `${id}-${active}` : undefined}
        value=${value} onKeyDown=${onKeyDown} onBlur=${() => setOpen(false)}
        onInput=${event => {
          setOpen(true);
          onInput(event.target.value);
        }} ...${rest} />
      ${hint && !value && html`<kbd aria-hidden="true">${hint}</kbd>`}
      <div class="popup" id=${`${id}-list`} role="listbox" aria-label=${`${label}: suggestions`} hidden=${!isShown}
        onMouseDown=${event => event.preventDefault()}>
        ${options.map(
          (option, index) => html`
          <div class="option" role="option" key=${option.key} id=${`${id}-${index}`}
            aria-selected=${String(index === active)} onClick=${() => pick(option)}>
            ${option.icon && html`<${Icon} name=${option.icon} />`}
            <bdi dir="auto" class="grow clip">${option.text}</bdi>
            ${option.note && html`<span class="soft small">${option.note}</span>`}
          </div>`,
        )}
      </div>
    </div>`;
}
